import { Buffer } from 'node:buffer';
import { malformed, MAX_VALUE_DEPTH, SpanRejection } from './defects.js';
import { double, int64, uint64 } from './numbers.js';
import { quoteBigIntegers } from './quote-big-integers.js';
import type {
  Attributes,
  AttributeValue,
  EventRecord,
  LinkRecord,
  ResourceRecord,
  ScopeRecord,
  SpanRecord,
} from './records.js';
import type { SpanSink } from './span-sink.js';

type Json = { readonly [key: string]: unknown };

const TRACE_ID = /^[0-9a-f]{32}$/i;
const SPAN_ID = /^[0-9a-f]{16}$/i;
const ALL_ZERO = /^0+$/;
const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (kind) => `SPAN_KIND_${kind}`,
);
const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

/** Reads an ExportTraceServiceRequest in OTLP/JSON. Throws SPOOR_OTLP_MALFORMED when its structure is wrong. */
export function decodeJson(body: Uint8Array, sink: SpanSink): void {
  const request = object(parse(body), 'The body');
  list(request.resourceSpans, 'resourceSpans').forEach((item, r) => {
    const at = `resourceSpans[${r}]`;
    const resourceSpans = object(item, at);
    const resource = whole(() => readResource(resourceSpans, `${at}.resource`));
    list(resourceSpans.scopeSpans, `${at}.scopeSpans`).forEach((scopeItem, s) => {
      const scopeAt = `${at}.scopeSpans[${s}]`;
      const scopeSpans = object(scopeItem, scopeAt);
      const scope = whole(() => readScope(scopeSpans, `${scopeAt}.scope`));
      list(scopeSpans.spans, `${scopeAt}.spans`).forEach((spanItem, i) => {
        const spanAt = `${scopeAt}.spans[${i}]`;
        sink.add(() => readSpan(object(spanItem, spanAt), spanAt, resource, scope));
      });
    });
  });
}

function parse(body: Uint8Array): unknown {
  const json = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(quoteBigIntegers(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json));
  } catch (error) {
    throw malformed(`The body is not JSON: ${(error as Error).message}`, error);
  }
}

/** A resource or scope belongs to many spans: what would reject one span makes the request malformed there. */
function whole<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SpanRejection ? malformed(error.message, error) : error;
  }
}

function readResource(owner: Json, at: string): ResourceRecord {
  const resource = optionalObject(owner.resource, at);
  const record: ResourceRecord = { attributes: readAttributes(resource.attributes, at) };
  setCount(record, 'droppedAttributesCount', resource.droppedAttributesCount);
  const schemaUrl = text(owner.schemaUrl, `${at}.schemaUrl`);
  if (schemaUrl !== '') record.schemaUrl = schemaUrl;
  return record;
}

function readScope(owner: Json, at: string): ScopeRecord {
  const scope = optionalObject(owner.scope, at);
  const record: ScopeRecord = { name: text(scope.name, `${at}.name`) };
  const version = text(scope.version, `${at}.version`);
  if (version !== '') record.version = version;
  const attributes = readAttributes(scope.attributes, at);
  if (Object.keys(attributes).length > 0) record.attributes = attributes;
  setCount(record, 'droppedAttributesCount', scope.droppedAttributesCount);
  const schemaUrl = text(owner.schemaUrl, `${at}.schemaUrl`);
  if (schemaUrl !== '') record.schemaUrl = schemaUrl;
  return record;
}

function readSpan(span: Json, at: string, resource: ResourceRecord, scope: ScopeRecord): SpanRecord {
  if (isAbsent(span.traceId) || isAbsent(span.spanId)) {
    throw malformed(`${at} has no traceId or no spanId: these are not spans. Logs go to /v1/logs.`);
  }
  const status = optionalObject(span.status, `${at}.status`);
  const record: SpanRecord = {
    traceId: id(span.traceId, TRACE_ID, `${at}.traceId`, 32),
    spanId: id(span.spanId, SPAN_ID, `${at}.spanId`, 16),
    name: text(span.name, `${at}.name`),
    kind: enumeration(span.kind, SPAN_KINDS),
    startTimeUnixNano: time(span.startTimeUnixNano, `${at}.startTimeUnixNano`),
    endTimeUnixNano: time(span.endTimeUnixNano, `${at}.endTimeUnixNano`),
    attributes: readAttributes(span.attributes, at),
    events: list(span.events, `${at}.events`).map((event, i) => readEvent(event, `${at}.events[${i}]`)),
    links: list(span.links, `${at}.links`).map((link, i) => readLink(link, `${at}.links[${i}]`)),
    statusCode: enumeration(status.code, STATUS_CODES),
    resource,
    scope,
  };
  if (
    !isAbsent(span.parentSpanId) &&
    !(typeof span.parentSpanId === 'string' && ALL_ZERO.test(span.parentSpanId))
  ) {
    record.parentSpanId = id(span.parentSpanId, SPAN_ID, `${at}.parentSpanId`, 16);
  }
  const traceState = text(span.traceState, `${at}.traceState`);
  if (traceState !== '') record.traceState = traceState;
  const statusMessage = text(status.message, `${at}.status.message`);
  if (statusMessage !== '') record.statusMessage = statusMessage;
  setCount(record, 'flags', span.flags);
  setCount(record, 'droppedAttributesCount', span.droppedAttributesCount);
  setCount(record, 'droppedEventsCount', span.droppedEventsCount);
  setCount(record, 'droppedLinksCount', span.droppedLinksCount);
  return record;
}

