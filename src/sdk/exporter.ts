import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { PENDING_HEADER } from '../../semconv/pending-header.js';
import { isLoopback } from '../config/endpoint.js';
import { currentSettings, type Settings } from '../config/settings.js';
import type { OtlpTarget } from '../config/targets.js';
import type { DeliveryJournal } from './delivery-journal.js';
import { sendImagesTo } from './images.js';
import { createCrashJournal } from './journal/crash-journal.js';
import { createJournal } from './journal/journal.js';
import { createSpanMasker } from './mask-span.js';
import { createOtlpSender } from './otlp-sender.js';
import { createSpanDelivery, type SpanDelivery } from './span-delivery.js';

const DEFAULT_QUEUE = 100_000;
const DEFAULT_BATCH = 512;
const DEFAULT_DELAY_MS = 1000;
const CRASH_SEGMENT_BYTES = 4_000_000;

/** A delivery to an OTLP/HTTP receiver, with the masking in front of it and the journal behind it. */
export function createOtlpDelivery(settings: Settings, target: OtlpTarget): SpanDelivery {
  const noteImages = sendImagesTo(target);
  let wantsPending: boolean | undefined;
  const send = createOtlpSender(target, (headers) => {
    noteImages(headers);
    wantsPending = headers[PENDING_HEADER] === '1';
  });
  return createSpanDelivery({
    destination: target.url,
    maxQueueSize: positiveNumber('OTEL_BSP_MAX_QUEUE_SIZE') ?? DEFAULT_QUEUE,
    maxBatchSize: positiveNumber('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? DEFAULT_BATCH,
    delayMs: positiveNumber('OTEL_BSP_SCHEDULE_DELAY') ?? DEFAULT_DELAY_MS,
    mask: createSpanMasker(() => currentSettings().mask),
    journal: journalOf(settings, target),
    // Others hear nothing from us before there is something to say.
    pending: { wanted: () => wantsPending, mayAsk: isLoopback(target.url) },
    send: async (spans, signal) => {
      await settleResources(spans);
      return send(spans, signal);
    },
  });
}

function journalOf({ durability, fsync }: Settings, target: OtlpTarget): DeliveryJournal | undefined {
  if (durability === 'memory') return undefined;
  const journal = createJournal(target);
  if (durability === 'exit') return journal;
  const ahead = createCrashJournal(target, { fsync, segmentBytes: CRASH_SEGMENT_BYTES });
  return { ...journal, ahead };
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
