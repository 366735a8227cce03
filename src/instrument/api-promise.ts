import { createMark, type Mark } from './mark.js';
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

/** True when the shape is the one that `observeApiPromise` understands. */
export function isApiPromise(value: unknown): value is ApiPromise {
  return (
    value instanceof Promise &&
    Object.hasOwn(value, 'responsePromise') &&
    (value as ApiPromise).responsePromise instanceof Promise &&
    typeof (value as ApiPromise).parseResponse === 'function' &&
    hasMethodsOfClass(value as ApiPromise)
  );
}

/** Methods by which a program subscribes: on the instance itself they could hold promises that we do not see. */
function hasMethodsOfClass(promise: ApiPromise): boolean {
  const prototype: ApiPromise = Object.getPrototypeOf(promise);
  return (
    promise.then === prototype.then &&
    promise.catch === prototype.catch &&
    promise.finally === prototype.finally &&
    promise.parse === prototype.parse &&
    promise.asResponse === prototype.asResponse
  );
}

/**
 * What we know of one call's promise. It is held by the promise, by the head of the answer and, while the request is under
 * way, by the promise below: when all of them are gone, nobody can read the answer any more.
 */
interface Watch {
  readonly call: OpenCall;
  /** The function that reads the answer, as we put it on the promise. */
  reader: ApiPromise['parseResponse'] | undefined;
  /** The program has asked for the answer. */
  isWanted: boolean;
  isParsed: boolean;
}

/** On the promise of the head, and on the head: some helpers take it to a promise of their own, and read the body there. */
const watches: Mark<Watch> = createMark();
const watchedPrototypes = new WeakSet<object>();
let newestPrototype: object | undefined;

/** Ends `call` as the program sees the promise end. The promise stays what it was for the program. */
export function observeApiPromise(promise: ApiPromise, call: OpenCall): void {
  const watch: Watch = { call, reader: undefined, isWanted: false, isParsed: false };
  const head = watchHead(promise.responsePromise, watch);
  watches.put(head, watch);
  watchPrototype(promise);
  watchParsing(promise, head, watch, false);
  watch.reader = promise.parseResponse;
}

function watchHead(head: Promise<unknown>, watch: Watch): Promise<unknown> {
  const { call } = watch;
  return head.then(
    (props) => {
      call.responded();
      if (typeof props === 'object' && props !== null) watches.put(props, watch);
      // Who waits for the answer begins to read it two microtasks later. If nobody does, it may be that nobody ever will.
      if (!watch.isWanted) void soon.then(ignore).then(() => watchForDrop(watch));
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

function watchForDrop(watch: Watch): void {
  if (!watch.isParsed && !watch.call.isEnded) anchorCall(watch, watch.call);
}

/** `isSeen`: what this promise is made of was seen before. */
function watchParsing(promise: ApiPromise, head: Promise<unknown>, watch: Watch, isSeen: boolean): void {
  const parse = promise.parseResponse;
  // Not assigned as it is written down: V8 puts a function that is assigned to a property among the objects that live long, and
  // with it all that the call refers to.
  const reader = function parseResponse(this: unknown, ...args: unknown[]): unknown {
    watch.isParsed = true;
    unanchorCall(watch.call);
    const parsed = Reflect.apply(parse, this, args);
    follow(parsed, watch.call, isSeen);
    return parsed;
  };
  promise.responsePromise = head;
  promise.parseResponse = reader;
  // Some versions put a `_thenUnwrap` on the instance that goes round both fields.
  if (!Object.hasOwn(promise, '_thenUnwrap') || promise._thenUnwrap === undefined) return;
  const unwrap = promise._thenUnwrap;
  const unwrapper = function _thenUnwrap(this: unknown, transform: Transform): ApiPromise {
    const derived: ApiPromise = Reflect.apply(unwrap, this, [
      (value: unknown, ...rest: unknown[]) => {
        if (!isSeen) settle(value, watch.call);
        return transform(value, ...rest);
      },
    ]);
    // The value was seen before the transformation; what the transformation makes of it is not the provider's answer.
    if (isApiPromise(derived)) watchParsing(derived, head, watch, true);
    return derived;
  };
  promise._thenUnwrap = unwrapper;
}

function ignore(): void {}

/** Whoever made the parsing promise follows it, so this side branch hides no rejection. */
function follow(parsed: unknown, call: OpenCall, isSeen: boolean): void {
  if (parsed instanceof Promise) {
    parsed.then(isSeen ? ignore : (value) => settle(value, call), (error: unknown) => call.failed(error));
  } else if (!isSeen) settle(parsed, call);
}

/** What only the class of the promises can tell. */
function watchPrototype(promise: ApiPromise): void {
  const prototype: ApiPromise | null = Object.getPrototypeOf(promise);
  if (prototype === null || prototype === newestPrototype) return;
  newestPrototype = prototype;
  if (watchedPrototypes.has(prototype)) return;
  watchedPrototypes.add(prototype);
  if (Object.hasOwn(prototype, 'asResponse')) watchRawReaders(prototype);
  if (Object.hasOwn(prototype, 'parse')) watchReaders(prototype);
}

/** A program that takes the raw answer never parses it: that ends the call with the head of the answer. */
function watchRawReaders(prototype: ApiPromise): void {
  const original = prototype.asResponse as () => Promise<unknown>;
  prototype.asResponse = {
    asResponse(this: ApiPromise): Promise<unknown> {
      if (this.parsedPromise === undefined) watches.of(this.responsePromise)?.call.takenRaw();
      return Reflect.apply(original, this, []);
    },
  }.asResponse;
}

/** Everything by which a program asks for the answer comes through this method. */
function watchReaders(prototype: ApiPromise): void {
  const original = prototype.parse as () => Promise<unknown>;
  prototype.parse = {
    parse(this: ApiPromise): Promise<unknown> {
      if (this.parsedPromise === undefined) watchReader(this);
      return Reflect.apply(original, this, []);
    },
  }.parse;
}

function watchReader(promise: ApiPromise): void {
  const watch = watches.of(promise.responsePromise);
  if (watch === undefined) watchAdopted(promise);
  else if (watch.reader === promise.parseResponse) watch.isWanted = true;
}

/** A promise that was made of a watched call's head parses by itself: the call gets what comes of it. */
function watchAdopted(promise: ApiPromise): void {
  const parse = promise.parseResponse;
  if (typeof parse !== 'function') return;
  const reader = function parseResponse(this: unknown, ...args: unknown[]): unknown {
    const parsed = Reflect.apply(parse, this, args);
    const watch = watches.of(args.at(-1));
    if (watch !== undefined && !watch.isParsed) {
      watch.isParsed = true;
      unanchorCall(watch.call);
      follow(parsed, watch.call, false);
    }
    return parsed;
  };
  promise.parseResponse = reader;
}
