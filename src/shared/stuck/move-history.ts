import type { StuckMove } from './stuck-move.js';

/** The newest moves, by their position in the session. */
export interface MoveHistory {
  readonly count: number;
  push(move: StuckMove): void;
  /** Undefined for a move that is too old, or not there yet. */
  at(index: number): StuckMove | undefined;
}

/** Keeps the newest `capacity` moves. */
export function createMoveHistory(capacity: number): MoveHistory {
  const ring: StuckMove[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    push(move) {
      ring[count % capacity] = move;
      count += 1;
    },
    at: (index) =>
      index >= 0 && index < count && index >= count - capacity ? ring[index % capacity] : undefined,
  };
}
