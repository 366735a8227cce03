import { resolve } from 'node:path';

export const DEFAULT_RECORDING_FILE = 'recordings/args.jsonl';

let path: string | undefined;
/** One counter a target. A program has as many targets as functions; made-up names must not grow without end. */
const iterations = new Map<string, number>();
const MOST_TARGETS = 10_000;

/** Says where lines go; undefined stops the recording. The folder is that of this moment, wherever the program goes later. */
export function setRecordingFile(file: string | undefined): void {
  path = file === undefined ? undefined : resolve(file);
}

/** Where lines go, or undefined while nothing is recorded. */
export function recordingFile(): string | undefined {
  return path;
}

/** The number of the next line of a target, from 0. */
export function nextIteration(target: string, doesCount: boolean): number {
  const next = iterations.get(target) ?? 0;
  if (!doesCount) return next;
  if (iterations.size >= MOST_TARGETS && !iterations.has(target)) iterations.clear();
  iterations.set(target, next + 1);
  return next;
}

/** Counts every target from 0 again. */
export function forgetIterations(): void {
  iterations.clear();
}
