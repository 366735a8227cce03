import type { Observation } from '../../semconv/model/observation.js';
import type { SpanRecord } from '../otlp/records.js';
import { implicitStepId } from '../translate/contribution.js';
import { limitOf, pageOf, positionOf } from './page.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';
import { SPAN_ROW, type RowReader } from './sqlite-rows.js';
import type { ObservationQuery, Page, PageQuery, TraceWindowQuery } from './store.js';

/** Pages of what may be too large to read whole. */
export interface SqliteWindows {
  observations(sessionId: string, query: ObservationQuery): Page<Observation>;
  spans(traceId: string, query: TraceWindowQuery): Page<SpanRecord>;
}

const START = "json_extract(s.node, '$.startMs')";
const END = "json_extract(s.node, '$.endMs')";

/** Makes the windows of a database. Places are found without the bodies, which are read for one page only. */
export function createSqliteWindows(database: Database, rows: RowReader): SqliteWindows {
  const oneSpan = database.prepare(`${SPAN_ROW} WHERE s.id = ?`);

  function page<T>(query: PageQuery, id: string, where: Condition[], read: (row: SqlRow) => T): Page<T> {
    const limit = limitOf(query);
    const position = positionOf(query);
    const all: Condition[] = [...where, { sql: 's.node IS NOT NULL', values: [] }];
    if (position !== undefined)
      all.push({ sql: `(${START}, ${id}) > (?, ?)`, values: [position.ms, position.id] });
    const places = database
      .prepare(
        `SELECT s.id AS row_id, ${START} AS start_ms, ${id} AS id FROM spans s
         WHERE ${all.map(({ sql }) => sql).join(' AND ')} ORDER BY 2, 3 LIMIT ?`,
      )
      .all(...all.flatMap(({ values }) => values), limit + 1);
    const found = pageOf(places, limit, (row) => ({ ms: Number(row.start_ms), id: String(row.id) }));
    return { ...found, items: found.items.map((place) => read(oneSpan.get(Number(place.row_id)) as SqlRow)) };
  }

  return {
    observations(sessionId, query) {
      const where: Condition[] = [
        { sql: 's.session_id = ?', values: [sessionId] },
        { sql: "json_extract(s.node, '$.concept') = 'observation'", values: [] },
      ];
      if (query.stepId !== undefined) {
        const isImplicit = query.stepId === implicitStepId(sessionId);
        where.push({ sql: 's.step_id IS ?', values: [isImplicit ? null : query.stepId] });
      }
      return page(
        query,
        "s.trace_id || ' ' || s.span_id",
        where,
        (row) => rows.observation(row) as Observation,
      );
    },
    spans(traceId, query) {
      const where: Condition[] = [{ sql: 's.trace_id = ?', values: [traceId] }];
      if (query.toMs !== undefined) where.push({ sql: `${START} <= ?`, values: [query.toMs] });
      if (query.fromMs !== undefined)
        where.push({ sql: `COALESCE(${END}, 9e999) >= ?`, values: [query.fromMs] });
      return page(query, 's.span_id', where, rows.span);
    },
  };
}

interface Condition {
  sql: string;
  values: SqlValue[];
}
