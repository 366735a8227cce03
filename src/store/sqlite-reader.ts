import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { SpanRecord } from '../otlp/records.js';
import { byStart } from '../translate/fold-sessions.js';
import type { TraceTally } from '../translate/ledger-tables.js';
import { toSession, toSteps } from '../translate/records.js';
import { reviveTally, type Tally } from '../translate/tally.js';
import { limitOf, pageOf, positionOf } from './page.js';
import type { SqliteCounts } from './sqlite-counts.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';
import type { SqlitePins } from './sqlite-pins.js';
import { SPAN_ROW, type RowReader } from './sqlite-rows.js';
import { createSessionListing } from './sqlite-sessions.js';
import type { Page, PageQuery, SessionQuery, StoreStats, TraceSummary } from './store.js';
import { compareSpans, summaryOf } from './trace-summary.js';

/** The queries of a store, over its tables. */
export interface SqliteReader {
  sessions(query: SessionQuery): Page<Session>;
  session(id: string): Session | undefined;
  steps(sessionId: string): Step[];
  observations(sessionId: string): Observation[];
  observation(traceId: string, spanId: string): Observation | undefined;
  traces(query: PageQuery): Page<TraceSummary>;
  rawSpans(traceId: string): SpanRecord[];
  stats(): Omit<StoreStats, 'bytes'>;
}

/** Makes the queries of a database. */
export function createSqliteReader(
  database: Database,
  rows: RowReader,
  pins: SqlitePins,
  counts: Pick<SqliteCounts, 'of'>,
): SqliteReader {
  const listSessions = createSessionListing(database);
  const findSession = database.prepare('SELECT tally FROM sessions WHERE id = ?');
  const findSteps = database.prepare('SELECT tally FROM steps WHERE session_id = ?');
  const findTraces = database.prepare(
    'SELECT trace FROM traces WHERE trace_id IN (SELECT value FROM json_each(?))',
  );
  const sessionSpans = database.prepare(`${SPAN_ROW} WHERE s.session_id = ?`);
  const traceSpans = database.prepare(`${SPAN_ROW} WHERE s.trace_id = ?`);
  const oneSpan = database.prepare(`${SPAN_ROW} WHERE s.trace_id = ? AND s.span_id = ?`);

  function recordsOf(tallies: readonly Tally[]): Session[] {
    const pinned = pins.among(tallies.map((tally) => tally.sessionId));
    return tallies.map((tally) => {
      const traces = findTraces.all(JSON.stringify(Object.keys(tally.traces))).map(toTrace);
      const inOrder = traces.toSorted((a, b) => a.startMs - b.startMs || (a.traceId < b.traceId ? -1 : 1));
      const session = toSession(tally, inOrder);
      return pinned.has(session.id) ? { ...session, pinned: true } : session;
    });
  }

  return {
    sessions(query) {
      const { items, ...page } = listSessions(query);
      return { ...page, items: recordsOf(items) };
    },
    session(id) {
      const row = findSession.get(id);
      return row && recordsOf([reviveTally(String(row.tally))])[0];
    },
    steps: (sessionId) => toSteps(findSteps.all(sessionId).map((row) => reviveTally(String(row.tally)))),
    observations: (sessionId) =>
      sessionSpans
        .all(sessionId)
        .map((row) => rows.observation(row))
        .filter((observation) => observation !== undefined)
        .toSorted(byStart),
    observation(traceId, spanId) {
      const row = oneSpan.get(traceId, spanId);
      return row && rows.observation(row);
    },
    traces(query) {
      const limit = limitOf(query);
      const position = positionOf(query);
      const where = position === undefined ? '' : 'WHERE start_ms <= ?1 AND (start_ms < ?1 OR trace_id > ?2)';
      const values: SqlValue[] = position === undefined ? [] : [position.ms, position.id];
      const found = database
        .prepare(
          `SELECT trace FROM traces ${where} ORDER BY start_ms DESC, trace_id LIMIT ?${values.length + 1}`,
        )
        .all(...values, limit + 1);
      const page = pageOf(found.map(toTrace), limit, (trace) => ({ ms: trace.startMs, id: trace.traceId }));
      return { ...page, items: page.items.map(summaryOf) };
    },
    rawSpans: (traceId) => traceSpans.all(traceId).map(rows.span).toSorted(compareSpans),
    stats() {
      const dialects = counts.of('dialect');
      return {
        spans: Object.values(dialects).reduce((sum, n) => sum + n, 0),
        logs: counts.of('logs')[''] ?? 0,
        sessions: counts.of('sessions')[''] ?? 0,
        dialects,
      };
    },
  };
}

function toTrace(row: SqlRow): TraceTally {
  return JSON.parse(String(row.trace)) as TraceTally;
}
