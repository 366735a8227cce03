import type { Observation } from '../../semconv/model/observation.js';
import type { SpanRecord } from '../otlp/records.js';
import type { StoredNode } from '../translate/ledger-tables.js';
import { withLogs } from '../translate/log-events.js';
import { toObservation } from '../translate/records.js';
import { translateSpan } from '../translate/translate-span.js';
import { unpackSpan } from './span-body.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { SqlRow } from './sqlite-engine.js';
import type { SqliteLogs } from './sqlite-logs.js';
import type { SqliteTables } from './sqlite-tables.js';

/** The columns that a span is read from; followed by a condition on `s`, the row of `spans`. */
export const SPAN_ROW =
  'SELECT s.id, s.trace_id, s.span_id, s.session_id, s.step_id, b.body FROM spans s JOIN bodies b ON b.id = s.id';

/** Reads rows of `SPAN_ROW`. */
export interface RowReader {
  span(row: SqlRow): SpanRecord;
  /** Undefined for sessions, steps and amendments. `span` is that of the row, when it is known already. */
  observation(row: SqlRow, span?: SpanRecord): Observation | undefined;
}

/** Makes the reader of rows. */
export function createRowReader(
  tables: SqliteTables,
  contents: SqliteContents,
  logs: Pick<SqliteLogs, 'tellingOf' | 'hasTelling'>,
): RowReader {
  function span(row: SqlRow): SpanRecord {
    return unpackSpan(String(row.trace_id), String(row.span_id), String(row.body), contents);
  }
  return {
    span,
    observation(row, known = span(row)) {
      const place: Omit<StoredNode, 'node'> = {};
      if (row.session_id !== null) place.sessionId = String(row.session_id);
      if (row.step_id !== null) place.stepId = String(row.step_id);
      const told = logs.hasTelling() ? withLogs(known, logs.tellingOf(known.traceId, known.spanId)) : known;
      return toObservation(translateSpan(told), place, tables);
    },
  };
}
