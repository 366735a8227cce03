import { types } from 'node:util';
import { warnOnce } from './diag.js';

/** What to do once a value is final. Exactly one of the two is called, once; neither can disturb the program. */
export interface Settled {
  done(): void;
  failed(error: unknown): void;
}

/**
 * Watches what a user's function returned, and returns what the caller is to see. A plain value is final at once. A native
 * promise comes back as its own continuation, so that a rejection nobody handles is still reported as one. A richer
 * promise or thenable comes back as itself, lazy as it was: it is watched when it is consumed.
 */
export function whenSettled<R>(value: R, settled: Settled): R {
  const once = onlyOnce(settled);
  if (!isThenable(value)) {
    once.done();
    return value;
  }
  if (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'then')
  ) {
    return continuation(value, once) as R;
  }
  watchThenable(value, once);
  return value;
}

/** Runs `fn`, watches what it returns, and lets its error go on unchanged. */
export function runSettled<R>(fn: () => R, settled: Settled): R {
  let value: R;
  try {
    value = fn();
  } catch (error) {
    onlyOnce(settled).failed(error);
    throw error;
  }
  return whenSettled(value, settled);
}

async function continuation(promise: Promise<unknown>, settled: Settled): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    settled.failed(error);
    throw error;
  } finally {
    settled.done();
  }
}

function watchThenable(value: PromiseLike<unknown>, settled: Settled): void {
  const original: PromiseLike<unknown>['then'] = value.then.bind(value);
  const watched: PromiseLike<unknown>['then'] = (onFulfilled, onRejected) =>
    original(
      (result) => {
        settled.done();
        return onFulfilled ? onFulfilled(result) : (result as never);
      },
      (error: unknown) => {
        settled.failed(error);
        if (onRejected) return onRejected(error);
        throw error;
      },
    );
  // oxlint-disable-next-line unicorn/no-thenable -- it is a thenable already; it keeps its identity and its laziness
  const defined = Reflect.defineProperty(value, 'then', {
    value: watched,
    configurable: true,
    writable: true,
  });
  if (!defined) settled.done();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}

function onlyOnce(settled: Settled): Settled {
  let over = false;
  const guard = (work: () => void): void => {
    if (over) return;
    over = true;
    try {
      work();
    } catch (error) {
      warnOnce('when-settled', 'a span could not be ended', error);
    }
  };
  return {
    done: () => guard(() => settled.done()),
    failed: (error) => guard(() => settled.failed(error)),
  };
}
