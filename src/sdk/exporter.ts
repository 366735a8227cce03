import { ROOT_CONTEXT } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { currentSettings, type ResolvedSettings } from '../config/settings.js';
import { runInContext } from '../tracing/active-context.js';
import { SUPPRESS_TRACING_KEY } from '../tracing/context-keys.js';
import { createHttpSender } from './http-send.js';
import { createSpanMasker } from './mask-span.js';
import { createSpanDelivery, type SpanDelivery } from './span-delivery.js';

const DEFAULT_QUEUE = 100_000;
const DEFAULT_BATCH = 512;
const DEFAULT_DELAY_MS = 1000;

/** A delivery to an OTLP/HTTP receiver, with the masking in front of it. */
export function createOtlpDelivery(resolved: ResolvedSettings, url: string): SpanDelivery {
  const { settings } = resolved;
  const maskSpan = createSpanMasker(() => currentSettings().mask);
  const isProtobuf = settings.protocol === 'http/protobuf';
  const serializer = isProtobuf ? ProtobufTraceSerializer : JsonTraceSerializer;
  const post = createHttpSender({
    contentType: isProtobuf ? 'application/x-protobuf' : 'application/json',
    url,
    headers: {
      ...(settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` }),
      ...settings.headers,
    },
    compression: settings.compression ?? 'gzip',
    timeoutMs: settings.timeoutMs,
  });
  // The app may trace its HTTP client: our own requests must not make spans.
  const untraced = ROOT_CONTEXT.setValue(SUPPRESS_TRACING_KEY, true);
  return createSpanDelivery({
    destination: url,
    maxQueueSize: positiveNumber('OTEL_BSP_MAX_QUEUE_SIZE') ?? DEFAULT_QUEUE,
    maxBatchSize: positiveNumber('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? DEFAULT_BATCH,
    delayMs: positiveNumber('OTEL_BSP_SCHEDULE_DELAY') ?? DEFAULT_DELAY_MS,
    send: async (spans, signal) => {
      await settleResources(spans);
      const body = serializer.serializeRequest(spans.map(maskSpan));
      if (body === undefined) return { outcome: 'rejected', reason: 'nothing could be serialised' };
      return runInContext(untraced, post, undefined, body, signal);
    },
  });
}

/** Resource detectors of an app may still be at work. */
async function settleResources(spans: readonly ReadableSpan[]): Promise<void> {
  const pending = new Set(
    spans.map((span) => span.resource).filter((resource) => resource.asyncAttributesPending),
  );
  for (const resource of pending) await resource.waitForAsyncAttributes?.();
}

function positiveNumber(name: string): number | undefined {
  const value = Number(process.env[name]);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
