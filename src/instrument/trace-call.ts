import { SpanKind, trace } from '@opentelemetry/api';
import { SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import { currentContentPolicy, type ContentPolicy } from '../config/content-policy.js';
import { activeContext, runInContext } from '../tracing/active-context.js';
import { currentTracer } from '../tracing/provider.js';
import { contextAttributes } from '../tracing/scope.js';
import { isApiPromise, observeApiPromise } from './api-promise.js';
import { requestAttributes, spanName } from './attributes.js';
import type { CallMapper, SdkDefinition } from './call-mapper.js';
import { explain, guard } from './guard.js';
import { OpenCall } from './open-call.js';
import { isSuppressed } from './suppress.js';

/** What the kit must know of a patched method. */
export interface TracedMethod {
  /** Name of the instrumentation folder: the scope is made of it. */
  sdk: string;
  /** For diagnostics, for example `chat.completions.create`. */
  label: string;
  mapper: CallMapper;
  /** The SDK's client of a resource, or the resource itself. */
  clientOf(resource: unknown): unknown;
  /** Arguments by which an SDK that traces itself leaves the span to us. */
  takeOver?: SdkDefinition['takeOver'];
  /** Set when the method's answer is not understood: from then on it is left alone. */
  isUnknown?: boolean;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Calls the SDK's own method, with a span around it when one is wanted. Whatever happens to the span, the program gets
 * what the method returns, or what it throws.
 */
export function traceCall(
  traced: TracedMethod,
  original: Method,
  resource: unknown,
  args: unknown[],
): unknown {
  const call = guard('call start', () => startCall(traced, resource, args));
  if (call === undefined) return Reflect.apply(original, resource, args);
  const taken = guard('taking over', () =>
    traced.takeOver?.(args, traced.clientOf(resource), trace.getSpanContext(call.context)),
  );
  let result: unknown;
  try {
    result = runInContext(call.context, original, resource, ...(taken ?? args));
  } catch (error) {
    call.failed(error);
    throw error;
  }
  call.captureInput(args);
  guard('call', () => observe(traced, result, call));
  return result;
}

/** For a span that was sampled out: no content is read for it. */
const NOTHING: ContentPolicy = {
  system: false,
  input: false,
  output: false,
  tools: false,
  toolArguments: false,
  maxLength: 0,
};

function startCall(traced: TracedMethod, resource: unknown, args: unknown[]): OpenCall | undefined {
  if (traced.isUnknown === true) return undefined;
  const parent = activeContext();
  if (isSuppressed(parent)) return undefined;
  const tracer = currentTracer(SCOPE_INSTRUMENTATION_PREFIX + traced.sdk);
  if (tracer === undefined) return undefined;
  const request = traced.mapper.request(args, traced.clientOf(resource));
  const span = tracer.startSpan(
    spanName(request),
    {
      kind: SpanKind.CLIENT,
      attributes: Object.assign(requestAttributes(request), contextAttributes(parent)),
    },
    parent,
  );
  const policy = span.isRecording() ? currentContentPolicy() : NOTHING;
  return new OpenCall(span, trace.setSpan(parent, span), traced.mapper, policy);
}

function observe(traced: TracedMethod, result: unknown, call: OpenCall): void {
  if (isApiPromise(result)) {
    observeApiPromise(result, call);
    return;
  }
  traced.isUnknown = true;
  call.abandon();
  explain(
    `${traced.sdk} ${traced.label}`,
    `${traced.label} of ${traced.sdk} returns something unknown, so it is not traced; another version of the package may help`,
  );
}
