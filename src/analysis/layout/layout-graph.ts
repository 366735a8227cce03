import { assignLayers } from './assign-layers.js';
import { drawEdges } from './draw-edges.js';
import { layerGraph } from './layered-graph.js';
import type { Layout, LayoutEdge, LayoutNode, LayoutOptions, PlacedNode } from './layout-types.js';
import { orderLayers } from './order-layers.js';
import { orientEdges, type IndexedEdge } from './orient-edges.js';
import { placeAcross, widthsOf } from './place-across.js';

const MARGIN = 24;

/**
 * Lays a graph out in layers, from the top: circles are taken apart, nodes put into layers and ordered so that few edges cross,
 * and placed near their neighbours. Edges against the direction run beside the boxes on the right, long ones on the left. The
 * order of the nodes counts: what is first is on top. Needs no clock, no DOM and nothing of Node, so that it runs in a worker.
 * Returns undefined when `isOver` said so: show a table then.
 * @example
 * const started = performance.now();
 * const layout = layoutGraph(nodes, edges, { isOver: () => performance.now() - started > 1000 });
 */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions = {},
): Layout | undefined {
  const { nodeGap = 36, layerGap = 64, longestLine = 6, isOver = () => false } = options;
  const indexed = indexEdges(nodes, edges);
  const oriented = orientEdges(nodes.length, indexed);
  const layer = assignLayers(nodes.length, oriented.forward);
  if (isOver()) return undefined;
  const graph = layerGraph(nodes.length, layer, oriented.forward, longestLine);
  if (!orderLayers(graph, isOver)) return undefined;
  const widths = widthsOf(
    graph,
    nodes.map(({ width }) => width),
  );
  const x = placeAcross(graph, widths, nodeGap, isOver);
  if (x === undefined) return undefined;
  const y = layerMiddles(graph.layers, nodes, layerGap);
  const placed = nodes.map(({ id, width, height }, at): PlacedNode => ({
    id,
    x: x[at]!,
    y: y[layer[at]!]!,
    width,
    height,
    layer: layer[at]!,
  }));
  const drawn = drawEdges({ graph, oriented, edges, placed, x, y, layer });
  return moved(placed, drawn, edges, graph.layers.length);
}

/** Edges whose ends are not there are left out, and so is the second edge between the same two nodes. */
function indexEdges(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): IndexedEdge[] {
  const numbers = new Map(nodes.map(({ id }, at) => [id, at]));
  const seen = new Set<string>();
  return edges.flatMap((edge, at) => {
    const [from, to] = [numbers.get(edge.from), numbers.get(edge.to)];
    const key = `${from} ${to}`;
    if (from === undefined || to === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ at, from, to, weight: edge.weight ?? 1 }];
  });
}

function layerMiddles(
  layers: readonly (readonly number[])[],
  nodes: readonly LayoutNode[],
  layerGap: number,
): number[] {
  let top = 0;
  return layers.map((layer) => {
    const height = layer.reduce((most, node) => Math.max(most, nodes[node]?.height ?? 0), 0);
    const middle = top + height / 2;
    top += height + layerGap;
    return middle;
  });
}

/** Everything with the margin at the left and at the top. */
function moved(
  nodes: readonly PlacedNode[],
  drawn: Layout['edges'],
  edges: readonly LayoutEdge[],
  layers: number,
): Layout {
  const sizes = new Map(edges.map(({ id, label }) => [id, label]));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (x: number, y: number, width = 0, height = 0): void => {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  };
  for (const { x, y, width, height } of nodes) include(x, y, width, height);
  for (const { id, points, label } of drawn) {
    for (const [x, y] of points) include(x, y);
    if (label !== undefined) include(label[0], label[1], sizes.get(id)?.width, sizes.get(id)?.height);
  }
  if (nodes.length === 0) [left, top, right, bottom] = [0, 0, 0, 0];
  const at = (x: number, y: number): readonly [number, number] => [
    rounded(x - left + MARGIN),
    rounded(y - top + MARGIN),
  ];
  return {
    width: Math.ceil(right - left + 2 * MARGIN),
    height: Math.ceil(bottom - top + 2 * MARGIN),
    layers,
    nodes: nodes.map((node) => {
      const [x, y] = at(node.x, node.y);
      return { ...node, x, y };
    }),
    edges: drawn.map((edge) => ({
      ...edge,
      points: edge.points.map(([x, y]) => at(x, y)),
      ...(edge.label === undefined ? {} : { label: at(edge.label[0], edge.label[1]) }),
    })),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
