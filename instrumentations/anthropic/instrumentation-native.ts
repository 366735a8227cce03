import type { SpanContext } from '@opentelemetry/api';
import { hasAppProvider } from '../../src/instrument/app-provider.js';
import type { AnthropicClient, OwnSpan, RequestOptions } from './sdk-types.js';

/**
 * From 0.134 on the SDK makes a span for each call as soon as the app has a tracer provider. It begins that span in the
 * method (or in the helper that calls the method) and passes it down in the request options; a span that is there already
 * is used instead. That is how a call stays one span: we pass one that records nothing and carries the context of ours, so
 * that the headers of the request and the spans below it still belong to the call.
 */
const SPAN_NAME = 'anthropic.messages.create';
const NO_CONTEXT: SpanContext = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
const given: WeakSet<object> = new WeakSet();

/**
 * True when the SDK's span is the one to keep: it has begun by a way that we do not know, or the app has given the client a
 * tracer provider of its own for these spans.
 */
export function tracesItself(client: unknown, args: readonly unknown[]): boolean {
  const { _tracer, openTelemetry } = (client ?? {}) as AnthropicClient;
  if (_tracer === undefined || _tracer === null) return false;
  if (openTelemetry?.tracerProvider !== undefined) return true;
  if (!hasAppProvider()) return false;
  const begun = (args[1] as RequestOptions | null | undefined)?.['__span'];
  return begun !== undefined && begun !== null && !given.has(begun) && begun.span.isRecording();
}

/** True when the SDK makes a span of its own for a call that is left to it. */
export function makesOwnSpans(client: unknown): boolean {
  const { _tracer, openTelemetry } = (client ?? {}) as AnthropicClient;
  if (_tracer === undefined || _tracer === null) return false;
  return openTelemetry?.tracerProvider !== undefined || hasAppProvider();
}

/** The arguments of a call with a span that records nothing, or undefined when the SDK would make none. */
export function takeOver(
  args: readonly unknown[],
  client: unknown,
  span: SpanContext | undefined,
): unknown[] | undefined {
  const { _tracer, openTelemetry } = (client ?? {}) as AnthropicClient;
  if (_tracer === undefined || _tracer === null) return undefined;
  if (openTelemetry?.tracerProvider !== undefined || !hasAppProvider()) return undefined;
  const [params, options, ...rest] = args;
  const own: OwnSpan = { span: silentSpan(span ?? NO_CONTEXT), name: SPAN_NAME, startTime: Date.now() };
  given.add(own);
  return [params, { ...(options as RequestOptions | null | undefined), __span: own }, ...rest];
}

/** The part of OpenTelemetry's Span that the SDK uses. */
function silentSpan(context: SpanContext): OwnSpan['span'] {
  const span = {
    spanContext: () => context,
    isRecording: () => false,
    setAttribute: () => span,
    setAttributes: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus: () => span,
    updateName: () => span,
    end: () => undefined,
    recordException: () => undefined,
  };
  return span;
}
