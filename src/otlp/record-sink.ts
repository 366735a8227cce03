import { SpanRejection } from './defects.js';

/** Records of a request that could not be kept. */
export interface Rejected {
  count: number;
  /** What was wrong with the first one. */
  reason: string;
}

/** Collects the spans or log records of one request, and counts those that must be left out. */
export interface RecordSink<T> {
  add(read: () => T): void;
  readonly records: T[];
  readonly rejected: Rejected | undefined;
}

/** Makes an empty sink. */
export function createRecordSink<T>(): RecordSink<T> {
  const records: T[] = [];
  let rejected: Rejected | undefined;
  return {
    records,
    get rejected() {
      return rejected;
    },
    add(read) {
      try {
        records.push(read());
      } catch (error) {
        if (!(error instanceof SpanRejection)) throw error;
        rejected = { count: (rejected?.count ?? 0) + 1, reason: rejected?.reason ?? error.message };
      }
    },
  };
}
