import { errorOnce, warnOnce } from '../tracing/diag.js';
import type { ImageBlob } from '../tracing/blob-sink.js';
import type { HttpSender, SendResult } from './http-send.js';

/** What became of the images so far. */
export interface BlobCounts {
  delivered: number;
  /** Left out: no receiver takes images, or too many were waiting. Their references are kept. */
  dropped: number;
  /** Refused by the receiver for good. */
  rejected: number;
  /** Waiting or under way. */
  pending: number;
}

/** Sends images to the receiver of the spans, once it has said that it takes any. No method throws or rejects. */
export interface BlobDelivery {
  take(blob: ImageBlob): void;
  /** What an answer of the receiver says: the most bytes of one image, or undefined when it takes none. */
  noteReceiver(maxBytes: number | undefined): void;
  /** Sends what waits, for at most `timeoutMs`; gives up early when the receiver cannot be reached. */
  drain(timeoutMs: number): Promise<void>;
  counts(): BlobCounts;
  shutdown(): void;
}

export interface BlobDeliveryOptions {
  /** Sends one image to the path of its hash; undefined when the receiver is none that could take images. */
  send: HttpSender | undefined;
  /** True when the images are kept as files too: then none is lost. */
  isKept: boolean;
  /** Most images, and bytes of images, that wait. */
  maxCount: number;
  maxBytes: number;
}

const REMEMBERED = 10_000;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 30_000;

/** Makes a delivery. Its timers keep no process alive. */
export function createBlobDelivery(options: BlobDeliveryOptions): BlobDelivery {
  return new QueuedBlobs(options);
}

class QueuedBlobs implements BlobDelivery {
  readonly #options: BlobDeliveryOptions;
  /** By hash, oldest first. One that is under way stays until its answer is there. */
  readonly #queue = new Map<string, ImageBlob>();
  readonly #sent = new Set<string>();
  readonly #counts = { delivered: 0, dropped: 0, rejected: 0 };
  #queuedBytes = 0;
  #limit: number | 'none' | 'unknown';
  #running: Promise<void> | undefined;
  #failures = 0;
  #isUnreachable = false;
  #timer: NodeJS.Timeout | undefined;
  #abort = new AbortController();

  constructor(options: BlobDeliveryOptions) {
    this.#options = options;
    this.#limit = options.send === undefined ? 'none' : 'unknown';
  }

  take(blob: ImageBlob): void {
    if (this.#sent.has(blob.hash) || this.#queue.has(blob.hash)) return;
    const { maxCount, maxBytes } = this.#options;
    const isFull = this.#queue.size >= maxCount || this.#queuedBytes + blob.bytes.length > maxBytes;
    if (this.#limit === 'none' || isFull) {
      if (isFull) errorOnce('blobs-full', 'too many images wait to be sent, images are left out');
      this.#drop(1);
      return;
    }
    this.#queue.set(blob.hash, blob);
    this.#queuedBytes += blob.bytes.length;
    this.#start();
  }

  noteReceiver(maxBytes: number | undefined): void {
    if (this.#options.send === undefined) return;
    this.#limit = maxBytes ?? 'none';
    if (maxBytes === undefined) {
      this.#drop(this.#queue.size);
      this.#queue.clear();
      this.#queuedBytes = 0;
    } else {
      this.#start();
    }
  }

  async drain(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    // The one timer that holds the process: a drain is waited for.
    const timer = setTimeout(() => {
      this.#abort.abort();
      this.#abort = new AbortController();
    }, timeoutMs);
    try {
      while (this.#queue.size > 0 && typeof this.#limit === 'number' && Date.now() < deadline) {
        this.#start(true);
        await this.#running;
        if (this.#isUnreachable) break;
        if (this.#queue.size > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  counts(): BlobCounts {
    return { ...this.#counts, pending: this.#queue.size };
  }

  shutdown(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#limit = 'none';
  }

  /** Starts sending, unless that is under way or has to wait after a failure. */
  #start(isUrgent = false): void {
    if (this.#running !== undefined || (this.#timer !== undefined && !isUrgent)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = this.#sendAll().finally(() => (this.#running = undefined));
  }

  async #sendAll(): Promise<void> {
    const { send } = this.#options;
    // Whoever hands an image in goes on first.
    await Promise.resolve();
    for (const blob of this.#queue.values()) {
      if (typeof this.#limit !== 'number' || send === undefined) return;
      const result: SendResult =
        blob.bytes.length > this.#limit
          ? { outcome: 'rejected', reason: `images may have ${this.#limit} bytes` }
          : await send(blob.bytes, this.#abort.signal, blob.hash);
      if (result.outcome === 'retry') return this.#retryLater(result);
      this.#settle(blob, result);
    }
  }

  #settle(blob: ImageBlob, result: Exclude<SendResult, { outcome: 'retry' }>): void {
    this.#failures = 0;
    this.#isUnreachable = false;
    if (this.#queue.delete(blob.hash)) this.#queuedBytes -= blob.bytes.length;
    this.#remember(blob.hash);
    if (result.outcome === 'delivered') {
      this.#counts.delivered += 1;
      return;
    }
    this.#counts.rejected += 1;
    errorOnce(`blob-rejected:${result.reason}`, `the receiver refused an image: ${result.reason}`);
  }

  #retryLater(result: Extract<SendResult, { outcome: 'retry' }>): void {
    this.#failures += 1;
    this.#isUnreachable = !result.reachable;
    const backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 1.5 ** (this.#failures - 1));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, result.afterMs ?? backoff);
    this.#timer.unref();
    warnOnce(
      `blob-undelivered:${result.reason}`,
      `an image could not be sent (${result.reason}); it is kept and sent again`,
    );
  }

  /** An image that was sent is not sent again, as long as it is remembered; the receiver would keep it once anyway. */
  #remember(hash: string): void {
    this.#sent.add(hash);
    if (this.#sent.size <= REMEMBERED) return;
    const oldest = this.#sent.values().next();
    if (!oldest.done) this.#sent.delete(oldest.value);
  }

  #drop(count: number): void {
    if (!this.#options.isKept) this.#counts.dropped += count;
  }
}
