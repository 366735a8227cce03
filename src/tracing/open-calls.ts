import { onEnding } from './ending.js';

/** What is watched: a call, or another piece of work that may be forgotten. */
export interface WatchedCall {
  isAnchored: boolean;
  /** A sign of life: it changes while the work makes progress. */
  chunkCount: number;
  abandon(): void;
  /** Its neighbours among the open calls, while it is one of them. For this file alone. */
  older?: WatchedCall | undefined;
  newer?: WatchedCall | undefined;
}

/**
 * The calls that have not ended, as a list that runs through the calls themselves: on the path of every call a Set costs more
 * than all else that is done to open one. Three things end a call that its program forgot: the collection of the SDK's objects,
 * a sweep for calls that made no progress for too long, and the end of the process.
 */
let newest: WatchedCall | undefined;

/** A call without a sign of life for this long is given up. Longer than the time-outs of the SDKs. */
export const MAX_SILENCE_MS: number = 30 * 60_000;
const SWEEP_MS = 60_000;

interface Progress {
  chunkCount: number;
  sinceMs: number;
}
const progress = new WeakMap<WatchedCall, Progress>();
let sweeper: NodeJS.Timeout | undefined;
let isEndingWatched = false;

const dropped = new FinalizationRegistry<WatchedCall>((call) => call.abandon());

/** Holds the call until it ends. */
export function watchCall(call: WatchedCall): void {
  if (isOpen(call)) return;
  call.older = newest;
  if (newest !== undefined) newest.newer = call;
  newest = call;
  if (!isEndingWatched) {
    isEndingWatched = true;
    onEnding(() => void endOpenCalls());
  }
  sweeper ??= setInterval(() => sweepCalls(performance.now()), SWEEP_MS).unref();
}

/** The call has ended. */
export function forgetCall(call: WatchedCall): void {
  unanchorCall(call);
  if (!isOpen(call)) return;
  const { older, newer } = call;
  if (newer === undefined) newest = older;
  else newer.older = older;
  if (older !== undefined) older.newer = newer;
  call.older = undefined;
  call.newer = undefined;
}

/** Only the newest has none that is newer. */
function isOpen(call: WatchedCall): boolean {
  return call.newer !== undefined || call === newest;
}

/** Newest first. */
function openCalls(): WatchedCall[] {
  const calls: WatchedCall[] = [];
  for (let call = newest; call !== undefined; call = call.older) calls.push(call);
  return calls;
}

/**
 * Abandons the call when `anchor` is collected. The anchor is an object that only the SDK's promise or stream refers to, by
 * way of the functions that we put on it. A new anchor takes the place of the one before.
 */
export function anchorCall(anchor: object, call: WatchedCall): void {
  unanchorCall(call);
  call.isAnchored = true;
  dropped.register(anchor, call, call);
}

/** The call will end by itself, whatever the program drops from now on. */
export function unanchorCall(call: WatchedCall): void {
  if (!call.isAnchored) return;
  call.isAnchored = false;
  dropped.unregister(call);
}

/** Gives up the calls that made no progress since `MAX_SILENCE_MS`. `nowMs` is on the clock of `performance.now()`. */
export function sweepCalls(nowMs: number): void {
  for (const call of openCalls()) {
    const seen = progress.get(call);
    if (seen === undefined || seen.chunkCount !== call.chunkCount) {
      progress.set(call, { chunkCount: call.chunkCount, sinceMs: nowMs });
    } else if (nowMs - seen.sinceMs >= MAX_SILENCE_MS) {
      call.abandon();
    }
  }
  if (newest !== undefined) return;
  clearInterval(sweeper);
  sweeper = undefined;
}

/**
 * Ends every open call as abandoned, innermost first, with what it has so far: for the end of the process.
 * @returns how many were open.
 */
export function endOpenCalls(): number {
  const calls = openCalls();
  for (const call of calls) call.abandon();
  return calls.length;
}
