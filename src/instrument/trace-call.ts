import { SpanKind, trace, type Context } from '@opentelemetry/api';
import { SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import { currentContentPolicy, type ContentPolicy } from '../config/content-policy.js';
import { activeContext, runInContext } from '../tracing/active-context.js';
import { currentTracer } from '../tracing/provider.js';
import { contextAttributes } from '../tracing/scope.js';
import { isApiPromise, observeApiPromise } from './api-promise.js';
import { requestAttributes, spanName } from './attributes.js';
import type { CallMapper, ClientSdk } from './call-mapper.js';
import { explain, guard } from './guard.js';
import { OpenCall } from './open-call.js';
import { settle } from './settle.js';
import { isAsyncIterable } from './stream.js';
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
  takeOver?: ClientSdk['takeOver'];
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
  return guard('call', () => observe(traced, result, call)) ?? result;
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

/**
 * Opens a call by hand, for a framework that says when its calls begin and end. `parent` is the context that the call was
 * made in. Undefined when the call is not to be traced.
 */
export function startCall(
  traced: Pick<TracedMethod, 'sdk' | 'mapper' | 'clientOf' | 'isUnknown'>,
  resource: unknown,
  args: unknown[],
  parent: Context = activeContext(),
): OpenCall | undefined {
  if (traced.isUnknown === true) return undefined;
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

/** @returns what the program gets in the place of `result`; undefined when it gets that. */
function observe(traced: TracedMethod, result: unknown, call: OpenCall): unknown {
  if (isApiPromise(result)) {
    observeApiPromise(result, call);
    return undefined;
  }
  if (isPlainPromise(result)) return observePromise(result, call);
  if (isAsyncIterable(result)) {
    settle(result, call);
    return undefined;
  }
  traced.isUnknown = true;
  call.abandon();
  explain(
    `${traced.sdk} ${traced.label}`,
    `${traced.label} of ${traced.sdk} returns something unknown, so it is not traced; another version of the package may help`,
  );
  return undefined;
}

/** What an async function returns: nobody else can hold it yet, and nothing is lost when a derived one takes its place. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Reflect.ownKeys(value).length === 0
  );
}

/** A rejection that nobody handles stays one that nobody handles, because the program holds the promise that we return. */
function observePromise(promise: Promise<unknown>, call: OpenCall): Promise<unknown> {
  return promise.then(
    (value) => {
      settle(value, call);
      return value;
    },
    (error: unknown) => {
      call.failed(error);
      throw error;
    },
  );
}
