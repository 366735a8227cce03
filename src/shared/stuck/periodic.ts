import type { MoveHistory } from './move-history.js';
import { closed, type Detector } from './retries.js';
import type { LiveRule, StuckLimits, StuckMove, StuckSignal } from './stuck-move.js';
import { extendSignal, span, startSignal } from './stuck-signal.js';

/**
 * A sequence of moves that comes again at once: same state, same action, same outcome. Only the smallest period is said: one is an
 * exact retry, two a flip-flop. For each period a counter holds how many moves in a row equal the move that many before.
 */
export function detectPeriodic(
  history: MoveHistory,
  { minRepeats, maxPeriod, maxIds }: StuckLimits,
  /** True while another rule already says that the same move comes again. */
  isSaid: () => boolean,
): Detector {
  const runs = new Int32Array(maxPeriod + 1);
  let open: StuckSignal | undefined;
  /** Moves before it are not compared with later ones. */
  let barrier = 0;

  return (move, isFresh) => {
    const last = history.count - 1;
    if (isFresh) barrier = last;
    for (let period = 1; period <= maxPeriod; period += 1) {
      const before = last - period < barrier ? undefined : history.at(last - period);
      runs[period] = before !== undefined && isSameMove(before, move) ? runs[period]! + 1 : 0;
    }
    if (open !== undefined) {
      const run = runs[open.period]!;
      if (run > 0) {
        extendSignal(open, move, last, maxIds);
        open.repeats = Math.floor((run + open.period) / open.period);
        return open;
      }
      open = closed(open);
    }
    const period = smallestPeriod();
    if (period === undefined || (period === 1 && isSaid())) return undefined;
    const first = last - runs[period]! - period + 1;
    open = startSignal(history, {
      rule: ruleOf(period),
      period,
      repeats: Math.floor((runs[period]! + period) / period),
      maxIds,
      indexes: span(first, last),
      firstRepeated: first + period,
    });
    return open;
  };

  function smallestPeriod(): number | undefined {
    for (let period = 1; period <= maxPeriod; period += 1) {
      if (runs[period]! >= period * (minRepeats - 1)) return period;
    }
    return undefined;
  }
}

function isSameMove(left: StuckMove, right: StuckMove): boolean {
  return (
    left.action === right.action && left.exactState === right.exactState && left.outcome === right.outcome
  );
}

function ruleOf(period: number): LiveRule {
  if (period === 1) return 'exact-retry';
  return period === 2 ? 'flip-flop' : 'tandem-repeat';
}
