import {
  checkId,
  count,
  field,
  noAttributes,
  readPair,
  readRequest,
  readValue,
  setCount,
  setText,
  table,
} from './protobuf-values.js';
import type { LogRecord, ResourceRecord, ScopeRecord } from './records.js';
import type { RecordSink } from './record-sink.js';
import {
  readFields,
  readFixed32,
  readFixed64,
  readHex,
  readString,
  readUint32,
  WIRE,
  type Cursor,
  type Fields,
} from './wire.js';

/**
 * Reads an ExportLogsServiceRequest in protobuf, by a table of field numbers after
 * https://github.com/open-telemetry/opentelemetry-proto (logs/v1). Throws SPOOR_OTLP_MALFORMED when the body is not protobuf.
 */
export function decodeLogsProtobuf(body: Uint8Array, sink: RecordSink<LogRecord>): void {
  readRequest(body, (cursor, resource, scope) => {
    sink.add(() => readLog(cursor, resource, scope));
  });
}

const LOG: Fields<LogRecord> = table<LogRecord>({
  1: field(WIRE.fixed64, (cursor, into) => (into.timeUnixNano = readFixed64(cursor))),
  2: field(WIRE.varint, (cursor, into) => (into.severityNumber = readUint32(cursor) | 0)),
  3: field(WIRE.bytes, (cursor, into) => setText(into, 'severityText', readString(cursor))),
  5: field(WIRE.bytes, (cursor, into) => (into.body = readValue(cursor, 0))),
  6: field(WIRE.bytes, (cursor, into) => readPair(cursor, into.attributes, 0)),
  7: count('droppedAttributesCount'),
  8: field(WIRE.fixed32, (cursor, into) => setCount(into, 'flags', readFixed32(cursor))),
  9: field(WIRE.bytes, (cursor, into) => setText(into, 'traceId', readHex(cursor))),
  10: field(WIRE.bytes, (cursor, into) => setText(into, 'spanId', readHex(cursor))),
  11: field(WIRE.fixed64, (cursor, into) => (into.observedTimeUnixNano = readFixed64(cursor))),
  12: field(WIRE.bytes, (cursor, into) => setText(into, 'eventName', readString(cursor))),
});

function readLog(cursor: Cursor, resource: ResourceRecord, scope: ScopeRecord): LogRecord {
  const log: LogRecord = {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    body: null,
    attributes: noAttributes(),
    resource,
    scope,
  };
  readFields(cursor, LOG, log, 0);
  // A log record may be outside of any span; some senders then write zeros.
  if (log.traceId !== undefined && /^0+$/.test(log.traceId)) delete log.traceId;
  if (log.spanId !== undefined && /^0+$/.test(log.spanId)) delete log.spanId;
  if (log.traceId !== undefined) checkId(log.traceId, 32, 'A log record', 'trace id');
  if (log.spanId !== undefined) checkId(log.spanId, 16, 'A log record', 'span id');
  return log;
}
