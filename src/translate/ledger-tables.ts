import type { Patch } from './patch.js';
import type { SpanNode } from './span-node.js';
import type { Tally } from './tally.js';

/** A node with the place that the ledger last gave it. */
export interface StoredNode {
  node: SpanNode;
  /** Absent when it belongs to no session. */
  sessionId?: string;
  stepId?: string;
}

/** A trace as a listing shows it. */
export interface TraceTally {
  traceId: string;
  sessionId: string;
  name: string;
  serviceName?: string;
  startMs: number;
  /** Absent while a span is open. */
  endMs?: number;
  spanCount: number;
  errorCount: number;
  updatedMs: number;
}

/** Where a ledger keeps what it knows: maps in memory, or the tables of a database inside one transaction. */
export interface LedgerTables {
  /** The nodes of a trace, in any order. */
  traceNodes(traceId: string): Iterable<StoredNode>;
  /** The nodes whose place is in a session. */
  sessionNodes(sessionId: string): Iterable<StoredNode>;
  saveNode(stored: StoredNode): void;
  saveTrace(trace: TraceTally): void;

  /** The tally of a session, or of a step of it. */
  tally(sessionId: string, stepId?: string): Tally | undefined;
  saveTally(tally: Tally): void;
  deleteTally(sessionId: string, stepId?: string): void;

  /** Patches of a step are those made in its session. */
  patches(kind: Patch['kind'], target: string, sessionId?: string): Iterable<Patch>;
  /** A span makes at most one patch. */
  savePatch(patch: Patch, sessionId: string | undefined): void;
  patchBy(traceId: string, spanId: string): { patch: Patch; sessionId?: string } | undefined;
  /** The traces of a session in which a span id occurs. */
  tracesOf(spanId: string, sessionId: string): Iterable<string>;
}
