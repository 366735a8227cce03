import { SpanKind, trace, type Attributes, type Context, type Span } from '@opentelemetry/api';
import { ATTR_SESSION_ID, ATTR_USER_ID } from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_OUTCOME,
  ATTR_SPOOR_TAGS,
} from '../../semconv/spoor-attributes.js';
import { activeContext } from './active-context.js';
import { amend } from './amend.js';
import { givenFields, listValue, metadataValues, nameValue } from './attribute-values.js';
import { TRACE_KEY } from './context-keys.js';
import { contextWithScope, scopeOf, type ScopeTrace } from './scope.js';
import { joinSession, sessionOf } from './session.js';
import { failSpan } from './span-error.js';
import { emptySpan, startSpan, validSpanContext } from './start-span.js';
import { startInTrace } from './trace-id.js';

/** Facts of a trace. Snake-case names are accepted too. */
export interface TraceOptions {
  /** Name of the trace and of its root. Default `trace`. */
  name?: string;
  /** Session that the trace belongs to; another process may have opened it. Default: the current session. */
  sessionId?: string;
  userId?: string;
  tags?: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
  /** 32 hexadecimal digits, such as `traceIdFrom(id)` makes. Default: a random one. */
  traceId?: string;
}

/** A trace as this process knows it. */
export interface TraceState extends ScopeTrace {
  readonly span: Span;
  readonly context: Context;
}

/** What may change while a trace is open, and after. */
export interface TraceChanges {
  userId?: string;
  tags?: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
}

/** Opens a trace: a root span, linked to the span that is active, if any. `traceId` must be a valid one. */
export function openTrace(options: TraceOptions, traceId: string | undefined): TraceState {
  const fields = givenFields(options);
  const outer = activeContext();
  const sessionId = nameValue(fields['sessionId']);
  const current = sessionOf(outer);
  const session = sessionId === undefined || sessionId === current?.id ? current : joinSession(sessionId);
  const name = nameValue(fields['name']) ?? 'trace';
  const state: { -readonly [Key in keyof TraceState]: TraceState[Key] } = {
    name,
    startMs: Date.now(),
    sessionId: session?.id,
    userId: nameValue(fields['userId']),
    tags: listValue(fields['tags']) ?? [],
    metadata: readable(fields['metadata']),
    ended: false,
    traceId: traceId ?? '',
    span: emptySpan(),
    context: outer,
  };
  const around = validSpanContext(trace.getSpan(outer));
  const step = session === current ? scopeOf(outer)?.step : undefined;
  const parent = contextWithScope(trace.deleteSpan(outer), { session, step, outer }, undefined).setValue(
    TRACE_KEY,
    state,
  );
  const start = (context: Context): Span =>
    startSpan(
      name,
      {
        kind: SpanKind.INTERNAL,
        links: around === undefined ? [] : [{ context: around }],
        attributes: {
          [ATTR_SPOOR_OBSERVATION_TYPE]: 'SPAN',
          ...metadataValues(ATTR_SPOOR_OBSERVATION_METADATA, state.metadata),
        },
      },
      context,
    );
  state.span = traceId === undefined ? start(parent) : startInTrace(traceId, parent, start);
  state.traceId = validSpanContext(state.span)?.traceId ?? state.traceId;
  state.context = contextWithScope(parent, { session, step, observation: state, outer }, state.span);
  return state;
}

/** Changes facts: for the spans to come and on the root, by an amendment once it has ended. */
export function changeTrace(state: ScopeTrace, changes: TraceChanges): void {
  const attributes: Attributes = {};
  if (changes.userId !== undefined) {
    state.userId = changes.userId;
    attributes[ATTR_USER_ID] = changes.userId;
  }
  if (changes.tags !== undefined) {
    state.tags = changes.tags;
    attributes[ATTR_SPOOR_TAGS] = [...changes.tags];
  }
  if (changes.metadata !== undefined) {
    state.metadata = { ...state.metadata, ...changes.metadata };
    Object.assign(attributes, metadataValues(ATTR_SPOOR_OBSERVATION_METADATA, changes.metadata));
  }
  if (!state.ended) {
    state.span.setAttributes(attributes);
    return;
  }
  const spanContext = validSpanContext(state.span);
  if (spanContext === undefined) return;
  const { sessionId } = state;
  const identity = sessionId === undefined ? {} : { [ATTR_SESSION_ID]: sessionId };
  amend({ concept: 'observation', id: spanContext.spanId, spanContext, sessionId, identity }, attributes);
}

/** Ends a trace, as failed when `failure` holds what was thrown. A second end does nothing. */
export function closeTrace(state: TraceState, failure?: { error: unknown }): void {
  if (state.ended) return;
  state.ended = true;
  if (failure !== undefined) {
    failSpan(state.span, failure.error);
    state.span.setAttribute(ATTR_SPOOR_OUTCOME, 'failed');
  }
  state.span.end();
}

function readable(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
