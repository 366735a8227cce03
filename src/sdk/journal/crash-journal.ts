import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { errorOnce } from '../../tracing/diag.js';
import type { OtlpTarget } from '../../config/targets.js';
import type { DeliveryJournal } from '../delivery-journal.js';
import { askForDelivery } from './hand-over.js';
import { isAuthenticated } from './journal.js';
import { noteLoss } from './journal-bounds.js';
import { acknowledgementLine, spanKey } from './read-segment.js';
import { openSegment, type SegmentWriter } from './segment-writer.js';
import { encodeLine } from './span-lines.js';

export type CrashJournal = NonNullable<DeliveryJournal['ahead']>;

export interface CrashJournalOptions {
  /** Waits for the disk at each line: survives a power cut too. */
  readonly fsync: boolean;
  /** Bytes after which the next segment begins. */
  readonly segmentBytes: number;
}

interface Segment {
  readonly writer: SegmentWriter;
  /** Names of the spans in it that are open, or not acknowledged. */
  readonly outstanding: Set<string>;
}

/**
 * The journal of `durability: 'crash'`: every start and every end is on disk before anything else happens to it, so that
 * SIGKILL loses nothing. A segment goes away once all that is in it was acknowledged; what is left at the end stays for
 * another process. The first file appears with the first span. No method throws.
 */
export function createCrashJournal(target: OtlpTarget, options: CrashJournalOptions): CrashJournal {
  const segments = new Set<Segment>();
  const holders = new Map<string, Set<Segment>>();
  let current: Segment | undefined;

  const segmentToWrite = (): Segment => {
    if (current !== undefined && current.writer.bytes < options.segmentBytes) return current;
    const last = current;
    const { url } = target;
    current = {
      writer: openSegment({ url, authenticated: isAuthenticated(target), fsync: options.fsync }),
      outstanding: new Set(),
    };
    segments.add(current);
    if (last !== undefined) removeWhenDone(last);
    return current;
  };
  const removeWhenDone = (segment: Segment): void => {
    if (segment === current || segment.outstanding.size > 0) return;
    segments.delete(segment);
    discard(segment);
  };
  const write = (span: ReadableSpan): void => {
    try {
      const line = encodeLine([span]);
      if (line === undefined) return;
      const segment = segmentToWrite();
      segment.writer.append(line);
      const key = spanKey(span);
      segment.outstanding.add(key);
      const holding = holders.get(key);
      if (holding === undefined) holders.set(key, new Set([segment]));
      else holding.add(segment);
    } catch (error) {
      errorOnce('journal-write', 'the journal could not be written', error);
      noteLoss({ reason: 'the journal could not be written; the span is only in memory', spans: 1 });
    }
  };
  return {
    started: write,
    ended: write,
    acknowledged: (spans) => {
      const touched = new Map<Segment, string[]>();
      for (const key of spans.map(spanKey)) {
        for (const segment of holders.get(key) ?? []) {
          segment.outstanding.delete(key);
          const keys = touched.get(segment);
          if (keys === undefined) touched.set(segment, [key]);
          else keys.push(key);
        }
        holders.delete(key);
      }
      for (const [segment, keys] of touched) {
        removeWhenDone(segment);
        if (segments.has(segment)) note(segment, keys);
      }
    },
    close: () => {
      for (const segment of segments) {
        if (segment.outstanding.size > 0) complete(segment);
        else discard(segment);
      }
      if ([...segments].some(({ outstanding }) => outstanding.size > 0)) askForDelivery(target);
      segments.clear();
      holders.clear();
      current = undefined;
    },
  };
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
