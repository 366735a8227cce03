import { Buffer } from 'node:buffer';
import { anyValue, attributes, count, fixed32, fixed64, hex, message, text } from './encode-wire.js';
import type {
  EventRecord,
  LinkRecord,
  LogRecord,
  ResourceRecord,
  ScopeRecord,
  SpanRecord,
} from './records.js';

/** Spans → ExportTraceServiceRequest in protobuf. Spans of one resource and scope object are grouped, in their order. */
export function encodeTraceRequestProtobuf(spans: readonly SpanRecord[]): Buffer {
  return encodeRequest(spans, spanMessage);
}

/** Log records → ExportLogsServiceRequest in protobuf, grouped like spans. */
export function encodeLogsRequestProtobuf(logs: readonly LogRecord[]): Buffer {
  return encodeRequest(logs, logMessage);
}

/** The envelopes of both signals have the same field numbers. */
function encodeRequest<T extends { resource: ResourceRecord; scope: ScopeRecord }>(
  records: readonly T[],
  encode: (record: T) => Buffer,
): Buffer {
  const resources = new Map<ResourceRecord, Map<ScopeRecord, T[]>>();
  for (const record of records) {
    const scopes = resources.get(record.resource) ?? new Map<ScopeRecord, T[]>();
    resources.set(record.resource, scopes);
    const members = scopes.get(record.scope);
    if (members === undefined) scopes.set(record.scope, [record]);
    else members.push(record);
  }
  return Buffer.concat(
    [...resources].map(([resource, scopes]) =>
      message(1, [
        message(1, [...attributes(1, resource.attributes), count(2, resource.droppedAttributesCount)]),
        ...[...scopes].map(([scope, members]) => scopeMessage(scope, members.map(encode))),
        text(3, resource.schemaUrl),
      ]),
    ),
  );
}

function scopeMessage(scope: ScopeRecord, records: readonly Buffer[]): Buffer {
  return message(2, [
    message(1, [
      text(1, scope.name),
      text(2, scope.version),
      ...attributes(3, scope.attributes),
      count(4, scope.droppedAttributesCount),
    ]),
    ...records,
    text(3, scope.schemaUrl),
  ]);
}

function spanMessage(span: SpanRecord): Buffer {
  return message(2, [
    hex(1, span.traceId),
    hex(2, span.spanId),
    text(3, span.traceState),
    hex(4, span.parentSpanId),
    text(5, span.name),
    count(6, span.kind),
    fixed64(7, span.startTimeUnixNano),
    fixed64(8, span.endTimeUnixNano),
    ...attributes(9, span.attributes),
    count(10, span.droppedAttributesCount),
    ...span.events.map((event) => eventMessage(event)),
    count(12, span.droppedEventsCount),
    ...span.links.map((link) => linkMessage(link)),
    count(14, span.droppedLinksCount),
    message(15, [text(2, span.statusMessage), count(3, span.statusCode)]),
    fixed32(16, span.flags),
  ]);
}

function eventMessage(event: EventRecord): Buffer {
  return message(11, [
    fixed64(1, event.timeUnixNano),
    text(2, event.name),
    ...attributes(3, event.attributes),
    count(4, event.droppedAttributesCount),
  ]);
}

function linkMessage(link: LinkRecord): Buffer {
  return message(13, [
    hex(1, link.traceId),
    hex(2, link.spanId),
    text(3, link.traceState),
    ...attributes(4, link.attributes),
    count(5, link.droppedAttributesCount),
    fixed32(6, link.flags),
  ]);
}

function logMessage(log: LogRecord): Buffer {
  return message(2, [
    fixed64(1, log.timeUnixNano),
    count(2, log.severityNumber),
    text(3, log.severityText),
    ...(log.body === null ? [] : [message(5, [anyValue(log.body)])]),
    ...attributes(6, log.attributes),
    count(7, log.droppedAttributesCount),
    fixed32(8, log.flags),
    hex(9, log.traceId),
    hex(10, log.spanId),
    fixed64(11, log.observedTimeUnixNano),
    text(12, log.eventName),
  ]);
}
