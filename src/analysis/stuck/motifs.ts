import type { Motif } from '../../../semconv/model/finding.js';
import { type ClusterOptions, createClusterer } from '../clusters/clusterer.js';
import type { Move } from '../moves/move.js';
import { readMoves, sessionFacts, type SessionRecords } from '../moves/read-moves.js';

export interface MotifOptions extends ClusterOptions {
  /** Fewest failed sessions that a motif must be in. Default 2. */
  minFailed?: number;
  /** How many times as likely to fail a session with it must be. Default 1.5. */
  minLift?: number;
  /** Longest motif, in moves. Default 6. */
  maxLength?: number;
  /** How many are given. Default 20. */
  most?: number;
}

interface Count {
  readonly symbols: readonly number[];
  readonly example: readonly Move[];
  readonly failed: string[];
  readonly passed: string[];
}

const MOST_MOVES = 5000;
const MOST_GRAMS = 500_000;
const MOST_SESSIONS = 20;

/** Sequences of moves that are in more of the failed than of the passed sessions, what separates best first. */
export function findMotifs(sessions: readonly SessionRecords[], options: MotifOptions = {}): Motif[] {
  const { minFailed = 2, minLift = 1.5, maxLength = 6, most = 20 } = options;
  const judged = sessions
    .map((records) => ({ facts: sessionFacts(records.session), records }))
    .filter(({ facts }) => facts.isPassed !== undefined)
    .toSorted((left, right) => (left.facts.id < right.facts.id ? -1 : 1));
  const failures = judged.filter(({ facts }) => facts.isPassed === false).length;
  if (failures === 0 || failures === judged.length) return [];
  const counts = countGrams(judged, options, maxLength);
  const base = failures / judged.length;
  const liftOf = ({ failed, passed }: Count): number =>
    failed.length / (failed.length + passed.length) / base;
  const found = [...counts.values()].filter(
    (count) => count.failed.length >= minFailed && liftOf(count) >= minLift,
  );
  // What separates more sessions comes first; of two equal ones, the longer says more.
  const weightOf = (count: Count): number => (liftOf(count) - 1) * Math.sqrt(count.failed.length);
  const sorted = found.toSorted(
    (left, right) => weightOf(right) - weightOf(left) || right.symbols.length - left.symbols.length,
  );
  return withoutParts(sorted, most).map((count) => ({
    moves: count.example.map(({ stateLabel, actionLabel }) => ({ state: stateLabel, action: actionLabel })),
    failed: count.failed.length,
    passed: count.passed.length,
    lift: liftOf(count),
    sessionIds: [...count.failed, ...count.passed].slice(0, MOST_SESSIONS),
  }));
}

function countGrams(
  judged: readonly { facts: { id: string; isPassed?: boolean }; records: SessionRecords }[],
  options: ClusterOptions,
  maxLength: number,
): Map<string, Count> {
  const clusterer = createClusterer(options);
  const symbolIds = new Map<string, number>();
  const counts = new Map<string, Count>();
  for (const { facts, records } of judged) {
    const moves = readMoves(records).slice(0, MOST_MOVES);
    const symbols = moves.map((move) => {
      const key = `${clusterer.assign(move).cluster} ${move.action}`;
      const known = symbolIds.get(key) ?? symbolIds.size;
      symbolIds.set(key, known);
      return known;
    });
    const seen = new Set<string>();
    for (let length = 1; length <= maxLength; length += 1) {
      for (let at = 0; at + length <= symbols.length; at += 1) {
        const gram = symbols.slice(at, at + length);
        const key = gram.join(' ');
        if (seen.has(key)) continue;
        seen.add(key);
        let count = counts.get(key);
        if (count === undefined) {
          if (counts.size >= MOST_GRAMS) continue;
          count = { symbols: gram, example: moves.slice(at, at + length), failed: [], passed: [] };
          counts.set(key, count);
        }
        (facts.isPassed === true ? count.passed : count.failed).push(facts.id);
      }
    }
  }
  return counts;
}

/** A part of a longer motif that is in the same sessions says nothing more. */
function withoutParts(sorted: readonly Count[], most: number): Count[] {
  const kept: Count[] = [];
  for (const count of sorted) {
    if (kept.length === most) break;
    const isPart = kept.some(
      (other) =>
        other.failed.length === count.failed.length &&
        other.passed.length === count.passed.length &&
        ` ${other.symbols.join(' ')} `.includes(` ${count.symbols.join(' ')} `),
    );
    if (!isPart) kept.push(count);
  }
  return kept;
}
