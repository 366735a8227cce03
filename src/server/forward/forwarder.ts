import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SpanRecord } from '../../otlp/records.js';
import { encodeTraceRequestJson } from '../../otlp/encode-json.js';
import type { ForwardStats } from '../api-types.js';
import { openForwardQueue, type ForwardQueue } from './forward-queue.js';
import type { ForwardTarget } from './forward-target.js';
import { sendBatch } from './send-batch.js';

/** Passes on what was received, to every target, at the pace of each. */
export interface Forwarder {
  /** Resolves when the spans wait in the queue of each target; never rejects, and never waits for a target. */
  push(spans: readonly SpanRecord[]): Promise<void>;
  /** Absent when there is no target. */
  readonly stats: (() => ForwardStats[]) | undefined;
  /** Stops sending. What waits is sent by the next process. */
  close(): Promise<void>;
}

export interface ForwarderOptions {
  targets: readonly ForwardTarget[];
  /** Folder of the queues, one below it for each target. */
  folder: string;
  /** Most bytes that may wait for one target. */
  queueBytes: number;
  log: (line: string) => void;
}

const SPANS_PER_BATCH = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A receiver may ask for more than we would wait by ourselves. */
const LONGEST_ASKED_MS = 600_000;

/** Opens the queues and begins to send what waits in them. */
export async function createForwarder(options: ForwarderOptions): Promise<Forwarder> {
  const lanes = await Promise.all(options.targets.map((target) => openLane(target, options)));
  return {
    async push(received) {
      // Open spans are for a translator only: another back end takes each span once, when it has ended.
      const spans = received.filter(({ endTimeUnixNano }) => endTimeUnixNano > 0n);
      if (lanes.length === 0 || spans.length === 0) return;
      for (let at = 0; at < spans.length; at += SPANS_PER_BATCH) {
        const part = spans.slice(at, at + SPANS_PER_BATCH);
        const batch = { spans: part.length, body: JSON.stringify(encodeTraceRequestJson(part)) };
        await Promise.all(lanes.map((lane) => lane.push(batch)));
      }
    },
    stats: () => lanes.map((lane) => lane.stats()),
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

interface Lane {
  push(batch: { spans: number; body: string }): Promise<void>;
  stats(): ForwardStats;
  close(): Promise<void>;
}

async function openLane(target: ForwardTarget, { folder, queueBytes, log }: ForwarderOptions): Promise<Lane> {
  // Another dialect is another queue: what waits was meant for it as it is.
  const name = createHash('sha256')
    .update(`${target.url}=${target.dialect?.name ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  const queue = await openForwardQueue(join(folder, name), queueBytes);
  const stop = new AbortController();
  const counts = { sentSpans: 0, refusedSpans: 0, droppedSpans: 0 };
  let lastError: string | undefined;
  let isDropping = false;
  let wake: (() => void) | undefined;
  let pushes = 0;

  async function push(batch: { spans: number; body: string }): Promise<void> {
    let problem = 'its queue is full';
    const isKept = await queue.push(batch).catch((cause: unknown) => {
      problem = `its queue cannot be written: ${(cause as Error).message}`;
      return false;
    });
    if (isKept) {
      isDropping = false;
      pushes += 1;
      wake?.();
      return;
    }
    counts.droppedSpans += batch.spans;
    if (!isDropping) log(`spoor: spans for ${target.label} are dropped: ${problem}`);
    isDropping = true;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      const seen = pushes;
      const batch = await queue.peek();
      if (batch === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          // Between the look and this line one may have come.
          if (pushes !== seen || stop.signal.aborted) resolve();
        });
        continue;
      }
      const sent = await sendBatch(batch.body, target, stop.signal);
      if (stop.signal.aborted) return;
      if (sent.kind === 'wait') {
        if (lastError === undefined) log(`spoor: forwarding to ${target.label} waits: ${sent.reason}`);
        lastError = sent.reason;
        await pause(pauseMs(failures, sent.afterMs), stop.signal);
        failures += 1;
        continue;
      }
      await queue.shift();
      failures = 0;
      if (sent.kind === 'refused') {
        counts.refusedSpans += batch.spans;
        log(`spoor: ${target.label} refused ${batch.spans} spans: ${sent.reason}`);
      } else {
        counts.sentSpans += batch.spans;
        if (lastError !== undefined) log(`spoor: forwarding to ${target.label} goes on`);
        lastError = undefined;
      }
    }
  }

  const running = run().catch((cause: unknown) => {
    lastError = (cause as Error).message;
    log(`spoor: forwarding to ${target.label} ended: ${lastError}`);
  });
  return {
    push,
    stats: () => statsOf(target, queue, counts, lastError),
    async close() {
      stop.abort();
      wake?.();
      await running;
    },
  };
}

function statsOf(
  target: ForwardTarget,
  queue: ForwardQueue,
  counts: Pick<ForwardStats, 'sentSpans' | 'refusedSpans' | 'droppedSpans'>,
  lastError: string | undefined,
): ForwardStats {
  return {
    url: target.label,
    ...(target.dialect === undefined ? {} : { dialect: target.dialect.name }),
    waitingBytes: queue.bytes,
    ...counts,
    ...(lastError === undefined ? {} : { lastError }),
  };
}

/** Doubles with each failure, spread so that targets do not come back together; the receiver's own word counts more. */
function pauseMs(failures: number, asked: number | undefined): number {
  if (asked !== undefined) return Math.min(asked, LONGEST_ASKED_MS);
  return (
    Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 16), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4)
  );
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    if (stop.aborted) done();
    else stop.addEventListener('abort', done);
  });
}
