import { SpanRejection } from './defects.js';
import type { SpanRecord } from './records.js';

/** Spans of a request that could not be kept. */
export interface Rejected {
  count: number;
  /** What was wrong with the first one. */
  reason: string;
}

/** Collects the spans of one request, and counts those that must be left out. */
export interface SpanSink {
  add(read: () => SpanRecord): void;
  readonly spans: SpanRecord[];
  readonly rejected: Rejected | undefined;
}

/** Makes an empty sink. */
export function createSpanSink(): SpanSink {
  const spans: SpanRecord[] = [];
  let rejected: Rejected | undefined;
  return {
    spans,
    get rejected() {
      return rejected;
    },
    add(read) {
      try {
        spans.push(read());
      } catch (error) {
        if (!(error instanceof SpanRejection)) throw error;
        rejected = { count: (rejected?.count ?? 0) + 1, reason: rejected?.reason ?? error.message };
      }
    },
  };
}
