import type { SpanRecord } from '../otlp/records.js';
import type { TraceTally } from '../translate/ledger-tables.js';
import type { TraceSummary } from './store.js';

/** What a listing shows of a trace. */
export function summaryOf(trace: TraceTally): TraceSummary {
  const { updatedMs: _, ...summary } = trace;
  return summary;
}

/** Order of the raw spans of a trace: by start, then by id. */
export function compareSpans(a: SpanRecord, b: SpanRecord): number {
  if (a.startTimeUnixNano !== b.startTimeUnixNano) return a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}
