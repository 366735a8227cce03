import { anchorCall } from './open-calls.js';
import type { OpenCall } from './open-call.js';
import { observeReadable } from './readable.js';

/** What we know of an SDK's stream: it makes its iterators by an own field. */
export interface SdkStream {
  iterator: () => AsyncIterator<unknown>;
  controller?: { signal?: { aborted?: boolean } };
}

/** Anything that `for await` takes. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * Observes a stream in place, whatever it is made of: an SDK's stream object, a generator, or an object that makes an
 * iterator whenever it is asked for one.
 */
export function observeIterable(source: AsyncIterable<unknown>, call: OpenCall): void {
  if (isSdkStream(source)) {
    observeStream(source, call);
  } else if (source instanceof ReadableStream) {
    observeReadable(source, call);
  } else if ('next' in source && typeof source.next === 'function') {
    const anchor = {};
    const iterator = source as AsyncIterable<unknown> & AsyncIterator<unknown>;
    observeIterator(iterator, call, { isReader: () => true, isAborted: () => false, anchor });
    anchorCall(anchor, call);
  } else {
    observeMaker(source, Symbol.asyncIterator, source[Symbol.asyncIterator], call);
  }
}

/** True for a stream that makes its iterators by an own field. */
function isSdkStream(value: unknown): value is SdkStream {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'iterator') &&
    typeof (value as SdkStream).iterator === 'function' &&
    Symbol.asyncIterator in value
  );
}

/**
 * Observes the chunks of `stream` where the program (or `tee`, or a helper) takes them, in place: the stream and its
 * iterators stay the SDK's own, nothing is read that the program does not read, and nothing is kept back.
 */
function observeStream(stream: SdkStream, call: OpenCall): void {
  const { controller } = stream;
  observeMaker(stream, 'iterator', stream.iterator, call, () => controller?.signal?.aborted === true);
}

/** Replaces the method by which `owner` makes its iterators. */
function observeMaker(
  owner: object,
  key: PropertyKey,
  original: () => AsyncIterator<unknown>,
  call: OpenCall,
  isAborted: () => boolean = () => false,
): void {
  const anchor = {};
  // One iteration is the call. Another one is an error of the SDK's own making and says nothing about it.
  let reader: AsyncIterator<unknown> | undefined;
  const isReader = (iterator: AsyncIterator<unknown>): boolean => (reader ??= iterator) === iterator;
  const make = {
    iterator(this: unknown): AsyncIterator<unknown> {
      const source = Reflect.apply(original, this, []);
      observeIterator(source, call, { isReader, anchor, isAborted });
      return source;
    },
  }.iterator;
  const own = Object.getOwnPropertyDescriptor(owner, key);
  const hidden = { writable: true, enumerable: false, configurable: true };
  Object.defineProperty(owner, key, { ...(own ?? hidden), value: make });
  anchorCall(anchor, call);
}

interface Reading {
  isReader(iterator: AsyncIterator<unknown>): boolean;
  isAborted(): boolean;
  /** Held by the iterator's functions and nobody else. */
  anchor: object;
}

function observeIterator(source: AsyncIterator<unknown>, call: OpenCall, reading: Reading): void {
  const { next, return: close, throw: raise } = source;
  const onResult = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (result.done === true) call.streamEnded(reading.isAborted());
    else call.chunk(result.value);
    return result;
  };
  const onError = (error: unknown): never => {
    call.failed(error);
    throw error;
  };

  replace(source, 'next', (...args: [] | [unknown]) => {
    const result = Reflect.apply(next, source, args);
    return reading.isReader(source) ? result.then(onResult, onError) : result;
  });
  if (close !== undefined) {
    replace(source, 'return', (...args: [] | [unknown]) => {
      if (reading.isReader(source)) call.streamClosed();
      return Reflect.apply(close, source, args);
    });
  }
  if (raise !== undefined) {
    replace(source, 'throw', (...args: [] | [unknown]) => {
      if (reading.isReader(source)) call.failed(args[0]);
      return Reflect.apply(raise, source, args);
    });
  }
}

/** Not enumerable, as the methods of a generator are not; but compiled generators have them as fields, which stay so. */
function replace(source: AsyncIterator<unknown>, name: 'next' | 'return' | 'throw', value: unknown): void {
  const enumerable = Object.getOwnPropertyDescriptor(source, name)?.enumerable === true;
  Object.defineProperty(source, name, { value, writable: true, enumerable, configurable: true });
}
