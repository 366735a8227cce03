import { types } from 'node:util';
import { dataProperty } from '../shared/data-property.js';
import { warnOnce } from './diag.js';
import { anchorCall, forgetCall, watchCall, type WatchedCall } from './open-calls.js';

/** What to do once a value is final. Exactly one of the two is called, once; neither can disturb the program. */
export interface Settled {
  /** `value` is what the program gets, or what its promise comes to. */
  done(value: unknown): void;
  failed(error: unknown): void;
  /** Abandoned when a thenable is dropped before anybody asked it for its value. */
  readonly work?: WatchedCall;
}

/**
 * Watches what a user's function returned, and returns what the caller is to see. A plain value is final at once. A native
 * promise comes back as its own continuation, so that a rejection nobody handles is still reported as one. A richer
 * promise or thenable comes back as itself, lazy as it was: it is watched when it is consumed.
 */
export function whenSettled<R>(value: R, settled: Settled): R {
  return followValue(value, onlyOnce(settled));
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

/** As `whenSettled`, for a `settled` that itself takes the first call only and never throws. */
export function followValue<R>(value: R, settled: Settled): R {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    settled.done(value);
    return value;
  }
  if (isPlainPromise(value)) return continuation(value, settled) as R;
  if (isPlainRecord(value)) {
    settled.done(value);
    return value;
  }
  const then = dataProperty(value, 'then');
  if (typeof then !== 'function' || !watchThenable(value, then as Then, settled)) settled.done(value);
  return value;
}

function isPlainPromise(value: object): value is Promise<unknown> {
  return (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'then')
  );
}

/** Most results are: looking for a `then` in one runs no code, and needs no descriptor. */
function isPlainRecord(value: object): boolean {
  return !types.isProxy(value) && Object.getPrototypeOf(value) === Object.prototype && !('then' in value);
}

async function continuation(promise: Promise<unknown>, settled: Settled): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    settled.failed(error);
    throw error;
  }
  settled.done(value);
  return value;
}

type Callback = (...results: unknown[]) => unknown;
type Then = (onFulfilled?: unknown, onRejected?: unknown) => unknown;

/** Returns false when the thenable cannot be changed. */
function watchThenable(value: object, original: Then, settled: Settled): boolean {
  // The function on the thenable, and nobody else, holds the anchor.
  const anchor = { work: settled.work };
  function watched(this: unknown, onFulfilled?: unknown, onRejected?: unknown): unknown {
    if (this !== value) return Reflect.apply(original, this, [onFulfilled, onRejected]);
    // From here on it settles by itself, however long that takes.
    if (anchor.work !== undefined) forgetCall(anchor.work);
    return Reflect.apply(original, value, [
      (...results: unknown[]): unknown => {
        settled.done(results[0]);
        return typeof onFulfilled === 'function' ? (onFulfilled as Callback)(...results) : results[0];
      },
      onFailure(value, onRejected, settled),
    ]);
  }
  // oxlint-disable-next-line unicorn/no-thenable -- it is a thenable already; it keeps its identity and its laziness
  const defined = Reflect.defineProperty(value, 'then', {
    value: watched,
    configurable: true,
    writable: true,
  });
  if (defined && settled.work !== undefined) {
    watchCall(settled.work);
    anchorCall(anchor, settled.work);
  }
  return defined;
}

function onFailure(value: object, onRejected: unknown, settled: Settled): Callback | undefined {
  if (typeof onRejected === 'function') {
    return (...errors) => {
      settled.failed(errors[0]);
      return (onRejected as Callback)(...errors);
    };
  }
  // What a thenable of another making does with an error that nobody takes is its own affair.
  if (!types.isPromise(value)) return undefined;
  return (error) => {
    settled.failed(error);
    throw error;
  };
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
    ...(settled.work === undefined ? {} : { work: settled.work }),
    done: (value) => guard(() => settled.done(value)),
    failed: (error) => guard(() => settled.failed(error)),
  };
}
