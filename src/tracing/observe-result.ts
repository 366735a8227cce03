import { types } from 'node:util';
import { observeEmitter } from './observe-emitter.js';
import { isAsyncIterable, observeIterable, observeOneIterator } from './observe-iterable.js';
import type { StreamWork } from './stream-work.js';
import { warnOnce } from './diag.js';

/**
 * Observes a result that is a stream of some kind, in place: a generator or another iterator, anything that `for await`
 * takes, a web stream, a stream of Node, an event emitter. Collections, which can be read again, are no streams.
 * @returns false for everything else, and for a stream that cannot be changed. Never throws.
 */
export function observeResult(value: unknown, work: StreamWork): boolean {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  try {
    if (Array.isArray(value) || !Object.isExtensible(value)) return false;
    if (observeEmitter(value, work)) return true;
    if (isAsyncIterable(value)) observeIterable(value, work);
    else if (isIterator(value)) observeOneIterator(value, work);
    else return false;
    return true;
  } catch (error) {
    warnOnce('observe-result', 'a stream could not be observed; its span ends without it', error);
    return false;
  }
}

function isIterator(value: object): value is Iterator<unknown> {
  return (
    Symbol.iterator in value && 'next' in value && typeof (value as { next: unknown }).next === 'function'
  );
}
