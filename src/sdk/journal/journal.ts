import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { errorOnce } from '../../tracing/diag.js';
import type { OtlpTarget } from '../../config/targets.js';
import type { DeliveryJournal } from '../delivery-journal.js';
import { setAside, writeSegment } from './deliver-segments.js';
import { DEFAULT_BOUNDS, boundJournal, noteLoss } from './journal-bounds.js';
import { listSegments, readHeader } from './segments.js';
import { setDeliveryStarter } from '../process-end.js';
import { askForDelivery, startDelivery } from './hand-over.js';

/** The journal of one target: a file is written only when something could not be delivered. */
export function createJournal(target: OtlpTarget): DeliveryJournal {
  setDeliveryStarter(startDelivery);
  const address = { url: target.url, authenticated: isAuthenticated(target) };
  let isBounded = false;
  // What an earlier process left is looked for once, when the receiver is known to be there.
  let mayHoldSome = true;
  const attempt = (spans: readonly ReadableSpan[], write: () => void): boolean => {
    try {
      if (!isBounded) boundJournal(DEFAULT_BOUNDS, Date.now());
      isBounded = true;
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
      const isKept = attempt(spans, () => writeSegment(address, spans));
      mayHoldSome ||= isKept;
      if (isKept) askForDelivery(target);
      return isKept;
    },
    setAside: (spans, reason) => void attempt(spans, () => setAside(spans, address, reason)),
    receiverIsBack: () => {
      if (!mayHoldSome) return;
      mayHoldSome = false;
      if (holdsSomeFor(target.url)) askForDelivery(target, 'now');
    },
  };
}

/** True when a target is sent headers: keys travel in headers, and are never written down. */
export function isAuthenticated(target: Pick<OtlpTarget, 'headers'>): boolean {
  return Object.keys(target.headers).length > 0;
}

function holdsSomeFor(url: string): boolean {
  return listSegments().some(({ state, path }) => state === 'waiting' && readHeader(path)?.url === url);
}
