import type { IndexedEdge } from './orient-edges.js';

/** The layer of each node: below everything that leads to it (longest path), and no higher than needed. */
export function assignLayers(nodeCount: number, edges: readonly IndexedEdge[]): Int32Array {
  const targets: number[][] = Array.from({ length: nodeCount }, () => []);
  const arriving = new Int32Array(nodeCount);
  for (const { from, to } of edges) {
    targets[from]!.push(to);
    arriving[to]! += 1;
  }
  const layer = new Int32Array(nodeCount);
  const missing = arriving.slice();
  const sorted: number[] = [];
  for (let node = 0; node < nodeCount; node += 1) if (missing[node] === 0) sorted.push(node);
  // The list grows while it is read: it is the topological order.
  for (const node of sorted) {
    for (const target of targets[node]!) {
      layer[target] = Math.max(layer[target]!, layer[node]! + 1);
      missing[target]! -= 1;
      if (missing[target] === 0) sorted.push(target);
    }
  }
  for (const node of sorted.toReversed()) {
    const below = targets[node]!;
    // A way in beside the first one begins just above where it joins.
    if (arriving[node] !== 0 || below.length === 0 || node === 0) continue;
    layer[node] = Math.min(...below.map((target) => layer[target]!)) - 1;
  }
  return layer;
}
