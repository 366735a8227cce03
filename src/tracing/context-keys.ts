import { createContextKey } from '@opentelemetry/api';

/**
 * Keys under which our state travels in an OpenTelemetry context. `createContextKey` is `Symbol.for`, so that two copies of
 * the package in one process see each other's state. The number changes with the shape of what is stored.
 */
export const SCOPE_KEY: symbol = createContextKey('spoor.scope.1');

/** The trace that the program opened with `instrument`. */
export const TRACE_KEY: symbol = createContextKey('spoor.trace.1');

/** The observations that were pushed by hand, newest first. */
export const PUSHED_KEY: symbol = createContextKey('spoor.pushed.1');

/** The SDKs' own mark: nothing is traced in a context that has it. The SDK package that names it is not loaded here. */
export const SUPPRESS_TRACING_KEY: symbol = createContextKey(
  'OpenTelemetry SDK Context Key SUPPRESS_TRACING',
);
