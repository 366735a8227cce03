import type { ObservationType } from '../../semconv/model/observation.js';

/** One call of a wrapped or decorated function, before it runs. */
export interface WrappedCall {
  /** The function's own name, `Class.method` for a method of a class. */
  readonly target: string;
  readonly type: ObservationType;
  readonly fn: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
}

/** Keeps the arguments of wrapped calls for a later replay. Must not throw, nor touch what it cannot copy. */
export type CallRecorder = (call: WrappedCall) => void;

let recorder: CallRecorder | undefined;

/** Sets who is told of every wrapped call; `undefined` for nobody. */
export function setCallRecorder(next: CallRecorder | undefined): void {
  recorder = next;
}

/** Who is told of wrapped calls: asked on every call, hence no more than a variable. */
export function currentCallRecorder(): CallRecorder | undefined {
  return recorder;
}
