import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { errorOnce } from '../../tracing/diag.js';
import type { OtlpTarget } from '../otlp-sender.js';
import { setAside, writeSegment } from './deliver-segments.js';
import { DEFAULT_BOUNDS, boundJournal, noteLoss } from './journal-bounds.js';

/** What a delivery leaves to the journal. Spans are masked before. No method throws. */
export interface Journal {
  /** Writes spans that were not acknowledged. False when the disk did not take them. */
  keep(spans: readonly ReadableSpan[]): boolean;
  /** Keeps spans that the receiver refused for good, with the reason. */
  setAside(spans: readonly ReadableSpan[], reason: string): void;
  /** How many spans this process left for a delivery after it. */
  readonly kept: number;
}

/** The journal of one target: a file is written only when something could not be delivered. */
export function createJournal(target: OtlpTarget): Journal {
  const address = { url: target.url, authenticated: isAuthenticated(target) };
  let kept = 0;
  const attempt = (spans: readonly ReadableSpan[], write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      errorOnce('journal-write', 'the journal could not be written', error);
      noteLoss({ reason: 'the journal could not be written', spans: spans.length });
      return false;
    }
  };
  return {
    keep: (spans) => {
      if (kept === 0) boundJournal(DEFAULT_BOUNDS, Date.now());
      const isKept = attempt(spans, () => writeSegment(address, spans));
      if (isKept) kept += spans.length;
      return isKept;
    },
    setAside: (spans, reason) => void attempt(spans, () => setAside(spans, address, reason)),
    get kept() {
      return kept;
    },
  };
}

/** True when a target is sent headers: keys travel in headers, and are never written down. */
export function isAuthenticated(target: Pick<OtlpTarget, 'headers'>): boolean {
  return Object.keys(target.headers).length > 0;
}
