import type { ObservationType } from '../../../semconv/model/observation.js';
import { applyInContext } from '../active-context.js';
import { currentCallRecorder, type CallRecorder } from '../call-recorder.js';
import { warnOnce } from '../diag.js';
import { followValue } from '../when-settled.js';
import type { CallSpan, OpenCallSpan } from './call-span.js';
import { RunningCall } from './running-call.js';

/** Any function that can be called; a class cannot. */
export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** What a wrapper is told of the function beside the function itself. */
export interface WrappedPlace {
  readonly type: ObservationType;
  /** The function's name, `Class.method` for a method. Asked only when somebody records calls. */
  target(thisArg: unknown): string;
}

type Callable = (...args: unknown[]) => unknown;

/**
 * A function in the place of `fn` that opens a span around each call. It is a proxy: name, length, prototype and every
 * property, also those set later, are the function's own, and `new` passes it by.
 */
export function wrapFunction<F extends AnyFunction>(fn: F, place: WrappedPlace, open: OpenCallSpan): F {
  const wrapped: F = new Proxy(fn, {
    apply: (target, thisArg: unknown, args: unknown[]) => {
      const recorder = currentCallRecorder();
      if (recorder !== undefined) tell(recorder, place, target, thisArg, args);
      return callInSpan(target as unknown as Callable, thisArg, args, open);
    },
    construct: (target, args: unknown[], newTarget: object) =>
      Reflect.construct(
        target as unknown as Callable,
        args,
        (newTarget === wrapped ? target : newTarget) as Callable,
      ) as object,
  });
  return wrapped;
}

function callInSpan(fn: Callable, thisArg: unknown, args: unknown[], open: OpenCallSpan): unknown {
  const span = openSafely(open, args);
  if (span === undefined) return Reflect.apply(fn, thisArg, args);
  const call = new RunningCall(span, thisArg, args);
  let value: unknown;
  try {
    value = applyInContext(span.context, fn, thisArg, args);
  } catch (error) {
    call.failed(error);
    throw error;
  }
  return followValue(value, call);
}

/** Telemetry that fails, for whatever reason, is no reason not to run the function. */
function openSafely(open: OpenCallSpan, args: readonly unknown[]): CallSpan | undefined {
  try {
    return open(args);
  } catch (error) {
    warnOnce('wrapped-start', 'the span of a wrapped call could not be opened', error);
    return undefined;
  }
}

function tell(
  recorder: CallRecorder,
  { type, target }: WrappedPlace,
  fn: AnyFunction,
  thisArg: unknown,
  args: readonly unknown[],
): void {
  try {
    recorder({ target: target(thisArg), type, fn, args });
  } catch (error) {
    warnOnce('call-recorder', 'the arguments of a call could not be recorded', error);
  }
}
