import {
  isSpanContextValid,
  propagation,
  trace,
  type Context,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import { activeContext } from '../tracing/active-context.js';

/** The fields of W3C Trace Context and Baggage, as they stand in a message's own metadata. */
const FIELDS = ['traceparent', 'tracestate', 'baggage'] as const;
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Some protocols carry the trace in their messages and name the W3C form, whatever the app sends in its HTTP headers. */
export function traceFields(context: Context): Record<string, string> {
  const spanContext = trace.getSpanContext(context);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return {};
  const all: Record<string, string> = {};
  propagation.inject(context, all);
  const fields: Record<string, string> = {};
  for (const name of FIELDS) if (typeof all[name] === 'string') fields[name] = all[name];
  // Without a global propagator (a provider of our own) the form is written here. Baggage stays the app's to send.
  if (propagation.fields().length === 0) Object.assign(fields, writeTrace(spanContext));
  return fields;
}

function writeTrace(spanContext: SpanContext): Record<string, string> {
  const flags = (spanContext.traceFlags & 0xff).toString(16).padStart(2, '0');
  const state = spanContext.traceState?.serialize() ?? '';
  return {
    traceparent: `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`,
    ...(state === '' ? {} : { tracestate: state }),
  };
}

/**
 * The context of work that a message asked for, to be called where the message comes in: its parent is the span that the
 * message names. A span that is still open around us and is not the parent (the HTTP request that brought the message) is
 * linked. A message that names none belongs to the active context.
 */
export function contextOfMessage(fields: unknown): { parent: Context; links: Link[] } {
  const ambient = activeContext();
  const carrier = stringFields(fields);
  if (carrier['traceparent'] === undefined) return { parent: ambient, links: [] };
  const current = trace.getSpan(ambient);
  const parent =
    propagation.fields().length === 0
      ? readTrace(ambient, carrier['traceparent'])
      : propagation.extract(ambient, carrier);
  const named = trace.getSpanContext(parent);
  const here = current?.spanContext();
  // In one process the span itself is active: it says more than its ids.
  if (named === undefined || named.spanId === here?.spanId) return { parent: ambient, links: [] };
  const links = current?.isRecording() === true && here !== undefined ? [{ context: here }] : [];
  return { parent, links };
}

function readTrace(context: Context, traceParent: string): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACE_PARENT.exec(traceParent) ?? [];
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(context, spanContext) : context;
}

function stringFields(fields: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (typeof fields !== 'object' || fields === null) return found;
  for (const name of FIELDS) {
    const value = (fields as Record<string, unknown>)[name];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
