import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { errorOnce, warnOnce } from '../tracing/diag.js';
import type { BlobCounts } from './blob-delivery.js';
import type { DeliveryJournal } from './delivery-journal.js';
import type { SendResult } from './http-send.js';
import type { SpanMasker } from './mask-span.js';
import { createPendingSpans, type PendingSpans, type PendingSpansOptions } from './pending-spans.js';
import { createSpanQueue } from './span-queue.js';

/** What became of the spans so far. */
export interface DeliveryCounts {
  delivered: number;
  /** Lost: the queue was full and nothing else could take them. */
  dropped: number;
  /** Refused by the receiver for good. */
  rejected: number;
  /** Queued or under way. */
  pending: number;
  /** Waiting for the end of their session or trace; only where `sample` or `keep` hold spans back. */
  held?: number;
  /** Left out by `sample` and `keep`; of those that were recorded at all. */
  sampledOut?: number;
  /** Left to the journal, for a delivery after this one. */
  journaled: number;
  /** Images; absent when there was none. */
  blobs?: BlobCounts;
}

/** Queues ended spans and sends them in batches. It is a span processor, so that it fits any provider. */
export interface SpanDelivery extends SpanProcessor {
  /**
   * Sends what is queued, for at most `timeoutMs`. Gives up early when the receiver cannot be reached, because nobody may
   * wait for a dead address. What could not be sent stays queued. Never rejects.
   */
  drain(timeoutMs: number): Promise<DeliveryCounts>;
  counts(): DeliveryCounts;
  /** Leaves everything unacknowledged to the journal, in one synchronous move: for the end of the process. Never throws. */
  leaveToJournal(): void;
}

export interface DeliveryOptions {
  mask: SpanMasker;
  /** Sends one batch of masked spans. Never rejects. */
  send(spans: readonly ReadableSpan[], signal: AbortSignal): Promise<SendResult>;
  /** Absent with `durability: 'memory'`. */
  journal?: DeliveryJournal | undefined;
  /** Where to, for diagnostics. */
  destination: string;
  maxQueueSize: number;
  maxBatchSize: number;
  delayMs: number;
  /** For a receiver that may want to see spans while they are open. */
  pending?: Pick<PendingSpansOptions, 'wanted' | 'mayAsk'>;
}

const CONCURRENCY = 4;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 30_000;

/** Makes a delivery. Its timers keep no process alive. */
export function createSpanDelivery(options: DeliveryOptions): SpanDelivery {
  return new QueuedDelivery(options);
}

