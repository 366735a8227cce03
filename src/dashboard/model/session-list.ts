import type { Session } from '../../../semconv/model/session.js';
import type { SessionFilters } from './route.js';

/** The query string of `GET /api/sessions` for these filters. */
export function sessionsQuery(filters: SessionFilters, cursor?: string): string {
  const query = new URLSearchParams({ limit: '50' });
  if (filters.text.trim() !== '') query.set('q', filters.text.trim());
  if (filters.status !== '') query.set('status', filters.status);
  if (cursor !== undefined) query.set('cursor', cursor);
  return query.toString();
}

export interface MergedList {
  items: Session[];
  /** True when a changed session may belong to the list and only the server can tell. */
  stale: boolean;
}

/**
 * Takes live changes into a list: known sessions are replaced where they stand, or leave when they no longer match; new
 * ones go to the top. With a text filter only the server knows whether a new one matches.
 */
export function mergeSessions(
  items: readonly Session[],
  changed: readonly Session[],
  filters: SessionFilters,
): MergedList {
  const byId = new Map(changed.map((session) => [session.id, session]));
  const matches = (session: Session): boolean => filters.status === '' || session.status === filters.status;
  const kept = items.map((item) => byId.get(item.id) ?? item).filter(matches);
  const known = new Set(items.map((item) => item.id));
  const fresh = changed.filter((session) => !known.has(session.id) && matches(session));
  if (filters.text.trim() !== '') return { items: kept, stale: fresh.length > 0 };
  return { items: [...fresh.toSorted((a, b) => b.startMs - a.startMs), ...kept], stale: false };
}
