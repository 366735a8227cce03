import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { errorOnce } from '../../tracing/diag.js';
import type { SpanMasker } from '../mask-span.js';
import type { DeliveryCounts, SpanDelivery } from '../span-delivery.js';

/**
 * A storage that takes each span as it ends and keeps nothing waiting. `put` gets it masked, and answers whether it took it.
 */
export function createDirectStorage(
  name: string,
  maskSpan: SpanMasker,
  put: (span: ReadableSpan) => boolean,
): SpanDelivery {
  const counts: DeliveryCounts = { delivered: 0, dropped: 0, rejected: 0, pending: 0, journaled: 0 };
  let isShutDown = false;
  return {
    onStart: () => undefined,
    onEnd: (span) => {
      if (isShutDown || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      try {
        if (put(maskSpan(span))) {
          counts.delivered += 1;
          return;
        }
        counts.dropped += 1;
        errorOnce(`storage-full:${name}`, `the storage \`${name}\` is full, spans are lost`);
      } catch (error) {
        counts.rejected += 1;
        errorOnce(`storage:${name}`, `the storage \`${name}\` could not take a span`, error);
      }
    },
    drain: async () => ({ ...counts }),
    counts: () => ({ ...counts }),
    leaveToJournal: () => false,
    forceFlush: async () => undefined,
    shutdown: async () => {
      isShutDown = true;
    },
  };
}
