import { runInContext } from './active-context.js';
import { observeReadable } from './observe-readable.js';
import { anchorCall } from './open-calls.js';
import type { StreamWork } from './stream-work.js';

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;
type Method = (...args: unknown[]) => unknown;

/** What we know of an SDK's stream: it makes its iterators by an own field. */
interface SdkStream {
  iterator: () => AsyncIterator<unknown>;
  controller?: { signal?: { aborted?: boolean } };
}

/** Anything that `for await` takes. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * Observes a stream in place, whatever it is made of: an SDK's stream object, a generator, or an object that makes an
 * iterator whenever it is asked for one. Throws when the object cannot be changed.
 */
export function observeIterable(source: AsyncIterable<unknown>, work: StreamWork): void {
  if (isSdkStream(source)) {
    observeStream(source, work);
  } else if (source instanceof ReadableStream) {
    observeReadable(source, work);
  } else if ('next' in source && typeof source.next === 'function') {
    observeOneIterator(source as AsyncIterable<unknown> & AsyncIterator<unknown>, work);
  } else {
    observeMaker(source, Symbol.asyncIterator, source[Symbol.asyncIterator], work);
  }
}

/** Observes an iterator, of either kind, that is the whole stream. */
export function observeOneIterator(source: AnyIterator, work: StreamWork): void {
  const anchor = {};
  observeIterator(source, work, { isReader: () => true, isAborted: () => false, anchor });
  anchorCall(anchor, work);
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
function observeStream(stream: SdkStream, work: StreamWork): void {
  const { controller } = stream;
  observeMaker(stream, 'iterator', stream.iterator, work, () => controller?.signal?.aborted === true);
}

/** Replaces the method by which `owner` makes its iterators. */
function observeMaker(
  owner: object,
  key: PropertyKey,
  original: () => AsyncIterator<unknown>,
  work: StreamWork,
  isAborted: () => boolean = () => false,
): void {
  const anchor = {};
  // One iteration is the call. Another one is an error of the SDK's own making and says nothing about it.
  let reader: AnyIterator | undefined;
  const isReader = (iterator: AnyIterator): boolean => (reader ??= iterator) === iterator;
  const make = {
    iterator(this: unknown): AsyncIterator<unknown> {
      const source = produce(work, original, this, []) as AsyncIterator<unknown>;
      observeIterator(source, work, { isReader, anchor, isAborted });
      return source;
    },
  }.iterator;
  const own = Object.getOwnPropertyDescriptor(owner, key);
  const hidden = { writable: true, enumerable: false, configurable: true };
  Object.defineProperty(owner, key, { ...(own ?? hidden), value: make });
  anchorCall(anchor, work);
}

interface Reading {
  isReader(iterator: AnyIterator): boolean;
  isAborted(): boolean;
  /** Held by the iterator's functions and nobody else. */
  anchor: object;
}

function observeIterator(source: AnyIterator, work: StreamWork, reading: Reading): void {
  const { next, return: close, throw: raise } = source;
  const takeNext = next as Method;
  const onResult = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (result.done === true) work.streamEnded(reading.isAborted());
    else work.chunk(result.value);
    return result;
  };
  const onClosed = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (result.done === true) work.streamClosed();
    return result;
  };
  const onError = (error: unknown): never => {
    work.failed(error);
    throw error;
  };

  replace(source, 'next', (...args) => {
    if (!reading.isReader(source)) return Reflect.apply(next as Method, source, args);
    // On the path of every chunk, hence no closure where none is needed.
    if (work.producer !== undefined)
      return settleStep(() => produce(work, next, source, args), onResult, onError);
    let result: unknown;
    try {
      result = args.length === 0 ? takeNext.call(source) : Reflect.apply(takeNext, source, args);
    } catch (error) {
      return onError(error);
    }
    return followStep(result, onResult, onError);
  });
  if (close !== undefined) {
    replace(source, 'return', (...args) => {
      if (reading.isReader(source)) {
        // What the program's own generator does to clean up belongs to the work; an SDK's may never come to an end.
        if (work.producer !== undefined)
          return settleStep(() => produce(work, close, source, args), onClosed, onError);
        work.streamClosed();
      }
      return Reflect.apply(close as Method, source, args);
    });
  }
  if (raise !== undefined) {
    replace(source, 'throw', (...args) => {
      if (reading.isReader(source)) {
        if (work.producer !== undefined)
          return settleStep(() => produce(work, raise, source, args), onResult, onError);
        work.failed(args[0]);
      }
      return Reflect.apply(raise as Method, source, args);
    });
  }
}

/** Takes one step of an iterator. A promise of a result comes back as its continuation, a plain result as itself. */
function settleStep(
  take: () => unknown,
  onResult: (result: IteratorResult<unknown>) => unknown,
  onError: (error: unknown) => never,
): unknown {
  let result: unknown;
  try {
    result = take();
  } catch (error) {
    return onError(error);
  }
  return followStep(result, onResult, onError);
}

function followStep(
  result: unknown,
  onResult: (result: IteratorResult<unknown>) => unknown,
  onError: (error: unknown) => never,
): unknown {
  if (typeof result !== 'object' || result === null) return result;
  return typeof (result as { then?: unknown }).then === 'function'
    ? (result as PromiseLike<IteratorResult<unknown>>).then(onResult, onError)
    : onResult(result as IteratorResult<unknown>);
}

function produce(work: StreamWork, method: unknown, source: unknown, args: unknown[]): unknown {
  return work.producer === undefined
    ? Reflect.apply(method as Method, source, args)
    : runInContext(work.producer, method as Method, source, ...args);
}

/** Not enumerable, as the methods of a generator are not; but compiled generators have them as fields, which stay so. */
function replace(source: AnyIterator, name: 'next' | 'return' | 'throw', value: Method): void {
  const enumerable = Object.getOwnPropertyDescriptor(source, name)?.enumerable === true;
  Object.defineProperty(source, name, { value, writable: true, enumerable, configurable: true });
}
