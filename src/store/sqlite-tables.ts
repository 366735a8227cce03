import type { Session } from '../../semconv/model/session.js';
import type { LedgerTables, StoredNode, TraceTally } from '../translate/ledger-tables.js';
import type { Patch } from '../translate/patch.js';
import { toSession } from '../translate/records.js';
import type { SpanNode } from '../translate/span-node.js';
import { reviveTally, type Tally } from '../translate/tally.js';
import type { SqliteCounts } from './sqlite-counts.js';
import type { Database, SqlRow, SqlValue } from './sqlite-engine.js';

/** The row of a span, and whether it was made for it. */
export interface SavedSpan {
  id: number;
  isNew: boolean;
}

/** A ledger's tables in a database. */
export interface SqliteTables extends LedgerTables {
  /** The rows of the spans saved since the last call, by trace and span id. */
  takeSaved(): Map<string, SavedSpan>;
  trace(traceId: string): TraceTally | undefined;
  /** Forgets what is cached: the tables have changed by other means. */
  forget(): void;
}

const NODE = 'trace_id, span_id, session_id, step_id, dialect, received_ms, node';
const INSERT_NODE = `
  INSERT INTO spans (trace_id, span_id, session_id, step_id, dialect, received_ms, node)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** Opens the tables of a database. */
export function createSqliteTables(database: Database, counts: SqliteCounts): SqliteTables {
  const statements = prepare(database);
  let saved = new Map<string, SavedSpan>();
  /** Sessions that were looked for in vain: saving one of them makes it. */
  const absent = new Set<string>();
  /** Most stores have no amendment of an observation: then none has to be looked for, span by span. */
  let observationPatches: boolean | undefined;

  function hasObservationPatches(): boolean {
    observationPatches ??= statements.anyPatch.get('observation') !== undefined;
    return observationPatches;
  }

  function saveSession(tally: Tally): void {
    const { sessionId } = tally;
    const session = toSession(tally, []);
    const isNew = absent.delete(sessionId);
    if (isNew) counts.add('sessions', '', 1);
    statements.saveSession.run(...sessionRow(session, tally));
    if (!isNew) statements.deleteTags.run(sessionId);
    for (const tag of new Set(session.tags)) statements.saveTag.run(sessionId, tag, session.updatedMs);
  }

  return {
    traceNodes: (traceId) => statements.traceNodes.all(traceId).map(toStored),
    sessionNodes: (sessionId) => statements.sessionNodes.all(sessionId).map(toStored),
    saveNode({ node, sessionId, stepId }) {
      const { traceId, spanId, dialect, receivedMs, ...facts } = node;
      const json = JSON.stringify(facts);
      const values = [traceId, spanId, sessionId ?? null, stepId ?? null, dialect, receivedMs, json];
      // Most spans are new, and to ask for the id of a row costs more than to be told of an insertion.
      const inserted = statements.insertNode.run(...values);
      const key = `${traceId} ${spanId}`;
      counts.add('dialect', dialect, 1);
      if (Number(inserted.changes) === 1) {
        saved.set(key, { id: Number(inserted.lastInsertRowid), isNew: true });
        return;
      }
      const before = statements.dialectOf.get(traceId, spanId)?.dialect;
      counts.add('dialect', String(before), -1);
      const id = Number(statements.updateNode.get(...values)?.id);
      saved.set(key, { id, isNew: saved.get(key)?.isNew ?? false });
    },
    saveTrace: (trace) => void statements.saveTrace.run(trace.traceId, trace.startMs, JSON.stringify(trace)),
    trace: (traceId) => {
      const row = statements.trace.get(traceId);
      return row && (JSON.parse(String(row.trace)) as TraceTally);
    },
    tally(sessionId, stepId) {
      const row =
        stepId === undefined ? statements.session.get(sessionId) : statements.step.get(sessionId, stepId);
      if (stepId === undefined) {
        if (row === undefined) absent.add(sessionId);
        else absent.delete(sessionId);
      }
      return row && reviveTally(String(row.tally));
    },
    saveTally(tally) {
      if (tally.stepId !== undefined)
        statements.saveStep.run(tally.sessionId, tally.stepId, JSON.stringify(tally));
      else saveSession(tally);
    },
    deleteTally(sessionId, stepId) {
      if (stepId !== undefined) {
        statements.deleteStep.run(sessionId, stepId);
        return;
      }
      if (Number(statements.deleteSession.run(sessionId).changes) === 0) return;
      statements.deleteTags.run(sessionId);
      counts.add('sessions', '', -1);
    },
    patches(kind, target, sessionId) {
      if (kind === 'observation' && !hasObservationPatches()) return [];
      const rows =
        kind === 'step'
          ? statements.stepPatches.all(target, sessionId ?? null)
          : statements.patches.all(kind, target);
      return rows.map((row) => JSON.parse(String(row.patch)) as Patch);
    },
    savePatch(patch, sessionId) {
      if (patch.kind === 'observation') observationPatches = true;
      const { traceId, spanId, kind, target } = patch;
      statements.savePatch.run(traceId, spanId, kind, target, sessionId ?? null, JSON.stringify(patch));
    },
    patchBy(traceId, spanId) {
      const row = statements.patchBy.get(traceId, spanId);
      if (row === undefined) return undefined;
      const patch = JSON.parse(String(row.patch)) as Patch;
      return row.session_id === null ? { patch } : { patch, sessionId: String(row.session_id) };
    },
    tracesOf: (spanId, sessionId) =>
      statements.tracesOf.all(sessionId, spanId).map((row) => String(row.trace_id)),
    takeSaved() {
      const taken = saved;
      saved = new Map();
      absent.clear();
      return taken;
    },
    forget() {
      saved = new Map();
      absent.clear();
      observationPatches = undefined;
    },
  };
}

/** The columns by which sessions are filtered, from the record that readers see. */
function sessionRow(session: Session, tally: Tally): SqlValue[] {
  return [
    session.id,
    session.updatedMs,
    session.status,
    session.agentName ?? null,
    session.agentId ?? null,
    session.userId ?? null,
    session.tags === undefined ? null : JSON.stringify(session.tags),
    JSON.stringify(tally),
  ];
}

/** A row of `spans` → the node and its place. */
function toStored(row: SqlRow): StoredNode {
  const stored: StoredNode = {
    node: {
      ...(JSON.parse(String(row.node)) as Omit<SpanNode, 'traceId' | 'spanId' | 'dialect' | 'receivedMs'>),
      traceId: String(row.trace_id),
      spanId: String(row.span_id),
      dialect: String(row.dialect),
      receivedMs: Number(row.received_ms),
    },
  };
  if (row.session_id !== null) stored.sessionId = String(row.session_id);
  if (row.step_id !== null) stored.stepId = String(row.step_id);
  return stored;
}

type StatementName =
  | 'traceNodes'
  | 'sessionNodes'
  | 'insertNode'
  | 'dialectOf'
  | 'updateNode'
  | 'saveTrace'
  | 'trace'
  | 'session'
  | 'step'
  | 'saveSession'
  | 'saveStep'
  | 'deleteSession'
  | 'deleteTags'
  | 'saveTag'
  | 'deleteStep'
  | 'anyPatch'
  | 'patches'
  | 'stepPatches'
  | 'savePatch'
  | 'patchBy'
  | 'tracesOf';

function prepare(database: Database): Record<StatementName, ReturnType<Database['prepare']>> {
  const sql = (text: string): ReturnType<Database['prepare']> => database.prepare(text);
  return {
    traceNodes: sql(`SELECT ${NODE} FROM spans WHERE trace_id = ? AND node IS NOT NULL`),
    sessionNodes: sql(`SELECT ${NODE} FROM spans WHERE session_id = ? AND node IS NOT NULL`),
    insertNode: sql(`${INSERT_NODE} ON CONFLICT DO NOTHING`),
    updateNode: sql(`${INSERT_NODE}
      ON CONFLICT (trace_id, span_id) DO UPDATE SET
        session_id = excluded.session_id, step_id = excluded.step_id, dialect = excluded.dialect,
        received_ms = excluded.received_ms, node = excluded.node
      RETURNING id`),
    dialectOf: sql('SELECT dialect FROM spans WHERE trace_id = ? AND span_id = ?'),
    saveTrace: sql('INSERT OR REPLACE INTO traces (trace_id, start_ms, trace) VALUES (?, ?, ?)'),
    trace: sql('SELECT trace FROM traces WHERE trace_id = ?'),
    session: sql('SELECT tally FROM sessions WHERE id = ?'),
    step: sql('SELECT tally FROM steps WHERE session_id = ? AND step_id = ?'),
    saveSession: sql(`
      INSERT OR REPLACE INTO sessions (id, updated_ms, status, agent_name, agent_id, user_id, tags, tally)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    saveStep: sql('INSERT OR REPLACE INTO steps (session_id, step_id, tally) VALUES (?, ?, ?)'),
    deleteSession: sql('DELETE FROM sessions WHERE id = ?'),
    deleteTags: sql('DELETE FROM session_tags WHERE session_id = ?'),
    saveTag: sql('INSERT INTO session_tags (session_id, tag, updated_ms) VALUES (?, ?, ?)'),
    deleteStep: sql('DELETE FROM steps WHERE session_id = ? AND step_id = ?'),
    anyPatch: sql('SELECT 1 FROM patches WHERE kind = ? LIMIT 1'),
    patches: sql('SELECT patch FROM patches WHERE kind = ? AND target = ?'),
    stepPatches: sql("SELECT patch FROM patches WHERE kind = 'step' AND target = ? AND session_id IS ?"),
    savePatch: sql(`
      INSERT OR REPLACE INTO patches (trace_id, span_id, kind, target, session_id, patch) VALUES (?, ?, ?, ?, ?, ?)`),
    patchBy: sql('SELECT patch, session_id FROM patches WHERE trace_id = ? AND span_id = ?'),
    tracesOf: sql('SELECT trace_id FROM spans WHERE session_id = ? AND span_id = ?'),
  };
}
