import { malformed } from './defects.js';
import {
  ALL_ZERO,
  enumeration,
  id,
  isAbsent,
  list,
  object,
  optionalObject,
  parseBody,
  readAttributes,
  readResource,
  readScope,
  setCount,
  SPAN_ID,
  text,
  time,
  TRACE_ID,
  whole,
  type Json,
} from './json-values.js';
import type { EventRecord, LinkRecord, ResourceRecord, ScopeRecord, SpanRecord } from './records.js';
import type { RecordSink } from './record-sink.js';

const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (kind) => `SPAN_KIND_${kind}`,
);
const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

/** Reads an ExportTraceServiceRequest in OTLP/JSON. Throws SPOOR_OTLP_MALFORMED when its structure is wrong. */
export function decodeJson(body: Uint8Array, sink: RecordSink<SpanRecord>): void {
  const request = object(parseBody(body), 'The body');
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
