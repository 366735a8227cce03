import { explain, guard } from './guard.js';
import { anchorCall } from './open-calls.js';
import type { OpenCall } from './open-call.js';
import { isSdkStream, observeStream } from './stream.js';

/**
 * The promise that SDKs made by Stainless return: a subclass of Promise that holds the answer's head in `responsePromise`
 * and reads the body, when the program first asks, through `parseResponse`. We never subscribe to it, because that would
 * read the body. Two own fields are replaced by ones that watch:
 *
 * - `responsePromise` by a promise derived from it. It takes the place of the first one for whoever subscribes, so a
 *   rejection that nobody handles is still a rejection that nobody handles, and one that somebody handles still is.
 * - `parseResponse` by a function that returns the SDK's own parsing promise, after taking a look at its result. Every
 *   later transformation (`_thenUnwrap`, on which `parse` is built) runs after it.
 */
export interface ApiPromise extends Promise<unknown> {
  responsePromise: Promise<unknown>;
  parseResponse: (...args: unknown[]) => unknown;
  parsedPromise?: Promise<unknown>;
  asResponse?: () => Promise<unknown>;
  _thenUnwrap?: (transform: Transform) => ApiPromise;
}
type Transform = (value: unknown, ...rest: unknown[]) => unknown;

/** Methods by which a program subscribes. On the instance itself they could hold promises that we do not see. */
const SUBSCRIBERS = ['then', 'catch', 'finally', 'parse', 'asResponse'] as const;

/** True when the shape is the one that `observeApiPromise` understands. */
export function isApiPromise(value: unknown): value is ApiPromise {
  return (
    value instanceof Promise &&
    Object.hasOwn(value, 'responsePromise') &&
    (value as ApiPromise).responsePromise instanceof Promise &&
    typeof (value as ApiPromise).parseResponse === 'function' &&
    !SUBSCRIBERS.some((name) => Object.hasOwn(value, name))
  );
}

const callsByHead = new WeakMap<Promise<unknown>, OpenCall>();
const watchedPrototypes = new WeakSet<object>();

/** Ends `call` as the program sees the promise end. The promise stays what it was for the program. */
export function observeApiPromise(promise: ApiPromise, call: OpenCall): void {
  const head = watchHead(promise.responsePromise, call);
  callsByHead.set(head, call);
  watchRawReaders(promise);
  const anchor = {};
  watchParsing(promise, head, { call, anchor, onValue: (value) => settle(value, call) });
  anchorCall(anchor, call);
}

function watchHead(head: Promise<unknown>, call: OpenCall): Promise<unknown> {
  return head.then(
    (props) => {
      call.responded();
      return props;
    },
    (error: unknown) => {
      call.failed(error);
      throw error;
    },
  );
}

interface Watch {
  call: OpenCall;
  /** Held by the functions on the promise and nobody else. */
  anchor: object;
  onValue: (value: unknown) => void;
}

function watchParsing(promise: ApiPromise, head: Promise<unknown>, watch: Watch): void {
  const parse = promise.parseResponse;
  promise.responsePromise = head;
  promise.parseResponse = function parseResponse(this: unknown, ...args: unknown[]): unknown {
    const parsed = Reflect.apply(parse, this, args);
    // Whoever called us follows the promise that we return, so this side branch hides no rejection.
    if (parsed instanceof Promise) parsed.then(watch.onValue, (error: unknown) => watch.call.failed(error));
    else watch.onValue(parsed);
    return parsed;
  };
  // Some versions put a `_thenUnwrap` on the instance that goes round both fields.
  if (!Object.hasOwn(promise, '_thenUnwrap') || promise._thenUnwrap === undefined) return;
  const unwrap = promise._thenUnwrap;
  promise._thenUnwrap = function _thenUnwrap(this: unknown, transform: Transform): ApiPromise {
    const derived = Reflect.apply(unwrap, this, [
      (value: unknown, ...rest: unknown[]) => {
        watch.onValue(value);
        return transform(value, ...rest);
      },
    ]) as ApiPromise;
    // The value was seen before the transformation; what the transformation makes of it is not the provider's answer.
    if (isApiPromise(derived)) watchParsing(derived, head, { ...watch, onValue: ignore });
    return derived;
  };
}

function ignore(): void {}

function settle(value: unknown, call: OpenCall): void {
  if (isSdkStream(value)) {
    if (call.startStream()) guard('stream', () => observeStream(value, call));
    else explain('stream of an unexpected call', 'a call answered with a stream that is not known; its span has no answer');
  } else {
    call.completed(value);
  }
}

/** A program that takes the raw answer never parses it: that ends the call with the head of the answer. */
function watchRawReaders(promise: ApiPromise): void {
  const prototype: ApiPromise | null = Object.getPrototypeOf(promise);
  if (prototype === null || watchedPrototypes.has(prototype) || !Object.hasOwn(prototype, 'asResponse')) return;
  watchedPrototypes.add(prototype);
  const original = prototype.asResponse as () => Promise<unknown>;
  prototype.asResponse = {
    asResponse(this: ApiPromise): Promise<unknown> {
      if (this.parsedPromise === undefined) callsByHead.get(this.responsePromise)?.takenRaw();
      return Reflect.apply(original, this, []);
    },
  }.asResponse;
}
