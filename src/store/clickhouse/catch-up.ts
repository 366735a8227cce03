import type { Engine } from './engine.js';
import type { Settler } from './settler.js';
import { dayOf } from './tables.js';

const LOOKED_BACK_MS = 3_600_000;
const MOST_TRACES = 10_000;
const AT_ONCE = 200;

/** Works out the traces of the last hour whose spans were written by a translator that was killed before it came to that. */
export async function catchUp(engine: Engine, settler: Settler, nowMs: number): Promise<void> {
  const { spans, traces } = engine.tables;
  const since = nowMs - LOOKED_BACK_MS;
  const rows = await engine.rows<{ trace_id: string }>(
    `SELECT trace_id FROM (
       SELECT trace_id, max(received_ms) AS seen_ms FROM ${spans}
       WHERE day >= {day:Date} AND received_ms >= {since:Float64} GROUP BY trace_id
     ) AS seen GLOBAL LEFT JOIN (
       SELECT trace_id, max(updated_ms) AS settled_ms FROM ${traces}
       WHERE updated_ms >= {since:Float64} GROUP BY trace_id
     ) AS settled USING trace_id
     WHERE settled_ms < seen_ms LIMIT ${MOST_TRACES}`,
    { day: dayOf(since), since },
  );
  const ids = rows.map((row) => row.trace_id);
  for (let from = 0; from < ids.length; from += AT_ONCE)
    await settler.renew(new Set(ids.slice(from, from + AT_ONCE)));
}
