import { bounded } from './bounded.js';
import { detectDeadEnd } from './dead-end.js';
import { createMoveHistory } from './move-history.js';
import { detectPeriodic } from './periodic.js';
import { type Detector, detectErrorRetry, detectRepeatedMessage } from './retries.js';
import { detectStagnation } from './stagnation.js';
import { DEFAULT_LIMITS, type StuckLimits, type StuckMove, type StuckSignal } from './stuck-move.js';

const MOST_PROGRESS = 4096;
/** More than what any rule looks back on. */
const LEAST_HISTORY = 128;

/** Watches one session, move by move. Memory is bounded, and a move costs the same however long the session is. */
export interface StuckWatch {
  /** Takes the next move; returns the signals that began with it or go on. */
  append(move: StuckMove): StuckSignal[];
}

/** Makes a watch. The same code says what is stuck while a session runs, and afterwards. */
export function createStuckWatch(given: Partial<StuckLimits> = {}): StuckWatch {
  const limits: StuckLimits = { ...DEFAULT_LIMITS, ...given };
  const history = createMoveHistory(Math.max(LEAST_HISTORY, limits.maxPeriod * (limits.minRepeats + 1)));
  const progress = bounded<string>(MOST_PROGRESS);
  let errorRetry: StuckSignal | undefined;
  let periodic: StuckSignal | undefined;
  const detectors: readonly { detect: Detector; keep?: (signal: StuckSignal | undefined) => void }[] = [
    { detect: detectErrorRetry(history, limits), keep: (signal) => (errorRetry = signal) },
    {
      detect: detectPeriodic(history, limits, () => errorRetry !== undefined),
      keep: (signal) => (periodic = signal),
    },
    { detect: detectStagnation(history, limits, () => errorRetry !== undefined || periodic !== undefined) },
    { detect: detectDeadEnd(history, limits) },
    { detect: detectRepeatedMessage(history, limits) },
  ];
  return {
    append(move) {
      history.push(move);
      const isFresh = move.progress !== undefined && progress.add(move.progress);
      const touched: StuckSignal[] = [];
      for (const { detect, keep } of detectors) {
        const signal = detect(move, isFresh);
        keep?.(signal);
        if (signal !== undefined) touched.push(signal);
      }
      // The same words of a move that comes again are said by that.
      const isSaid = periodic?.period === 1 || errorRetry !== undefined;
      return isSaid ? touched.filter(({ rule }) => rule !== 'repeated-message') : touched;
    },
  };
}
