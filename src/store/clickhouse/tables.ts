/** Tables of the schema. */
export const TABLES = [
  'spans',
  'contents',
  'logs',
  'blobs',
  'session_traces',
  'amendments',
  'sessions',
  'session_updates',
  'traces',
  'pins',
  'meta',
] as const;
export type TableName = (typeof TABLES)[number];

/** A day on which no retention ends: rows of pinned sessions have a copy of this day. */
export const KEPT_DAY = '2100-01-01';

/** The day under which rows are kept, and with which they expire: that of their arrival. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