class QueuedDelivery implements SpanDelivery {
  readonly #options: DeliveryOptions;
  readonly #queue = createSpanQueue();
  readonly #inFlight = new Map<Promise<void>, readonly ReadableSpan[]>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #unreachable = false;
  /** On the clock that no one sets. */
  #resumeAtMs = 0;
  #abort = new AbortController();
  #isShutDown = false;
  #isLeft = false;
  /** Shows open spans to the receiver, when it wants any. */
  readonly #pending: PendingSpans | undefined;
  #isOffering = false;
  readonly #counts = { delivered: 0, dropped: 0, rejected: 0, journaled: 0 };

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { pending, delayMs, maxBatchSize } = options;
    if (pending === undefined) return;
    const offer = (spans: readonly ReadableSpan[]): Promise<void> | undefined => this.#offer(spans);
    this.#pending = createPendingSpans({ ...pending, delayMs, maxBatchSize, offer });
  }

  onStart(span: Span): void {
    if (this.#isShutDown || !isSampled(span)) return;
    this.#options.journal?.ahead?.started(span, this.#options.mask);
    this.#pending?.started(span);
  }

  onEnd(span: ReadableSpan): void {
    this.#pending?.ended(span);
    if (this.#isShutDown || !isSampled(span)) return;
    const ahead = this.#options.journal?.ahead;
    const queued = ahead === undefined ? span : this.#options.mask(span);
    ahead?.ended(queued);
    if (this.#isLeft) {
      this.#keep([queued]);
      return;
    }
    if (this.#queue.size >= this.#options.maxQueueSize && !this.#makeRoom()) return;
    this.#queue.push(queued);
    this.#schedule(this.#queue.size >= this.#options.maxBatchSize ? 0 : this.#options.delayMs);
  }

  async forceFlush(): Promise<void> {
    await this.drain(this.#options.delayMs + 10_000);
  }

  async shutdown(): Promise<void> {
    await this.drain(2000);
    this.leaveToJournal();
    this.#isShutDown = true;
  }

  counts(): DeliveryCounts {
    return { ...this.#counts, pending: this.#queue.size + this.#underWay().length };
  }

  leaveToJournal(): void {
    const rest = [...this.#underWay(), ...this.#queue.takeAll()];
    this.#isLeft = true;
    this.#pending?.stop();
    this.#inFlight.clear();
    clearTimeout(this.#timer);
    this.#abort.abort();
    if (rest.length > 0) this.#keep(rest);
    this.#options.journal?.ahead?.close();
  }

  async drain(timeoutMs: number): Promise<DeliveryCounts> {
    const deadline = performance.now() + timeoutMs;
    const over = new AbortController();
    // The one timer that holds the process: a drain is waited for.
    const timer = setTimeout(() => {
      over.abort();
      this.#abort.abort();
      this.#abort = new AbortController();
    }, timeoutMs);
    try {
      this.#resumeAtMs = 0;
      let failures = this.#failures;
      while (!over.signal.aborted && this.counts().pending > 0) {
        this.#pump();
        if (this.#inFlight.size > 0) await Promise.race(this.#inFlight.keys());
        if (this.#failures <= failures) {
          failures = this.#failures;
          continue;
        }
        // Something failed in this drain: an answer may be asked for again, a dead address is given up.
        failures = this.#failures;
        const pauseMs = this.#resumeAtMs - performance.now();
        if (this.#unreachable || performance.now() + pauseMs >= deadline) break;
        await new Promise((resolve) => setTimeout(resolve, Math.max(pauseMs, 10)));
        this.#resumeAtMs = 0;
      }
    } finally {
      clearTimeout(timer);
    }
    return this.counts();
  }

  #underWay(): ReadableSpan[] {
    return [...this.#inFlight.values()].flat();
  }

  /** The queue is full: its oldest spans go to the journal. False when there is none. */
  #makeRoom(): boolean {
    if (this.#options.journal === undefined) {
      this.#counts.dropped += 1;
      errorOnce('queue-full', `the queue of ${this.#options.maxQueueSize} spans is full, spans are lost`);
      return false;
    }
    this.#keep(this.#queue.take(this.#options.maxBatchSize));
    return true;
  }

  #keep(spans: readonly ReadableSpan[]): boolean {
    const { journal } = this.#options;
    const isKept = journal?.keep(this.#masked(spans)) === true;
    this.#counts[isKept ? 'journaled' : 'dropped'] += spans.length;
    if (isKept) journal.ahead?.acknowledged(spans);
    return isKept;
  }

  /** Spans of a journal that writes ahead were masked when they ended. */
  #masked(spans: readonly ReadableSpan[]): readonly ReadableSpan[] {
    return this.#options.journal?.ahead === undefined ? this.#mask(spans) : spans;
  }

  #mask(spans: readonly ReadableSpan[]): ReadableSpan[] {
    return spans.map((span) => this.#options.mask(span));
  }

  #schedule(delayMs: number): void {
    if (this.#isShutDown || this.#isLeft || this.#queue.size === 0) return;
    const wait = Math.max(delayMs, this.#resumeAtMs - performance.now(), 0);
    if (this.#timer !== undefined && wait > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, wait);
    this.#timer.unref();
  }

  #pump(): void {
    if (performance.now() < this.#resumeAtMs) {
      this.#schedule(0);
      return;
    }
    while (this.#inFlight.size < CONCURRENCY && this.#queue.size > 0) {
      const batch = this.#queue.take(this.#options.maxBatchSize);
      const sending = this.#deliver(batch).finally(() => {
        this.#inFlight.delete(sending);
        this.#schedule(this.#queue.size >= this.#options.maxBatchSize ? 0 : this.#options.delayMs);
      });
      this.#inFlight.set(sending, batch);
      // After a failure one request is enough to learn whether the receiver is back.
      if (this.#failures > 0) break;
    }
  }

  async #deliver(batch: readonly ReadableSpan[]): Promise<void> {
    const result = await this.#attempt(this.#masked(batch));
    // The journal has them by now: another process sends them.
    if (this.#isLeft) return;
    const { journal, destination } = this.#options;
    if (result.outcome === 'retry') {
      this.#putBack(batch, result);
      return;
    }
    this.#failures = 0;
    this.#unreachable = false;
    if (result.outcome === 'delivered') {
      this.#counts.delivered += batch.length;
      journal?.ahead?.acknowledged(batch);
      journal?.receiverIsBack();
    } else if (result.outcome === 'too-large' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#deliver(batch.slice(0, middle));
      await this.#deliver(batch.slice(middle));
    } else {
      this.#counts.rejected += batch.length;
      journal?.setAside(this.#masked(batch), result.reason);
      journal?.ahead?.acknowledged(batch);
      errorOnce(
        `rejected:${result.reason}`,
        `${destination} refused ${batch.length} spans: ${result.reason}`,
      );
    }
  }

  /** Sends open spans beside what is queued, once, when nothing stands in the way of that. */
  #offer(spans: readonly ReadableSpan[]): Promise<void> | undefined {
    const isBusy = this.#isOffering || this.#inFlight.size >= CONCURRENCY;
    if (this.#isLeft || isBusy || this.#failures > 0 || performance.now() < this.#resumeAtMs)
      return undefined;
    this.#isOffering = true;
    return this.#attempt(this.#mask(spans)).then(() => void (this.#isOffering = false));
  }

  async #attempt(masked: readonly ReadableSpan[]): Promise<SendResult> {
    try {
      return await this.#options.send(masked, this.#abort.signal);
    } catch (error) {
      return { outcome: 'rejected', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  #putBack(
    batch: readonly ReadableSpan[],
    result: { reason: string; reachable: boolean; afterMs?: number },
  ): void {
    this.#queue.putBack(batch);
    this.#failures += 1;
    this.#unreachable = !result.reachable;
    const backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 1.5 ** (this.#failures - 1));
    const wait = result.afterMs ?? backoff * (0.8 + Math.random() * 0.4);
    this.#resumeAtMs = performance.now() + wait;
    warnOnce(
      `undelivered:${result.reason}`,
      `spans could not be sent to ${this.#options.destination} (${result.reason}); they are kept and sent again`,
    );
  }
}

function isSampled(span: ReadableSpan): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
