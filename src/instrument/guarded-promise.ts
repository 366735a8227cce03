import type { OpenCall } from './open-call.js';
import { anchorCall, unanchorCall } from './open-calls.js';
import { settle } from './settle.js';

/**
 * A promise that gives its subscribers to another one, which nobody else can reach: by own methods, bound to that one. The
 * value is seen where the program subscribes, in these methods; before that nobody asks for it.
 */
interface GuardedPromise extends Promise<unknown> {
  withResponse?: () => Promise<{ data?: unknown }>;
  _thenUnwrap?: (transform: Transform) => unknown;
}
type Transform = (value: unknown, ...rest: unknown[]) => unknown;
type Listener = ((value: unknown) => unknown) | null | undefined;

/** True when the subscribers of a promise are taken by methods of its own. */
export function isGuardedPromise(value: unknown): value is GuardedPromise {
  return value instanceof Promise && Object.hasOwn(value, 'then') && typeof value.then === 'function';
}

/** Ends `call` as the program sees the promise end. The promise stays what it was for the program. */
export function observeGuardedPromise(promise: GuardedPromise, call: OpenCall): void {
  // The functions on the promise, and nobody else, hold the anchor.
  const anchor = { subscribe: promise.then };
  const see = <T>(value: T): T => {
    unanchorCall(call);
    settle(value, call);
    return value;
  };
  const fail = (error: unknown): never => {
    call.failed(error);
    throw error;
  };
  const then = (onValue?: Listener, onError?: Listener): Promise<unknown> =>
    Reflect.apply(anchor.subscribe, promise, [
      (value: unknown) => (typeof onValue === 'function' ? onValue(see(value)) : see(value)),
      (error: unknown) => {
        call.failed(error);
        if (typeof onError === 'function') return onError(error);
        throw error;
      },
    ]);
  replace(promise, 'then', then);
  replace(promise, 'catch', (onError?: Listener) => then(undefined, onError));
  replace(promise, 'finally', (onEnd?: () => void) => then().finally(onEnd));
  const { withResponse, _thenUnwrap: unwrap } = promise;
  if (withResponse !== undefined) {
    replace(promise, 'withResponse', () =>
      Reflect.apply(withResponse, promise, []).then((answer) => {
        see(answer.data);
        return answer;
      }, fail),
    );
  }
  if (unwrap !== undefined) {
    replace(promise, '_thenUnwrap', (transform: Transform) =>
      Reflect.apply(unwrap, promise, [
        (value: unknown, ...rest: unknown[]) => transform(see(value), ...rest),
      ]),
    );
  }
  anchorCall(anchor, call);
}

/** Only what the promise has as its own: what its class has goes by one of these. */
function replace(promise: object, name: string, value: (...args: never[]) => unknown): void {
  const original = Object.getOwnPropertyDescriptor(promise, name);
  if (typeof original?.value !== 'function') return;
  for (const key of ['name', 'length'] as const) {
    Object.defineProperty(value, key, {
      value: (original.value as (...args: never[]) => unknown)[key],
      configurable: true,
    });
  }
  Object.defineProperty(promise, name, { ...original, value });
}
