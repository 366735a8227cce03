import type { MoveHistory } from './move-history.js';
import type { LiveRule, StuckLimits, StuckMove, StuckSignal } from './stuck-move.js';
import { extendSignal, span, startSignal } from './stuck-signal.js';

/** One rule at work: given each move, it says which signal began or goes on. `isFresh`: the move shows progress. */
export type Detector = (move: StuckMove, isFresh: boolean) => StuckSignal | undefined;

/** The same action fails again and again, whatever the error says. */
export function detectErrorRetry(history: MoveHistory, limits: StuckLimits): Detector {
  return detectRun(history, limits, 'error-retry', ({ isError, action }) => (isError ? action : undefined));
}

/** The same words again and again, with nothing done in between. */
export function detectRepeatedMessage(history: MoveHistory, limits: StuckLimits): Detector {
  return detectRun(history, limits, 'repeated-message', ({ message }) => message);
}

/** Neighbours with the same key; a move without one ends the run. */
function detectRun(
  history: MoveHistory,
  { minRepeats, maxIds }: StuckLimits,
  rule: LiveRule,
  keyOf: (move: StuckMove) => string | undefined,
): Detector {
  let run = 0;
  let key: string | undefined;
  let open: StuckSignal | undefined;
  return (move, isFresh) => {
    const next = keyOf(move);
    const isSame = !isFresh && next !== undefined && next === key;
    run = isSame ? run + 1 : next === undefined ? 0 : 1;
    key = next;
    if (!isSame) open = closed(open);
    if (run < minRepeats) return undefined;
    const last = history.count - 1;
    const first = last - run + 1;
    if (open === undefined) {
      const indexes = span(first, last);
      open = startSignal(history, {
        rule,
        period: 1,
        repeats: run,
        maxIds,
        indexes,
        firstRepeated: first + 1,
      });
    } else {
      extendSignal(open, move, last, maxIds);
      open.repeats = run;
    }
    return open;
  };
}

export function closed(signal: StuckSignal | undefined): undefined {
  if (signal !== undefined) signal.isOpen = false;
  return undefined;
}
