import type { LayeredGraph } from './layered-graph.js';

const BUDGET = 400_000;
const MOST_SWEEPS = 16;
const POINT_WIDTH = 12;

/**
 * The middle of each node across its layer: near its neighbours, in the order of the layer, with the gap between. Each layer is
 * solved by itself against its neighbours (isotonic regression), down and up in turn. Undefined when told to stop.
 */
export function placeAcross(
  graph: LayeredGraph,
  widths: Float64Array,
  nodeGap: number,
  isOver: () => boolean,
): Float64Array | undefined {
  const { layers, size, below } = graph;
  const x = new Float64Array(size);
  for (const layer of layers) {
    let edge = 0;
    for (const node of layer) {
      x[node] = edge + widths[node]! / 2;
      edge += widths[node]! + nodeGap;
    }
    for (const node of layer) x[node]! -= (edge - nodeGap) / 2;
  }
  const pieces = below.reduce((sum, list) => sum + list.length, 0) + size;
  const sweeps = Math.max(4, Math.min(MOST_SWEEPS, Math.floor(BUDGET / pieces)));
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    if (isOver()) return undefined;
    const isDown = sweep % 2 === 0;
    for (let step = 0; step < layers.length; step += 1) {
      const layer = layers[isDown ? step : layers.length - 1 - step]!;
      // The last two look both ways, so that no side wins.
      placeLayer(graph, layer, x, widths, nodeGap, sweep >= sweeps - 2 ? 'both' : isDown ? 'above' : 'below');
    }
  }
  return x;
}

/** Points of edges may lie closer together than boxes. */
export function widthsOf(graph: LayeredGraph, boxes: readonly number[]): Float64Array {
  return Float64Array.from({ length: graph.size }, (_, node) => boxes[node] ?? POINT_WIDTH);
}

function placeLayer(
  graph: LayeredGraph,
  layer: readonly number[],
  x: Float64Array,
  widths: Float64Array,
  nodeGap: number,
  side: 'above' | 'below' | 'both',
): void {
  // Offsets take the gaps out: what is left need only be in order.
  let offset = 0;
  const blocks: { sum: number; weight: number; mean: number; count: number }[] = [];
  const offsets: number[] = [];
  for (const [at, node] of layer.entries()) {
    const before = layer[at - 1];
    if (before !== undefined)
      offset += widths[before]! / 2 + widths[node]! / 2 + gapBetween(graph, before, node, nodeGap);
    offsets.push(offset);
    const { wish, weight } = wishOf(graph, node, x, side);
    let block = { sum: (wish - offset) * weight, weight, mean: wish - offset, count: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const sum = last.sum + block.sum;
      const total = last.weight + block.weight;
      block = { sum, weight: total, mean: sum / total, count: last.count + block.count };
    }
    blocks.push(block);
  }
  let at = 0;
  for (const { mean, count } of blocks) {
    for (const end = at + count; at < end; at += 1) x[layer[at]!] = mean + offsets[at]!;
  }
}

function wishOf(
  { above, below, weightsAbove, weightsBelow }: LayeredGraph,
  node: number,
  x: Float64Array,
  side: 'above' | 'below' | 'both',
): { wish: number; weight: number } {
  let [sum, weight] = [0, 0];
  const look = (around: readonly number[], weights: readonly number[]): void => {
    for (const [at, other] of around.entries()) {
      sum += x[other]! * weights[at]!;
      weight += weights[at]!;
    }
  };
  if (side !== 'below') look(above[node]!, weightsAbove[node]!);
  if (side !== 'above') look(below[node]!, weightsBelow[node]!);
  // With no neighbours on that side it would rather stay.
  return weight === 0 ? { wish: x[node]!, weight: 0.1 } : { wish: sum / weight, weight };
}

function gapBetween({ nodeCount }: LayeredGraph, left: number, right: number, nodeGap: number): number {
  return left >= nodeCount && right >= nodeCount
    ? nodeGap / 3
    : left >= nodeCount || right >= nodeCount
      ? nodeGap / 2
      : nodeGap;
}
