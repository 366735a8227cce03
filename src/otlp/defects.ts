import { SpoorError } from '../shared/errors.js';

/** Deepest nesting of an attribute value. Senders stay far below; only an attack goes beyond. */
export const MAX_VALUE_DEPTH = 64;

/** One span that cannot be kept, while the rest of its request can: counted, and told to the sender. */
export class SpanRejection extends Error {
  override readonly name = 'SpanRejection';
}

/** The request itself is not OTLP: nothing of it is kept. */
export function malformed(message: string, cause?: unknown): SpoorError {
  return new SpoorError('SPOOR_OTLP_MALFORMED', message, cause === undefined ? undefined : { cause });
}
