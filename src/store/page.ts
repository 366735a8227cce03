import { Buffer } from 'node:buffer';
import { SpoorError } from '../shared/errors.js';
import type { Page, PageQuery } from './store.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** Where a page ended: listings are ordered by time, newest first, then by id. */
export interface Position {
  ms: number;
  id: string;
}

/** The number of items on a page. Throws SPOOR_OPTION_INVALID when the limit is not 1 to 500. */
export function limitOf(query: PageQuery): number {
  const limit = query.limit ?? DEFAULT_LIMIT;
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new SpoorError('SPOOR_OPTION_INVALID', `The limit is ${limit}; it can be 1 to ${MAX_LIMIT}.`);
}

/** The position in a cursor. Throws SPOOR_OPTION_INVALID when the cursor is not one of ours. */
export function positionOf(query: PageQuery): Position | undefined {
  if (query.cursor === undefined) return undefined;
  try {
    const [ms, id] = JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8')) as unknown[];
    if (typeof ms === 'number' && typeof id === 'string') return { ms, id };
  } catch {
    // The same error as for any other text.
  }
  throw new SpoorError('SPOOR_OPTION_INVALID', 'The cursor was not given by a listing of this store.');
}

/** Items of one more than the limit → a page; the cursor is the position of its last item. */
export function pageOf<T>(items: readonly T[], limit: number, at: (item: T) => Position): Page<T> {
  if (items.length <= limit) return { items: [...items] };
  const shown = items.slice(0, limit);
  const { ms, id } = at(shown[limit - 1] as T);
  return { items: shown, nextCursor: Buffer.from(JSON.stringify([ms, id])).toString('base64url') };
}

/** Negative when `a` is listed before `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a.ms !== b.ms) return b.ms - a.ms;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** True when a position is listed after a cursor, or there is none. */
export function isAfter(position: Position, cursor: Position | undefined): boolean {
  return cursor === undefined || comparePositions(position, cursor) > 0;
}

/** The same for listings that go from the oldest to the newest. */
export function isLater(position: Position, cursor: Position | undefined): boolean {
  return cursor === undefined || compareAscending(position, cursor) > 0;
}

/** Negative when `a` comes before `b` in a listing that goes from the oldest to the newest. */
export function compareAscending(a: Position, b: Position): number {
  if (a.ms !== b.ms) return a.ms - b.ms;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
