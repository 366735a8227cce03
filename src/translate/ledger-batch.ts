import type { Contribution } from './contribution.js';
import type { LedgerTables } from './ledger-tables.js';
import { comparePatches, foldPatches, mergeFields, type Patch, type PatchTime } from './patch.js';
import type { SpanNode } from './span-node.js';
import { addTo, createTally, exchange, isOwn, widen, type Tally } from './tally.js';

/** The tallies that one batch works on: read once, saved once. */
export interface LedgerBatch {
  readonly traceIds: Set<string>;
  readonly sessionIds: Set<string>;
  readonly patches: Patch[];
  move(before: Contribution | undefined, now: Contribution | undefined): void;
  /** A span that makes a patch got its place: the patch goes with it. */
  placed(node: SpanNode, now: Contribution | undefined): void;
  save(): void;
}

/** Makes the batch of one `apply`. */
export function createLedgerBatch(tables: LedgerTables): LedgerBatch {
  const tallies = new Map<string, Map<string, Tally>>();
  const sessionIds = new Set<string>();
  const traceIds = new Set<string>();
  const patches: Patch[] = [];
  const bySpan = new Map<string, Patch>();
  let indexed = 0;

  function open(sessionId: string, stepId?: string): Tally {
    let steps = tallies.get(sessionId);
    if (steps === undefined) tallies.set(sessionId, (steps = new Map()));
    const key = stepId === undefined ? '' : `=${stepId}`;
    let tally = steps.get(key);
    if (tally === undefined) {
      tally = tables.tally(sessionId, stepId) ?? createTally(sessionId, stepId);
      steps.set(key, tally);
    }
    sessionIds.add(sessionId);
    return tally;
  }

  function change(contribution: Contribution, sign: 1 | -1): void {
    const session = open(contribution.sessionId);
    addTo(session, contribution, sign);
    const stepId = stepOf(contribution);
    if (stepId === undefined) return;
    const step = open(contribution.sessionId, stepId);
    const was = step.spans;
    addTo(step, contribution, sign);
    if (stepId !== '' && (was === 0) !== (step.spans === 0)) session.steps += sign;
  }

  function move(before: Contribution | undefined, now: Contribution | undefined): void {
    if (before !== undefined && now !== undefined && isSamePlace(before, now)) {
      exchange(open(now.sessionId), before, now);
      const stepId = stepOf(now);
      if (stepId !== undefined) exchange(open(now.sessionId, stepId), before, now);
      return;
    }
    if (before !== undefined) change(before, -1);
    if (now !== undefined) change(now, 1);
  }

  function placed(node: SpanNode, now: Contribution | undefined): void {
    if (node.concept === 'observation') return;
    for (; indexed < patches.length; indexed++) {
      const patch = patches[indexed] as Patch;
      bySpan.set(`${patch.traceId} ${patch.spanId}`, patch);
    }
    const saved = tables.patchBy(node.traceId, node.spanId);
    const fresh = bySpan.get(`${node.traceId} ${node.spanId}`);
    const patch = fresh ?? saved?.patch;
    if (patch === undefined || (fresh === undefined && saved?.sessionId === now?.sessionId)) return;
    tables.savePatch(patch, now?.sessionId);
    const stale = saved !== undefined && saved.sessionId !== undefined;
    if (stale) applyPatch(saved.patch, saved.sessionId, false);
    applyPatch(patch, now?.sessionId, !stale);
  }

  function applyPatch(patch: Patch, sessionId: string | undefined, isNew: boolean): void {
    const target = sessionId === undefined ? undefined : targetTally(patch, sessionId);
    if (target === undefined) return;
    const { newestPatch } = target;
    if (isNew && (newestPatch === undefined || comparePatches(newestPatch, patch) < 0)) {
      target.fields = mergeFields(target.fields, patch.fields);
      target.newestPatch = orderOf(patch);
      if (patch.amends) target.amendedMs = patch.timeMs;
      return;
    }
    const all = [...tables.patches(patch.kind, patch.target, sessionId)].toSorted(comparePatches);
    target.fields = foldPatches(all);
    const newest = all.at(-1);
    const amendment = all.findLast((other) => other.amends);
    if (amendment === undefined) delete target.amendedMs;
    else target.amendedMs = amendment.timeMs;
    if (newest === undefined) delete target.newestPatch;
    else target.newestPatch = orderOf(newest);
  }

  function targetTally(patch: Patch, sessionId: string): Tally | undefined {
    if (patch.kind === 'session') return open(patch.target);
    return patch.kind === 'step' ? open(sessionId, patch.target) : undefined;
  }

  function save(): void {
    for (const [sessionId, opened] of tallies) {
      for (const tally of opened.values()) {
        if (tally.spans <= 0) {
          tables.deleteTally(sessionId, tally.stepId);
          continue;
        }
        if (tally.staleBounds) renewBounds(tally, tables);
        tables.saveTally(tally);
      }
    }
  }

  return { traceIds, sessionIds, patches, move, placed, save };
}

/** The step whose tally a span adds to: '' is the implicit one. Session spans and amendments of sessions add to none. */
function stepOf(contribution: Contribution): string | undefined {
  if (contribution.stepId !== undefined) return contribution.stepId;
  return contribution.concept === 'observation' ? '' : undefined;
}

/** True when two contributions go to the same session and step. */
export function isSamePlace(a: Contribution | undefined, b: Contribution | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.sessionId === b.sessionId && stepOf(a) === stepOf(b);
}

function orderOf({ timeMs, amends, traceId, spanId }: Patch): PatchTime {
  return { timeMs, amends, traceId, spanId };
}

function renewBounds(tally: Tally, tables: LedgerTables): void {
  tally.own = { count: tally.own.count, open: tally.own.open };
  tally.within = { count: tally.within.count, open: tally.within.open };
  for (const { node, stepId } of tables.sessionNodes(tally.sessionId)) {
    if (node.concept === 'amendment') continue;
    if (
      tally.stepId !== undefined &&
      tally.stepId !== (stepId ?? (node.concept === 'observation' ? '' : undefined))
    )
      continue;
    widen(isOwn(tally, node.concept) ? tally.own : tally.within, node);
  }
  tally.staleBounds = false;
}
