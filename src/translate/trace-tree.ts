import type { SpanNode } from './span-node.js';

/** A span in its trace, with what follows from its place there. */
export interface Placed {
  node: SpanNode;
  parent: Placed | undefined;
  children: Placed[];
  /** From the span or its ancestors; undefined when none of them says it. */
  statedSession: string | undefined;
  statedStep: string | undefined;
  /** Which amounts spans below have already reported: see `BELOW`. */
  below: number;
  /** True while what this span adds to sums may have changed. */
  dirty: boolean;
}

/**
 * Amounts that spans below report, so that a span that repeats them is not counted too. `near` stops at tools and agents:
 * a model call is not repeated by the calls that a tool inside it makes, but is by the SDK's own span of the same call.
 */
export const BELOW = { usage: 1, cost: 2, nearUsage: 4, nearCost: 8 } as const;
const FAR = BELOW.usage | BELOW.cost;
const NEAR = BELOW.nearUsage | BELOW.nearCost;

/** The spans of one trace that are known so far. */
export interface TraceTree {
  readonly traceId: string;
  readonly size: number;
  get(spanId: string): Placed | undefined;
  /** Adds a span, or replaces what was known of it. */
  put(node: SpanNode): void;
  /** Works out what follows from all `put` since the last call; returns the spans whose place or sums may have changed. */
  settle(): Placed[];
  /** The session of spans that have none of their own nor from an ancestor: the earliest one that the trace names. */
  readonly defaultSession: string | undefined;
  all(): IterableIterator<Placed>;
}

