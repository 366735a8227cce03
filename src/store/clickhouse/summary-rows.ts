import { tracesInOrder } from '../../translate/fold-sessions.js';
import type { MemoryTables } from '../../translate/memory-tables.js';
import { toSession, toSteps } from '../../translate/records.js';
import type { Tally } from '../../translate/tally.js';
import { dayOf, KEPT_DAY } from './tables.js';

/** A row of `sessions`. */
export interface SessionRow {
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

/** A tally → the row of its session. Those of pinned sessions never expire. */
export function sessionRow(
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

/** The row of a session that is no more. */
export function goneRow(id: string, version: string): SessionRow {
  const none = { status: '', agent_name: '', agent_id: '', user_id: '', tags: [], spans: 0, trace_ids: [] };
  return { id, version, removed: 1, day: dayOf(Date.now()), updated_ms: 0, ...none, record: '', steps: '' };
}

/** Where a session stands in the listing, with what it is listed by. */
export function updateRow(row: SessionRow): object {
  const { id, version, day, updated_ms, status, agent_name, agent_id, user_id, tags } = row;
  return { age: -updated_ms, id, version, day, status, agent_name, agent_id, user_id, tags };
}

/** The rows of traces; of one that is no more, a row that says so. */
export function traceRows(traceIds: Iterable<string>, tables: MemoryTables, version: string): object[] {
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
