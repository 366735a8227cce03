import { trace, type Attributes, type Context, type Span } from '@opentelemetry/api';
import { ATTR_SESSION_ID, ATTR_USER_ID } from '../../semconv/attributes.js';
import { ATTR_SPOOR_STEP_ID, ATTR_SPOOR_TAGS } from '../../semconv/spoor-attributes.js';
import { sessionInBaggage } from './baggage.js';
import { SCOPE_KEY, TRACE_KEY } from './context-keys.js';

/** What the stamping needs of a session. The tracing code keeps more beside it. */
export interface ScopeSession {
  readonly id: string;
  readonly span: Span | undefined;
  userId: string | undefined;
  tags: readonly string[] | undefined;
  ended: boolean;
}

export interface ScopeStep {
  readonly id: string;
  readonly span: Span;
  ended: boolean;
}

export interface ScopeEvent {
  readonly id: string;
  ended: boolean;
  /** The event that was open before this one. */
  readonly previous: ScopeEvent | undefined;
}

/** An observation that was opened without a callback, or the root of a trace: its context holds until it ends. */
export interface ScopeObservation {
  readonly span: Span;
  ended: boolean;
}

/** A trace that the program opened itself. It goes beside the scope: steps and events inside do not end it. */
export interface ScopeTrace extends ScopeObservation {
  readonly traceId: string;
  readonly name: string;
  readonly startMs: number;
  readonly sessionId: string | undefined;
  userId: string | undefined;
  tags: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
}

/** The session and step that a context belongs to, and the context that it was opened in. */
export interface Scope {
  readonly session: ScopeSession | undefined;
  readonly step: ScopeStep | undefined;
  /** The newest event that was opened by hand; it is not a parent of spans. */
  readonly event?: ScopeEvent | undefined;
  readonly observation?: ScopeObservation | undefined;
  /** What becomes active again once the innermost of the two has ended. */
  readonly outer: Context;
}

/** The scope of a context, as it was set: its session or step may have ended since. */
export function scopeOf(context: Context): Scope | undefined {
  return context.getValue(SCOPE_KEY) as Scope | undefined;
}

/** The trace that the program opened around a context, unless it has ended. */
export function traceOf(context: Context): ScopeTrace | undefined {
  const found = context.getValue(TRACE_KEY) as ScopeTrace | undefined;
  return found?.ended === true ? undefined : found;
}

/** A context in which `scope` holds and `span` is active. */
export function contextWithScope(context: Context, scope: Scope, span: Span | undefined): Context {
  const scoped = context.setValue(SCOPE_KEY, scope);
  return span === undefined ? scoped : trace.setSpan(scoped, span);
}

/** Leaves the steps, sessions and observations that have ended, as long as nothing else was opened inside them. */
export function liveContext(context: Context): Context {
  let live = context;
  for (let scope = scopeOf(live); scope !== undefined; scope = scopeOf(live)) {
    const active = trace.getSpan(live);
    const stepIsOver = scope.step?.ended === true && active === scope.step.span;
    const sessionIsOver =
      scope.session?.ended === true &&
      (active === scope.session.span ||
        (scope.session.span === undefined && active === trace.getSpan(scope.outer)));
    const observationIsOver = scope.observation?.ended === true && active === scope.observation.span;
    if (!stepIsOver && !sessionIsOver && !observationIsOver) return live;
    live = scope.outer;
  }
  return live;
}

/** The attributes that every span started in `context` carries: session, step, user and tags. */
export function contextAttributes(context: Context): Attributes {
  return addContextAttributes({}, context);
}

/** Adds them to `attributes`, and returns these. */
export function addContextAttributes(attributes: Attributes, context: Context): Attributes {
  const scope = scopeOf(context);
  if (scope?.session === undefined) {
    const sessionId = sessionInBaggage(context);
    if (sessionId !== undefined) attributes[ATTR_SESSION_ID] = sessionId;
  }
  if (scope === undefined) return attributes;
  const { session, step } = scope;
  if (session !== undefined) {
    attributes[ATTR_SESSION_ID] = session.id;
    if (session.userId !== undefined) attributes[ATTR_USER_ID] = session.userId;
    if (session.tags !== undefined && session.tags.length > 0)
      attributes[ATTR_SPOOR_TAGS] = [...session.tags];
  }
  if (step !== undefined) attributes[ATTR_SPOOR_STEP_ID] = step.id;
  const opened = traceOf(context);
  if (opened !== undefined) addTraceAttributes(attributes, opened, session?.tags ?? []);
  return attributes;
}

/** The trace lies inside its session: what it says of the user counts, and its tags come on top. */
function addTraceAttributes(
  attributes: Attributes,
  { userId, tags }: ScopeTrace,
  outerTags: readonly string[],
): void {
  if (userId !== undefined) attributes[ATTR_USER_ID] = userId;
  if (tags.length > 0) attributes[ATTR_SPOOR_TAGS] = [...new Set([...outerTags, ...tags])];
}
