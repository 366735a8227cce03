import { trace, type Context, type Span } from '@opentelemetry/api';
import { ATTR_USER_ID } from '../../semconv/attributes.js';
import { ATTR_SPOOR_OBSERVATION_METADATA, ATTR_SPOOR_TAGS } from '../../semconv/spoor-attributes.js';
import { activeContext } from './active-context.js';
import { metadataValues } from './attribute-values.js';
import { warnOnce } from './diag.js';
import { guarded } from './guarded.js';
import type { ObservationFields, ObservationHandle, ObservationOptions } from './observation.js';
import { popObservation, pushObservation } from './pushed-observations.js';
import { isSilent } from './sampling.js';
import { traceOf, type ScopeTrace } from './scope.js';
import { changeSession, sessionOf, type SessionState } from './session.js';
import { validSpanContext } from './start-span.js';
import { changeTrace } from './trace-scope.js';

/** What is open around a call, in the hand of the program. No method throws because of telemetry. */
export interface TraceContext {
  /** Empty when nothing records. */
  readonly traceId: string;
  /** False when what is done here is not recorded: spoor is off, or this session or trace is left out. */
  isEnabled(): boolean;
  /**
   * Starts an observation that is the parent of what follows in this async context, until it is popped. Work that runs side
   * by side belongs in `withObservation`, or in the handle's `run`: calls without a callback cannot tell branches apart
   * before their first `await`.
   */
  pushObservation(options?: ObservationOptions): ObservationHandle;
  /**
   * Ends the observation that was pushed last in this async context, or the given one, whoever pushed it and in whatever
   * order. Returns it; undefined, once all are popped.
   */
  popObservation(
    which?: ObservationHandle | string,
    fields?: ObservationFields,
  ): ObservationHandle | undefined;
  addMetadata(key: string, value: unknown): void;
  /** A tag of the whole trace (of the session, where no trace was opened): spans that start later carry it too. */
  addTag(tag: string): void;
  setUser(userId: string): void;
}

/** What is open around the call: `late-contexts.ts` says what that is. */
export function getCurrentContext(): TraceContext | undefined {
  return guarded('getCurrentContext', undefined, () => {
    const context = activeContext();
    const owner = ownerOf(context);
    return owner === undefined ? undefined : contextHandle(context, owner);
  });
}

/** The handle of nothing: observations are still pushed and popped, facts go nowhere. */
export const EMPTY_CONTEXT: TraceContext = {
  traceId: '',
  isEnabled: () => false,
  pushObservation,
  popObservation,
  addMetadata: () => undefined,
  addTag: () => undefined,
  setUser: () => undefined,
};

/** What facts about "here" belong to. */
export type ContextOwner =
  | { readonly trace: ScopeTrace }
  | { readonly session: SessionState }
  | { readonly span: Span };

/** The handle of a context. */
export function contextHandle(context: Context, owner: ContextOwner): TraceContext {
  return {
    traceId:
      'trace' in owner ? owner.trace.traceId : (validSpanContext(trace.getSpan(context))?.traceId ?? ''),
    isEnabled: () => guarded('context.isEnabled', false, () => !isSilent(context)),
    pushObservation,
    popObservation,
    addMetadata: (key, value) =>
      guarded('context.addMetadata', undefined, () => change(owner, { metadata: { [key]: value } })),
    addTag: (tag) => guarded('context.addTag', undefined, () => addTag(owner, tag)),
    setUser: (userId) => guarded('context.setUser', undefined, () => change(owner, { userId })),
  };
}

function ownerOf(context: Context): ContextOwner | undefined {
  const opened = traceOf(context);
  const span = trace.getSpan(context);
  const session = sessionOf(context);
  // A session that was opened inside a trace has a trace of its own.
  const isInside = span === undefined || span.spanContext().traceId === opened?.span.spanContext().traceId;
  if (opened !== undefined && (isInside || session?.id === opened.sessionId)) return { trace: opened };
  if (session !== undefined && !session.ended) return { session };
  return span === undefined ? undefined : { span };
}

interface Changes {
  userId?: string;
  tags?: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
}

function change(owner: ContextOwner, changes: Changes): void {
  if ('trace' in owner) changeTrace(owner.trace, changes);
  else if ('session' in owner) changeSession(owner.session, changes);
  else changeSpan(owner.span, changes);
}

function changeSpan(span: Span, { userId, tags, metadata }: Changes): void {
  if (!span.isRecording()) {
    if (validSpanContext(span) !== undefined)
      warnOnce('context-ended', 'the active span takes no more facts');
    return;
  }
  span.setAttributes({
    ...(userId === undefined ? {} : { [ATTR_USER_ID]: userId }),
    ...(tags === undefined ? {} : { [ATTR_SPOOR_TAGS]: [...tags] }),
    ...metadataValues(ATTR_SPOOR_OBSERVATION_METADATA, metadata),
  });
}

function addTag(owner: ContextOwner, tag: string): void {
  const tags = tagsOf(owner);
  if (!tags.includes(tag)) change(owner, { tags: [...tags, tag] });
}

function tagsOf(owner: ContextOwner): readonly string[] {
  if ('trace' in owner) return owner.trace.tags;
  if ('session' in owner) return owner.session.tags ?? [];
  // The API has no way to read a span; those of the SDK can be read all the same.
  const tags = (owner.span as { attributes?: Record<string, unknown> }).attributes?.[ATTR_SPOOR_TAGS];
  return Array.isArray(tags) ? (tags as string[]) : [];
}
