import { quoteName, type Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import { KEPT_DAY, TABLES, type TableName } from './tables.js';

/** Those of some sessions that are pinned. */
export async function pinnedAmong(engine: Engine, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await inPieces(ids, (piece) =>
    engine.rows<{ session_id: string }>(
      `SELECT session_id FROM ${engine.tables.pins} FINAL WHERE session_id IN {ids:Array(String)}`,
      { ids: piece },
    ),
  );
  return new Set(rows.map((row) => row.session_id));
}

/** Notes that sessions are pinned, or no longer. */
export async function savePin(engine: Engine, sessionId: string, isPinned: boolean): Promise<void> {
  const [row] = await engine.rows<{ us: string }>('SELECT toUnixTimestamp64Micro(now64(6)) AS us');
  const version = String(row?.us);
  await engine.insert('pins', [{ session_id: sessionId, version, removed: isPinned ? 0 : 1 }]);
}

/** Tables whose rows go with a trace. Those of summaries get their day when they are written. */
const BY_TRACE: readonly TableName[] = ['spans', 'logs', 'session_traces', 'amendments', 'traces'];

/** Copies the rows of traces to the day that never expires. Contents first: a kept span has all of its texts. */
export async function keepTraces(engine: Engine, traceIds: readonly string[]): Promise<void> {
  const { spans, logs, contents } = engine.tables;
  const kept = `toDate('${KEPT_DAY}')`;
  await inPieces(new Set(traceIds), async (ids) => {
    const refs = [spans, logs].map(
      (table) =>
        `SELECT arrayJoin(refs) FROM ${table} FINAL WHERE trace_id IN {ids:Array(String)} AND day != ${kept}`,
    );
    await engine.run(
      `INSERT INTO ${contents} SELECT * REPLACE (${kept} AS day) FROM ${contents}
       WHERE hash GLOBAL IN (${refs.join(' UNION ALL ')}) LIMIT 1 BY hash`,
      { ids },
    );
    for (const name of BY_TRACE) {
      const table = engine.tables[name];
      await engine.run(
        `INSERT INTO ${table} SELECT * REPLACE (${kept} AS day) FROM ${table} AS found FINAL
         WHERE trace_id IN {ids:Array(String)} AND found.day != ${kept}`,
        { ids },
      );
    }
    return [];
  });
}

/** Removes those copies, so that what is older than the others goes. Texts stay: other kept spans may have the same. */
export async function releaseTraces(engine: Engine, traceIds: readonly string[]): Promise<void> {
  const where = `WHERE day = toDate('${KEPT_DAY}') AND trace_id IN {ids:Array(String)}`;
  const suffix = await localSuffix(engine);
  await inPieces(new Set(traceIds), async (ids) => {
    for (const name of TABLES.filter((table) => BY_TRACE.includes(table) && table !== 'traces')) {
      await engine.run(`DELETE FROM ${quoteName(engine.database)}.${name}${suffix} ${where}`, { ids });
    }
    return [];
  });
}

/** What follows the name of a table where its rows are: with shards, rows can be deleted there only. */
async function localSuffix(engine: Engine): Promise<string> {
  const [row] = await engine.rows<{ engine_full: string }>(
    "SELECT engine_full FROM system.tables WHERE database = {database:String} AND name = 'spans'",
    { database: engine.database },
  );
  const cluster = /^Distributed\('((?:[^'\\]|\\.)+)'/.exec(row?.engine_full ?? '')?.[1];
  return cluster === undefined ? '' : `_local ON CLUSTER ${quoteName(cluster)}`;
}
