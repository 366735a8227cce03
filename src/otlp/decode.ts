import { decodeJson } from './decode-json.js';
import { decodeProtobuf } from './decode-protobuf.js';
import type { OtlpEncoding } from './encoding.js';
import type { SpanRecord } from './records.js';
import { createSpanSink, type Rejected } from './span-sink.js';

export interface DecodedTraceRequest {
  spans: SpanRecord[];
  /** Absent when every span was kept. */
  rejected: Rejected | undefined;
}

/**
 * Reads an ExportTraceServiceRequest. A span with one wrong value is left out and counted; throws SPOOR_OTLP_MALFORMED
 * when the request as a whole is not OTLP.
 */
export function decodeTraceRequest(body: Uint8Array, encoding: OtlpEncoding): DecodedTraceRequest {
  const sink = createSpanSink();
  if (encoding === 'json') decodeJson(body, sink);
  else decodeProtobuf(body, sink);
  return { spans: sink.spans, rejected: sink.rejected };
}
