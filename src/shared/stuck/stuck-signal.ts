import type { MoveHistory } from './move-history.js';
import type { LiveRule, StuckMove, StuckSignal } from './stuck-move.js';

interface Start {
  readonly rule: LiveRule;
  readonly period: number;
  readonly repeats: number;
  readonly maxIds: number;
  /** Positions of the moves that show it, in order. */
  readonly indexes: readonly number[];
  /** Position of the first move that did again what had been done. */
  readonly firstRepeated: number;
}

/** A new signal over moves that are still remembered. */
export function startSignal(history: MoveHistory, start: Start): StuckSignal {
  const { rule, period, repeats, indexes, maxIds } = start;
  const moves = indexes.map((index) => history.at(index)).filter((move) => move !== undefined);
  const signal: StuckSignal = {
    rule,
    period,
    label: moves.at(-1)?.label ?? '',
    firstIndex: indexes[0] ?? 0,
    firstRepeatedId: history.at(start.firstRepeated)?.id ?? '',
    ids: [],
    lastIndex: indexes.at(-1) ?? 0,
    repeats,
    steps: 0,
    tokens: 0,
    ms: 0,
    cost: undefined,
    isOpen: true,
  };
  for (const move of moves) addMove(signal, move, maxIds);
  return signal;
}

/** The signal goes on with this move. */
export function extendSignal(signal: StuckSignal, move: StuckMove, index: number, maxIds: number): void {
  signal.lastIndex = index;
  addMove(signal, move, maxIds);
}

/** Positions from `first` to `last`, both included. */
export function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function addMove(signal: StuckSignal, { id, tokens, ms, cost }: StuckMove, maxIds: number): void {
  if (signal.ids.length < maxIds) signal.ids.push(id);
  signal.steps += 1;
  signal.tokens += tokens;
  signal.ms += ms;
  if (cost !== undefined) signal.cost = (signal.cost ?? 0) + cost;
}
