import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { errorOnce } from '../../tracing/diag.js';
import type { OtlpTarget } from '../../config/targets.js';
import type { DeliveryJournal } from '../delivery-journal.js';
import { encodeSpanLine } from '../encode-spans.js';
import { askForDelivery } from './hand-over.js';
import { isAuthenticated } from './journal.js';
import { noteLoss } from './journal-bounds.js';
import { acknowledgementLine, spanKey } from './read-segment.js';
import { openSegment, type SegmentWriter } from './segment-writer.js';

export type CrashJournal = NonNullable<DeliveryJournal['ahead']>;

export interface CrashJournalOptions {
  /** Waits for the disk at each line: survives a power cut too. */
  readonly fsync: boolean;
  /** Bytes after which the next segment begins. */
  readonly segmentBytes: number;
}

interface Segment {
  readonly writer: SegmentWriter;
  /** Spans in it that are open, or not acknowledged. */
  outstanding: number;
}

/**
 * The journal of `durability: 'crash'`: every end is on disk before anything else happens to it, so that SIGKILL loses
 * nothing. A start is on disk before the program goes on after its current synchronous part: what ends within the part
 * needs no line for its start. A segment goes away once all that is in it was acknowledged; what is left at the end stays for
 * another process. The first file appears with the first span. No method throws.
 */
export function createCrashJournal(target: OtlpTarget, options: CrashJournalOptions): CrashJournal {
  const segments = new Set<Segment>();
  /** Where a span is, by its id, which no two of a process share. One may end in a later segment than it began in. */
  const holders = new Map<string, Segment | Segment[]>();
  let current: Segment | undefined;
  /** Starts of this synchronous part of the program. */
  const starting = new Map<string, () => ReadableSpan>();

  const segmentToWrite = (): Segment => {
    if (current !== undefined && current.writer.bytes < options.segmentBytes) return current;
    const last = current;
    const { url } = target;
    current = {
      writer: openSegment({ url, authenticated: isAuthenticated(target), fsync: options.fsync }),
      outstanding: 0,
    };
    segments.add(current);
    if (last !== undefined) removeWhenDone(last);
    return current;
  };
  const removeWhenDone = (segment: Segment): void => {
    if (segment === current || segment.outstanding > 0) return;
    segments.delete(segment);
    discard(segment);
  };
  const write = (span: ReadableSpan): void => {
    try {
      const line = encodeSpanLine(span);
      const segment = segmentToWrite();
      segment.writer.append(line);
      const { spanId } = span.spanContext();
      const holding = holders.get(spanId);
      if (holding === segment || (Array.isArray(holding) && holding.includes(segment))) return;
      segment.outstanding += 1;
      if (holding === undefined) holders.set(spanId, segment);
      else holders.set(spanId, Array.isArray(holding) ? [...holding, segment] : [holding, segment]);
    } catch (error) {
      errorOnce('journal-write', 'the journal could not be written', error);
      noteLoss({ reason: 'the journal could not be written; the span is only in memory', spans: 1 });
    }
  };
  const writeStarts = (): void => {
    for (const masked of starting.values()) write(masked());
    starting.clear();
  };
  return {
    started: (span, mask) => {
      if (starting.size === 0) queueMicrotask(writeStarts);
      const attributes = attributesOf(span);
      starting.set(span.spanContext().spanId, () => mask(span, attributes));
    },
    ended: (span) => {
      starting.delete(span.spanContext().spanId);
      write(span);
    },
    acknowledged: (spans) => {
      const touched = new Map<Segment, ReadableSpan[]>();
      for (const span of spans) {
        const { spanId } = span.spanContext();
        const holding = holders.get(spanId);
        if (holding === undefined) continue;
        holders.delete(spanId);
        for (const segment of Array.isArray(holding) ? holding : [holding]) {
          segment.outstanding -= 1;
          const released = touched.get(segment);
          if (released === undefined) touched.set(segment, [span]);
          else released.push(span);
        }
      }
      for (const [segment, released] of touched) {
        removeWhenDone(segment);
        if (segments.has(segment)) note(segment, released.map(spanKey));
      }
    },
    close: () => {
      starting.clear();
      for (const segment of segments) {
        if (segment.outstanding > 0) complete(segment);
        else discard(segment);
      }
      if ([...segments].some(({ outstanding }) => outstanding > 0)) askForDelivery(target);
      segments.clear();
      holders.clear();
      current = undefined;
    },
  };
}

/** What comes later belongs to the end. Of a span that cannot be read, the mask will tell. */
function attributesOf(span: ReadableSpan): Attributes | undefined {
  try {
    return { ...span.attributes };
  } catch {
    return undefined;
  }
}

/** A crash must not send again, as abandoned, what the receiver has as ended. */
function note(segment: Segment, keys: readonly string[]): void {
  try {
    segment.writer.append(acknowledgementLine(keys));
  } catch (error) {
    errorOnce('journal-write', 'the journal could not be written', error);
  }
}

function discard(segment: Segment): void {
  try {
    segment.writer.remove();
  } catch (error) {
    errorOnce('journal-write', 'the journal could not be written', error);
  }
}

function complete(segment: Segment): void {
  try {
    segment.writer.complete();
  } catch (error) {
    errorOnce('journal-write', 'the journal could not be written', error);
  }
}
