import type { IncomingHttpHeaders } from 'node:http';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { OtlpTarget } from '../config/targets.js';
import { runInContext } from '../tracing/active-context.js';
import { SUPPRESS_TRACING_KEY } from '../tracing/context-keys.js';
import { encodeSpans } from './encode-spans.js';
import { createHttpSender, type SendResult } from './http-send.js';

/** Sends spans that were masked before. Never rejects. */
export type SpanSender = (spans: readonly ReadableSpan[], signal: AbortSignal) => Promise<SendResult>;

/** A sender to one receiver. `onAccepted` is told the headers of each answer that accepts spans. */
export function createOtlpSender(
  target: OtlpTarget,
  onAccepted?: (headers: IncomingHttpHeaders) => void,
): SpanSender {
  const isProtobuf = target.protocol === 'http/protobuf';
  const post = createHttpSender({
    ...target,
    contentType: isProtobuf ? 'application/x-protobuf' : 'application/json',
    ...(onAccepted === undefined ? {} : { onAccepted }),
  });
  // The app may trace its HTTP client: our own requests must not make spans.
  const untraced = ROOT_CONTEXT.setValue(SUPPRESS_TRACING_KEY, true);
  return async (spans, signal) => {
    const body = isProtobuf
      ? ProtobufTraceSerializer.serializeRequest(spans as ReadableSpan[])
      : encodeSpans(spans);
    if (body === undefined) return { outcome: 'rejected', reason: 'nothing could be serialised' };
    return runInContext(untraced, post, undefined, body, signal);
  };
}
