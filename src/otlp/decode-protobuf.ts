import { malformed } from './defects.js';
import {
  checkId,
  count,
  field,
  isZero,
  noAttributes,
  readPair,
  readRequest,
  setCount,
  setText,
  table,
} from './protobuf-values.js';
import type { EventRecord, LinkRecord, SpanRecord } from './records.js';
import type { RecordSink } from './record-sink.js';
import {
  readFields,
  readFixed32,
  readFixed64,
  readHex,
  readMessage,
  readString,
  readUint32,
  WIRE,
  type Cursor,
  type Fields,
} from './wire.js';

/**
 * Reads an ExportTraceServiceRequest in protobuf, by tables of field numbers after
 * https://github.com/open-telemetry/opentelemetry-proto (trace/v1, common/v1, resource/v1).
 * Throws SPOOR_OTLP_MALFORMED when the body is not protobuf or its spans have no ids.
 */
export function decodeProtobuf(body: Uint8Array, sink: RecordSink<SpanRecord>): void {
  readRequest(body, (cursor, resource, scope) => {
    sink.add(() => readSpan(cursor, resource, scope));
  });
}

const EVENT: Fields<EventRecord> = table<EventRecord>({
  1: field(WIRE.fixed64, (cursor, into) => (into.timeUnixNano = readFixed64(cursor))),
  2: field(WIRE.bytes, (cursor, into) => (into.name = readString(cursor))),
  3: field(WIRE.bytes, (cursor, into) => readPair(cursor, into.attributes, 0)),
  4: count('droppedAttributesCount'),
});

const LINK: Fields<LinkRecord> = table<LinkRecord>({
  1: field(WIRE.bytes, (cursor, into) => (into.traceId = readHex(cursor))),
  2: field(WIRE.bytes, (cursor, into) => (into.spanId = readHex(cursor))),
  3: field(WIRE.bytes, (cursor, into) => setText(into, 'traceState', readString(cursor))),
  4: field(WIRE.bytes, (cursor, into) => readPair(cursor, into.attributes, 0)),
  5: count('droppedAttributesCount'),
  6: field(WIRE.fixed32, (cursor, into) => setCount(into, 'flags', readFixed32(cursor))),
});

const STATUS: Fields<SpanRecord> = table<SpanRecord>({
  2: field(WIRE.bytes, (cursor, into) => setText(into, 'statusMessage', readString(cursor))),
  3: field(WIRE.varint, (cursor, into) => (into.statusCode = readUint32(cursor) | 0)),
});

const SPAN: Fields<SpanRecord> = table<SpanRecord>({
  1: field(WIRE.bytes, (cursor, into) => (into.traceId = readHex(cursor))),
  2: field(WIRE.bytes, (cursor, into) => (into.spanId = readHex(cursor))),
  3: field(WIRE.bytes, (cursor, into) => setText(into, 'traceState', readString(cursor))),
  4: field(WIRE.bytes, (cursor, into) => setText(into, 'parentSpanId', readHex(cursor))),
  5: field(WIRE.bytes, (cursor, into) => (into.name = readString(cursor))),
  6: field(WIRE.varint, (cursor, into) => (into.kind = readUint32(cursor) | 0)),
  7: field(WIRE.fixed64, (cursor, into) => (into.startTimeUnixNano = readFixed64(cursor))),
  8: field(WIRE.fixed64, (cursor, into) => (into.endTimeUnixNano = readFixed64(cursor))),
  9: field(WIRE.bytes, (cursor, into) => readPair(cursor, into.attributes, 0)),
  10: count('droppedAttributesCount'),
  11: field(WIRE.bytes, (cursor, into) => {
    const event: EventRecord = { timeUnixNano: 0n, name: '', attributes: noAttributes() };
    readMessage(cursor, EVENT, event, 0);
    into.events.push(event);
  }),
  12: count('droppedEventsCount'),
  13: field(WIRE.bytes, (cursor, into) => {
    const link: LinkRecord = { traceId: '', spanId: '', attributes: noAttributes() };
    readMessage(cursor, LINK, link, 0);
    checkId(link.traceId, 32, 'A link', 'trace id');
    checkId(link.spanId, 16, 'A link', 'span id');
    into.links.push(link);
  }),
  14: count('droppedLinksCount'),
  15: field(WIRE.bytes, (cursor, into) => readMessage(cursor, STATUS, into, 0)),
  16: field(WIRE.fixed32, (cursor, into) => setCount(into, 'flags', readFixed32(cursor))),
});

function readSpan(cursor: Cursor, resource: SpanRecord['resource'], scope: SpanRecord['scope']): SpanRecord {
  const span: SpanRecord = {
    traceId: '',
    spanId: '',
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: noAttributes(),
    events: [],
    links: [],
    statusCode: 0,
    resource,
    scope,
  };
  readFields(cursor, SPAN, span, 0);
  if (span.traceId === '' || span.spanId === '') {
    throw malformed('A span has no trace id or no span id: these are not spans. Logs go to /v1/logs.');
  }
  checkId(span.traceId, 32, 'A span', 'trace id');
  checkId(span.spanId, 16, 'A span', 'span id');
  if (span.parentSpanId !== undefined && isZero(span.parentSpanId)) delete span.parentSpanId;
  if (span.parentSpanId !== undefined) checkId(span.parentSpanId, 16, 'A span', 'parent span id');
  return span;
}
