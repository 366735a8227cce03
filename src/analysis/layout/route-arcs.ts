/** An edge that goes beside the boxes, from layer to layer. */
export interface Arc {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

interface Span {
  readonly arc: Arc;
  readonly top: number;
  readonly bottom: number;
}

const FIRST_LANE = 28;
const LANE = 18;
/** With more arcs than this, lanes are found without looking at each pair. */
const MOST_COMPARED = 2000;

/**
 * How far from the middle each arc runs, by the number of its edge. Short arcs are inside, long ones outside, and two that pass
 * the same layer are in different lanes. `extent` is how far the boxes of a layer reach.
 */
export function routeArcs(
  arcs: readonly Arc[],
  layerOf: Int32Array,
  extent: readonly number[],
): Map<number, number> {
  const spans = arcs.map((arc): Span => {
    const [from, to] = [layerOf[arc.from]!, layerOf[arc.to]!];
    return { arc, top: Math.min(from, to), bottom: Math.max(from, to) };
  });
  spans.sort(
    (left, right) =>
      left.bottom - left.top - (right.bottom - right.top) ||
      left.top - right.top ||
      left.arc.at - right.arc.at,
  );
  return spans.length > MOST_COMPARED ? inGlobalLanes(spans, extent) : inLocalLanes(spans, extent);
}

function inLocalLanes(spans: readonly Span[], extent: readonly number[]): Map<number, number> {
  const reach = new Map<number, number>();
  const placed: { top: number; bottom: number; far: number }[] = [];
  for (const { arc, top, bottom } of spans) {
    let far = farthest(extent, top, bottom) + FIRST_LANE;
    for (const other of placed) {
      if (other.top <= bottom && other.bottom >= top) far = Math.max(far, other.far + LANE);
    }
    placed.push({ top, bottom, far });
    reach.set(arc.at, far);
  }
  return reach;
}

function inGlobalLanes(spans: readonly Span[], extent: readonly number[]): Map<number, number> {
  const reach = new Map<number, number>();
  const far = farthest(extent, 0, extent.length - 1) + FIRST_LANE;
  const free: number[] = [];
  for (const { arc, top, bottom } of spans.toSorted((left, right) => left.top - right.top)) {
    let lane = free.findIndex((layer) => layer < top);
    if (lane === -1) lane = free.length;
    free[lane] = bottom;
    reach.set(arc.at, far + lane * LANE);
  }
  return reach;
}

function farthest(extent: readonly number[], top: number, bottom: number): number {
  let most = 0;
  for (let layer = top; layer <= bottom; layer += 1) most = Math.max(most, extent[layer] ?? 0);
  return most;
}
