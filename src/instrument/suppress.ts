import { createContextKey, type Context } from '@opentelemetry/api';
import { activeContext, runInContext } from '../tracing/active-context.js';

const SUPPRESSED: symbol = createContextKey('spoor suppress calls');
/** The key by which OpenTelemetry's own `suppressTracing` marks a context. */
const TRACING_SUPPRESSED: symbol = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** True inside a call that a span already covers, and inside OpenTelemetry's own `suppressTracing`. */
export function isSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESSED) === true || context.getValue(TRACING_SUPPRESSED) === true;
}

/** The context with LLM calls inside it untraced: for a framework whose own span covers the call. Only that context. */
export function suppressCalls(context: Context): Context {
  return context.setValue(SUPPRESSED, true);
}

/** Runs `fn` with LLM calls untraced, in this context alone. */
export function withCallsSuppressed<R>(fn: () => R): R {
  return runInContext(suppressCalls(activeContext()), fn);
}
