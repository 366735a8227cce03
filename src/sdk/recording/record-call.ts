import { currentSettings } from '../../config/settings.js';
import { warnOnce } from '../../tracing/diag.js';
import { appendLines } from '../storage/append-lines.js';
import { parameterNames } from './parameter-names.js';
import { recordedLine, type RecordedArguments } from './recorded-line.js';
import { nextIteration, recordingFile } from './recording-file.js';

/** A call whose arguments are to be written. */
export interface Recorded {
  readonly target: string;
  /** By name, or a list by position. */
  readonly given: Readonly<Record<string, unknown>> | readonly unknown[];
  /** The function that was called, when its parameters may name what is given by position. */
  readonly fn?: (...args: never[]) => unknown;
  /** Default: the next one of the target. */
  readonly iteration?: number | undefined;
}

/** Appends the line of one call to the recording. May throw. */
export function recordCall({ target, given, fn, iteration }: Recorded, doesCount: boolean): void {
  const { limits, mask } = currentSettings();
  const timestamp = new Date().toISOString();
  const number = Number.isSafeInteger(iteration) ? iteration : nextIteration(target, doesCount);
  const bounds = {
    ...limits,
    ...(limits?.attributeLength === undefined ? {} : { maxLength: limits.attributeLength }),
  };
  const call = { target, iteration: number ?? 0, timestamp, ...recordedArguments(given, fn) };
  writeLine(recordedLine(call, bounds, mask));
}

/** A fault is reported once for each file. */
function writeLine(line: string): void {
  const path = recordingFile();
  if (path === undefined) return;
  const { error } = appendLines(path, [line]);
  if (error !== undefined) warnOnce(`recording:${path}`, `arguments could not be recorded in ${path}`, error);
}

function recordedArguments(given: Recorded['given'], fn: Recorded['fn']): RecordedArguments {
  if (!isList(given)) return { kwargs: given };
  return fn === undefined ? { args: given } : namedArguments(fn, given);
}

/** By name when every argument has one: a replay then finds its way after parameters changed places. */
function namedArguments(fn: (...args: never[]) => unknown, args: readonly unknown[]): RecordedArguments {
  const names = parameterNames(fn);
  if (names === undefined || args.length > names.length) return { args };
  return { kwargs: Object.fromEntries(args.map((value, index) => [names[index] ?? '', value])) };
}

function isList(args: object): args is readonly unknown[] {
  return Array.isArray(args);
}
