import { currentSettings } from '../config/settings.js';
import { warnOnce } from '../tracing/diag.js';
import { pipelineEnd } from './pipeline-end.js';

export interface FlushHandlerOptions<A extends readonly unknown[]> {
  /**
   * Keeps the platform awake until a promise settles, so that the answer does not wait for the spans: `waitUntil` of
   * `@vercel/functions`, or `(promise, args) => args[2].waitUntil(promise)` for a Cloudflare handler.
   */
  waitUntil?: (flushed: Promise<void>, args: A) => void;
  /** Longest time for the spans, in milliseconds. Default: the shutdown time-out. */
  timeoutMs?: number;
}

/** A handler whose spans are sent before it ends: `late-with-flush.ts` says how. */
export function withFlush<A extends unknown[], R>(
  handler: (...args: A) => R,
  options: FlushHandlerOptions<A> = {},
): (...args: A) => R {
  const flush = (): Promise<void> =>
    pipelineEnd().drain(options.timeoutMs ?? currentSettings().shutdownTimeoutMs);
  return new Proxy(handler, {
    apply: (target, thisArg: unknown, given: unknown[]): unknown => {
      const { waitUntil } = options;
      const args = waitUntil === undefined ? withLateCallback(given, flush) : given;
      const later = (): void => {
        if (waitUntil !== undefined) keepAwake(() => waitUntil(flush(), given as A));
      };
      let answer: unknown;
      try {
        answer = Reflect.apply(target as (...args: unknown[]) => unknown, thisArg, args);
      } catch (error) {
        later();
        throw error;
      }
      if (!isThenable(answer)) {
        later();
        return answer;
      }
      if (waitUntil === undefined) return afterFlush(answer, flush);
      // The platform is told at once: it may look at what it has to wait for as soon as the answer is there.
      keepAwake(() => waitUntil(settled(answer).then(flush), given as A));
      return answer;
    },
  });
}

async function afterFlush(answer: PromiseLike<unknown>, flush: () => Promise<void>): Promise<unknown> {
  try {
    return await answer;
  } finally {
    await flush();
  }
}

async function settled(answer: PromiseLike<unknown>): Promise<void> {
  try {
    await answer;
  } catch {
    // Whoever has the answer handles its error.
  }
}

/** Lambda's older form: `(event, context, callback)`. */
function withLateCallback(args: unknown[], flush: () => Promise<void>): unknown[] {
  const callback = args[2];
  if (args.length !== 3 || typeof callback !== 'function') return args;
  const late = (...result: unknown[]): void => {
    void callAfter(flush(), callback as (...args: unknown[]) => unknown, result);
  };
  return [args[0], args[1], late];
}

async function callAfter(
  flushed: Promise<void>,
  callback: (...args: unknown[]) => unknown,
  result: unknown[],
): Promise<void> {
  await flushed;
  callback(...result);
}

function keepAwake(ask: () => void): void {
  try {
    ask();
  } catch (error) {
    warnOnce('wait-until', 'the platform could not be asked to wait for the spans', error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
