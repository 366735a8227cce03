import type { Finding, StuckReport } from '../../../semconv/model/finding.js';
import { signalFinding } from '../../shared/stuck/signal-finding.js';
import type { StuckLimits, StuckSignal } from '../../shared/stuck/stuck-move.js';
import { createStuckWatch } from '../../shared/stuck/stuck-watch.js';
import { type ClusterOptions, createClusterer } from '../clusters/clusterer.js';
import type { Move } from '../moves/move.js';
import { findChurn } from './churn.js';
import { figuresOf } from './figures.js';
import { watchedMove } from './watched-move.js';

/** When a session counts as stuck, and how its states are taken together. */
export interface StuckOptions extends ClusterOptions {
  limits?: Partial<StuckLimits>;
  /** Steps of the shortest session that passed, to compare with. */
  bestPassingSteps?: number;
}

/** A move with the number of its cluster. */
export interface PlacedMove {
  readonly move: Move;
  readonly cluster: number;
}

/** Finds stuck behaviour move by move. */
export interface StuckAnalyzer {
  /** Takes the next move of the session; returns the findings that began with it or go on. */
  append(move: Move): Finding[];
  /** All findings so far, with those that need the whole session. */
  report(): StuckReport;
}

const MOST_IDS = 1000;
const PERIODIC: ReadonlySet<string> = new Set(['exact-retry', 'flip-flop', 'tandem-repeat']);

/** Makes an analyzer of one session. Moves must come in order. */
export function createStuckAnalyzer(sessionId: string, options: StuckOptions = {}): StuckAnalyzer {
  const limits: Partial<StuckLimits> = { maxIds: MOST_IDS, ...options.limits };
  const watch = createStuckWatch(limits);
  const clusterer = createClusterer(options);
  const placed: PlacedMove[] = [];
  const signals = new Set<StuckSignal>();
  return {
    append(move) {
      const { cluster } = clusterer.assign(move);
      placed.push({ move, cluster });
      const touched = watch.append(watchedMove(move, cluster));
      for (const signal of touched) signals.add(signal);
      return touched.map((signal) => signalFinding(sessionId, move.basis, signal));
    },
    report() {
      const basis = placed[0]?.move.basis ?? 'steps';
      const found = [...signals].map((signal) => signalFinding(sessionId, basis, signal));
      const single = withoutSaid(found);
      const findings = [...single, ...findChurn(sessionId, placed, single)].toSorted(
        (left, right) => left.firstIndex - right.firstIndex || right.steps - left.steps,
      );
      return {
        sessionId,
        basis,
        findings,
        figures: figuresOf(placed, findings, options.bestPassingSteps),
      };
    },
  };
}

/** A wait that turns out to be a sequence that comes again is told by the latter. */
function withoutSaid(findings: readonly Finding[]): Finding[] {
  const told = new Set(findings.flatMap(({ rule, stepIds }) => (PERIODIC.has(rule) ? stepIds : [])));
  return findings.filter(
    ({ rule, stepIds }) =>
      rule !== 'stagnation' || stepIds.filter((id) => told.has(id)).length * 2 < stepIds.length,
  );
}
