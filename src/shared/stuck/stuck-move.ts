/** The rules that need no more than the moves before: those that also work while the session runs. */
export type LiveRule =
  | 'exact-retry'
  | 'error-retry'
  | 'tandem-repeat'
  | 'flip-flop'
  | 'stagnation'
  | 'dead-end'
  | 'repeated-message';

/** One move of an agent, reduced to what is equal and what is not. All but `id` and `label` are keys or hashes. */
export interface StuckMove {
  readonly id: string;
  /** What was done, for a person. */
  readonly label: string;
  /** States that are taken for the same have the same one; empty when no state is known. */
  readonly state: string;
  /** The state with the values in it. */
  readonly exactState: string;
  readonly action: string;
  /** The action without its values: equal for calls of the same kind. */
  readonly actionShape: string;
  /** Empty when nothing is known of it. */
  readonly outcome: string;
  readonly isError: boolean;
  /** What was said, when the move was nothing else. */
  readonly message?: string | undefined;
  /** A value that was not seen before is progress. */
  readonly progress?: string | undefined;
  readonly tokens: number;
  readonly cost?: number | undefined;
  readonly ms: number;
}

/** When a run counts as stuck. */
export interface StuckLimits {
  /** How often the same must be done. Default 3. */
  minRepeats: number;
  /** Longest sequence that is looked for, in moves. Default 32. */
  maxPeriod: number;
  /** Moves in one state with nothing new coming of them. Default 6. */
  stagnationSteps: number;
  /** Most ids that a finding names. Default 100 while a session runs, 1000 afterwards. */
  maxIds: number;
}

export const DEFAULT_LIMITS: StuckLimits = {
  minRepeats: 3,
  maxPeriod: 32,
  stagnationSteps: 6,
  maxIds: 100,
};

/** One way in which a session goes in circles. It grows while that goes on. */
export interface StuckSignal {
  readonly rule: LiveRule;
  readonly period: number;
  readonly label: string;
  readonly firstIndex: number;
  readonly firstRepeatedId: string;
  readonly ids: string[];
  lastIndex: number;
  repeats: number;
  steps: number;
  tokens: number;
  ms: number;
  cost: number | undefined;
  isOpen: boolean;
}
