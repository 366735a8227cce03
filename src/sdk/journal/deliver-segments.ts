import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { SendResult } from '../http-send.js';
import { REFUSED_FOLDER } from './journal-folder.js';
import { endAbandoned } from './end-abandoned.js';
import type { Owner } from './owner.js';
import { readSegment, spanKey } from './read-segment.js';
import { openSegment, type SegmentHeader } from './segment-writer.js';
import { claimSegment, listSegments, readHeader, releaseSegment, removeSegment } from './segments.js';
import { encodeLine } from './span-lines.js';

/** Where segments of one address go. */
export interface SegmentTarget {
  readonly url: string;
  /** True when a key goes with it. */
  readonly authenticated: boolean;
  /** Sends one batch. Never rejects. */
  send(spans: readonly ReadableSpan[], signal: AbortSignal): Promise<SendResult>;
}

/** What a delivery did. */
export interface DeliveryReport {
  delivered: number;
  /** Refused for good and put aside. */
  refused: number;
  /** Segments that are still there, because their receiver cannot be reached or is not known here. */
  waiting: number;
  /** Lines that a crash tore. */
  torn: number;
}

/** How a delivery of the journal goes on. */
export interface DeliverOptions {
  /** The receiver of a segment; undefined when it is not known here, or its key is not. */
  targetOf(header: SegmentHeader): SegmentTarget | undefined;
  /** Stops everything; what is not delivered stays. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`: a receiver that wants to be left alone longer than that is given up. */
  readonly untilMs: number;
  /** Below the journal's folder. */
  readonly subfolder?: string;
  onProgress?(report: DeliveryReport): void;
}

const BATCH = 512;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5000;

/**
 * Delivers what waits in the journal, until it is empty, the receivers stay away, or the signal says stop. Each segment is
 * claimed first, so that several processes may deliver at once. Never rejects.
 */
export async function deliverSegments(options: DeliverOptions): Promise<DeliveryReport> {
  const report: DeliveryReport = { delivered: 0, refused: 0, waiting: 0, torn: 0 };
  const away = new Set<string>();
  // The newest of a process first: it knows of ends whose start lies in an older one.
  const ended = new Map<string, Set<string>>();
  for (const segment of listSegments(options.subfolder).toReversed()) {
    if (segment.state !== 'waiting') continue;
    const header = readHeader(segment.path);
    const target = header === undefined ? undefined : options.targetOf(header);
    if (header === undefined || target === undefined || away.has(target.url) || options.signal.aborted) {
      report.waiting += 1;
      continue;
    }
    const claimed = claimSegment(segment);
    if (claimed === undefined) continue;
    const outcome = await deliverOne(claimed, target, seenOf(ended, header.owner), options, report);
    if (outcome === 'away') {
      away.add(target.url);
      report.waiting += 1;
    }
    options.onProgress?.({ ...report });
  }
  return report;
}

async function deliverOne(
  claimed: string,
  target: SegmentTarget,
  seen: Set<string>,
  limits: DeliverOptions,
  report: DeliveryReport,
): Promise<'done' | 'away'> {
  const read = await readSegment(claimed).catch(() => undefined);
  if (read === undefined) {
    releaseSegment(claimed);
    return 'done';
  }
  report.torn += read.torn;
  const ended = read.ended.filter((span) => !seen.has(spanKey(span)));
  for (const span of ended) seen.add(spanKey(span));
  const spans = [...ended, ...read.started.filter((span) => !seen.has(spanKey(span))).map(endAbandoned)];
  for (let from = 0; from < spans.length; from += BATCH) {
    const batch = spans.slice(from, from + BATCH);
    const sent = await sendPatiently(batch, target, limits, report);
    if (sent) continue;
    keepRest(claimed, target, spans.slice(from));
    return 'away';
  }
  removeSegment(claimed);
  return 'done';
}

/** Sends a batch; false when the receiver stays away. A batch that is too large is halved. */
async function sendPatiently(
  batch: readonly ReadableSpan[],
  target: SegmentTarget,
  limits: DeliverOptions,
  report: DeliveryReport,
): Promise<boolean> {
  const { signal, untilMs } = limits;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const result = await target.send(batch, signal);
    if (result.outcome === 'delivered') {
      report.delivered += batch.length;
      return true;
    }
    if (result.outcome === 'too-large' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      const first = await sendPatiently(batch.slice(0, middle), target, limits, report);
      return first && sendPatiently(batch.slice(middle), target, limits, report);
    }
    if (result.outcome !== 'retry') {
      setAside(batch, target, result.reason);
      report.refused += batch.length;
      return true;
    }
    const pauseMs = result.afterMs ?? Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
    if (performance.now() + pauseMs >= untilMs) return false;
    await pause(pauseMs, signal);
  }
  return false;
}

/** What is not delivered yet becomes a segment of its own; a crash in between sends some spans twice, none never. */
function keepRest(claimed: string, target: SegmentTarget, rest: readonly ReadableSpan[]): void {
  try {
    writeSegment(target, rest);
    removeSegment(claimed);
  } catch {
    releaseSegment(claimed);
  }
}

/** Spans that were refused for good are kept with the reason, so that somebody can look at them. */
export function setAside(
  spans: readonly ReadableSpan[],
  target: Pick<SegmentTarget, 'url' | 'authenticated'>,
  reason: string,
): void {
  writeSegment(target, spans, { reason, subfolder: REFUSED_FOLDER });
}

/** Writes spans as one complete segment. @throws what the file system throws. */
export function writeSegment(
  { url, authenticated }: Pick<SegmentTarget, 'url' | 'authenticated'>,
  spans: readonly ReadableSpan[],
  more: { reason?: string; subfolder?: string } = {},
): void {
  const writer = openSegment({ url, authenticated, ...more });
  try {
    for (let from = 0; from < spans.length; from += BATCH) {
      writer.append(encodeLine(spans.slice(from, from + BATCH)));
    }
    writer.complete();
  } catch (error) {
    writer.remove();
    throw error;
  }
}

function seenOf(ended: Map<string, Set<string>>, owner: Owner): Set<string> {
  const key = `${owner.host} ${owner.pid} ${owner.startTicks ?? ''}`;
  let seen = ended.get(key);
  if (seen === undefined) ended.set(key, (seen = new Set()));
  return seen;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
