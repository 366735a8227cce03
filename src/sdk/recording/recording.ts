import { currentSettings, type Settings } from '../../config/settings.js';
import { toCamelCaseKeys } from '../../shared/camel-case.js';
import { lateModule } from '../../shared/late.js';
import { setCallRecorder, type WrappedCall } from '../../tracing/call-recorder.js';
import { warnOnce } from '../../tracing/diag.js';
import type * as RecordNamespace from './record-call.js';
import type { Recorded } from './record-call.js';
import {
  DEFAULT_RECORDING_FILE,
  forgetIterations,
  recordingFile,
  setRecordingFile,
} from './recording-file.js';

/** Options of the recording of arguments. */
export interface RecordingOptions {
  /** Numbers the lines of a target by themselves. Default true; with false, lines without a number share the one that comes next. */
  iterationAutoIncrement?: boolean;
}

export interface RecordCallOptions {
  /** Number of the line. Default: the next one of its target, from 0. */
  iteration?: number;
}

/** Loaded with the first call that is recorded: it brings the masks. */
const recordModule = lateModule<typeof RecordNamespace>('./record-call.js', import.meta.url);

let doesCount = true;
let followed: { recordArgs: boolean | undefined; file: string | undefined } | undefined;

/**
 * Starts to record the arguments of every function wrapped as an agent, for a later replay. The same as the option
 * `recordArgs`. Never throws.
 *
 * @param path default: the option `recordingFile`, else `recordings/args.jsonl`.
 *
 * @example
 * enableRecording('recordings/support.jsonl');
 */
export function enableRecording(path?: string): void {
  setRecordingFile(path ?? currentSettings().recordingFile ?? DEFAULT_RECORDING_FILE);
  setCallRecorder(recordAgent);
}

/**
 * Stops recording. Numbers go on where they were when it is started again. Never throws.
 * @example
 * disableRecording();
 */
export function disableRecording(): void {
  setCallRecorder(undefined);
  setRecordingFile(undefined);
}

/** As if nothing had been recorded: for a shutdown. */
export function resetRecording(): void {
  disableRecording();
  forgetIterations();
  doesCount = true;
  followed = undefined;
}

/**
 * Changes how lines are numbered. Snake-case names are accepted too.
 * @example
 * setRecordingOptions({ iterationAutoIncrement: false });
 */
export function setRecordingOptions(options: RecordingOptions): void {
  const { iterationAutoIncrement } = toCamelCaseKeys(options) as RecordingOptions;
  if (typeof iterationAutoIncrement === 'boolean') doesCount = iterationAutoIncrement;
}

/**
 * Records the arguments of one call by hand, while recording is on. Never throws, and copies what it writes.
 *
 * @param target what a replay is to call: `module:function`, or the function itself, by its name.
 * @param args arguments by name, or a list by position.
 *
 * @example
 * recordCallArgs('app/support.js:handle', { request, send: reply });
 */
export function recordCallArgs(
  target: string | ((...args: never[]) => unknown),
  args: Readonly<Record<string, unknown>> | readonly unknown[],
  { iteration }: RecordCallOptions = {},
): void {
  const name = typeof target === 'function' ? target.name : target;
  record({ target: name, given: args, iteration });
}

/** Takes up the options when they change; what was switched on or off by hand meanwhile stays. */
export function followRecordingSettings({ recordArgs, recordingFile: file }: Settings): void {
  if (followed?.recordArgs === recordArgs && followed?.file === file) return;
  const wasOn = followed?.recordArgs === true;
  followed = { recordArgs, file };
  if (recordArgs === true) enableRecording(file);
  else if (wasOn) disableRecording();
}

/** An agent is the entry of a run, and a run is what is replayed. */
function recordAgent({ target, type, fn, args }: WrappedCall): void {
  if (type === 'AGENT') record({ target, given: args, fn });
}

function record(call: Recorded): void {
  if (recordingFile() === undefined) return;
  try {
    recordModule().recordCall(call, doesCount);
  } catch (error) {
    warnOnce('recording', 'arguments could not be recorded', error);
  }
}
