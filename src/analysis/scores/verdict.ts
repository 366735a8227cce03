import type { Criterion } from '../../../semconv/model/rubric.js';
import type { SessionRecords } from '../moves/read-moves.js';
import type { RunHistory } from './history.js';

/** What was found of one criterion. */
export interface Verdict {
  /** A number for score rubrics, a boolean for pass/fail ones. */
  value: number | boolean;
  explanation: string;
  /** Ids of the steps and observations that it rests on. */
  evidence?: string[];
}

/** A run, and the others that it is seen against. */
export interface JudgedRun extends SessionRecords {
  readonly history?: RunHistory;
}

/**
 * Judges a run by one criterion. Undefined when it cannot be told: then the criterion counts for nothing. A value from 0 to 1
 * where the criterion defines no values of its own.
 */
export type Judge = (
  run: JudgedRun,
  criterion: Criterion,
) => Verdict | undefined | Promise<Verdict | undefined>;
