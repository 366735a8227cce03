import { EventEmitter } from 'node:events';
import { anchorCall } from './open-calls.js';
import type { StreamWork } from './stream-work.js';

/** What we know of a stream of Node. */
interface NodeStream extends EventEmitter {
  readonly _readableState?: unknown;
  readonly _writableState?: unknown;
  readonly readableEnded?: boolean;
  readonly writableFinished?: boolean;
  readonly destroyed?: boolean;
}
type Emit = (this: unknown, event: string | symbol, ...args: unknown[]) => boolean;

/**
 * Observes an event emitter in place, by what it emits: no listener is added, so an error that nobody listens for still
 * throws, and a stream that nobody reads does not begin to flow. It is over with `end`, `close`, `error` or `finish`; a
 * stream that can be read is not over when its writing side has finished.
 * @returns false when it is no emitter, or is over already.
 */
export function observeEmitter(emitter: object, work: StreamWork): boolean {
  if (!(emitter instanceof EventEmitter) || isOver(emitter)) return false;
  const stream = emitter as NodeStream;
  // The function on the emitter, and nobody else, holds the anchor.
  const anchor = {
    isReadable: stream._readableState !== undefined,
    isStream: stream._readableState !== undefined || stream._writableState !== undefined,
  };
  const note = (event: string | symbol, value: unknown): void => {
    if (event === 'data') work.chunk(value);
    else if (event === 'error') work.failed(value);
    else if (event === 'end' || (event === 'finish' && !anchor.isReadable)) work.streamEnded(false);
    // A stream that closes before its end was destroyed; whatever else closes is simply over.
    else if (event === 'close') work.streamEnded(anchor.isStream);
  };
  const original = emitter.emit as Emit;
  const own = Object.getOwnPropertyDescriptor(emitter, 'emit');
  const emit: Emit = function emit(this: unknown, event, ...args) {
    if (this === emitter) note(event, args[0]);
    return Reflect.apply(original, this, [event, ...args]);
  };
  const enumerable = own?.enumerable === true;
  Object.defineProperty(emitter, 'emit', { writable: true, enumerable, configurable: true, value: emit });
  anchorCall(anchor, work);
  return true;
}

function isOver(emitter: NodeStream): boolean {
  return emitter.destroyed === true || emitter.readableEnded === true || emitter.writableFinished === true;
}
