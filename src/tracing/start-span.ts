import {
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  TraceFlags,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
} from '@opentelemetry/api';
import { activeContext } from './active-context.js';
import { sessionInBaggage } from './baggage.js';
import { SCOPE_KEY } from './context-keys.js';
import { warnOnce } from './diag.js';
import { currentTracer } from './provider.js';
import { contextAttributes, scopeOf } from './scope.js';

/**
 * Starts a span in a context, stamped with its session, step, user and tags. Never throws: when nothing records, the span
 * is one that does nothing.
 */
export function startSpan(
  name: string,
  options: SpanOptions = {},
  context: Context = activeContext(),
  scope?: string,
): Span {
  try {
    const tracer = currentTracer(scope);
    if (tracer === undefined) return emptySpan();
    // Copies cost as much as a span does: where there is nothing to stamp, there are none.
    if (scopeOf(context) === undefined && sessionInBaggage(context) === undefined)
      return tracer.startSpan(name, options, context);
    const attributes = { ...contextAttributes(context), ...options.attributes };
    return tracer.startSpan(name, { ...options, attributes }, context);
  } catch (error) {
    warnOnce('start-span', 'a span could not be started', error);
    return emptySpan();
  }
}

/** Says in so many words that a span belongs to no session; the root context alone may only mean that nobody said. */
const NO_SCOPE: Context = ROOT_CONTEXT.setValue(SCOPE_KEY, undefined);

/** A context whose active span is the one that `spanContext` names, and nothing else. */
export function contextOfSpan(spanContext: SpanContext | undefined): Context {
  return spanContext === undefined ? NO_SCOPE : trace.setSpanContext(NO_SCOPE, spanContext);
}

/** A span that does nothing. */
export function emptySpan(): Span {
  return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
}

/** True when what is said on the span, or of it later, goes anywhere. */
export function isKept(span: Span): boolean {
  return span.isRecording() || (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** Stands for a span that has ended: its ids without its content. */
export function spanReference(span: Span): Span {
  return trace.wrapSpanContext(span.spanContext());
}

/** The span's context, or undefined when the span does nothing. */
export function validSpanContext(span: Span | undefined): SpanContext | undefined {
  const spanContext = span?.spanContext();
  return spanContext !== undefined && trace.isSpanContextValid(spanContext) ? spanContext : undefined;
}
