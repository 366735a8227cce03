import { anchorCall } from './open-calls.js';
import type { OpenCall } from './open-call.js';

/** What we know of an SDK's stream: it makes its iterators by an own field. */
export interface SdkStream {
  iterator: () => AsyncIterator<unknown>;
  controller?: { signal?: { aborted?: boolean } };
}

/** True for a stream that can be observed in place. */
export function isSdkStream(value: unknown): value is SdkStream {
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
export function observeStream(stream: SdkStream, call: OpenCall): void {
  const original = stream.iterator;
  const { controller } = stream;
  const anchor = {};
  // One iteration is the call. Another one is an error of the SDK's own making and says nothing about it.
  let reader: AsyncIterator<unknown> | undefined;
  const isReader = (iterator: AsyncIterator<unknown>): boolean => (reader ??= iterator) === iterator;

  stream.iterator = function iterator(this: unknown): AsyncIterator<unknown> {
    const source = Reflect.apply(original, this, []);
    observeIterator(source, call, {
      isReader,
      anchor,
      isAborted: () => controller?.signal?.aborted === true,
    });
    return source;
  };
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

/** Not enumerable, as the methods of a generator are not. */
function replace(source: AsyncIterator<unknown>, name: 'next' | 'return' | 'throw', value: unknown): void {
  Object.defineProperty(source, name, { value, writable: true, enumerable: false, configurable: true });
}
