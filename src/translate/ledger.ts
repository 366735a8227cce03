import { contributionOf, type Contribution } from './contribution.js';
import type { LedgerTables, StoredNode } from './ledger-tables.js';
import { comparePatches, foldPatches, mergeFields, type Patch } from './patch.js';
import { toNode, toPatch, type SpanNode } from './span-node.js';
import { addTo, createTally, exchange, isOwn, widen, type Tally } from './tally.js';
import { createTraceBook, type TraceBook } from './trace-book.js';
import type { TranslatedSpan } from './translate-span.js';

/** What a batch changed. */
export interface LedgerChange {
  /** For each span of the batch: false when a better copy of it is known (an ended one, and this is not). */
  accepted: boolean[];
  sessionIds: string[];
  traceIds: string[];
}

/**
 * Folds spans into sessions and steps as they come, in any order and any pieces, and touches only what a batch changes:
 * a span of a session with ten thousand others costs what the first one did.
 */
export interface Ledger {
  /** `nowMs` is when the spans were received. All changes go to the tables before it returns. */
  apply(spans: readonly TranslatedSpan[], nowMs: number): LedgerChange;
  /** Forgets what is cached: the tables have changed by other means, or a transaction was undone. */
  forget(): void;
}

/** Makes a ledger over tables. `maxCachedSpans` bounds the traces that are kept at hand. */
export function createLedger(tables: LedgerTables, maxCachedSpans = Infinity): Ledger {
  const book: TraceBook = createTraceBook(tables, maxCachedSpans);
  return {
    apply(spans, nowMs) {
      const batch = createBatch(tables);
      const accepted = spans.map((span) => take(span, toNode(span, nowMs), book, tables, batch));
      for (const traceId of batch.traceIds) settle(traceId, book, tables, batch);
      batch.save();
      book.trim();
      return { accepted, sessionIds: [...batch.sessionIds], traceIds: [...batch.traceIds] };
    },
    forget: () => book.forget(),
  };
}

function take(span: TranslatedSpan, node: SpanNode, book: TraceBook, tables: LedgerTables, batch: Batch): boolean {
  const page = book.open(node.traceId);
  const known = page.tree.get(node.spanId)?.node;
  if (known?.endMs !== undefined && node.endMs === undefined) return false;
  batch.traceIds.add(node.traceId);
  const patch = toPatch(span);
  if (node.concept === 'observation') amendFromPatches(node, tables);
  page.put(node);
  if (patch !== undefined) batch.patches.push(patch);
  if (patch?.kind === 'observation') amendTarget(span, patch, book, tables, batch);
  return true;
}

function amendFromPatches(node: SpanNode, tables: LedgerTables): void {
  const patches = [...tables.patches('observation', node.spanId)];
  if (patches.length > 0) node.amended = foldPatches(patches);
}

function amendTarget(span: TranslatedSpan, patch: Patch, book: TraceBook, tables: LedgerTables, batch: Batch): void {
  // Saved at once: the target may come later in this batch.
  tables.savePatch(patch, undefined);
  const linked = span.link?.traceId;
  const traceIds = linked === undefined ? new Set([...tables.tracesOf(patch.target), ...batch.traceIds]) : [linked];
  for (const traceId of traceIds) {
    const page = book.open(traceId);
    const target = page.tree.get(patch.target)?.node;
    if (target?.concept !== 'observation') continue;
    const amended: SpanNode = { ...target, receivedMs: Math.max(target.receivedMs, span.startMs) };
    amended.receivedMs = target.receivedMs;
    amendFromPatches(amended, tables);
    page.put(amended);
    batch.traceIds.add(traceId);
  }
}

/** Moves what the changed spans of a trace add from where it was to where it belongs now. */
function settle(traceId: string, book: TraceBook, tables: LedgerTables, batch: Batch): void {
  const page = book.open(traceId);
  for (const placed of page.tree.settle()) {
    const before = page.contributions.get(placed.node.spanId);
    const now = contributionOf(placed, page.tree.defaultSession);
    if (now === undefined) page.contributions.delete(placed.node.spanId);
    else page.contributions.set(placed.node.spanId, now);
    batch.move(before, now);
    const stored: StoredNode = { node: placed.node };
    if (now !== undefined) stored.sessionId = now.sessionId;
    if (now?.stepId !== undefined) stored.stepId = now.stepId;
    tables.saveNode(stored);
    batch.placed(placed.node, now);
  }
  tables.saveTrace(page.summary());
}

/** The tallies that one batch works on: read once, saved once. */
interface Batch {
  readonly traceIds: Set<string>;
  readonly sessionIds: Set<string>;
  readonly patches: Patch[];
  move(before: Contribution | undefined, now: Contribution | undefined): void;
  /** A span that makes a patch got its place: the patch goes with it. */
  placed(node: SpanNode, now: Contribution | undefined): void;
  save(): void;
}

function createBatch(tables: LedgerTables): Batch {
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
    const patch = bySpan.get(`${node.traceId} ${node.spanId}`) ?? saved?.patch;
    if (patch === undefined) return;
    tables.savePatch(patch, now?.sessionId);
    const stale = saved !== undefined && saved.sessionId !== undefined;
    if (stale) applyPatch(saved.patch, saved.sessionId, false);
    applyPatch(patch, now?.sessionId, !stale);
  }

  function applyPatch(patch: Patch, sessionId: string | undefined, isNew: boolean): void {
    const target = sessionId === undefined ? undefined : targetTally(patch, sessionId);
    if (target === undefined) return;
    if (patch.amends) target.amendedMs = Math.max(target.amendedMs ?? patch.timeMs, patch.timeMs);
    const { newestPatch } = target;
    if (isNew && (newestPatch === undefined || comparePatches(newestPatch, patch) < 0)) {
      target.fields = mergeFields(target.fields, patch.fields);
      target.newestPatch = orderOf(patch);
      return;
    }
    const all = [...tables.patches(patch.kind, patch.target, sessionId)].toSorted(comparePatches);
    target.fields = foldPatches(all);
    const newest = all.at(-1);
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

function isSamePlace(a: Contribution, b: Contribution): boolean {
  return a.sessionId === b.sessionId && stepOf(a) === stepOf(b);
}

function orderOf({ timeMs, amends, traceId, spanId }: Patch): NonNullable<Tally['newestPatch']> {
  return { timeMs, amends, traceId, spanId };
}

function renewBounds(tally: Tally, tables: LedgerTables): void {
  tally.own = { count: tally.own.count, open: tally.own.open };
  tally.within = { count: tally.within.count, open: tally.within.open };
  for (const { node, stepId } of tables.sessionNodes(tally.sessionId)) {
    if (node.concept === 'amendment') continue;
    if (tally.stepId !== undefined && tally.stepId !== (stepId ?? (node.concept === 'observation' ? '' : undefined))) continue;
    widen(isOwn(tally, node.concept) ? tally.own : tally.within, node);
  }
  tally.staleBounds = false;
}
