import { malformed, MAX_VALUE_DEPTH, SpanRejection } from './defects.js';
import { double } from './numbers.js';
import type { Attributes, AttributeValue, EventRecord, LinkRecord, SpanRecord } from './records.js';
import type { SpanSink } from './span-sink.js';
import {
  createCursor,
  readBase64,
  readDouble,
  readEnd,
  readFields,
  readFixed32,
  readFixed64,
  readHex,
  readInt64,
  readMessage,
  readString,
  readUint32,
  WIRE,
  type Cursor,
  type Field,
  type Fields,
} from './wire.js';

/**
 * Reads an ExportTraceServiceRequest in protobuf, by tables of field numbers after
 * https://github.com/open-telemetry/opentelemetry-proto (trace/v1, common/v1, resource/v1).
 * Throws SPOOR_OTLP_MALFORMED when the body is not protobuf or its spans have no ids.
 */
export function decodeProtobuf(body: Uint8Array, sink: SpanSink): void {
  try {
    readFields(createCursor(body), REQUEST, sink, 0);
  } catch (error) {
    // Outside of a span: in a resource or a scope, which belong to many spans.
    throw error instanceof SpanRejection ? malformed(error.message, error) : error;
  }
}

interface Text {
  value: AttributeValue;
}
interface Pair {
  key: string;
  value: AttributeValue;
}
/** A resource or a scope, with the positions of the spans in it, because its own fields may come after them. */
interface Owner {
  attributes: Attributes;
  name: string;
  version: string;
  schemaUrl: string;
  droppedAttributesCount: number;
  parts: [start: number, end: number][];
}
type SpanDraft = SpanRecord & { status: { code: number; message: string } };

const VALUE: Fields<Text> = table<Text>({
  1: field(WIRE.bytes, (cursor, into) => (into.value = readString(cursor))),
  2: field(WIRE.varint, (cursor, into) => (into.value = readUint32(cursor) !== 0)),
  3: field(WIRE.varint, (cursor, into) => (into.value = readInt64(cursor))),
  4: field(WIRE.fixed64, (cursor, into) => (into.value = double(readDouble(cursor)) as AttributeValue)),
  5: field(WIRE.bytes, (cursor, into, depth) => {
    const values: AttributeValue[] = [];
    readMessage(cursor, ARRAY, values, deeper(depth));
    into.value = values;
  }),
  6: field(WIRE.bytes, (cursor, into, depth) => {
    const values = noAttributes();
    readMessage(cursor, KEY_VALUES, values, deeper(depth));
    into.value = values;
  }),
  7: field(WIRE.bytes, (cursor, into) => (into.value = { bytes: readBase64(cursor) })),
});

const ARRAY: Fields<AttributeValue[]> = table<AttributeValue[]>({
  1: field(WIRE.bytes, (cursor, into, depth) => into.push(readValue(cursor, depth))),
});

const KEY_VALUES: Fields<Attributes> = table<Attributes>({ 1: field(WIRE.bytes, readPair) });

const PAIR: Fields<Pair> = table<Pair>({
  1: field(WIRE.bytes, (cursor, into) => (into.key = readString(cursor))),
  2: field(WIRE.bytes, (cursor, into, depth) => (into.value = readValue(cursor, depth))),
});

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

const STATUS: Fields<SpanDraft['status']> = table<SpanDraft['status']>({
  2: field(WIRE.bytes, (cursor, into) => (into.message = readString(cursor))),
  3: field(WIRE.varint, (cursor, into) => (into.code = readUint32(cursor) | 0)),
});

const SPAN: Fields<SpanDraft> = table<SpanDraft>({
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
  15: field(WIRE.bytes, (cursor, into) => readMessage(cursor, STATUS, into.status, 0)),
  16: field(WIRE.fixed32, (cursor, into) => setCount(into, 'flags', readFixed32(cursor))),
});

const attributesOf: Field<Owner> = field(WIRE.bytes, (cursor, into) => readPair(cursor, into.attributes, 0));
const part: Field<Owner> = field(WIRE.bytes, (cursor, into) => {
  const end = readEnd(cursor);
  into.parts.push([cursor.pos, end]);
  cursor.pos = end;
});
const schemaUrl: Field<Owner> = field(WIRE.bytes, (cursor, into) => (into.schemaUrl = readString(cursor)));

