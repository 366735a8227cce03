import type { Observation } from '../../../semconv/model/observation.js';
import type { Session } from '../../../semconv/model/session.js';
import type { Step } from '../../../semconv/model/step.js';
import type { Move, SessionFacts } from './move.js';
import { observationMoves } from './observation-moves.js';
import { stepMoves } from './step-moves.js';

/** Everything that analysis needs of one session: the answer of `GET /api/sessions/:id` is one. */
export interface SessionRecords {
  readonly session: Session;
  readonly steps: readonly Step[];
  readonly observations: readonly Observation[];
}

/** The moves of a session, in order: its steps, or its observations when it reports no steps. */
export function readMoves({ session, steps, observations }: SessionRecords): Move[] {
  return steps.some(({ implicit }) => !implicit)
    ? stepMoves(session.id, steps, observations)
    : observationMoves(session.id, observations);
}

/** Who said how a session ended: its user, else its error. */
export function sessionFacts({ id, isSuccessful, status }: Session): SessionFacts {
  if (isSuccessful !== undefined) return { id, isPassed: isSuccessful };
  return status === 'error' ? { id, isPassed: false } : { id };
}
