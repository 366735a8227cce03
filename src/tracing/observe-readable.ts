import { runInContext } from './active-context.js';
import { anchorCall } from './open-calls.js';
import type { StreamWork } from './stream-work.js';

/** Every way to take the chunks of a web stream. Most of them pass the public reader by, so each is watched. */
const READERS = ['getReader', 'pipeThrough', 'pipeTo', 'tee', 'values', Symbol.asyncIterator] as const;
type Method = (...args: unknown[]) => unknown;

/**
 * Observes the chunks of a web stream that its reader takes. The stream stays the SDK's own; the first one who reads it
 * reads through a stream of ours that asks for a chunk when it is asked for one, so nothing is read ahead.
 */
export function observeReadable(stream: ReadableStream<unknown>, work: StreamWork): void {
  // The functions on the stream, and nobody else, hold the anchor.
  const anchor = { stream };
  const restore = (): void => {
    for (const key of [...READERS, 'cancel']) Reflect.deleteProperty(anchor.stream, key);
  };
  const replace = (key: PropertyKey, value: Method): void => {
    Object.defineProperty(stream, key, { value, writable: true, enumerable: false, configurable: true });
  };
  for (const key of READERS) {
    replace(key, (...args) => {
      restore();
      const isOfBytes = (args[0] as { mode?: unknown } | undefined)?.mode === 'byob';
      if (isOfBytes) work.abandon();
      const source = isOfBytes || anchor.stream.locked ? anchor.stream : observed(anchor.stream, work);
      return Reflect.apply(source[key] as Method, source, args);
    });
  }
  replace('cancel', (...args) => {
    restore();
    if (!anchor.stream.locked) work.streamClosed();
    return Reflect.apply(anchor.stream.cancel as Method, anchor.stream, args);
  });
  anchorCall(anchor, work);
}

function observed(stream: ReadableStream<unknown>, work: StreamWork): ReadableStream<unknown> {
  const anchor = { reader: stream.getReader() };
  const fail = (controller: ReadableStreamDefaultController<unknown>, error: unknown): void => {
    work.failed(error);
    controller.error(error);
  };
  const take = (
    controller: ReadableStreamDefaultController<unknown>,
    { done, value }: Awaited<ReturnType<typeof anchor.reader.read>>,
  ): void => {
    if (!done) {
      work.chunk(value);
      controller.enqueue(value);
      return;
    }
    work.streamEnded(false);
    // Whoever read the stream to its end would have let go of it.
    anchor.reader.releaseLock();
    controller.close();
  };
  anchorCall(anchor, work);
  return new ReadableStream<unknown>(
    {
      start(controller) {
        // Who pipes a stream learns of its error at once, and not when the next chunk is due.
        anchor.reader.closed.catch((error: unknown) => fail(controller, error));
      },
      pull(controller) {
        const { reader } = anchor;
        const { producer } = work;
        const read = producer === undefined ? reader.read() : runInContext(producer, reader.read, reader);
        return read.then(
          (result) => take(controller, result),
          (error: unknown) => fail(controller, error),
        );
      },
      cancel(reason) {
        work.streamClosed();
        const cancelled = anchor.reader.cancel(reason);
        anchor.reader.releaseLock();
        return cancelled;
      },
    },
    { highWaterMark: 0 },
  );
}
