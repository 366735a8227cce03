/**
 * One step of a session as the graph and the detectors see it, or one observation where a session has no steps. Canonical
 * forms are made once, here, so that everything after works on equal and unequal.
 */
export interface Move {
  readonly id: string;
  readonly sessionId: string;
  readonly basis: 'steps' | 'observations';
  readonly index: number;
  readonly previousId?: string;
  /** What a person reads. */
  readonly stateLabel: string;
  readonly actionLabel: string;
  /** Key that the user gave; it decides alone. */
  readonly stateKey?: string;
  /** Canonical form, without values. Empty when the step says nothing of its state. */
  readonly stateText: string;
  /** The state with its values: page 1 is not page 2. */
  readonly exactState: string;
  /** What was done, with every argument. */
  readonly action: string;
  /** The same without its values: equal for calls of one kind. */
  readonly actionShape: string;
  /** What came of it. */
  readonly outcome: string;
  readonly isError: boolean;
  readonly reason?: string;
  /** A text to the user or to the next turn, when the move was only that. */
  readonly message?: string;
  /** As the user declared it. */
  readonly progress?: string;
  readonly screenshot?: string;
  readonly tokens: number;
  readonly cost?: number;
  readonly ms: number;
}

/** What the graph needs to know of a session. */
export interface SessionFacts {
  readonly id: string;
  /** Undefined while nobody has judged it. */
  readonly isPassed?: boolean;
}
