import { currentSettings } from '../config/settings.js';
import { errorOnce } from '../tracing/diag.js';
import { endOpenWork } from '../tracing/ending.js';
import type { DeliveryCounts, SpanDelivery } from './span-delivery.js';
import type { SpoorSpanProcessor } from './span-processor.js';

/**
 * The end of the process. What is open is ended and what is queued is sent, within a bound; exit codes and the default
 * behaviour of signals stay as they are, and other listeners still run.
 */
const deliveries = new Set<SpanDelivery>();
const processors = new Set<SpoorSpanProcessor>();
let isWatching = false;
let crash: { error: unknown } | undefined;
/** Set when the receiver could not be reached at the end: nobody waits for it twice. */
let isGivenUp = false;
let signalSeen: NodeJS.Signals | undefined;

const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof SIGNAL_CODES;

export function addDelivery(delivery: SpanDelivery): void {
  deliveries.add(delivery);
}

export function addSpanProcessor(processor: SpoorSpanProcessor): void {
  processors.add(processor);
}

/** Sends what is queued everywhere, for at most `timeoutMs`. Never rejects. */
export async function drainAll(timeoutMs: number): Promise<void> {
  await Promise.all([...deliveries].map((delivery) => delivery.drain(timeoutMs)));
}

/** Spans delivered, lost and waiting, over all targets. */
export function deliveryCounts(): DeliveryCounts {
  const total = { delivered: 0, dropped: 0, rejected: 0, pending: 0 };
  for (const delivery of deliveries) {
    const counts = delivery.counts();
    total.delivered += counts.delivered;
    total.dropped += counts.dropped;
    total.rejected += counts.rejected;
    total.pending += counts.pending;
  }
  return total;
}

/** Forgets every delivery, after sending what is queued. */
export async function shutDownAll(timeoutMs: number): Promise<void> {
  await drainAll(timeoutMs);
  unwatchProcessEnd();
  const closing = [...deliveries].map((delivery) => delivery.shutdown());
  deliveries.clear();
  processors.clear();
  await Promise.all(closing);
}

/** Listens to the end of the process, once. */
export function watchProcessEnd(): void {
  if (isWatching) return;
  isWatching = true;
  process.on('beforeExit', onNaturalEnd);
  process.on('exit', onExit);
  process.on('uncaughtExceptionMonitor', onUncaught);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** Stops listening. */
export function unwatchProcessEnd(): void {
  isWatching = false;
  process.off('beforeExit', onNaturalEnd);
  process.off('exit', onExit);
  process.off('uncaughtExceptionMonitor', onUncaught);
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
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
  return deliveryCounts().pending;
}

function onExit(code: number): void {
  endEverything(crash === undefined ? (signalSeen ?? 'exit') : 'crash', code, crash?.error);
  const lost = pendingCount();
  if (lost > 0) errorOnce('undelivered', `the process ended with ${lost} spans undelivered`);
}

/** A monitor changes nothing: Node goes on as if it were not there. With a handler of the app, it is no crash. */
function onUncaught(error: unknown): void {
  if (process.listenerCount('uncaughtException') === 0) crash = { error };
}

function onSignal(signal: NodeJS.Signals): void {
  const isOnlyListener = process.listenerCount(signal) === 1;
  if (!isOnlyListener) {
    // The app decides what the signal means. What is queued is sent meanwhile, in case that it ends.
    signalSeen = signal;
    void drainAll(currentSettings().shutdownTimeoutMs);
    return;
  }
  const raise = (): void => {
    process.off(signal, onSignal);
    process.off(signal, raise);
    process.kill(process.pid, signal);
  };
  // A second signal does not wait.
  process.off(signal, onSignal);
  process.on(signal, raise);
  endEverything(signal, SIGNAL_CODES[signal as EndingSignal]);
  void drainAll(currentSettings().shutdownTimeoutMs).then(raise);
}

function endEverything(reason: string, exitCode: number, error?: unknown): void {
  if (!currentSettings().autoEnd) return;
  endOpenWork({ reason, exitCode, error });
  for (const processor of processors) processor.endOpenSpans();
}
