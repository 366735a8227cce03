import { ROOT_CONTEXT, SpanKind, trace, type Context, type Span } from '@opentelemetry/api';
import { SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import { GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS } from '../../semconv/values.js';
import { currentContentPolicy, type ContentPolicy } from '../config/content-policy.js';
import { activeContext, applyInContext } from '../tracing/active-context.js';
import { contextWithSpan } from '../tracing/active-span-context.js';
import { currentTracer } from '../tracing/provider.js';
import { addContextAttributes } from '../tracing/scope.js';
import { isApiPromise, observeApiPromise } from './api-promise.js';
import { requestAttributes, spanName } from './attributes.js';
import type { CallMapper, ClientSdk } from './call-mapper.js';
import { coverOf, CoveringSpan, type Cover } from './cover.js';
import { explain, report } from './guard.js';
import { OpenCall, type CallEnding } from './open-call.js';
import { isGuardedPromise, observeGuardedPromise } from './guarded-promise.js';
import type { CallRequest } from './records.js';
import { settle } from './settle.js';
import { isAsyncIterable } from '../tracing/observe-iterable.js';
import { isSuppressed, suppressCalls } from './suppress.js';

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
  /** Calls made inside this one are part of it: the provider's SDK under a framework. Only in the context of this call. */
  coversInner?: boolean;
  /** Narrows what may be kept of this call, for an SDK that has options for that. */
  narrow?(policy: ContentPolicy): ContentPolicy;
  /** Told when the call has ended. */
  onEnd?(ending: CallEnding): void;
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
  let call: OpenCall | undefined;
  let given = args;
  try {
    call = startCall(traced, resource, args);
    if (call !== undefined && traced.takeOver !== undefined)
      given = traced.takeOver(args, traced.clientOf(resource), trace.getSpanContext(call.context)) ?? args;
  } catch (error) {
    report('call start', error);
  }
  if (call === undefined) return Reflect.apply(original, resource, args);
  if (traced.mapper.watchServer !== undefined) call.watchServer(traced.clientOf(resource));
  let result: unknown;
  try {
    const inner = traced.coversInner === true ? suppressCalls(call.context) : call.context;
    result = applyInContext(inner, original, resource, given);
  } catch (error) {
    call.failed(error);
    throw error;
  }
  call.captureInput(args);
  call.watchSignal(args);
  try {
    return observe(traced, result, call) ?? result;
  } catch (error) {
    report('call', error);
    return result;
  }
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
  traced: Pick<TracedMethod, 'sdk' | 'mapper' | 'clientOf' | 'isUnknown' | 'narrow' | 'onEnd'>,
  resource: unknown,
  args: unknown[],
  parent: Context = activeContext(),
): OpenCall | undefined {
  if (traced.isUnknown === true) return undefined;
  // Nothing was ever put into the root context: most calls of a program without sessions start there.
  const isRoot = parent === ROOT_CONTEXT;
  if (!isRoot && isSuppressed(parent)) return undefined;
  const tracer = currentTracer(scopeNameOf(traced.sdk));
  if (tracer === undefined) return undefined;
  const request = traced.mapper.request(args, traced.clientOf(resource));
  const cover = isRoot ? undefined : coverOf(parent);
  if (cover?.span !== undefined && covers(cover.span, request))
    return startInside(cover.span, traced, request, parent);
  const attributes = requestAttributes(request);
  if (!isRoot) addContextAttributes(attributes, parent);
  const span = tracer.startSpan(spanName(request), { kind: SpanKind.CLIENT, attributes }, parent);
  const policy = span.isRecording() ? narrowed(traced, currentContentPolicy()) : NOTHING;
  const own = cover === undefined ? span : frontOf(cover, span, request);
  const call = new OpenCall(own, contextWithSpan(parent, span), traced.mapper, policy);
  call.request = request;
  if (traced.onEnd !== undefined) call.onEnd = tellEnd(traced);
  return call;
}

/** A function of its own: one that is written down in `startCall` would cost every call a place to keep what it refers to. */
function tellEnd(traced: Pick<TracedMethod, 'onEnd'>): (ending: CallEnding) => void {
  return (ending) => traced.onEnd?.(ending);
}

/** By SDK: a text that is put together anew has to be hashed anew to be looked up. */
const scopeNames = new Map<string, string>();

function scopeNameOf(sdk: string): string {
  let name = scopeNames.get(sdk);
  if (name === undefined) scopeNames.set(sdk, (name = SCOPE_INSTRUMENTATION_PREFIX + sdk));
  return name;
}

function narrowed(traced: Pick<TracedMethod, 'narrow'>, policy: ContentPolicy): ContentPolicy {
  return traced.narrow === undefined ? policy : traced.narrow(policy);
}

/** The first call of a covered context covers the others. */
function frontOf(cover: Cover, span: Span, { operation }: CallRequest): Span {
  if (cover.span !== undefined) return span;
  cover.span = new CoveringSpan(span, operation);
  return cover.span.front();
}

/** An embedding made on the way to an answer is no part of the answer. */
function covers(span: CoveringSpan, request: CallRequest): boolean {
  return isEmbedding(span.operation) === isEmbedding(request.operation);
}

function isEmbedding(operation: string): boolean {
  return operation === GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS;
}

/** A call that a framework's span stands for: it has no span of its own, and what it learns is put on that one. */
function startInside(
  covering: CoveringSpan,
  traced: Pick<TracedMethod, 'mapper' | 'narrow'>,
  request: CallRequest,
  parent: Context,
): OpenCall {
  const span = covering.share();
  span.setAttributes(requestAttributes(request));
  const policy = span.isRecording() ? narrowed(traced, currentContentPolicy()) : NOTHING;
  const call = new OpenCall(span, parent, traced.mapper, policy);
  covering.endWith(() => call.abandon());
  return call;
}

/** @returns what the program gets in the place of `result`; undefined when it gets that. */
function observe(traced: TracedMethod, result: unknown, call: OpenCall): unknown {
  if (isApiPromise(result)) {
    observeApiPromise(result, call);
    return undefined;
  }
  if (isGuardedPromise(result)) {
    observeGuardedPromise(result, call);
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
    Reflect.ownKeys(value).every(isOfNode)
  );
}

/** What Node before version 22 puts on every promise once an AsyncLocalStorage is in use. */
const NODE_KEYS: ReadonlySet<string | undefined> = new Set([
  'async_id_symbol',
  'trigger_async_id_symbol',
  'kResourceStore',
]);

function isOfNode(key: PropertyKey): boolean {
  return typeof key === 'symbol' && NODE_KEYS.has(key.description);
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
