import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
} from '../../semconv/attributes.js';
import { ERROR_TYPE_VALUE_OTHER } from '../../semconv/values.js';
import { addValue } from '../../src/instrument/capture.js';
import { errorMessage, errorType } from '../../src/instrument/call-error.js';
import { guard } from '../../src/instrument/guard.js';
import { startOpenSpan, type OpenSpan } from '../../src/instrument/open-span.js';
import { textOf } from '../../src/instrument/read.js';
import { modelCallName, readBeginning, readTrace, type Beginning } from './request.js';
import { metadataKey, readEnded, readFailure, readTraceMetadata } from './response.js';
import type { SdkContext, SdkSpan, SdkTrace } from './sdk-types.js';

/**
 * Our spans for those of the SDK that are under way, by their ids: the SDK makes copies of its objects, and any of them may be
 * the one that is ended.
 */
const spans = new Map<string, OpenSpan>();
const traces = new Map<string, LiveTrace>();

interface LiveTrace {
  span: OpenSpan | undefined;
  conversationId: string | undefined;
}

type TraceContext = OpenSpan['context'];

/** Where a forgotten span stops being looked for. */
const MAX_DEPTH = 20;
/** Spans that the SDK never ends are given up by the kit, and leave the table when it has grown. */
const MAX_LIVE = 1000;

/** The SDK has begun a trace. */
export function traceStarted(trace: SdkTrace): void {
  if (traces.has(trace.traceId)) return;
  const conversationId = textOf(trace.groupId);
  const span = open(readTrace(trace), undefined, conversationId);
  if (span !== undefined) addMetadata(span, readTraceMetadata(trace));
  traces.set(trace.traceId, { span, conversationId });
}

/** The SDK has ended a trace. */
export function traceEnded(trace: SdkTrace): void {
  traces.get(trace.traceId)?.span?.end();
  traces.delete(trace.traceId);
}

/** True for a trace that has not begun. */
export function isNewTrace({ trace, span }: SdkContext): boolean {
  return trace !== undefined && span === undefined && !traces.has(trace.traceId);
}

/** The work of a trace has failed: then the SDK does not end it. */
export function traceFailed(traceId: string, error: unknown): void {
  traces.get(traceId)?.span?.endFailed({ type: errorType(error), message: errorMessage(error) });
  traces.delete(traceId);
}

/** The SDK has begun a span. */
export function spanStarted(sdkSpan: SdkSpan): void {
  const { spanId, parentId, traceId, spanData } = sdkSpan;
  if (spans.has(spanId)) return;
  const trace = traces.get(traceId);
  const parent =
    (parentId === null || parentId === undefined ? undefined : spans.get(parentId)) ?? trace?.span;
  const span = open(readBeginning(spanData), parent?.context, trace?.conversationId);
  if (span === undefined) return;
  spans.set(spanId, span);
  if (spans.size > MAX_LIVE) for (const [id, { isEnded }] of spans) if (isEnded) spans.delete(id);
}

/** The SDK has ended a span. */
export function spanEnded(sdkSpan: SdkSpan): void {
  const span = spans.get(sdkSpan.spanId);
  if (span === undefined) return;
  spans.delete(sdkSpan.spanId);
  guard('end of a span', () => addEnded(span, sdkSpan));
  const failure = readFailure(sdkSpan);
  if (failure === undefined) span.end();
  else
    span.endFailed(
      failure.type === ERROR_TYPE_VALUE_OTHER
        ? { ...failure, type: span.innerErrorType ?? failure.type }
        : failure,
    );
}

/** The context of what the SDK holds to be current: its span, or one around that is still open, or its trace. */
export function contextOf({ active, span, trace }: SdkContext): TraceContext | undefined {
  if (active === false) return undefined;
  let depth = 0;
  for (let current = span; current !== undefined && depth < MAX_DEPTH; current = current.previousSpan) {
    const live = spans.get(current.spanId);
    if (live !== undefined) return live.context;
    depth += 1;
  }
  return trace === undefined ? undefined : traces.get(trace.traceId)?.span?.context;
}

function open(
  { name, attributes, covers }: Beginning,
  parent: TraceContext | undefined,
  conversationId: string | undefined,
): OpenSpan | undefined {
  return startOpenSpan({
    sdk: 'openai-agents',
    name,
    kind: covers === undefined ? 'INTERNAL' : 'CLIENT',
    attributes: {
      ...attributes,
      ...(conversationId === undefined ? {} : { [ATTR_GEN_AI_CONVERSATION_ID]: conversationId }),
    },
    ...(parent === undefined ? {} : { parent }),
    ...(covers === undefined ? {} : { covers }),
  });
}

/** The SDK fills in most of a span's data on the way, so everything but its name is read at the end. */
function addEnded(span: OpenSpan, { spanData }: SdkSpan): void {
  const { facts, content, metadata } = readEnded(spanData);
  const { policy } = span;
  const attributes = { ...facts };
  // The provider's own instrumentation has the messages, in the form of the conventions.
  const said = span.shared(ATTR_GEN_AI_OPERATION_NAME) === undefined ? content : [];
  for (const { part, key, value } of said) if (policy[part]) addValue(attributes, key, value, policy);
  span.set(attributes);
  addMetadata(span, metadata);
  if (spanData.type === 'generation' || spanData.type === 'response') {
    const model =
      span.shared(ATTR_GEN_AI_REQUEST_MODEL) ??
      facts[ATTR_GEN_AI_REQUEST_MODEL] ??
      facts[ATTR_GEN_AI_RESPONSE_MODEL];
    if (typeof model === 'string') span.rename(modelCallName(model));
  } else if (spanData.type === 'handoff') span.rename(readBeginning(spanData).name);
}

function addMetadata(span: OpenSpan, metadata: Record<string, unknown>): void {
  const attributes = {};
  for (const [name, value] of Object.entries(metadata)) {
    if (Array.isArray(value) && value.length === 0) continue;
    addValue(attributes, metadataKey(name), value, span.policy);
  }
  span.set(attributes);
}
