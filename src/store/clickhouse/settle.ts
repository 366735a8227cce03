import { implicitSessionId } from '../../translate/contribution.js';
import { tracesInOrder } from '../../translate/fold-sessions.js';
import type { MemoryTables } from '../../translate/memory-tables.js';
import { toSession, toSteps } from '../../translate/records.js';
import type { Tally } from '../../translate/tally.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { NodeReader } from './node-reader.js';
import { keepTraces } from './pins.js';
import { dayOf, KEPT_DAY } from './tables.js';

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

/** A row of `sessions`. */
interface SessionRow {
  id: string;
  version: string;
  removed: 0 | 1;
  day: string;
  updated_ms: number;
  status: string;
  agent_name: string;
  agent_id: string;
  user_id: string;
  tags: string[];
  spans: number;
  trace_ids: string[];
  record: string;
  steps: string;
}

function sessionRow(
  tally: Tally,
  tables: MemoryTables,
  version: string,
  pinned: ReadonlySet<string>,
): SessionRow {
  const session = toSession(tally, tracesInOrder(Object.keys(tally.traces), tables.traces));
  const steps = toSteps([...(tables.steps.get(tally.sessionId)?.values() ?? [])]);
  return {
    id: session.id,
    version,
    removed: 0,
    day: pinned.has(session.id) ? KEPT_DAY : dayOf(session.updatedMs),
    updated_ms: session.updatedMs,
    status: session.status,
    agent_name: (session.agentName ?? '').toWellFormed(),
    agent_id: (session.agentId ?? '').toWellFormed(),
    user_id: (session.userId ?? '').toWellFormed(),
    tags: (session.tags ?? []).map((tag) => tag.toWellFormed()),
    spans: tally.spans,
    trace_ids: session.traceIds,
    record: JSON.stringify(session),
    steps: JSON.stringify(steps),
  };
}

function goneRow(id: string, version: string): SessionRow {
  const none = { status: '', agent_name: '', agent_id: '', user_id: '', tags: [], spans: 0, trace_ids: [] };
  return { id, version, removed: 1, day: dayOf(Date.now()), updated_ms: 0, ...none, record: '', steps: '' };
}

function updateRow(row: SessionRow): object {
  const { id, version, day, updated_ms, status, agent_name, agent_id, user_id, tags } = row;
  return { age: -updated_ms, id, version, day, status, agent_name, agent_id, user_id, tags };
}

function traceRows(traceIds: Iterable<string>, tables: MemoryTables, version: string): object[] {
  return [...traceIds].map((traceId) => {
    const trace = tables.traces.get(traceId);
    const sessions = new Set<string>();
    const dialects: Record<string, number> = {};
    for (const { node, sessionId } of tables.traceNodes(traceId)) {
      if (sessionId !== undefined) sessions.add(sessionId);
      dialects[node.dialect] = (dialects[node.dialect] ?? 0) + 1;
    }
    return {
      trace_id: traceId,
      version,
      removed: trace === undefined ? 1 : 0,
      day: dayOf(trace?.updatedMs ?? Date.now()),
      start_ms: trace?.startMs ?? 0,
      updated_ms: trace?.updatedMs ?? 0,
      spans: trace?.spanCount ?? 0,
      session_ids: [...sessions],
      dialects,
      summary: trace === undefined ? '' : JSON.stringify(trace),
    };
  });
}
