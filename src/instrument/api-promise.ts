import { anchorCall, unanchorCall } from './open-calls.js';
import type { OpenCall } from './open-call.js';
import { settle } from './settle.js';

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
  parse?: () => Promise<unknown>;
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

const CALL: unique symbol = Symbol('spoor.call');
type Head = Promise<unknown> & { [CALL]?: OpenCall };
const watchedPrototypes = new WeakSet<object>();
/** By the head of an answer: some helpers take it to a promise of their own, and read the body there. */
const watchedHeads = new WeakMap<object, Watch>();

interface Watch {
  call: OpenCall;
  /** Held by the functions on the promise and, while the request is under way, by the promise below it. */
  anchor: object;
  onValue: (value: unknown) => void;
  isParsed: boolean;
}

/** Ends `call` as the program sees the promise end. The promise stays what it was for the program. */
export function observeApiPromise(promise: ApiPromise, call: OpenCall): void {
  const watch: Watch = { call, anchor: {}, onValue: (value) => settle(value, call), isParsed: false };
  const head = watchHead(promise.responsePromise, watch);
  void Object.defineProperty(head, CALL, { value: call });
  watchPrototype(promise);
  watchParsing(promise, head, watch, watch.onValue);
}

function watchHead(head: Promise<unknown>, watch: Watch): Promise<unknown> {
  const { call } = watch;
  return head.then(
    (props) => {
      call.responded();
      if (typeof props === 'object' && props !== null) watchedHeads.set(props, watch);
      // Who waits for the answer begins to read it two microtasks later. If nobody does, it may be that nobody ever will.
      void soon.then(ignore).then(() => watchForDrop(watch));
      return props;
    },
    (error: unknown) => {
      call.failed(error);
      throw error;
    },
  );
}

/** Promise jobs: `queueMicrotask` makes an async resource each time. */
const soon: Promise<void> = Promise.resolve();

function watchForDrop({ call, anchor, isParsed }: Watch): void {
  if (!isParsed && !call.isEnded) anchorCall(anchor, call);
}

function watchParsing(
  promise: ApiPromise,
  head: Promise<unknown>,
  watch: Watch,
  onValue: (value: unknown) => void,
): void {
  const parse = promise.parseResponse;
  const { call } = watch;
  const onError = (error: unknown): void => call.failed(error);
  promise.responsePromise = head;
  promise.parseResponse = function parseResponse(this: unknown, ...args: unknown[]): unknown {
    watch.isParsed = true;
    unanchorCall(call);
    const parsed = Reflect.apply(parse, this, args);
    follow(parsed, onValue, onError);
    return parsed;
  };
  // Some versions put a `_thenUnwrap` on the instance that goes round both fields.
  if (!Object.hasOwn(promise, '_thenUnwrap') || promise._thenUnwrap === undefined) return;
  const unwrap = promise._thenUnwrap;
  promise._thenUnwrap = function _thenUnwrap(this: unknown, transform: Transform): ApiPromise {
    const derived: ApiPromise = Reflect.apply(unwrap, this, [
      (value: unknown, ...rest: unknown[]) => {
        onValue(value);
        return transform(value, ...rest);
      },
    ]);
    // The value was seen before the transformation; what the transformation makes of it is not the provider's answer.
    if (isApiPromise(derived)) watchParsing(derived, head, watch, ignore);
    return derived;
  };
}

function ignore(): void {}

/** Whoever made the parsing promise follows it, so this side branch hides no rejection. */
function follow(parsed: unknown, onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
  if (parsed instanceof Promise) parsed.then(onValue, onError);
  else onValue(parsed);
}

/** What only the class of the promises can tell. */
function watchPrototype(promise: ApiPromise): void {
  const prototype: ApiPromise | null = Object.getPrototypeOf(promise);
  if (prototype === null || watchedPrototypes.has(prototype)) return;
  watchedPrototypes.add(prototype);
  if (Object.hasOwn(prototype, 'asResponse')) watchRawReaders(prototype);
  if (Object.hasOwn(prototype, 'parse')) watchAdoptions(prototype);
}

/** A program that takes the raw answer never parses it: that ends the call with the head of the answer. */
function watchRawReaders(prototype: ApiPromise): void {
  const original = prototype.asResponse as () => Promise<unknown>;
  prototype.asResponse = {
    asResponse(this: ApiPromise): Promise<unknown> {
      if (this.parsedPromise === undefined) (this.responsePromise as Head)[CALL]?.takenRaw();
      return Reflect.apply(original, this, []);
    },
  }.asResponse;
}

/** A promise that was made of a watched call's head parses by itself: the call gets what comes of it. */
function watchAdoptions(prototype: ApiPromise): void {
  const original = prototype.parse as () => Promise<unknown>;
  prototype.parse = {
    parse(this: ApiPromise): Promise<unknown> {
      const isOwn = CALL in (this.responsePromise ?? {});
      if (this.parsedPromise === undefined && !isOwn) watchAdopted(this);
      return Reflect.apply(original, this, []);
    },
  }.parse;
}

function watchAdopted(promise: ApiPromise): void {
  const parse = promise.parseResponse;
  if (typeof parse !== 'function') return;
  promise.parseResponse = function parseResponse(this: unknown, ...args: unknown[]): unknown {
    const parsed = Reflect.apply(parse, this, args);
    const head = args.at(-1);
    const watch = typeof head === 'object' && head !== null ? watchedHeads.get(head) : undefined;
    if (watch !== undefined && !watch.isParsed) {
      watch.isParsed = true;
      unanchorCall(watch.call);
      follow(parsed, watch.onValue, (error) => watch.call.failed(error));
    }
    return parsed;
  };
}
