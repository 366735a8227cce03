import type { IndexedEdge } from './orient-edges.js';

/** Nodes and the points of long edges, by layer; all edges lead from one layer to the next. */
export interface LayeredGraph {
  /** Real nodes first, then points. */
  readonly size: number;
  readonly nodeCount: number;
  readonly layers: number[][];
  readonly layerOf: Int32Array;
  /** Neighbours above and below, with weights beside them. */
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  readonly weightsAbove: readonly (readonly number[])[];
  readonly weightsBelow: readonly (readonly number[])[];
  /** The points that an edge goes through, by the number of the edge. */
  readonly pointsOf: ReadonlyMap<number, readonly number[]>;
  /** Edges that are too long for points. */
  readonly arcs: readonly IndexedEdge[];
}

/** Points are a quarter of what a layout costs; beyond this the longest edges become arcs. */
const MOST_POINTS_PER_NODE = 4;

/** Cuts edges into pieces of one layer each. */
export function layerGraph(
  nodeCount: number,
  layer: Int32Array,
  edges: readonly IndexedEdge[],
  longestLine: number,
): LayeredGraph {
  const spanOf = ({ from, to }: IndexedEdge): number => layer[to]! - layer[from]!;
  const arcs: IndexedEdge[] = [];
  const pointsOf = new Map<number, number[]>();
  const layers: number[] = Array.from(layer);
  const above: number[][] = Array.from({ length: nodeCount }, () => []);
  const below: number[][] = Array.from({ length: nodeCount }, () => []);
  const weightsAbove: number[][] = Array.from({ length: nodeCount }, () => []);
  const weightsBelow: number[][] = Array.from({ length: nodeCount }, () => []);
  const link = (upper: number, lower: number, weight: number): void => {
    below[upper]!.push(lower);
    weightsBelow[upper]!.push(weight);
    above[lower]!.push(upper);
    weightsAbove[lower]!.push(weight);
  };
  let room = nodeCount * MOST_POINTS_PER_NODE;
  for (const edge of edges) {
    const span = spanOf(edge);
    if (span > longestLine || span - 1 > room) {
      arcs.push(edge);
      continue;
    }
    room -= span - 1;
    let before = edge.from;
    const points: number[] = [];
    for (let step = 1; step < span; step += 1) {
      const point = layers.length;
      layers.push(layer[edge.from]! + step);
      for (const lists of [above, below, weightsAbove, weightsBelow]) lists.push([]);
      // A long edge that bends is harder to follow than a short one.
      link(before, point, edge.weight * (step === 1 ? 2 : 8));
      points.push(point);
      before = point;
    }
    link(before, edge.to, edge.weight * (span > 1 ? 2 : 1));
    if (points.length > 0) pointsOf.set(edge.at, points);
  }
  const byLayer: number[][] = Array.from(
    { length: layers.reduce((most, one) => Math.max(most, one), 0) + 1 },
    () => [],
  );
  for (const [node, at] of layers.entries()) byLayer[at]!.push(node);
  return {
    size: layers.length,
    nodeCount,
    layers: byLayer,
    layerOf: Int32Array.from(layers),
    above,
    below,
    weightsAbove,
    weightsBelow,
    pointsOf,
    arcs,
  };
}
