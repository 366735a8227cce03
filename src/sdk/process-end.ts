import { currentSettings } from '../config/settings.js';
import { errorOnce } from '../tracing/diag.js';
import { endOpenWork, recordCrash } from '../tracing/ending.js';
import { createSignalWatch } from './ending-signals.js';
import type { BlobCounts } from './blob-delivery.js';
import { setPipelineEnd } from './pipeline-end.js';
import { forgetSampleGates, sampleCounts, settleSampleGates } from './sample-gates.js';
import type { DeliveryCounts, SpanDelivery } from './span-delivery.js';
import type { SpoorSpanProcessor } from './span-processor.js';

/**
 * The end of the process. What is open is ended and what is queued is sent, within a bound; exit codes and the default
 * behaviour of signals stay as they are, and other listeners still run.
 */
const deliveries = new Set<SpanDelivery>();
const processors = new Set<SpoorSpanProcessor>();
let isWatching = false;
let afterEnd: (() => void) | undefined;
interface UncaughtError {
  readonly error: unknown;
  readonly atMs: number;
}
/** A handler of the program that exits this soon after an error, with a code, did so because of it: it may log first. */
const HANDLER_MS = 10_000;

/** The uncaught error that ends the process, and the newest one that a handler of the program has seen. */
let crash: UncaughtError | undefined;
let caught: UncaughtError | undefined;
/** Set when the receiver could not be reached at the end: nobody waits for it twice. */
let isGivenUp = false;
let signalSeen: NodeJS.Signals | undefined;

const signals = createSignalWatch({
  end: (signal, exitCode) => endEverything(signal, exitCode),
  drain: () => drainAll(currentSettings().shutdownTimeoutMs),
  leave: leaveToJournal,
  leftToProgram: (signal) => (signalSeen = signal),
});

/** What delivers images. */
export interface ImageDelivery {
  drain(timeoutMs: number): Promise<void>;
  /** Undefined when there was no image. */
  counts(): BlobCounts | undefined;
  stop(): void;
}

let images: ImageDelivery | undefined;
let startDelivery: (() => void) | undefined;

/** Images are drained after the spans. Told by the one who takes them, so that a program without any loads nothing. */
export function setImageDelivery(delivery: ImageDelivery): void {
  images = delivery;
}

/** What starts the process that delivers the journal, once there is a journal. */
export function setDeliveryStarter(start: () => void): void {
  startDelivery = start;
}

export function addDelivery(delivery: SpanDelivery): void {
  setPipelineEnd(END);
  deliveries.add(delivery);
}

export function addSpanProcessor(processor: SpoorSpanProcessor): void {
  processors.add(processor);
}

/** Sends what is queued everywhere, for at most `timeoutMs`. Never rejects. */
export async function drainAll(timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  await Promise.all([...deliveries].map((delivery) => delivery.drain(timeoutMs)));
  // The answer to spans says whether images are taken.
  await images?.drain(Math.max(0, deadline - Date.now()));
}

/** Spans delivered, lost and waiting, over all targets. */
export function deliveryCounts(): DeliveryCounts {
  const total = { delivered: 0, dropped: 0, rejected: 0, pending: 0, journaled: 0 };
  for (const delivery of deliveries) {
    const counts = delivery.counts();
    total.delivered += counts.delivered;
    total.dropped += counts.dropped;
    total.rejected += counts.rejected;
    total.pending += counts.pending;
    total.journaled += counts.journaled;
  }
  const blobs = images?.counts();
  return { ...total, ...(blobs === undefined ? {} : { blobs }) };
}

/** Forgets every delivery, after sending what is queued. */
export async function shutDownAll(timeoutMs: number): Promise<void> {
  forgetSampleGates();
  await drainAll(timeoutMs);
  unwatchProcessEnd();
  const closing = [...deliveries].map((delivery) => delivery.shutdown());
  deliveries.clear();
  processors.clear();
  await Promise.all(closing);
  images?.stop();
}

const END = {
  drain: drainAll,
  counts: (): DeliveryCounts => ({ ...deliveryCounts(), ...sampleCounts() }),
  shutDown: shutDownAll,
};

/** Listens to the end of the process, once. */
export function watchProcessEnd(): void {
  if (isWatching) return;
  isWatching = true;
  setPipelineEnd(END);
  // Before the app's own listeners: what ends here must reach its pipeline before it is shut down.
  process.prependListener('beforeExit', onNaturalEnd);
  process.on('exit', onExit);
  process.on('uncaughtExceptionMonitor', onUncaught);
  signals.start();
}

/** Calls `work` once everything at the exit event is done; at once when nobody listens to it. Used by the doctor. */
export function afterProcessEnd(work: () => void): void {
  if (isWatching) afterEnd = work;
  else work();
}

/** Stops listening. */
export function unwatchProcessEnd(): void {
  isWatching = false;
  process.off('beforeExit', onNaturalEnd);
  process.off('exit', onExit);
  process.off('uncaughtExceptionMonitor', onUncaught);
  signals.stop();
}

/** Nothing is left to do. Sending makes work again, after which Node comes back here and finds nothing more. */
function onNaturalEnd(code: number): void {
  endEverything('exit', code);
  if (pendingCount() === 0 || isGivenUp) return;
  void drainAtEnd();
}

async function drainAtEnd(): Promise<void> {
  await drainAll(currentSettings().shutdownTimeoutMs);
  isGivenUp = pendingCount() > 0;
}

function pendingCount(): number {
  const { pending, blobs } = deliveryCounts();
  return pending + (blobs?.pending ?? 0);
}

function onExit(code: number): void {
  const crashed = crashOf(code);
  endEverything(crashed === undefined ? (signalSeen ?? 'exit') : 'crash', code, crashed?.error);
  leaveToJournal();
  const { pending, blobs } = deliveryCounts();
  if (pending > 0) errorOnce('undelivered', `the process ended with ${pending} spans undelivered`);
  if ((blobs?.pending ?? 0) > 0) {
    errorOnce('undelivered-images', `the process ended with ${blobs?.pending} images undelivered`);
  }
  afterEnd?.();
}

/** From here on nothing can wait: what is undelivered goes to disk, and a process that outlives this one sends it. */
function leaveToJournal(): void {
  for (const delivery of deliveries) delivery.leaveToJournal();
  startDelivery?.();
}

/** A monitor changes nothing: Node goes on as if it were not there. With a handler of the program, it is no crash yet. */
function onUncaught(error: unknown): void {
  if (currentSettings().captureUncaught === false) return;
  // Nothing at all can be thrown, too.
  const seen = { error: error ?? String(error), atMs: Date.now() };
  const isHandled =
    process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
  if (isHandled) caught = seen;
  else crash = seen;
}

function crashOf(exitCode: number): UncaughtError | undefined {
  if (crash !== undefined || caught === undefined || exitCode === 0) return crash;
  return Date.now() - caught.atMs < HANDLER_MS ? caught : undefined;
}

function endEverything(reason: string, exitCode: number, error?: unknown): void {
  const ending = { reason, exitCode, error };
  if (currentSettings().autoEnd) {
    endOpenWork(ending);
    for (const processor of processors) processor.endOpenSpans();
  } else {
    recordCrash(ending);
  }
  settleSampleGates();
}
