import type { TraceTally } from '../../translate/ledger-tables.js';
import { limitOf, pageOf, positionOf } from '../page.js';
import type { Page, PageQuery, TraceSummary } from '../store.js';
import { summaryOf } from '../trace-summary.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';

/** A page of traces as their summaries say, newest first. Places are found first, without reading any summary. */
export async function pageOfTraces(engine: Engine, query: PageQuery): Promise<Page<TraceSummary>> {
  const { traces } = engine.tables;
  const limit = limitOf(query);
  const position = positionOf(query);
  const after =
    position === undefined
      ? ''
      : 'WHERE start_ms < {ms:Float64} OR (start_ms = {ms:Float64} AND trace_id > {after:String})';
  const places = await engine.rows<{ trace_id: string; start_ms: number }>(
    `SELECT trace_id, start_ms FROM ${traces} FINAL ${after} ORDER BY start_ms DESC, trace_id LIMIT {limit:UInt32}`,
    { ms: position?.ms ?? 0, after: position?.id ?? '', limit: limit + 1 },
  );
  const { items, ...rest } = pageOf(places, limit, (row) => ({ ms: row.start_ms, id: row.trace_id }));
  const rows = await inPieces(
    items.map((row) => row.trace_id),
    (piece) =>
      engine.rows<{ trace_id: string; summary: string }>(
        `SELECT trace_id, summary FROM ${traces} FINAL WHERE trace_id IN {ids:Array(String)}`,
        { ids: piece },
      ),
  );
  const summaries = new Map(rows.map((row) => [row.trace_id, row.summary]));
  return {
    ...rest,
    items: items.flatMap(({ trace_id }) => {
      const summary = summaries.get(trace_id);
      return summary === undefined ? [] : [summaryOf(JSON.parse(summary) as TraceTally)];
    }),
  };
}