const RESOURCE: Fields<Owner> = table<Owner>({ 1: attributesOf, 2: count('droppedAttributesCount') });
const SCOPE: Fields<Owner> = table<Owner>({
  1: field(WIRE.bytes, (cursor, into) => (into.name = readString(cursor))),
  2: field(WIRE.bytes, (cursor, into) => (into.version = readString(cursor))),
  3: attributesOf,
  4: count('droppedAttributesCount'),
});
const RESOURCE_SPANS: Fields<Owner> = table<Owner>({
  1: field(WIRE.bytes, (cursor, into) => readMessage(cursor, RESOURCE, into, 0)),
  2: part,
  3: schemaUrl,
});
const SCOPE_SPANS: Fields<Owner> = table<Owner>({
  1: field(WIRE.bytes, (cursor, into) => readMessage(cursor, SCOPE, into, 0)),
  2: part,
  3: schemaUrl,
});
const REQUEST: Fields<SpanSink> = table<SpanSink>({
  1: field(WIRE.bytes, (cursor, sink) => {
    const owner = readOwner(cursor, RESOURCE_SPANS);
    const resource: SpanRecord['resource'] = { attributes: owner.attributes };
    setCount(resource, 'droppedAttributesCount', owner.droppedAttributesCount);
    setText(resource, 'schemaUrl', owner.schemaUrl);
    for (const scopePart of owner.parts) {
      readScopeSpans({ bytes: cursor.bytes, pos: scopePart[0], limit: scopePart[1] }, resource, sink);
    }
  }),
});

function readScopeSpans(cursor: Cursor, resource: SpanRecord['resource'], sink: SpanSink): void {
  const owner = newOwner();
  readFields(cursor, SCOPE_SPANS, owner, 0);
  const scope: SpanRecord['scope'] = { name: owner.name };
  setText(scope, 'version', owner.version);
  if (Object.keys(owner.attributes).length > 0) scope.attributes = owner.attributes;
  setCount(scope, 'droppedAttributesCount', owner.droppedAttributesCount);
  setText(scope, 'schemaUrl', owner.schemaUrl);
  for (const [pos, limit] of owner.parts) {
    sink.add(() => readSpan({ bytes: cursor.bytes, pos, limit }, resource, scope));
  }
}

function readOwner(cursor: Cursor, fields: Fields<Owner>): Owner {
  const owner = newOwner();
  readMessage(cursor, fields, owner, 0);
  return owner;
}

function newOwner(): Owner {
  return {
    attributes: noAttributes(),
    name: '',
    version: '',
    schemaUrl: '',
    droppedAttributesCount: 0,
    parts: [],
  };
}

function readSpan(cursor: Cursor, resource: SpanRecord['resource'], scope: SpanRecord['scope']): SpanRecord {
  const draft: SpanDraft = {
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
    status: { code: 0, message: '' },
  };
  readFields(cursor, SPAN, draft, 0);
  if (draft.traceId === '' || draft.spanId === '') {
    throw malformed('A span has no trace id or no span id: these are not spans. Logs go to /v1/logs.');
  }
  checkId(draft.traceId, 32, 'A span', 'trace id');
  checkId(draft.spanId, 16, 'A span', 'span id');
  if (draft.parentSpanId !== undefined && /^0+$/.test(draft.parentSpanId)) delete draft.parentSpanId;
  if (draft.parentSpanId !== undefined) checkId(draft.parentSpanId, 16, 'A span', 'parent span id');
  const { status, ...span } = draft;
  span.statusCode = status.code;
  setText(span, 'statusMessage', status.message);
  return span;
}

function checkId(id: string, digits: number, owner: string, what: string): void {
  if (id.length !== digits || /^0+$/.test(id)) {
    throw new SpanRejection(`${owner} has a ${what} that is not ${digits / 2} bytes, or all zero.`);
  }
}

function readPair(cursor: Cursor, into: Attributes, depth: number): void {
  const pair: Pair = { key: '', value: null };
  readMessage(cursor, PAIR, pair, depth);
  into[pair.key] = pair.value;
}

function readValue(cursor: Cursor, depth: number): AttributeValue {
  const value: Text = { value: null };
  readMessage(cursor, VALUE, value, depth);
  return value.value;
}

function deeper(depth: number): number {
  if (depth >= MAX_VALUE_DEPTH - 1) {
    throw new SpanRejection(`An attribute value nests deeper than ${MAX_VALUE_DEPTH} levels.`);
  }
  return depth + 1;
}

function noAttributes(): Attributes {
  return Object.create(null) as Attributes;
}

function field<T>(wire: number, read: (cursor: Cursor, into: T, depth: number) => unknown): Field<T> {
  return { wire, read };
}

function count<K extends string>(key: K): Field<{ [key in K]?: number }> {
  return field(WIRE.varint, (cursor, into) => setCount(into, key, readUint32(cursor)));
}

function setCount<K extends string>(into: { [key in K]?: number }, key: K, value: number): void {
  if (value > 0) into[key] = value;
}

function setText<K extends string>(into: { [key in K]?: string }, key: K, value: string): void {
  if (value !== '') into[key] = value;
}

function table<T>(fields: { readonly [number: number]: Field<T> }): Fields<T> {
  const byNumber: (Field<T> | undefined)[] = [];
  for (const [number, entry] of Object.entries(fields)) byNumber[Number(number)] = entry;
  return byNumber;
}
