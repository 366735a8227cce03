import { implicitSessionId } from '../../translate/contribution.js';
import type { MemoryTables } from '../../translate/memory-tables.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { NodeReader } from './node-reader.js';
import { keepTraces } from './pins.js';
import { goneRow, sessionRow, traceRows, updateRow } from './summary-rows.js';

/** What changed with some traces. */
export interface Settled {
  tables: MemoryTables;
  /** Sessions that these traces belong to now. */
  sessionIds: ReadonlySet<string>;
  /** Sessions that are no more. */
  gone: readonly string[];
}

/**
 * Works out the summaries of traces and of all sessions that they touch, from the rows that are there. Whoever wrote last reads
 * everything that was written before, and its summary has the highest version: it stands.
 */
export async function settleTraces(
  engine: Engine,
  reader: NodeReader,
  traceIds: ReadonlySet<string>,
  moreSessions: Iterable<string> = [],
): Promise<Settled> {
  const { version, sessionIds: before } = await startOf(engine, traceIds);
  const loaded = await reader.load(traceIds);
  const candidates = new Set([
    ...before,
    ...loaded.statedSessions,
    ...moreSessions,
    ...[...traceIds].map(implicitSessionId),
  ]);
  const [, { kept, pinned }] = await Promise.all([
    reader.tracesOf(candidates).then((more) => loaded.add(more)),
    keptSessions(engine, candidates),
  ]);
  const tables = loaded.fold();
  const sessions = [...candidates].flatMap((id) => tables.sessions.get(id) ?? []);
  // A session that lost a span was updated no earlier for that: its place in the listing only ever goes forward.
  for (const tally of sessions) tally.updatedMs = Math.max(tally.updatedMs, kept.get(tally.sessionId) ?? 0);
  const gone = [...kept.keys()].filter((id) => !tables.sessions.has(id));
  const rows = [
    ...sessions.map((tally) => sessionRow(tally, tables, version, pinned)),
    ...gone.map((id) => goneRow(id, version)),
  ];
  // First where it will be listed, then what it is: until then, the row before both stands.
  await engine.insert('session_updates', rows.map(updateRow));
  await Promise.all([
    engine.insert('sessions', rows),
    engine.insert('traces', traceRows(traceIds, tables, version)),
  ]);
  const held = sessions.filter((tally) => pinned.has(tally.sessionId));
  if (held.length > 0)
    await keepTraces(
      engine,
      held.flatMap((tally) => Object.keys(tally.traces)),
    );
  return { tables, sessionIds: new Set(sessions.map((tally) => tally.sessionId)), gone };
}

/** The time of the server before anything is read, and the sessions that traces belonged to when they were last settled. */
async function startOf(
  engine: Engine,
  traceIds: Iterable<string>,
): Promise<{ version: string; sessionIds: string[] }> {
  const rows = await inPieces(traceIds, (piece) =>
    engine.rows<{ us: string; ids: string[] }>(
      `SELECT toUnixTimestamp64Micro(now64(6)) AS us, groupArrayArray(session_ids) AS ids
       FROM ${engine.tables.traces} FINAL WHERE trace_id IN {ids:Array(String)}`,
      { ids: piece },
    ),
  );
  return { version: String(rows[0]?.us ?? 0), sessionIds: rows.flatMap((row) => row.ids) };
}

interface KeptSessions {
  /** When they were updated, of those that have a summary. */
  kept: ReadonlyMap<string, number>;
  pinned: ReadonlySet<string>;
}

async function keptSessions(engine: Engine, ids: Iterable<string>): Promise<KeptSessions> {
  const { sessions, pins } = engine.tables;
  const rows = await inPieces(ids, (piece) =>
    engine.rows<{ id: string; updated_ms: number; is_pin: number }>(
      `SELECT id, updated_ms, 0 AS is_pin FROM ${sessions} FINAL WHERE id IN {ids:Array(String)}
       UNION ALL SELECT session_id AS id, 0 AS updated_ms, 1 AS is_pin FROM ${pins} FINAL
       WHERE session_id IN {ids:Array(String)}`,
      { ids: piece },
    ),
  );
  const kept = rows.filter((row) => row.is_pin === 0).map((row) => [row.id, row.updated_ms] as const);
  return {
    kept: new Map(kept),
    pinned: new Set(rows.filter((row) => row.is_pin === 1).map((row) => row.id)),
  };
}
