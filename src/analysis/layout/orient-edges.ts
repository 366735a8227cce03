import { stronglyConnected } from '../graph/strongly-connected.js';

/** An edge between numbered nodes. */
export interface IndexedEdge {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

export interface OrientedEdges {
  /** Without circles. */
  readonly forward: readonly IndexedEdge[];
  readonly backward: readonly IndexedEdge[];
  readonly self: readonly IndexedEdge[];
}

/**
 * Takes circles apart. Inside a circle, an edge to a node that is earlier in the given order leads back: what was seen first is
 * at the top. All other edges lead forward, whatever the order says.
 */
export function orientEdges(nodeCount: number, edges: readonly IndexedEdge[]): OrientedEdges {
  const targets: number[][] = Array.from({ length: nodeCount }, () => []);
  for (const { from, to } of edges) targets[from]!.push(to);
  const component = stronglyConnected(nodeCount, targets);
  const forward: IndexedEdge[] = [];
  const backward: IndexedEdge[] = [];
  const self: IndexedEdge[] = [];
  for (const edge of edges) {
    const { from, to } = edge;
    if (from === to) self.push(edge);
    else if (to < from && component[to] === component[from]) backward.push(edge);
    else forward.push(edge);
  }
  return { forward, backward, self };
}