/** Makes an empty tree. */
export function createTraceTree(traceId: string): TraceTree {
  const placed = new Map<string, Placed>();
  /** Children whose parent has not arrived. */
  const waiting = new Map<string, Placed[]>();
  let dirty: Placed[] = [];
  let unplaced: Placed[] = [];
  let earliest: SpanNode | undefined;
  let defaultStale = false;

  function put(node: SpanNode): void {
    const known = placed.get(node.spanId);
    if (known === undefined) insert(node);
    else replace(known, node);
  }

  function insert(node: SpanNode): void {
    const entry: Placed = {
      node,
      parent: undefined,
      children: waiting.get(node.spanId) ?? [],
      statedSession: undefined,
      statedStep: undefined,
      below: 0,
      dirty: false,
    };
    placed.set(node.spanId, entry);
    waiting.delete(node.spanId);
    for (const child of entry.children) {
      child.parent = entry;
      entry.below |= reported(child);
      mark(child);
      unplaced.push(child);
    }
    attach(entry);
    noteStamp(node);
    unplaced.push(entry);
    mark(entry);
    raise(entry);
  }

  function replace(entry: Placed, node: SpanNode): void {
    const before = entry.node;
    const reportedBefore = reported(entry);
    entry.node = node;
    if (before.parentId !== node.parentId) {
      detach(entry, before.parentId);
      attach(entry);
    }
    if (earliest?.spanId === node.spanId || before.sessionId !== node.sessionId) defaultStale = true;
    noteStamp(node);
    unplaced.push(entry);
    mark(entry);
    raise(entry);
    if (entry.parent !== undefined && (reportedBefore & ~reported(entry)) !== 0) lower(entry.parent);
  }

  function attach(entry: Placed): void {
    const { parentId } = entry.node;
    if (parentId === undefined) return;
    const parent = placed.get(parentId);
    // A span cannot be below itself: the last one of a circle counts as a root.
    if (parent !== undefined && isBelow(parent, entry)) return;
    entry.parent = parent;
    if (entry.parent !== undefined) entry.parent.children.push(entry);
    else {
      const siblings = waiting.get(parentId);
      if (siblings === undefined) waiting.set(parentId, [entry]);
      else siblings.push(entry);
    }
  }

  function detach(entry: Placed, parentId: string | undefined): void {
    const siblings = entry.parent?.children ?? (parentId === undefined ? undefined : waiting.get(parentId));
    const at = siblings?.indexOf(entry) ?? -1;
    if (at >= 0) siblings?.splice(at, 1);
    const parent = entry.parent;
    entry.parent = undefined;
    if (parent !== undefined) lower(parent);
  }

  /** Tells the ancestors what is reported below them, up to the first that knows already. */
  function raise(entry: Placed): void {
    let child = entry;
    while (child.parent !== undefined) {
      const { parent } = child;
      const bits = reported(child);
      const gained = bits & ~parent.below;
      if (gained === 0) return;
      parent.below |= gained;
      mark(parent);
      child = parent;
    }
  }

  function lower(entry: Placed): void {
    let at: Placed | undefined = entry;
    while (at !== undefined) {
      let bits = 0;
      for (const child of at.children) {
        bits |= reported(child);
        if (bits === at.below) break;
      }
      if (bits === at.below) return;
      at.below = bits;
      mark(at);
      at = at.parent;
    }
  }

  function mark(entry: Placed): void {
    if (entry.dirty) return;
    entry.dirty = true;
    dirty.push(entry);
  }

  function noteStamp(node: SpanNode): void {
    if (node.sessionId === undefined || node.concept === 'amendment') return;
    if (earliest === undefined || isEarlier(node, earliest)) {
      if (earliest?.sessionId !== node.sessionId) defaultStale = true;
      earliest = node;
    }
  }

  function settleDefault(): void {
    if (!defaultStale) return;
    defaultStale = false;
    earliest = undefined;
    for (const { node } of placed.values()) {
      if (node.sessionId === undefined || node.concept === 'amendment') continue;
      if (earliest === undefined || isEarlier(node, earliest)) earliest = node;
    }
    for (const entry of placed.values()) {
      unplaced.push(entry);
      mark(entry);
    }
  }

  function settle(): Placed[] {
    settleDefault();
    // Parents first, so that most spans are placed once.
    const queue = unplaced.toSorted((a, b) => a.node.startMs - b.node.startMs);
    for (let i = 0; i < queue.length; i++) {
      const next = queue[i] as Placed;
      if (!place(next)) continue;
      mark(next);
      for (const child of next.children) queue.push(child);
    }
    unplaced = [];
    const changed = dirty;
    dirty = [];
    for (const entry of changed) entry.dirty = false;
    return changed;
  }

  function place(entry: Placed): boolean {
    const { node, parent } = entry;
    const session = node.sessionId ?? parent?.statedSession;
    const home = session ?? earliest?.sessionId;
    const sameSession = parent !== undefined && (parent.statedSession ?? earliest?.sessionId) === home;
    const step = node.stepId ?? (sameSession ? parent.statedStep : undefined);
    if (session === entry.statedSession && step === entry.statedStep) return false;
    entry.statedSession = session;
    entry.statedStep = step;
    return true;
  }

  return {
    traceId,
    get size() {
      return placed.size;
    },
    get: (spanId) => placed.get(spanId),
    put,
    settle,
    get defaultSession() {
      return earliest?.sessionId;
    },
    all: () => placed.values(),
  };
}

function isBelow(entry: Placed, ancestor: Placed): boolean {
  if (entry !== ancestor && ancestor.children.length === 0) return false;
  for (let at: Placed | undefined = entry; at !== undefined; at = at.parent) if (at === ancestor) return true;
  return false;
}

function isEarlier(a: SpanNode, b: SpanNode): boolean {
  return a.startMs === b.startMs ? a.spanId < b.spanId : a.startMs < b.startMs;
}

/** What a span and those below it report to its parent. */
function reported(entry: Placed): number {
  const { node } = entry;
  const hasUsage = (node.amended?.usage ?? node.usage) !== undefined;
  const hasCost = (node.amended?.cost ?? node.cost) !== undefined;
  const own = (hasUsage ? BELOW.usage | BELOW.nearUsage : 0) | (hasCost ? BELOW.cost | BELOW.nearCost : 0);
  const all = own | entry.below;
  const opaque = node.type === 'TOOL' || node.type === 'AGENT';
  return opaque ? all & FAR : (all & FAR) | (all & NEAR);
}
