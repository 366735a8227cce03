import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { SpanRecord } from '../otlp/records.js';
import { byStart } from '../translate/fold-sessions.js';
import type { StoredNode, TraceTally } from '../translate/ledger-tables.js';
import { withLogs } from '../translate/log-events.js';
import { toObservation, toSession, toSteps } from '../translate/records.js';
import { reviveTally, type Tally } from '../translate/tally.js';
import { translateSpan } from '../translate/translate-span.js';
import { limitOf, pageOf, positionOf } from './page.js';
import { unpackSpan } from './span-body.js';
import type { SqliteContents } from './sqlite-contents.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';
import type { SqliteLogs } from './sqlite-logs.js';
import type { SqliteTables } from './sqlite-tables.js';
import type { Page, PageQuery, SessionQuery, StoreStats, TraceSummary } from './store.js';
import { searchWords } from './text-query.js';
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

const SPAN =
  'SELECT s.trace_id, s.span_id, s.session_id, s.step_id, b.body FROM spans s JOIN bodies b ON b.id = s.id';

/** Makes the queries of a database. */
export function createSqliteReader(
  database: Database,
  tables: SqliteTables,
  contents: SqliteContents,
  logs: SqliteLogs,
): SqliteReader {
  const findSession = database.prepare('SELECT tally FROM sessions WHERE id = ?');
  const findSteps = database.prepare('SELECT tally FROM steps WHERE session_id = ?');
  const findTraces = database.prepare(
    'SELECT trace FROM traces WHERE trace_id IN (SELECT value FROM json_each(?))',
  );
  const sessionSpans = database.prepare(`${SPAN} WHERE s.session_id = ?`);
  const traceSpans = database.prepare(`${SPAN} WHERE s.trace_id = ?`);
  const oneSpan = database.prepare(`${SPAN} WHERE s.trace_id = ? AND s.span_id = ?`);

  function recordOf(tally: Tally): Session {
    const traces = findTraces.all(JSON.stringify(Object.keys(tally.traces))).map(toTrace);
    return toSession(
      tally,
      traces.toSorted((a, b) => a.startMs - b.startMs || (a.traceId < b.traceId ? -1 : 1)),
    );
  }

  function spanOf(row: SqlRow): SpanRecord {
    return unpackSpan(String(row.trace_id), String(row.span_id), String(row.body), contents);
  }

  function observationOf(row: SqlRow): Observation | undefined {
    const place: Omit<StoredNode, 'node'> = {};
    if (row.session_id !== null) place.sessionId = String(row.session_id);
    if (row.step_id !== null) place.stepId = String(row.step_id);
    const span = spanOf(row);
    const told = withLogs(span, logs.tellingOf(span.traceId, span.spanId));
    return toObservation(translateSpan(told), place, tables);
  }

  return {
    sessions(query) {
      const limit = limitOf(query);
      const { where, values } = sessionFilter(query);
      const rows = database
        .prepare(`SELECT tally FROM sessions ${where} ORDER BY updated_ms DESC, id LIMIT ?`)
        .all(...values, limit + 1);
      const page = pageOf(
        rows.map((row) => reviveTally(String(row.tally))),
        limit,
        (tally) => ({ ms: tally.updatedMs, id: tally.sessionId }),
      );
      return { ...page, items: page.items.map(recordOf) };
    },
    session(id) {
      const row = findSession.get(id);
      return row && recordOf(reviveTally(String(row.tally)));
    },
    steps: (sessionId) => toSteps(findSteps.all(sessionId).map((row) => reviveTally(String(row.tally)))),
    observations: (sessionId) =>
      sessionSpans
        .all(sessionId)
        .map(observationOf)
        .filter((observation) => observation !== undefined)
        .toSorted(byStart),
    observation(traceId, spanId) {
      const row = oneSpan.get(traceId, spanId);
      return row && observationOf(row);
    },
    traces(query) {
      const limit = limitOf(query);
      const position = positionOf(query);
      const where = position === undefined ? '' : 'WHERE start_ms < ?1 OR (start_ms = ?1 AND trace_id > ?2)';
      const values: SqlValue[] = position === undefined ? [] : [position.ms, position.id];
      const rows = database
        .prepare(
          `SELECT trace FROM traces ${where} ORDER BY start_ms DESC, trace_id LIMIT ?${values.length + 1}`,
        )
        .all(...values, limit + 1);
      const page = pageOf(rows.map(toTrace), limit, (trace) => ({ ms: trace.startMs, id: trace.traceId }));
      return { ...page, items: page.items.map(summaryOf) };
    },
    rawSpans: (traceId) => traceSpans.all(traceId).map(spanOf).toSorted(compareSpans),
    stats() {
      const dialects: Record<string, number> = {};
      let spans = 0;
      for (const row of database.prepare('SELECT dialect, COUNT(*) AS n FROM spans GROUP BY dialect').all()) {
        dialects[String(row.dialect)] = Number(row.n);
        spans += Number(row.n);
      }
      return {
        spans,
        logs: logs.count(),
        sessions: Number(database.prepare('SELECT COUNT(*) AS n FROM sessions').get()?.n),
        dialects,
      };
    },
  };
}

function sessionFilter(query: SessionQuery): { where: string; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  const position = positionOf(query);
  if (position !== undefined)
    add('(updated_ms < ? OR (updated_ms = ? AND id > ?))', position.ms, position.ms, position.id);
  if (query.status !== undefined) add('status = ?', query.status);
  if (query.agent !== undefined) add('(agent_name = ? OR agent_id = ?)', query.agent, query.agent);
  if (query.user !== undefined) add('user_id = ?', query.user);
  if (query.tag !== undefined) add('EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)', query.tag);
  if (query.sinceMs !== undefined) add('updated_ms >= ?', query.sinceMs);
  for (const word of searchWords(query.text ?? '')) {
    add(
      'id IN (SELECT s.session_id FROM previews p JOIN spans s ON s.id = p.rowid WHERE previews MATCH ?)',
      `"${word}"*`,
    );
  }
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}

function toTrace(row: SqlRow): TraceTally {
  return JSON.parse(String(row.trace)) as TraceTally;
}
