import type { SessionRecords } from '../moves/read-moves.js';
import { sessionFacts } from '../moves/read-moves.js';

/** Durations and costs of other runs of the same project, in order. */
export interface RunHistory {
  readonly durationsMs: readonly number[];
  readonly costs: readonly number[];
}

/** Runs from which on one is seen against the others. */
export const LEAST_HISTORY = 5;

/** The history that runs are; those that are known to have failed are no measure. */
export function createHistory(runs: Iterable<Pick<SessionRecords, 'session'>>): RunHistory {
  const durationsMs: number[] = [];
  const costs: number[] = [];
  for (const { session } of runs) {
    if (sessionFacts(session).isPassed === false) continue;
    if (session.endMs !== undefined) durationsMs.push(session.endMs - session.startMs);
    if (session.cost !== undefined) costs.push(session.cost);
  }
  return { durationsMs: durationsMs.toSorted(ascending), costs: costs.toSorted(ascending) };
}

/**
 * How an amount stands against what is usual: 1 up to the upper quartile, then less, and 0 from the point that is thrice the
 * usual spread, or thrice the upper quartile, beyond it. Undefined with too few to compare.
 */
export function standing(amount: number, usual: readonly number[]): number | undefined {
  if (usual.length < LEAST_HISTORY) return undefined;
  const upper = quantile(usual, 0.75);
  const spread = Math.max(upper - quantile(usual, 0.25), upper, Number.MIN_VALUE);
  return Math.min(1, Math.max(0, 1 - (amount - upper) / (3 * spread)));
}

/** @param sorted at least one number, in order */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

function ascending(a: number, b: number): number {
  return a - b;
}
