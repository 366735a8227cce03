import { nameValue, givenFields } from './attribute-values.js';
import { enterContext, runInContext } from './active-context.js';
import { contextHandle, EMPTY_CONTEXT, type TraceContext } from './current-context.js';
import { guarded } from './guarded.js';
import { parseTraceId } from './trace-id.js';
import { closeTrace, openTrace, type TraceOptions, type TraceState } from './trace-scope.js';
import { runSettled } from './when-settled.js';

/** A trace that was opened without a callback. It ends with `end`, or with the block of a `using`. */
export interface InstrumentScope extends TraceContext {
  /** Runs `fn` inside the trace, without ending it. */
  run<R>(fn: () => R): R;
  /** Ends the trace, as failed when an error is given. A second end does nothing. */
  end(error?: unknown): void;
  [Symbol.dispose](): void;
}

/** Opens a trace: `late-contexts.ts` says how. */
export function instrument<R>(options: TraceOptions, fn: (context: TraceContext) => R): R;
export function instrument(options?: TraceOptions): InstrumentScope;
export function instrument<R>(
  options: TraceOptions = {},
  fn?: (context: TraceContext) => R,
): R | InstrumentScope {
  const given = nameValue(givenFields(options)['traceId']);
  const traceId = given === undefined ? undefined : parseTraceId(given);
  const state = guarded('instrument', undefined, () => openTrace(options, traceId));
  if (fn === undefined) {
    if (state !== undefined) guarded('instrument', undefined, () => enterContext(state.context));
    return scopeHandle(state);
  }
  if (state === undefined) return fn(NO_SCOPE);
  const context = contextHandle(state.context, { trace: state });
  return runSettled(() => runInContext(state.context, fn, undefined, context), {
    done: () => closeTrace(state),
    failed: (error) => closeTrace(state, { error }),
  });
}

function scopeHandle(state: TraceState | undefined): InstrumentScope {
  if (state === undefined) return NO_SCOPE;
  const end = (error?: unknown): void =>
    guarded('instrument.end', undefined, () =>
      closeTrace(state, error === undefined ? undefined : { error }),
    );
  return {
    ...contextHandle(state.context, { trace: state }),
    run: (fn) => runInContext(state.context, fn),
    end,
    [Symbol.dispose]: () => end(),
  };
}

const NO_SCOPE: InstrumentScope = {
  ...EMPTY_CONTEXT,
  run: (fn) => fn(),
  end: () => undefined,
  [Symbol.dispose]: () => undefined,
};
