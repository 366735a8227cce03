import type { LedgerTables, StoredNode, TraceTally } from './ledger-tables.js';
import type { Patch } from './patch.js';
import type { Tally } from './tally.js';

/** Tables that live as long as the process. */
export interface MemoryTables extends LedgerTables {
  readonly traces: Map<string, TraceTally>;
  /** Tallies of sessions, and of their steps by session. */
  readonly sessions: Map<string, Tally>;
  readonly steps: Map<string, Map<string, Tally>>;
}

/** Makes empty tables. */
export function createMemoryTables(): MemoryTables {
  const nodes = new Map<string, Map<string, StoredNode>>();
  const bySession = new Map<string, Set<StoredNode>>();
  const spanTraces = new Map<string, Set<string>>();
  const traces = new Map<string, TraceTally>();
  const sessions = new Map<string, Tally>();
  const steps = new Map<string, Map<string, Tally>>();
  const patchesByTarget = new Map<string, Set<PatchEntry>>();
  const patchesBySpan = new Map<string, PatchEntry>();

  function saveNode(stored: StoredNode): void {
    const { traceId, spanId } = stored.node;
    const trace = entry(nodes, traceId, () => new Map<string, StoredNode>());
    const before = trace.get(spanId);
    if (before?.sessionId !== undefined) bySession.get(before.sessionId)?.delete(before);
    trace.set(spanId, stored);
    if (stored.sessionId !== undefined) entry(bySession, stored.sessionId, () => new Set()).add(stored);
    entry(spanTraces, spanId, () => new Set()).add(traceId);
  }

  function savePatch(patch: Patch, sessionId: string | undefined): void {
    const span = `${patch.traceId} ${patch.spanId}`;
    const before = patchesBySpan.get(span);
    if (before !== undefined)
      patchesByTarget.get(targetKey(before.patch.kind, before.patch.target))?.delete(before);
    const saved: PatchEntry = sessionId === undefined ? { patch } : { patch, sessionId };
    patchesBySpan.set(span, saved);
    entry(patchesByTarget, targetKey(patch.kind, patch.target), () => new Set()).add(saved);
  }

  return {
    traces,
    sessions,
    steps,
    traceNodes: (traceId) => nodes.get(traceId)?.values() ?? [],
    sessionNodes: (sessionId) => bySession.get(sessionId) ?? [],
    saveNode,
    saveTrace: (trace) => void traces.set(trace.traceId, trace),
    tally: (sessionId, stepId) =>
      stepId === undefined ? sessions.get(sessionId) : steps.get(sessionId)?.get(stepId),
    saveTally(tally) {
      if (tally.stepId === undefined) sessions.set(tally.sessionId, tally);
      else entry(steps, tally.sessionId, () => new Map<string, Tally>()).set(tally.stepId, tally);
    },
    deleteTally(sessionId, stepId) {
      if (stepId === undefined) sessions.delete(sessionId);
      else steps.get(sessionId)?.delete(stepId);
    },
    *patches(kind, target, sessionId) {
      for (const saved of patchesByTarget.get(targetKey(kind, target)) ?? []) {
        if (kind !== 'step' || saved.sessionId === sessionId) yield saved.patch;
      }
    },
    savePatch,
    patchBy: (traceId, spanId) => patchesBySpan.get(`${traceId} ${spanId}`),
    tracesOf: (spanId, sessionId) =>
      [...(spanTraces.get(spanId) ?? [])].filter(
        (traceId) => nodes.get(traceId)?.get(spanId)?.sessionId === sessionId,
      ),
  };
}

interface PatchEntry {
  patch: Patch;
  sessionId?: string;
}

function targetKey(kind: Patch['kind'], target: string): string {
  return `${kind} ${target}`;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
