import type { ClusterMethod } from '../../../semconv/model/graph.js';
import type { Assignment } from '../clusters/clusterer.js';
import type { Move } from '../moves/move.js';

/** What is counted of one state, over all sessions. Sessions are known by their number. */
export interface NodeTally {
  readonly label: string;
  readonly method: ClusterMethod;
  readonly texts: Set<string>;
  readonly sessions: Set<number>;
  readonly stepIds: string[];
  /** Absent until one failed here. */
  reasons: Map<string, number> | undefined;
  /** Sessions that began here; absent until one did. */
  starts: Set<number> | undefined;
  visits: number;
  errors: number;
  tokens: number;
  ms: number;
  cost: number | undefined;
}

export interface EdgeTally {
  readonly from: number;
  readonly to: number;
  readonly sessions: Set<number>;
  readonly actions: Map<string, number>;
  readonly transitions: { from: string; to: string }[];
  count: number;
}

/** Counts of everything that was appended. */
export interface Tally {
  readonly nodes: NodeTally[];
  readonly edges: Map<string, EdgeTally>;
}

export const MOST_STEP_IDS = 200;
export const MOST_TRANSITIONS = 50;
const MOST_ACTIONS = 1000;
const MOST_TEXTS = 1000;

/** Numbered from 1, in the order in which states were first seen. */
export function nodeId(cluster: number): string {
  return `n${cluster + 1}`;
}

export function createTally(): Tally {
  return { nodes: [], edges: new Map() };
}

export function countVisit(
  { nodes }: Tally,
  { cluster, method }: Assignment,
  session: number,
  move: Move,
): void {
  const node = (nodes[cluster] ??= emptyNode(move, method));
  node.visits += 1;
  node.sessions.add(session);
  node.tokens += move.tokens;
  node.ms += move.ms;
  if (move.cost !== undefined) node.cost = (node.cost ?? 0) + move.cost;
  if (node.texts.size < MOST_TEXTS) node.texts.add(move.stateText);
  if (node.stepIds.length < MOST_STEP_IDS) node.stepIds.push(move.id);
  if (!move.isError) return;
  node.errors += 1;
  const reason = move.reason ?? 'error';
  node.reasons ??= new Map();
  if (node.reasons.has(reason) || node.reasons.size < MOST_ACTIONS) increase(node.reasons, reason);
}

/** The action that led on is that of the step which was left. */
export function countMove(
  { edges }: Tally,
  from: { cluster: number; move: Move },
  to: { cluster: number; move: Move },
  session: number,
): void {
  const id = `${from.cluster}>${to.cluster}`;
  let edge = edges.get(id);
  if (edge === undefined) {
    edge = {
      from: from.cluster,
      to: to.cluster,
      sessions: new Set(),
      actions: new Map(),
      transitions: [],
      count: 0,
    };
    edges.set(id, edge);
  }
  edge.count += 1;
  edge.sessions.add(session);
  const label = from.move.actionLabel;
  if (edge.actions.has(label) || edge.actions.size < MOST_ACTIONS) increase(edge.actions, label);
  if (edge.transitions.length < MOST_TRANSITIONS)
    edge.transitions.push({ from: from.move.id, to: to.move.id });
}

/** The keys of counts, the largest first; equal ones in the order in which they were first seen. */
export function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].toSorted(([, left], [, right]) => right - left);
}

function emptyNode({ stateLabel }: Move, method: ClusterMethod): NodeTally {
  return {
    label: stateLabel,
    method,
    texts: new Set(),
    sessions: new Set(),
    reasons: undefined,
    stepIds: [],
    starts: undefined,
    visits: 0,
    errors: 0,
    tokens: 0,
    ms: 0,
    cost: undefined,
  };
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