function readEvent(item: unknown, at: string): EventRecord {
  const event = object(item, at);
  const record: EventRecord = {
    timeUnixNano: time(event.timeUnixNano, `${at}.timeUnixNano`),
    name: text(event.name, `${at}.name`),
    attributes: readAttributes(event.attributes, at),
  };
  setCount(record, 'droppedAttributesCount', event.droppedAttributesCount);
  return record;
}

function readLink(item: unknown, at: string): LinkRecord {
  const link = object(item, at);
  const record: LinkRecord = {
    traceId: id(link.traceId, TRACE_ID, `${at}.traceId`, 32),
    spanId: id(link.spanId, SPAN_ID, `${at}.spanId`, 16),
    attributes: readAttributes(link.attributes, at),
  };
  const traceState = text(link.traceState, `${at}.traceState`);
  if (traceState !== '') record.traceState = traceState;
  setCount(record, 'droppedAttributesCount', link.droppedAttributesCount);
  setCount(record, 'flags', link.flags);
  return record;
}

function readAttributes(value: unknown, owner: string): Attributes {
  if (isObject(value)) {
    throw malformed(
      `${owner}.attributes is an object; OTLP/JSON has a list of { "key": …, "value": { "stringValue": … } }.`,
    );
  }
  return readPairs(list(value, `${owner}.attributes`), `${owner}.attributes`, 0);
}

function readPairs(pairs: readonly unknown[], at: string, depth: number): Attributes {
  const attributes = Object.create(null) as Attributes;
  for (let i = 0; i < pairs.length; i++) {
    const pair = object(pairs[i], `${at}[${i}]`);
    // An empty key may be left out, as every default may.
    const key = text(pair.key, `${at}[${i}].key`);
    attributes[key] = readValue(pair.value, at, key, depth);
  }
  return attributes;
}

function readValue(value: unknown, at: string, key: string, depth: number): AttributeValue {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    throw malformed(`${at} "${brief(key)}" has a bare value; OTLP/JSON wraps it: { "stringValue": … }.`);
  }
  if (depth >= MAX_VALUE_DEPTH) {
    throw new SpanRejection(`${at} "${brief(key)}" nests deeper than ${MAX_VALUE_DEPTH} levels.`);
  }
  const read = readWrapped(value, at, key, depth);
  if (read === undefined) throw new SpanRejection(`${at} "${brief(key)}" has a value of the wrong type.`);
  return read;
}

function readWrapped(value: Json, at: string, key: string, depth: number): AttributeValue | undefined {
  if (!isAbsentValue(value.stringValue)) {
    return typeof value.stringValue === 'string' ? value.stringValue : undefined;
  }
  if (!isAbsentValue(value.intValue)) return int64(value.intValue);
  if (!isAbsentValue(value.boolValue))
    return typeof value.boolValue === 'boolean' ? value.boolValue : undefined;
  if (!isAbsentValue(value.doubleValue)) return double(value.doubleValue);
  if (!isAbsentValue(value.arrayValue)) {
    const values = list(optionalObject(value.arrayValue, at).values, `${at} "${brief(key)}"`);
    return values.map((item) => readValue(item, at, key, depth + 1));
  }
  if (!isAbsentValue(value.kvlistValue)) {
    const values = list(optionalObject(value.kvlistValue, at).values, `${at} "${brief(key)}"`);
    return readPairs(values, at, depth + 1);
  }
  if (!isAbsentValue(value.bytesValue)) {
    if (typeof value.bytesValue !== 'string') return undefined;
    return { bytes: Buffer.from(value.bytesValue, 'base64').toString('base64') };
  }
  return null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isAbsentValue(value: unknown): boolean {
  return value === undefined || value === null;
}

function object(value: unknown, at: string): Json {
  if (!isObject(value)) throw malformed(`${at} is not an object.`);
  return value;
}

function optionalObject(value: unknown, at: string): Json {
  return isAbsentValue(value) ? {} : object(value, at);
}

function list(value: unknown, at: string): readonly unknown[] {
  if (isAbsentValue(value)) return [];
  if (!Array.isArray(value)) throw malformed(`${at} is not a list.`);
  return value;
}

function text(value: unknown, at: string): string {
  if (isAbsentValue(value)) return '';
  if (typeof value !== 'string') throw new SpanRejection(`${at} is not a string.`);
  return value;
}

function id(value: unknown, pattern: RegExp, at: string, digits: number): string {
  if (typeof value !== 'string' || !pattern.test(value) || ALL_ZERO.test(value)) {
    throw new SpanRejection(`${at} is not ${digits} hex digits, or all zero.`);
  }
  return value.toLowerCase();
}

function time(value: unknown, at: string): bigint {
  const nanos = uint64(value);
  if (nanos === undefined) throw new SpanRejection(`${at} is not an unsigned 64-bit integer.`);
  return nanos;
}

function enumeration(value: unknown, names: readonly string[]): number {
  if (typeof value === 'string') return Math.max(0, names.indexOf(value));
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

function setCount<K extends string>(record: { [key in K]?: number }, key: K, value: unknown): void {
  const count = typeof value === 'string' ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) record[key] = count;
}

function brief(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}
