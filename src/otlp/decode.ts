import { decodeJson } from './decode-json.js';
import { decodeLogsJson } from './decode-logs-json.js';
import { decodeLogsProtobuf } from './decode-logs-protobuf.js';
import { decodeProtobuf } from './decode-protobuf.js';
import type { OtlpEncoding } from './encoding.js';
import type { LogRecord, SpanRecord } from './records.js';
import { createRecordSink, type Rejected } from './record-sink.js';

export interface DecodedTraceRequest {
  spans: SpanRecord[];
  /** Absent when every span was kept. */
  rejected: Rejected | undefined;
}

export interface DecodedLogsRequest {
  logs: LogRecord[];
  /** Absent when every record was kept. */
  rejected: Rejected | undefined;
}

/**
 * Reads an ExportTraceServiceRequest. A span with one wrong value is left out and counted; throws SPOOR_OTLP_MALFORMED
 * when the request as a whole is not OTLP.
 */
export function decodeTraceRequest(body: Uint8Array, encoding: OtlpEncoding): DecodedTraceRequest {
  const sink = createRecordSink<SpanRecord>();
  if (encoding === 'json') decodeJson(body, sink);
  else decodeProtobuf(body, sink);
  return { spans: sink.records, rejected: sink.rejected };
}

/** The same for an ExportLogsServiceRequest. */
export function decodeLogsRequest(body: Uint8Array, encoding: OtlpEncoding): DecodedLogsRequest {
  const sink = createRecordSink<LogRecord>();
  if (encoding === 'json') decodeLogsJson(body, sink);
  else decodeLogsProtobuf(body, sink);
  return { logs: sink.records, rejected: sink.rejected };
}
