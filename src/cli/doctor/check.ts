/** One thing that the doctor looked at. */
export interface Check {
  /** What was looked at: `node`, `probe`, `backlog` … */
  readonly name: string;
  /** `trouble` makes the exit code 1; `note` is for the reader only. */
  readonly status: 'ok' | 'note' | 'trouble';
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Checks under one heading. */
export interface CheckGroup {
  readonly title: string;
  readonly checks: readonly Check[];
}
