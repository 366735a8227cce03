import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { errorOnce, warnOnce } from '../tracing/diag.js';
import type { SendResult } from './http-send.js';

/** What became of the spans so far. */
export interface DeliveryCounts {
  delivered: number;
  /** Lost because the queue was full. */
  dropped: number;
  /** Refused by the receiver for good. */
  rejected: number;
  /** Queued or under way. */
  pending: number;
}

/** Queues ended spans and sends them in batches. It is a span processor, so that it fits any provider. */
export interface SpanDelivery extends SpanProcessor {
  /**
   * Sends what is queued, for at most `timeoutMs`. Gives up early when the receiver cannot be reached, because nobody may
   * wait for a dead address. What could not be sent stays queued. Never rejects.
   */
  drain(timeoutMs: number): Promise<DeliveryCounts>;
  counts(): DeliveryCounts;
}

export interface DeliveryOptions {
  /** Sends one batch. Never rejects. */
  send(spans: readonly ReadableSpan[], signal: AbortSignal): Promise<SendResult>;
  /** Where to, for diagnostics. */
  destination: string;
  maxQueueSize: number;
  maxBatchSize: number;
  delayMs: number;
}

const CONCURRENCY = 4;
/** A batch is also bounded by the text in it, so that one request stays in the megabytes. */
const MAX_BATCH_CHARACTERS = 4_000_000;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 30_000;

/** Makes a delivery. Its timers keep no process alive. */
export function createSpanDelivery(options: DeliveryOptions): SpanDelivery {
  return new QueuedDelivery(options);
}

class QueuedDelivery implements SpanDelivery {
  readonly #options: DeliveryOptions;
  #queue: ReadableSpan[] = [];
  #head = 0;
  readonly #inFlight = new Set<Promise<void>>();
  #inFlightSpans = 0;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #resumeAtMs = 0;
  #abort = new AbortController();
  #isShutDown = false;
  readonly #counts = { delivered: 0, dropped: 0, rejected: 0 };

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  onStart(): void {
    // Only ended spans are sent.
  }

  onEnd(span: ReadableSpan): void {
    if (this.#isShutDown || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.#queued() >= this.#options.maxQueueSize) {
      this.#counts.dropped += 1;
      errorOnce('queue-full', `the queue of ${this.#options.maxQueueSize} spans is full, spans are lost`);
      return;
    }
    this.#queue.push(span);
    this.#schedule(this.#queued() >= this.#options.maxBatchSize ? 0 : this.#options.delayMs);
  }

  async forceFlush(): Promise<void> {
    await this.drain(this.#options.delayMs + 10_000);
  }

  async shutdown(): Promise<void> {
    await this.drain(2000);
    this.#isShutDown = true;
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  counts(): DeliveryCounts {
    return { ...this.#counts, pending: this.#queued() + this.#inFlightSpans };
  }

  async drain(timeoutMs: number): Promise<DeliveryCounts> {
    const deadline = Date.now() + timeoutMs;
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
        if (this.#inFlight.size > 0) await Promise.race(this.#inFlight);
        if (this.#failures <= failures) {
          failures = this.#failures;
          continue;
        }
        // Something failed in this drain: an answer may be asked for again, a dead address is given up.
        failures = this.#failures;
        const pauseMs = this.#resumeAtMs - Date.now();
        if (this.#unreachable || Date.now() + pauseMs >= deadline) break;
        await new Promise((resolve) => setTimeout(resolve, Math.max(pauseMs, 10)));
        this.#resumeAtMs = 0;
      }
    } finally {
      clearTimeout(timer);
    }
    return this.counts();
  }

  #unreachable = false;

  #queued(): number {
    return this.#queue.length - this.#head;
  }

  #schedule(delayMs: number): void {
    if (this.#isShutDown || this.#queued() === 0) return;
    const wait = Math.max(delayMs, this.#resumeAtMs - Date.now(), 0);
    if (this.#timer !== undefined && wait > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, wait);
    this.#timer.unref();
  }

  #pump(): void {
    if (Date.now() < this.#resumeAtMs) {
      this.#schedule(0);
      return;
    }
    while (this.#inFlight.size < CONCURRENCY && this.#queued() > 0) {
      const batch = this.#takeBatch();
      this.#inFlightSpans += batch.length;
      const sending = this.#deliver(batch).finally(() => {
        this.#inFlightSpans -= batch.length;
        this.#inFlight.delete(sending);
        this.#schedule(this.#queued() >= this.#options.maxBatchSize ? 0 : this.#options.delayMs);
      });
      this.#inFlight.add(sending);
      // After a failure one request is enough to learn whether the receiver is back.
      if (this.#failures > 0) break;
    }
  }

  #takeBatch(): ReadableSpan[] {
    let end = this.#head;
    let characters = 0;
    const limit = Math.min(this.#queue.length, this.#head + this.#options.maxBatchSize);
    while (end < limit && (characters < MAX_BATCH_CHARACTERS || end === this.#head)) {
      const span = this.#queue[end];
      if (span !== undefined) characters += textSize(span);
      end += 1;
    }
    const batch = this.#queue.slice(this.#head, end);
    this.#head = end;
    if (this.#head > 4096 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return batch;
  }

  async #deliver(batch: readonly ReadableSpan[]): Promise<void> {
    const result = await this.#attempt(batch);
    if (result.outcome === 'retry') {
      this.#putBack(batch, result);
      return;
    }
    this.#failures = 0;
    this.#unreachable = false;
    if (result.outcome === 'delivered') {
      this.#counts.delivered += batch.length;
    } else if (result.outcome === 'too-large' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#deliver(batch.slice(0, middle));
      await this.#deliver(batch.slice(middle));
    } else {
      this.#counts.rejected += batch.length;
      errorOnce(
        `rejected:${result.reason}`,
        `${this.#options.destination} refused ${batch.length} spans: ${result.reason}`,
      );
    }
  }

  async #attempt(batch: readonly ReadableSpan[]): Promise<SendResult> {
    try {
      return await this.#options.send(batch, this.#abort.signal);
    } catch (error) {
      return { outcome: 'rejected', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  #putBack(
    batch: readonly ReadableSpan[],
    result: { reason: string; reachable: boolean; afterMs?: number },
  ): void {
    this.#queue = [...batch, ...this.#queue.slice(this.#head)];
    this.#head = 0;
    this.#failures += 1;
    this.#unreachable = !result.reachable;
    const backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 1.5 ** (this.#failures - 1));
    const wait = result.afterMs ?? backoff * (0.8 + Math.random() * 0.4);
    this.#resumeAtMs = Date.now() + wait;
    warnOnce(
      `undelivered:${result.reason}`,
      `spans could not be sent to ${this.#options.destination} (${result.reason}); they are kept and sent again`,
    );
  }
}

function textSize(span: ReadableSpan): number {
  let size = 500;
  for (const value of Object.values(span.attributes)) if (typeof value === 'string') size += value.length;
  return size;
}
