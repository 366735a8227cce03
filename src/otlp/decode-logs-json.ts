import {
  ALL_ZERO,
  enumeration,
  id,
  isAbsent,
  list,
  object,
  parseBody,
  readAnyValue,
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
import type { LogRecord, ResourceRecord, ScopeRecord } from './records.js';
import type { RecordSink } from './record-sink.js';

const SEVERITIES = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${name}${step}`),
  ),
];

/** Reads an ExportLogsServiceRequest in OTLP/JSON. Throws SPOOR_OTLP_MALFORMED when its structure is wrong. */
export function decodeLogsJson(body: Uint8Array, sink: RecordSink<LogRecord>): void {
  const request = object(parseBody(body), 'The body');
  list(request.resourceLogs, 'resourceLogs').forEach((item, r) => {
    const at = `resourceLogs[${r}]`;
    const resourceLogs = object(item, at);
    const resource = whole(() => readResource(resourceLogs, `${at}.resource`));
    list(resourceLogs.scopeLogs, `${at}.scopeLogs`).forEach((scopeItem, s) => {
      const scopeAt = `${at}.scopeLogs[${s}]`;
      const scopeLogs = object(scopeItem, scopeAt);
      const scope = whole(() => readScope(scopeLogs, `${scopeAt}.scope`));
      list(scopeLogs.logRecords, `${scopeAt}.logRecords`).forEach((recordItem, i) => {
        const recordAt = `${scopeAt}.logRecords[${i}]`;
        sink.add(() => readLog(object(recordItem, recordAt), recordAt, resource, scope));
      });
    });
  });
}

function readLog(log: Json, at: string, resource: ResourceRecord, scope: ScopeRecord): LogRecord {
  const record: LogRecord = {
    timeUnixNano: time(log.timeUnixNano, `${at}.timeUnixNano`),
    observedTimeUnixNano: time(log.observedTimeUnixNano, `${at}.observedTimeUnixNano`),
    severityNumber: enumeration(log.severityNumber, SEVERITIES),
    body: readAnyValue(log.body, `${at}.body`),
    attributes: readAttributes(log.attributes, at),
    resource,
    scope,
  };
  const severityText = text(log.severityText, `${at}.severityText`);
  if (severityText !== '') record.severityText = severityText;
  const eventName = text(log.eventName, `${at}.eventName`);
  if (eventName !== '') record.eventName = eventName;
  if (isGiven(log.traceId)) record.traceId = id(log.traceId, TRACE_ID, `${at}.traceId`, 32);
  if (isGiven(log.spanId)) record.spanId = id(log.spanId, SPAN_ID, `${at}.spanId`, 16);
  setCount(record, 'droppedAttributesCount', log.droppedAttributesCount);
  setCount(record, 'flags', log.flags);
  return record;
}

/** A log record may be outside of any span; some senders then write zeros. */
function isGiven(value: unknown): boolean {
  return !isAbsent(value) && !(typeof value === 'string' && ALL_ZERO.test(value));
}
