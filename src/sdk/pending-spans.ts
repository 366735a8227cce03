import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { isOwnSpan } from './own-span.js';
import { spanSize } from './span-size.js';

/**
 * Shows spans of ours to a translator while they are open, so that a run is seen while it runs. Only to one that says it
 * wants them; only those that outlive the delay of a batch; each once. What gets lost is no loss: the span comes as it ended.
 */
export interface PendingSpans {
  started(span: ReadableSpan): void;
  ended(span: ReadableSpan): void;
  /** Forgets everything, for good. */
  stop(): void;
}

export interface PendingSpansOptions {
  /** What the receiver said last; undefined before its first answer. */
  wanted(): boolean | undefined;
  /** True when an empty request may be made to find out, in case no span has ended yet. */
  readonly mayAsk: boolean;
  /** Sends spans, once. Undefined when this is no time for it. Never rejects. */
  offer(spans: readonly ReadableSpan[]): Promise<void> | undefined;
  /** Spans that live shorter cost nothing more than being remembered. */
  readonly delayMs: number;
  /** Most spans of one request. */
  readonly maxBatchSize: number;
}

/** A program that ends none of its spans must not fill the memory. */
const MAX_SPANS = 10_000;
const MAX_BATCH_CHARACTERS = 4_000_000;

/** Makes the watch over open spans. Its timer keeps no process alive. No method throws. */
export function createPendingSpans(options: PendingSpansOptions): PendingSpans {
  const { wanted, offer, delayMs, maxBatchSize } = options;
  /** Open spans that were not sent, and when they came, oldest first. */
  const open = new Map<ReadableSpan, number>();
  let timer: NodeJS.Timeout | undefined;
  let mayAsk = options.mayAsk;
  let isStopped = false;

  const forget = (): void => {
    clearTimeout(timer);
    timer = undefined;
    open.clear();
  };
  const schedule = (waitMs: number): void => {
    timer ??= setTimeout(look, waitMs).unref();
  };
  const look = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isStopped) return;
    const isWanted = wanted();
    if (isWanted === false) {
      forget();
      return;
    }
    const due = dueSpans();
    if (due.length > 0 && isWanted === undefined && mayAsk) {
      const asking = offer([]);
      if (asking !== undefined) mayAsk = false;
      void asking?.then(look);
    } else if (due.length > 0 && isWanted === true && offer(due) !== undefined) {
      for (const span of due) open.delete(span);
    }
    const oldest = open.values().next();
    if (!oldest.done) schedule(Math.max(oldest.value + delayMs - performance.now(), delayMs / 4));
  };
  const dueSpans = (): ReadableSpan[] => {
    const due: ReadableSpan[] = [];
    const bornBefore = performance.now() - delayMs;
    let characters = 0;
    for (const [span, startedMs] of open) {
      if (startedMs > bornBefore || due.length >= maxBatchSize || characters > MAX_BATCH_CHARACTERS) break;
      characters += spanSize(span);
      due.push(span);
    }
    return due;
  };
  return {
    started: (span) => {
      if (isStopped || open.size >= MAX_SPANS || wanted() === false || !isOwnSpan(span)) return;
      open.set(span, performance.now());
      schedule(delayMs);
    },
    ended: (span) => void open.delete(span),
    stop: () => {
      isStopped = true;
      forget();
    },
  };
}
