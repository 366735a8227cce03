import { bounded } from './bounded.js';
import type { MoveHistory } from './move-history.js';
import { closed, type Detector } from './retries.js';
import type { StuckLimits, StuckSignal } from './stuck-move.js';
import { extendSignal, span, startSignal } from './stuck-signal.js';

const MOST_KNOWN = 4096;
const MOST_ACTIONS = 256;

/**
 * The state stays the same while this and that is tried, and nothing that is new comes of it. Calls of one kind that each have
 * other arguments are a batch, not stagnation; and where all of a session is one state, nobody tracks it.
 */
export function detectStagnation(
  history: MoveHistory,
  { stagnationSteps, maxIds }: StuckLimits,
  isSaid: () => boolean,
): Detector {
  const outcomes = bounded<string>(MOST_KNOWN);
  const views = bounded<string>(MOST_KNOWN);
  const states = bounded<string>(2);
  let first = 0;
  let state = '';
  let actions = new Set<string>();
  let shapes = new Set<string>();
  let open: StuckSignal | undefined;

  return (move, isFresh) => {
    const last = history.count - 1;
    // Both sets must learn of the move, whichever of them is asked first.
    const isNewOutcome = outcomes.add(move.outcome) && move.outcome !== '';
    const isNewView = views.add(move.exactState);
    states.add(move.state);
    if (isFresh || isNewOutcome || isNewView || move.state !== state || move.state === '') {
      // The move that brought something new is where the wait for the next new thing begins.
      [first, state, actions, shapes] = [last, move.state, new Set(), new Set()];
      open = closed(open);
    }
    if (actions.size < MOST_ACTIONS) actions.add(move.action);
    if (shapes.size < MOST_ACTIONS) shapes.add(move.actionShape);
    if (open !== undefined) {
      extendSignal(open, move, last, maxIds);
      open.repeats = open.steps;
      return open;
    }
    const steps = last - first + 1;
    if (steps < stagnationSteps || !isTrying(steps) || isSaid()) return undefined;
    // Of a long wait only the end may still be remembered.
    let from = first;
    while (history.at(from) === undefined) from += 1;
    open = startSignal(history, {
      rule: 'stagnation',
      period: 1,
      repeats: steps,
      maxIds,
      indexes: span(from, last),
      firstRepeated: from + 1,
    });
    return open;
  };

  function isTrying(steps: number): boolean {
    const isBatch = shapes.size === 1 && actions.size === Math.min(steps, MOST_ACTIONS);
    return states.size > 1 && actions.size > 1 && !isBatch;
  }
}
