import type { Observation } from '../../semconv/model/observation.js';
import { groupBy } from './group-by.js';

/** An observation with the lines of the tree that lead to it. */
export interface ObservationRow {
  observation: Observation;
  /** Before its own line, such as `│  ├─`. */
  branch: string;
  /** Before the lines that belong to it, such as `│  │ `. */
  trunk: string;
}

/** Beyond this the tree no longer moves to the right, or deep runs would leave no room for text. */
const MAX_DEPTH = 8;

/**
 * Puts observations below their parents, in the order in which they happened. What has no parent here is a root; what
 * hostile ids make go in circles is shown as a root too, so that nothing is left out.
 */
export function layOutObservations(given: readonly Observation[]): ObservationRow[] {
  const observations = given.toSorted(byTime);
  const keys = new Set(observations.map((observation) => keyOf(observation, observation.id)));
  const children = groupBy(observations, (observation) => {
    const parent = keyOf(observation, observation.parentId);
    return parent !== undefined && keys.has(parent) ? parent : undefined;
  });
  const seen = new Set<Observation>();
  const circling = (): Observation[] =>
    observations.filter((observation) => !seen.has(observation)).slice(0, 1);
  const rows: { observation: Observation; depth: number; isLast: boolean; base: string }[] = [];
  for (let roots = children.get(undefined) ?? circling(); roots.length > 0; roots = circling()) {
    const waiting = toFrames(roots, 0, '');
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next.observation)) continue;
      seen.add(next.observation);
      rows.push(next);
      const below = children.get(keyOf(next.observation, next.observation.id)) ?? [];
      const base = next.depth < MAX_DEPTH ? `${next.base}${next.isLast ? '  ' : '│ '}` : next.base;
      waiting.push(...toFrames(below, next.depth + 1, base));
    }
  }
  return rows.map(({ observation, isLast, base }) => ({
    observation,
    branch: `${base}${isLast ? '└─' : '├─'}`,
    trunk: `${base}${isLast ? '  ' : '│ '}`,
  }));
}

/** Some clocks tick once a millisecond: of two that began within the same tick, the one that ended first came first. */
function byTime(one: Observation, other: Observation): number {
  if (one.startMs !== other.startMs) return one.startMs - other.startMs;
  return (one.endMs ?? Infinity) < (other.endMs ?? Infinity) ? -1 : Number(one.endMs !== other.endMs);
}

type Frame = { observation: Observation; depth: number; isLast: boolean; base: string };

/** Last first, because the end of the list is taken next. */
function toFrames(observations: readonly Observation[], depth: number, base: string): Frame[] {
  return observations
    .map((observation, at) => ({ observation, depth, base, isLast: at === observations.length - 1 }))
    .toReversed();
}

function keyOf(observation: Observation, spanId: string | undefined): string | undefined {
  return spanId === undefined ? undefined : `${observation.traceId} ${spanId}`;
}
