import type { StuckMove } from '../../shared/stuck/stuck-move.js';
import { hashText } from '../../shared/stuck/text-hash.js';
import type { Move } from '../moves/move.js';

const NO_OUTCOME = hashText('');

/** A move as the detectors take it. In observations a call is no state: only what it asks and brings counts. */
export function watchedMove(move: Move, cluster: number): StuckMove {
  return {
    id: move.id,
    label: move.actionLabel === '' ? move.stateLabel : move.actionLabel,
    state: move.basis === 'steps' ? String(cluster) : '',
    exactState: move.exactState,
    action: move.action,
    actionShape: move.actionShape,
    outcome: move.outcome === NO_OUTCOME ? '' : move.outcome,
    isError: move.isError,
    message: move.message,
    progress: move.progress,
    tokens: move.tokens,
    cost: move.cost,
    ms: move.ms,
  };
}
