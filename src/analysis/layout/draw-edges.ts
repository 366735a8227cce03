import type { LayeredGraph } from './layered-graph.js';
import type { LayoutEdge, PlacedEdge, PlacedNode } from './layout-types.js';
import type { IndexedEdge, OrientedEdges } from './orient-edges.js';
import { placeLabels, type WantedLabel } from './place-labels.js';
import { routeArcs } from './route-arcs.js';

interface Drawing {
  readonly graph: LayeredGraph;
  readonly oriented: OrientedEdges;
  readonly edges: readonly LayoutEdge[];
  readonly placed: readonly PlacedNode[];
  readonly x: Float64Array;
  /** Middle of each layer. */
  readonly y: readonly number[];
  readonly layer: Int32Array;
}

type Point = readonly [x: number, y: number];

const LOOP = 26;
const ON_LINE = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
const ON_ARC = [0.5, 0.42, 0.58, 0.34, 0.66];

/** The way of each edge, in the order in which edges were given. */
export function drawEdges(drawing: Drawing): PlacedEdge[] {
  const { graph, oriented, edges, placed } = drawing;
  const long = new Set(graph.arcs.map(({ at }) => at));
  const sides = sidesOf(drawing);
  const beside = [...oriented.backward, ...graph.arcs];
  const onSide = (side: 1 | -1): Map<number, number> =>
    routeArcs(
      beside.filter(({ at }) => sides.get(at) === side),
      drawing.layer,
      extents(drawing, side),
    );
  const right = onSide(1);
  const left = onSide(-1);
  const farOf = ({ at }: IndexedEdge): number => right.get(at) ?? -(left.get(at) ?? 0);
  const found = [
    ...oriented.forward.filter(({ at }) => !long.has(at)).map((edge) => lineOf(drawing, edge)),
    ...graph.arcs.map((edge) => arcOf(drawing, edge, 'arc', farOf(edge))),
    ...oriented.backward.map((edge) => arcOf(drawing, edge, 'back', farOf(edge))),
    ...oriented.self.map((edge) => loopOf(drawing, edge)),
  ].toSorted((one, other) => one.at - other.at);
  const labels = placeLabels(
    found.flatMap(({ at, edge }): WantedLabel[] => {
      const label = edges[at]?.label;
      return label === undefined ? [] : [{ at, ...label, places: placesOn(edge, label.width) }];
    }),
    placed,
  );
  return found.map(({ at, edge }) => {
    const label = labels.get(at);
    return label === undefined ? edge : { ...edge, label };
  });
}

interface Drawn {
  readonly at: number;
  readonly edge: PlacedEdge;
}

function lineOf({ graph, edges, placed, x, y }: Drawing, { at, from, to }: IndexedEdge): Drawn {
  const [start, end] = [placed[from]!, placed[to]!];
  const points: Point[] = [
    [start.x, start.y + start.height / 2],
    ...(graph.pointsOf.get(at) ?? []).map((point): Point => [x[point]!, y[graph.layerOf[point]!]!]),
    [end.x, end.y - end.height / 2],
  ];
  return { at, edge: { id: edges[at]!.id, kind: 'line', points } };
}

/** Leaves and arrives at the side of the boxes, a little apart, so that two arcs of one pair do not lie on each other. */
function arcOf(
  { edges, placed }: Drawing,
  { at, from, to }: IndexedEdge,
  kind: 'arc' | 'back',
  far: number,
): Drawn {
  const [start, end] = [placed[from]!, placed[to]!];
  const side = Math.sign(far);
  const isDown = start.y < end.y;
  const startY = start.y + (isDown ? 1 : -1) * (start.height / 6);
  const endY = end.y + (isDown ? -1 : 1) * (end.height / 6);
  const points: Point[] = [
    [start.x + (side * start.width) / 2, startY],
    [far, startY],
    [far, endY],
    [end.x + (side * end.width) / 2, endY],
  ];
  return { at, edge: { id: edges[at]!.id, kind, points } };
}

function loopOf({ edges, placed }: Drawing, { at, from }: IndexedEdge): Drawn {
  const { x, y, width, height } = placed[from]!;
  const edge = x + width / 2;
  const points: Point[] = [
    [edge, y - height / 4],
    [edge + LOOP, y - height / 2],
    [edge + LOOP, y + height / 2],
    [edge, y + height / 4],
  ];
  return { at, edge: { id: edges[at]!.id, kind: 'self', points } };
}

/** Where fewer boxes are in the way; else back edges are on the right and long ones on the left. */
function sidesOf({ graph, oriented, layer }: Drawing): Map<number, 1 | -1> {
  const place = new Int32Array(graph.size);
  const boxes = graph.layers.map((nodes) => {
    let count = 0;
    for (const node of nodes) {
      place[node] = count;
      if (node < graph.nodeCount) count += 1;
    }
    return count;
  });
  const sides = new Map<number, 1 | -1>();
  const choose = ({ at, from, to }: IndexedEdge, usual: 1 | -1): void => {
    const onLeft = place[from]! + place[to]!;
    const onRight = boxes[layer[from]!]! + boxes[layer[to]!]! - 2 - onLeft;
    sides.set(at, onLeft === onRight ? usual : onLeft < onRight ? -1 : 1);
  };
  for (const edge of oriented.backward) choose(edge, 1);
  for (const edge of graph.arcs) choose(edge, -1);
  return sides;
}

/** How far the boxes of each layer reach to one side. */
function extents({ graph, placed, layer, x }: Drawing, side: 1 | -1): number[] {
  const reach = graph.layers.map(() => 0);
  for (const [at, { x: middle, width }] of placed.entries()) {
    reach[layer[at]!] = Math.max(reach[layer[at]!]!, side * middle + width / 2 + LOOP / 2);
  }
  for (let point = graph.nodeCount; point < graph.size; point += 1) {
    const of = graph.layerOf[point]!;
    reach[of] = Math.max(reach[of]!, side * x[point]!);
  }
  return reach;
}

function placesOn({ kind, points }: PlacedEdge, width: number): Point[] {
  const [first, second, third, last] = points;
  if (kind === 'self') return [[second![0] + width / 2 - 4, (second![1] + third![1]) / 2]];
  const middles =
    kind === 'line'
      ? ON_LINE.map((share) => alongLine(points, share))
      : ON_ARC.map((share): Point => [second![0], first![1] + (last![1] - first![1]) * share]);
  // Beside the edge, where nothing is free on it.
  const beside = [-1, 1].flatMap((side) => middles.map(([x, y]): Point => [x + side * (width / 2 + 4), y]));
  return [...middles, ...beside];
}

function alongLine(points: readonly Point[], share: number): Point {
  // By height: layers are as high as each other, more or less.
  const pieces = points.length - 1;
  const at = Math.min(pieces - 1, Math.floor(share * pieces));
  const within = share * pieces - at;
  const [from, to] = [points[at]!, points[at + 1]!];
  return [from[0] + (to[0] - from[0]) * within, from[1] + (to[1] - from[1]) * within];
}
