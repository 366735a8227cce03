import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LogRecord, SpanRecord } from '../../otlp/records.js';
import { encodeTraceRequestJson } from '../../otlp/encode-json.js';
import { encodeLogsRequestProtobuf } from '../../otlp/encode-protobuf.js';
import type { ForwardStats } from '../api-types.js';
import { openForwardQueue, type QueuedBatch } from './forward-queue.js';
import type { ForwardSignal, ForwardTarget } from './forward-target.js';
import { sendBatch, type SendTo } from './send-batch.js';

/** Passes on what was received, to every target, at the pace of each. */
export interface Forwarder {
  /** Resolves when the spans wait in the queue of each target; never rejects, and never waits for a target. */
  push(spans: readonly SpanRecord[]): Promise<void>;
  /** The same for log records. */
  pushLogs(logs: readonly LogRecord[]): Promise<void>;
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

const RECORDS_PER_BATCH = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A receiver may ask for more than we would wait by ourselves. */
const LONGEST_ASKED_MS = 600_000;

/** Opens the queues and begins to send what waits in them. */
export async function createForwarder(options: ForwarderOptions): Promise<Forwarder> {
  const lanes = (
    await Promise.all(options.targets.map((target) => Promise.all(openLanes(target, options))))
  ).flat();
  const pushTo = async <T>(
    signal: ForwardSignal,
    records: readonly T[],
    encode: (part: T[]) => string,
  ): Promise<void> => {
    const takers = lanes.filter((lane) => lane.signal === signal);
    if (takers.length === 0) return;
    for (let at = 0; at < records.length; at += RECORDS_PER_BATCH) {
      const part = records.slice(at, at + RECORDS_PER_BATCH);
      const batch = { records: part.length, body: encode(part) };
      await Promise.all(takers.map((lane) => lane.push(batch)));
    }
  };
  return {
    // Open spans are for a translator only: another back end takes each span once, when it has ended.
    push: (spans) =>
      pushTo(
        'traces',
        spans.filter(({ endTimeUnixNano }) => endTimeUnixNano > 0n),
        (part) => JSON.stringify(encodeTraceRequestJson(part)),
      ),
    // Records have no dialect to be rewritten in: they wait in the form in which they are sent.
    pushLogs: (logs) => pushTo('logs', logs, (part) => encodeLogsRequestProtobuf(part).toString('base64')),
    stats: () => options.targets.map((target) => statsOf(target, lanes)),
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** One signal to one target: its queue, and the loop that sends what is in it. */
interface Lane {
  readonly target: ForwardTarget;
  readonly signal: ForwardSignal;
  push(batch: QueuedBatch): Promise<void>;
  readonly counts: Readonly<LaneCounts>;
  waitingBytes(): number;
  lastError(): string | undefined;
  close(): Promise<void>;
}

interface LaneCounts {
  sent: number;
  refused: number;
  dropped: number;
}

const SIGNAL_NAMES: Readonly<Record<ForwardSignal, string>> = { traces: 'spans', logs: 'log records' };

function openLanes(target: ForwardTarget, options: ForwarderOptions): Promise<Lane>[] {
  const { traces, logs } = target.urls;
  return [
    ...(traces === undefined ? [] : [openLane({ target, signal: 'traces', url: traces }, options)]),
    ...(logs === undefined ? [] : [openLane({ target, signal: 'logs', url: logs }, options)]),
  ];
}

async function openLane(to: SendTo, { folder, queueBytes, log }: ForwarderOptions): Promise<Lane> {
  const { target, signal, url } = to;
  // Another dialect is another queue: what waits was meant for it as it is.
  const name = createHash('sha256')
    .update(`${url}=${target.dialect?.name ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  const queue = await openForwardQueue(join(folder, name), queueBytes);
  const label = `${target.label.replace(/\/v1\/(traces|logs)$/, '')}/v1/${signal}`;
  const what = SIGNAL_NAMES[signal];
  const stop = new AbortController();
  const counts: LaneCounts = { sent: 0, refused: 0, dropped: 0 };
  let lastError: string | undefined;
  let isDropping = false;
  let wake: (() => void) | undefined;
  let pushes = 0;

  async function push(batch: QueuedBatch): Promise<void> {
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
    counts.dropped += batch.records;
    if (!isDropping) log(`spoor: ${what} for ${label} are dropped: ${problem}`);
    isDropping = true;
  }

  /** Resolves when there may be something to send. */
  function pushed(seen: number): Promise<void> {
    return new Promise<void>((resolve) => {
      wake = resolve;
      // Between the look and this line one may have come.
      if (pushes !== seen || stop.signal.aborted) resolve();
    });
  }

  async function sendNext(failures: number): Promise<number> {
    const seen = pushes;
    const batch = await queue.peek();
    if (batch === undefined) {
      await pushed(seen);
      return failures;
    }
    const sent = await sendBatch(batch, to, stop.signal);
    if (stop.signal.aborted) return failures;
    if (sent.kind === 'wait') {
      if (lastError === undefined) log(`spoor: forwarding to ${label} waits: ${sent.reason}`);
      lastError = sent.reason;
      await pause(pauseMs(failures, sent.afterMs), stop.signal);
      return failures + 1;
    }
    await queue.shift();
    counts.sent += sent.sent;
    counts.refused += sent.refused;
    if (sent.refused > 0) log(`spoor: ${label} refused ${sent.refused} ${what}: ${sent.reason}`);
    if (sent.sent > 0) {
      if (lastError !== undefined) log(`spoor: forwarding to ${label} goes on`);
      lastError = undefined;
    }
    return 0;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      try {
        failures = await sendNext(failures);
      } catch (cause) {
        // The disk gave an error: it may be mended, and what waits is still there.
        if (lastError === undefined) log(`spoor: forwarding to ${label} waits: ${(cause as Error).message}`);
        lastError = (cause as Error).message;
        await pause(pauseMs(failures, undefined), stop.signal);
        failures += 1;
      }
    }
  }

  const running = run();
  return {
    target,
    signal,
    push,
    counts,
    waitingBytes: () => queue.bytes,
    lastError: () => lastError,
    async close() {
      stop.abort();
      wake?.();
      await running;
    },
  };
}

function statsOf(target: ForwardTarget, lanes: readonly Lane[]): ForwardStats {
  const own = lanes.filter((lane) => lane.target === target);
  const countsOf = (signal: ForwardSignal): LaneCounts =>
    own.find((lane) => lane.signal === signal)?.counts ?? { sent: 0, refused: 0, dropped: 0 };
  const spans = countsOf('traces');
  const logs = countsOf('logs');
  const lastError = own.map((lane) => lane.lastError()).find((error) => error !== undefined);
  return {
    url: target.label,
    ...(target.dialect === undefined ? {} : { dialect: target.dialect.name }),
    waitingBytes: own.reduce((sum, lane) => sum + lane.waitingBytes(), 0),
    sentSpans: spans.sent,
    refusedSpans: spans.refused,
    droppedSpans: spans.dropped,
    sentLogs: logs.sent,
    refusedLogs: logs.refused,
    droppedLogs: logs.dropped,
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
