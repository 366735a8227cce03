import { lateModule } from '../shared/late.js';
import type * as CurrentContextNamespace from './current-context.js';
import type { TraceContext } from './current-context.js';
import type * as CurrentTraceNamespace from './current-trace.js';
import type { TraceView } from './current-trace.js';
import { guarded } from './guarded.js';
import type * as InstrumentNamespace from './instrument-scope.js';
import type { InstrumentScope } from './instrument-scope.js';
import { startObservation } from './observation.js';
import type { TraceOptions } from './trace-scope.js';

/** Traces that a program opens itself and what it asks of them, loaded when it first does. */
const instrumentModule = lateModule<typeof InstrumentNamespace>('./instrument-scope.js', import.meta.url);
const contextModule = lateModule<typeof CurrentContextNamespace>('./current-context.js', import.meta.url);
const traceModule = lateModule<typeof CurrentTraceNamespace>('./current-trace.js', import.meta.url);

/**
 * Opens a trace: a root observation of type SPAN, with a session, a user and tags that everything inside carries. With a
 * function the trace ends when the function does, and its result and its error go on as they are. Without one the trace is
 * the active one for the rest of this async context, until it is ended.
 *
 * A `traceId` of one's own makes the root a real root in spoor's own pipeline. In an app's pipeline, which chooses the ids
 * of its roots itself, the root gets a parent that is never sent: viewers show it as a trace whose first span is missing.
 *
 * @throws SpoorError SPOOR_OPTION_INVALID for a `traceId` that is none.
 *
 * @example
 * await instrument({ name: 'ticket', sessionId: chat.id, userId: 'u-7', tags: ['beta'] }, () => answer(chat));
 *
 * @example
 * {
 *   using ticket = instrument({ name: 'ticket', traceId: traceIdFrom(id) });
 *   ticket.addMetadata('channel', 'mail');
 * }
 */
export function instrument<R>(options: TraceOptions, fn: (context: TraceContext) => R): R;
export function instrument(options?: TraceOptions): InstrumentScope;
export function instrument<R>(
  options: TraceOptions = {},
  fn?: (context: TraceContext) => R,
): R | InstrumentScope {
  const opener = guarded('instrument', undefined, instrumentModule);
  if (fn === undefined) return opener === undefined ? NO_SCOPE : opener.instrument(options);
  return opener === undefined ? fn(NO_SCOPE) : opener.instrument(options, fn);
}

/**
 * What is open around the call: the trace of `instrument`, else the current session, else the active span. Undefined when
 * nothing is.
 *
 * @example
 * instrument({ name: 'ticket' }, () => {
 *   getCurrentContext()?.addTag('refund');
 *   const search = getCurrentContext()?.pushObservation({ type: 'retrieval', name: 'orders' });
 *   // calls here are children of the retrieval
 *   getCurrentContext()?.popObservation(search, { output: '2 orders' });
 * });
 */
export function getCurrentContext(): TraceContext | undefined {
  return guarded('getCurrentContext', undefined, () => contextModule().getCurrentContext());
}

/**
 * The trace around the call, to read: changing it changes nothing. Undefined outside of any trace.
 *
 * @example
 * const traceId = getCurrentTrace()?.traceId;
 * reply.setHeader('x-trace-id', traceId ?? '');
 */
export function getCurrentTrace(): TraceView | undefined {
  return guarded('getCurrentTrace', undefined, () => traceModule().getCurrentTrace());
}

/** When nothing could be loaded: the program runs on, and what it starts is not in a trace of its own. */
const NO_SCOPE: InstrumentScope = {
  traceId: '',
  isEnabled: () => false,
  pushObservation: startObservation,
  popObservation: () => undefined,
  addMetadata: () => undefined,
  addTag: () => undefined,
  setUser: () => undefined,
  run: (fn) => fn(),
  end: () => undefined,
  [Symbol.dispose]: () => undefined,
};
