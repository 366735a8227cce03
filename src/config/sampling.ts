/** What a sampling function is asked about: a session, or a trace outside of any session, at its start. */
export interface SampleSubject {
  readonly kind: 'session' | 'trace';
  /** The session's id or the trace's id. */
  readonly id: string;
  /** Name of the session, or of the trace's first span. Absent when another process opened the session. */
  readonly name?: string;
  readonly userId?: string;
  readonly tags?: readonly string[];
}

/** A share from 0 to 1, or a function that is asked once for each session and each trace outside of sessions. */
export type Sample = number | ((subject: SampleSubject) => number | boolean);

/** What is kept although `sample` leaves it out. Decided at the end of the session, or of the trace when there is none. */
export interface Keep {
  /** Keeps what holds a failed span, a failed event, or a session that was called unsuccessful. */
  failed?: boolean;
  /** Keeps what took longer, in milliseconds. */
  slowerThanMs?: number;
}
