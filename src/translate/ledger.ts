import { contributionOf } from './contribution.js';
import { createLedgerBatch, isSamePlace, type LedgerBatch } from './ledger-batch.js';
import type { LedgerTables, StoredNode } from './ledger-tables.js';
import { foldPatches, isMeant, type Patch } from './patch.js';
import { toNode, toPatch, type SpanNode } from './span-node.js';
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
export function createLedger(tables: LedgerTables, maxCachedSpans: number = Infinity): Ledger {
  const book: TraceBook = createTraceBook(tables, maxCachedSpans);
  return {
    apply(spans, nowMs) {
      const batch = createLedgerBatch(tables);
      const accepted = spans.map((span) => take(span, nowMs, book, tables, batch));
      for (const traceId of batch.traceIds) settle(traceId, book, tables, batch);
      batch.save();
      book.trim();
      return { accepted, sessionIds: [...batch.sessionIds], traceIds: [...batch.traceIds] };
    },
    forget: () => book.forget(),
  };
}

function take(
  span: TranslatedSpan,
  nowMs: number,
  book: TraceBook,
  tables: LedgerTables,
  batch: LedgerBatch,
): boolean {
  const node = toNode(span, nowMs);
  const page = book.open(node.traceId);
  const known = page.tree.get(node.spanId)?.node;
  if (known?.endMs !== undefined && node.endMs === undefined) return false;
  batch.traceIds.add(node.traceId);
  const patch = toPatch(span);
  if (node.concept === 'observation') amendFromPatches(node, tables);
  page.put(node);
  if (patch !== undefined) batch.patches.push(patch);
  if (patch?.kind === 'observation') amendTarget(span, patch, nowMs, book, tables, batch);
  return true;
}

function amendFromPatches(node: SpanNode, tables: LedgerTables): void {
  const patches = amendmentsOf(node, tables);
  if (patches.length > 0) node.amended = foldPatches(patches);
}

function amendTarget(
  span: TranslatedSpan,
  patch: Patch,
  nowMs: number,
  book: TraceBook,
  tables: LedgerTables,
  batch: LedgerBatch,
): void {
  // Saved at once: the target may come later in this batch.
  tables.savePatch(patch, undefined);
  const { targetTraceId, targetSessionId = '' } = patch;
  const known =
    targetTraceId === undefined ? tables.tracesOf(patch.target, targetSessionId) : [targetTraceId];
  const traceIds = targetTraceId === undefined ? new Set([...known, ...batch.traceIds]) : known;
  for (const traceId of traceIds) {
    const page = book.open(traceId);
    const target = page.tree.get(patch.target)?.node;
    if (target?.concept !== 'observation' || !isMeant(patch, target)) continue;
    const amended: SpanNode = { ...target, receivedMs: Math.max(target.receivedMs, nowMs) };
    amendFromPatches(amended, tables);
    page.put(amended);
    batch.traceIds.add(traceId);
  }
}

/** What amendments say of an observation, in any order. */
export function amendmentsOf(
  target: { traceId: string; spanId: string; sessionId?: string },
  tables: Pick<LedgerTables, 'patches'>,
): Patch[] {
  return [...tables.patches('observation', target.spanId)].filter((patch) => isMeant(patch, target));
}

/** Moves what the changed spans of a trace add from where it was to where it belongs now. */
function settle(traceId: string, book: TraceBook, tables: LedgerTables, batch: LedgerBatch): void {
  const page = book.open(traceId);
  for (const placed of page.tree.settle()) {
    const { node } = placed;
    const before = page.settled.get(node.spanId);
    const now = contributionOf(placed, page.tree.defaultSession);
    page.settled.set(node.spanId, { node, contribution: now });
    batch.move(before?.contribution, now);
    batch.placed(node, now);
    if (before?.node === node && isSamePlace(before.contribution, now)) continue;
    const stored: StoredNode = { node };
    if (now !== undefined) stored.sessionId = now.sessionId;
    if (now?.stepId !== undefined) stored.stepId = now.stepId;
    tables.saveNode(stored);
  }
  tables.saveTrace(page.summary());
}
