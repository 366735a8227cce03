import type { LayeredGraph } from './layered-graph.js';

/** Work of all sweeps together, in edges looked at: beyond it, a sweep costs more than it brings. */
const BUDGET = 600_000;
const MOST_SWEEPS = 24;

/**
 * Orders each layer so that few edges cross: each node goes to the mean place of its neighbours, layer by layer, down and up
 * in turn, and the best order that was seen is kept. Returns false when it was told to stop.
 */
export function orderLayers(graph: LayeredGraph, isOver: () => boolean): boolean {
  const { layers, above, below } = graph;
  const place = new Float64Array(graph.size);
  const setPlaces = (layer: readonly number[]): void => {
    for (const [at, node] of layer.entries()) place[node] = at;
  };
  walkInitial(graph);
  for (const layer of layers) setPlaces(layer);
  const pieces = below.reduce((sum, list) => sum + list.length, 0) + 1;
  const sweeps = Math.max(4, Math.min(MOST_SWEEPS, Math.floor(BUDGET / pieces)));
  let best = layers.map((layer) => layer.slice());
  let fewest = countCrossings(graph, place);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    if (isOver()) return false;
    const isDown = sweep % 2 === 0;
    const neighbours = isDown ? above : below;
    for (let step = 0; step < layers.length; step += 1) {
      const layer = layers[isDown ? step : layers.length - 1 - step]!;
      if (layer.length < 2) continue;
      sortLayer(layer, neighbours, place);
      setPlaces(layer);
    }
    const crossings = countCrossings(graph, place);
    if (crossings < fewest) {
      fewest = crossings;
      best = layers.map((layer) => layer.slice());
    }
  }
  for (const [at, layer] of best.entries()) layers[at] = layer;
  return true;
}

/** A walk in depth gives a first order in which what belongs together is together. */
function walkInitial({ size, layers, layerOf, below }: LayeredGraph): void {
  const seen = new Uint8Array(size);
  const ordered: number[][] = layers.map(() => []);
  for (const layer of layers) {
    for (const root of layer) {
      const open = [root];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        if (seen[node] === 1) continue;
        seen[node] = 1;
        ordered[layerOf[node]!]!.push(node);
        for (const next of below[node]!.toReversed()) if (seen[next] === 0) open.push(next);
      }
    }
  }
  for (const [at, layer] of ordered.entries()) layers[at] = layer;
}

function sortLayer(layer: number[], neighbours: readonly (readonly number[])[], place: Float64Array): void {
  const mean = new Map<number, number>();
  for (const [at, node] of layer.entries()) {
    const around = neighbours[node]!;
    let sum = 0;
    for (const other of around) sum += place[other]!;
    // A node without neighbours stays where it is.
    mean.set(node, around.length === 0 ? at : sum / around.length);
  }
  layer.sort((left, right) => mean.get(left)! - mean.get(right)! || place[left]! - place[right]!);
}

/** Crossings between neighbouring layers, counted with a Fenwick tree. */
function countCrossings({ layers, below }: LayeredGraph, place: Float64Array): number {
  let crossings = 0;
  for (const [at, layer] of layers.entries()) {
    const next = layers[at + 1];
    if (next === undefined) break;
    const tree = new Int32Array(next.length + 1);
    let counted = 0;
    for (const node of layer) {
      const ends = below[node]!.map((target) => place[target]!).toSorted((left, right) => left - right);
      for (const end of ends) {
        let notAfter = 0;
        for (let index = end + 1; index > 0; index -= index & -index) notAfter += tree[index]!;
        crossings += counted - notAfter;
      }
      for (const end of ends) {
        for (let index = end + 1; index < tree.length; index += index & -index) tree[index]! += 1;
      }
      counted += ends.length;
    }
  }
  return crossings;
}
