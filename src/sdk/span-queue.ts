import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { spanSize } from './span-size.js';

/** Spans in the order in which they ended, taken out in batches. */
export interface SpanQueue {
  readonly size: number;
  push(span: ReadableSpan): void;
  /** The oldest spans, at most `maxSpans` and about as much text as one request should have. */
  take(maxSpans: number): ReadableSpan[];
  takeAll(): ReadableSpan[];
  /** Puts spans back in front: they are the oldest. */
  putBack(spans: readonly ReadableSpan[]): void;
}

/** A batch is also bounded by the text in it, so that one request stays in the megabytes. */
const MAX_BATCH_CHARACTERS = 4_000_000;
/** Spans that were taken leave a gap at the front, which is closed from time to time. */
const LARGEST_GAP = 4096;

export function createSpanQueue(): SpanQueue {
  let spans: ReadableSpan[] = [];
  let head = 0;
  return {
    get size() {
      return spans.length - head;
    },
    push: (span) => void spans.push(span),
    take: (maxSpans) => {
      const limit = Math.min(spans.length, head + maxSpans);
      let end = head;
      for (let characters = 0; end < limit && (characters < MAX_BATCH_CHARACTERS || end === head); end += 1) {
        const span = spans[end];
        if (span !== undefined) characters += spanSize(span);
      }
      const batch = spans.slice(head, end);
      head = end;
      if (head > LARGEST_GAP && head * 2 > spans.length) {
        spans = spans.slice(head);
        head = 0;
      }
      return batch;
    },
    takeAll: () => {
      const all = spans.slice(head);
      spans = [];
      head = 0;
      return all;
    },
    putBack: (batch) => {
      spans = [...batch, ...spans.slice(head)];
      head = 0;
    },
  };
}
