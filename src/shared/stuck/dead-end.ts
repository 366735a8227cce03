import type { MoveHistory } from './move-history.js';
import { closed, type Detector } from './retries.js';
import type { StuckLimits, StuckMove, StuckSignal } from './stuck-move.js';
import { extendSignal } from './stuck-signal.js';

const MOST_STATES = 1024;

interface Visits {
  last: number;
  failed: StuckMove[];
  firstIndex: number;
  signal: StuckSignal | undefined;
}

/** The same state is come back to, and fails each time. Failing several times in a row there is one visit. */
export function detectDeadEnd(history: MoveHistory, { minRepeats, maxIds }: StuckLimits): Detector {
  const known = new Map<string, Visits>();
  return (move, isFresh) => {
    if (isFresh) known.clear();
    if (move.state === '') return undefined;
    const index = history.count - 1;
    const visits = known.get(move.state);
    if (!move.isError) {
      closed(visits?.signal);
      known.delete(move.state);
      return undefined;
    }
    if (visits === undefined) {
      remember(move.state, { last: index, failed: [move], firstIndex: index, signal: undefined });
      return undefined;
    }
    const isSameVisit = visits.last === index - 1;
    visits.last = index;
    if (visits.signal !== undefined) {
      extendSignal(visits.signal, move, index, maxIds);
      if (!isSameVisit) visits.signal.repeats += 1;
      return visits.signal;
    }
    if (isSameVisit) return undefined;
    visits.failed.push(move);
    if (visits.failed.length < minRepeats) return undefined;
    visits.signal = signalOf(visits, index, maxIds);
    return visits.signal;
  };

  function remember(state: string, visits: Visits): void {
    known.set(state, visits);
    if (known.size <= MOST_STATES) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }
}

function signalOf({ failed, firstIndex }: Visits, lastIndex: number, maxIds: number): StuckSignal {
  const costs = failed.flatMap(({ cost }) => cost ?? []);
  return {
    rule: 'dead-end',
    period: 1,
    label: failed.at(-1)?.label ?? '',
    firstIndex,
    firstRepeatedId: failed[1]?.id ?? '',
    ids: failed.slice(0, maxIds).map(({ id }) => id),
    lastIndex,
    repeats: failed.length,
    steps: failed.length,
    tokens: failed.reduce((sum, { tokens }) => sum + tokens, 0),
    ms: failed.reduce((sum, { ms }) => sum + ms, 0),
    cost: costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0),
    isOpen: true,
  };
}
