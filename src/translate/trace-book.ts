import { contributionOf, implicitSessionId, type Contribution } from './contribution.js';
import type { LedgerTables, TraceTally } from './ledger-tables.js';
import type { SpanNode } from './span-node.js';
import { createTraceTree, type TraceTree } from './trace-tree.js';

/** A span as the tables have it, and what it adds to the tallies there. */
export interface Settled {
  node: SpanNode;
  contribution: Contribution | undefined;
}

/** One trace with what its spans have added so far. */
export interface TracePage {
  readonly tree: TraceTree;
  /** By span id: what is in the tables now. */
  readonly settled: Map<string, Settled>;
  put(node: SpanNode): void;
  summary(): TraceTally;
}

/** The traces at hand, read from the tables when they are opened, least recently used ones dropped first. */
export interface TraceBook {
  open(traceId: string): TracePage;
  /** Drops pages beyond the limit. Not while a batch is worked on. */
  trim(): void;
  forget(): void;
}

/** What a page takes beside its spans, in spans: traces of one span are many. */
const PAGE_SIZE = 3;

/** Makes a book that keeps pages of up to `maxSpans` spans in all. */
export function createTraceBook(tables: LedgerTables, maxSpans: number): TraceBook {
  const pages = new Map<string, TracePage>();
  /** Pages opened since the last trim: only their sizes can have changed. */
  const opened = new Set<string>();
  const sizes = new Map<string, number>();
  let total = 0;
  const resize = (traceId: string, size: number): void => {
    total += size - (sizes.get(traceId) ?? 0);
    if (size === 0) sizes.delete(traceId);
    else sizes.set(traceId, size);
  };
  return {
    open(traceId) {
      const known = pages.get(traceId);
      // A map keeps the order of insertion: the page goes to its end.
      if (known !== undefined) pages.delete(traceId);
      const page = known ?? readPage(traceId, tables);
      pages.set(traceId, page);
      opened.add(traceId);
      return page;
    },
    trim() {
      for (const traceId of opened) resize(traceId, (pages.get(traceId)?.tree.size ?? 0) + PAGE_SIZE);
      opened.clear();
      for (const traceId of pages.keys()) {
        // The last one is being worked on: to read a large trace anew for each of its batches would take for ever.
        if (total <= maxSpans || pages.size === 1) break;
        pages.delete(traceId);
        resize(traceId, 0);
      }
    },
    forget() {
      pages.clear();
      opened.clear();
      sizes.clear();
      total = 0;
    },
  };
}

function readPage(traceId: string, tables: LedgerTables): TracePage {
  const page = createPage(traceId);
  for (const { node } of tables.traceNodes(traceId)) page.put(node);
  for (const placed of page.tree.settle()) {
    const contribution = contributionOf(placed, page.tree.defaultSession);
    page.settled.set(placed.node.spanId, { node: placed.node, contribution });
  }
  return page;
}

function createPage(traceId: string): TracePage {
  const tree = createTraceTree(traceId);
  const settled = new Map<string, Settled>();
  const sums = { errors: 0, open: 0, startMs: Infinity, endMs: -Infinity, updatedMs: 0, stale: false };
  let root: SpanNode | undefined;

  function put(node: SpanNode): void {
    const before = tree.get(node.spanId)?.node;
    if (before !== undefined) remove(before);
    add(node);
    tree.put(node);
  }

  function add(node: SpanNode): void {
    if (node.status === 'error') sums.errors++;
    if (node.endMs === undefined) sums.open++;
    sums.startMs = Math.min(sums.startMs, node.startMs);
    sums.endMs = Math.max(sums.endMs, node.endMs ?? -Infinity);
    sums.updatedMs = Math.max(sums.updatedMs, node.receivedMs);
    if (root === undefined || isBetterRoot(node, root)) root = node;
  }

  function remove(node: SpanNode): void {
    if (node.status === 'error') sums.errors--;
    if (node.endMs === undefined) sums.open--;
    if (node.spanId === root?.spanId || node.startMs === sums.startMs || node.endMs === sums.endMs)
      sums.stale = true;
  }

  function renew(): void {
    Object.assign(sums, { errors: 0, open: 0, startMs: Infinity, endMs: -Infinity, stale: false });
    root = undefined;
    for (const { node } of tree.all()) add(node);
  }

  function summary(): TraceTally {
    if (sums.stale) renew();
    const first = root as SpanNode;
    const trace: TraceTally = {
      traceId,
      sessionId:
        settled.get(first.spanId)?.contribution?.sessionId ??
        tree.defaultSession ??
        implicitSessionId(traceId),
      name: first.name,
      startMs: sums.startMs,
      spanCount: tree.size,
      errorCount: sums.errors,
      updatedMs: sums.updatedMs,
    };
    if (first.marks?.service !== undefined) trace.serviceName = first.marks.service;
    if (sums.open === 0) trace.endMs = sums.endMs;
    return trace;
  }

  return { tree, settled, put, summary };
}

/** Spans without a parent come first, then earlier ones; an amendment stands for a trace only when nothing else does. */
function isBetterRoot(a: SpanNode, b: SpanNode): boolean {
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB) return rankA < rankB;
  return a.startMs === b.startMs ? a.spanId < b.spanId : a.startMs < b.startMs;
}

function rank(node: SpanNode): number {
  if (node.concept === 'amendment') return 2;
  return node.parentId === undefined ? 0 : 1;
}
