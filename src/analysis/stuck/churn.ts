import type { Finding } from '../../../semconv/model/finding.js';
import type { Move } from '../moves/move.js';
import { stronglyConnected } from '../graph/strongly-connected.js';
import type { PlacedMove } from './stuck-analyzer.js';

const LEAST_RETURNS = 3;
const LEAST_STALE = 4;
const LEAST_STALE_SHARE = 0.5;
const MOST_IDS = 1000;

interface Circle {
  /** Positions of the moves inside. */
  readonly indexes: number[];
  returns: number;
  /** Moves that did, with the same outcome, what had been done before, and that no other finding covers. */
  readonly stale: number[];
}

/**
 * States that the session went round and round in, without a fixed order: more than one state, each of which leads to the
 * others, with several moves back and, for the most part, nothing new. What other findings cover is left to them.
 */
export function findChurn(
  sessionId: string,
  placed: readonly PlacedMove[],
  others: readonly Finding[],
): Finding[] {
  const component = componentsOf(placed);
  const covered = new Set(others.flatMap(({ stepIds }) => stepIds));
  const circles = new Map<number, Circle>();
  const seen = new Set<string>();
  const progress = new Set<string>();
  for (const [at, { move, cluster }] of placed.entries()) {
    const circle = circleOf(circles, component[cluster]!);
    const key = keyOf(move);
    const isFresh = move.progress !== undefined && !progress.has(move.progress);
    if (move.progress !== undefined) progress.add(move.progress);
    circle.indexes.push(at);
    if (seen.has(key) && !isFresh && !covered.has(move.id)) circle.stale.push(at);
    seen.add(key);
    const before = placed[at - 1];
    if (before !== undefined && cluster < before.cluster && component[cluster] === component[before.cluster])
      circle.returns += 1;
  }
  return [...circles.values()].flatMap((circle) => {
    const states = new Set(circle.indexes.map((at) => placed[at]!.cluster)).size;
    const share =
      circle.stale.length / circle.indexes.filter((at) => !covered.has(placed[at]!.move.id)).length;
    const isChurn =
      states > 1 &&
      circle.returns >= LEAST_RETURNS &&
      circle.stale.length >= LEAST_STALE &&
      share >= LEAST_STALE_SHARE;
    return isChurn ? [churnFinding(sessionId, placed, circle, states)] : [];
  });
}

/** From the first move that was done again to the last that had been done before: what leads in and out is not part of it. */
function core({ indexes, stale }: Circle, placed: readonly PlacedMove[]): number[] {
  const again = new Set(stale.map((at) => keyOf(placed[at]!.move)));
  const first = indexes.find((at) => again.has(keyOf(placed[at]!.move))) ?? 0;
  const last = stale.at(-1) ?? 0;
  return indexes.filter((at) => at >= first && at <= last);
}

function keyOf({ exactState, action, outcome }: Move): string {
  return `${exactState} ${action} ${outcome}`;
}

function churnFinding(
  sessionId: string,
  placed: readonly PlacedMove[],
  circle: Circle,
  states: number,
): Finding {
  const { stale, returns } = circle;
  const indexes = core(circle, placed);
  const moves = indexes.map((at) => placed[at]!.move);
  const costs = moves.flatMap(({ cost }) => cost ?? []);
  return {
    rule: 'revisit-churn',
    sessionId,
    basis: moves[0]!.basis,
    summary: `${indexes.length} moves went round among ${states} states; ${stale.length} of them did again what had been done before.`,
    stepIds: moves.slice(0, MOST_IDS).map(({ id }) => id),
    firstRepeatedId: placed[stale[0]!]!.move.id,
    repeats: returns,
    period: states,
    firstIndex: indexes[0]!,
    lastIndex: indexes.at(-1)!,
    steps: moves.length,
    tokens: moves.reduce((sum, { tokens }) => sum + tokens, 0),
    ms: moves.reduce((sum, { ms }) => sum + ms, 0),
    ...(costs.length === 0 ? {} : { cost: costs.reduce((sum, cost) => sum + cost, 0) }),
    isOpen: indexes.at(-1) === placed.length - 1,
  };
}

function componentsOf(placed: readonly PlacedMove[]): Int32Array {
  const targets: number[][] = [];
  for (const [at, { cluster }] of placed.entries()) {
    targets[cluster] ??= [];
    const next = placed[at + 1];
    if (next !== undefined && next.cluster !== cluster) targets[cluster].push(next.cluster);
  }
  return stronglyConnected(targets.length, targets);
}

function circleOf(circles: Map<number, Circle>, component: number): Circle {
  const known = circles.get(component);
  if (known !== undefined) return known;
  const made: Circle = { indexes: [], returns: 0, stale: [] };
  circles.set(component, made);
  return made;
}
