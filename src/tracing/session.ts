import { randomUUID } from 'node:crypto';
import {
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Attributes,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { ATTR_GEN_AI_AGENT_ID, ATTR_GEN_AI_AGENT_NAME, ATTR_USER_ID } from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_SESSION_AUTO_ENDED,
  ATTR_SPOOR_SESSION_DATASET_ITEM_ID,
  ATTR_SPOOR_SESSION_END_REASON,
  ATTR_SPOOR_SESSION_EVAL,
  ATTR_SPOOR_SESSION_EVAL_REASON,
  ATTR_SPOOR_SESSION_EXIT_CODE,
  ATTR_SPOOR_SESSION_EXPERIMENT_ID,
  ATTR_SPOOR_SESSION_IS_SUCCESSFUL,
  ATTR_SPOOR_SESSION_ITERATION,
  ATTR_SPOOR_SESSION_METADATA,
  ATTR_SPOOR_SESSION_NAME,
  ATTR_SPOOR_SESSION_RUBRICS,
  ATTR_SPOOR_SESSION_SUCCESS_REASON,
  ATTR_SPOOR_SESSION_TAGS,
  ATTR_SPOOR_SESSION_TASK,
  SPAN_NAME_SESSION,
} from '../../semconv/spoor-attributes.js';
import type { OnStuck } from '../config/options.js';
import { currentSettings } from '../config/settings.js';
import { activeContext, enteredContext } from './active-context.js';
import { amend } from './amend.js';
import {
  fieldAttributes,
  givenFields,
  listValue,
  metadataValues,
  nameValue,
  type FieldRule,
} from './attribute-values.js';
import { withSessionInBaggage } from './baggage.js';
import { createKnownTargets } from './known-targets.js';
import { contextWithScope, scopeOf, type ScopeSession } from './scope.js';
import { failSpan } from './span-error.js';
import { spanReference, startSpan, validSpanContext } from './start-span.js';

/** Facts of a session. Snake-case names are accepted too. A field that is left out erases nothing. */
export interface SessionFields {
  name?: string;
  agentId?: string;
  agentName?: string;
  /** What the agent was asked to do. */
  task?: unknown;
  userId?: string;
  tags?: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
  rubrics?: readonly string[];
  experimentId?: string;
  iteration?: number;
  datasetItemId?: string;
  isSuccessful?: boolean;
  isSuccessfulReason?: string;
  /** Kept raw: never rescaled. */
  sessionEval?: number | string;
  sessionEvalReason?: string;
}

export interface SessionOptions extends SessionFields {
  /** Default: a random UUID. */
  id?: string;
  /** Told while the session runs when it goes in circles. In place of the option of `init`. */
  onStuck?: OnStuck;
}

/** A session as this process knows it. */
export interface SessionState extends ScopeSession {
  /** The context inside the session, when this process made its span. */
  readonly context: Context;
  /** The session's span, when this process made it. */
  readonly target: SpanContext | undefined;
  /** Steps so far, and the newest. */
  stepCount: number;
  lastStepId: string | undefined;
  /** Ends what is still open inside, before the session itself. */
  readonly openParts: Set<() => void>;
  readonly onStuck?: OnStuck | undefined;
}

/** Why a session ended, when it was not the user who ended it. */
export interface SessionEnding {
  reason: string;
  exitCode?: number | undefined;
  error?: unknown;
}

const RULES: Readonly<Record<string, FieldRule>> = {
  name: { key: ATTR_SPOOR_SESSION_NAME, kind: 'text' },
  agentId: { key: ATTR_GEN_AI_AGENT_ID, kind: 'text' },
  agentName: { key: ATTR_GEN_AI_AGENT_NAME, kind: 'text' },
  task: { key: ATTR_SPOOR_SESSION_TASK, kind: 'text' },
  userId: { key: ATTR_USER_ID, kind: 'text' },
  tags: { key: ATTR_SPOOR_SESSION_TAGS, kind: 'list' },
  rubrics: { key: ATTR_SPOOR_SESSION_RUBRICS, kind: 'list' },
  experimentId: { key: ATTR_SPOOR_SESSION_EXPERIMENT_ID, kind: 'text' },
  iteration: { key: ATTR_SPOOR_SESSION_ITERATION, kind: 'number' },
  datasetItemId: { key: ATTR_SPOOR_SESSION_DATASET_ITEM_ID, kind: 'text' },
  isSuccessful: { key: ATTR_SPOOR_SESSION_IS_SUCCESSFUL, kind: 'boolean' },
  isSuccessfulReason: { key: ATTR_SPOOR_SESSION_SUCCESS_REASON, kind: 'text' },
  sessionEval: { key: ATTR_SPOOR_SESSION_EVAL, kind: 'raw' },
  sessionEvalReason: { key: ATTR_SPOOR_SESSION_EVAL_REASON, kind: 'text' },
};
const ALIASES: Readonly<Record<string, string>> = {
  sessionName: 'name',
  sessionId: 'id',
  successReason: 'isSuccessfulReason',
  eval: 'sessionEval',
  evalReason: 'sessionEvalReason',
  evaluators: 'rubrics',
  massSimId: 'experimentId',
  datasetitemId: 'datasetItemId',
};

/** What is remembered of a session: enough to say more of it, without the content of its span. */
export function slimSession(session: SessionState): SessionState {
  const { span } = session;
  return {
    ...session,
    span: span === undefined ? undefined : spanReference(span),
    context: ROOT_CONTEXT,
    openParts: new Set(),
  };
}

const sessions = createKnownTargets(slimSession);

/** Opens a session: a root span, linked to the span that is active, if any. */
export function openSession(options: SessionOptions): SessionState {
  const fields = givenFields(options, ALIASES);
  const id = nameValue(fields['id']) ?? randomUUID();
  const outer = enteredContext();
  const around = validSpanContext(trace.getSpan(outer));
  const base = { id, ...scopeFields(fields) };
  const name = nameValue(fields['name']);
  const span = startSpan(
    name === undefined ? SPAN_NAME_SESSION : `${SPAN_NAME_SESSION} ${name}`,
    {
      kind: SpanKind.INTERNAL,
      root: true,
      links: around === undefined ? [] : [{ context: around }],
      attributes: sessionAttributes({ agentId: currentSettings().agentId, ...fields }),
    },
    contextWithScope(
      outer,
      { session: { ...base, span: undefined, ended: false }, step: undefined, outer },
      undefined,
    ),
  );
  return register({ ...base, span, onStuck: options.onStuck }, outer, validSpanContext(span));
}

/** A session that another process opened, or that ended before: it has no span of its own here. */
export function joinSession(id: string): SessionState {
  const known = sessions.get(id);
  if (known !== undefined && !known.ended) return known;
  const { userId, tags, target, stepCount, lastStepId } = known ?? {};
  const base = { id, userId, tags, span: undefined, stepCount, lastStepId };
  return register(base, activeContext(), target);
}

/** The session of a context; it may have ended. */
export function sessionOf(context: Context): SessionState | undefined {
  return scopeOf(context)?.session as SessionState | undefined;
}

/**
 * The context inside a session. A session of another process has no place of its own here: it is entered from wherever
 * the call is made, which may be another request each time.
 */
export function contextOfSession(session: SessionState): Context {
  if (session.span !== undefined) return session.context;
  const outer = activeContext();
  return withSessionInBaggage(
    contextWithScope(outer, { session, step: undefined, outer }, undefined),
    session.id,
  );
}

export function knownSession(id: string): SessionState | undefined {
  return sessions.get(id);
}

/** Changes facts: on the span while it is open here, else by an amendment, which does not reopen it. */
export function changeSession(session: SessionState, options: SessionFields): void {
  applyChanges(session, givenFields(options, ALIASES), {});
}

/** Ends a session and, before it, its open steps. A second end only says what is new. */
export function closeSession(session: SessionState, options: SessionFields, ending?: SessionEnding): void {
  const fields = givenFields(options, ALIASES);
  if (session.ended) {
    applyChanges(session, fields, {});
    return;
  }
  for (const endPart of [...session.openParts].toReversed()) endPart();
  applyChanges(session, fields, endAttributes(ending));
  session.ended = true;
  sessions.ended(session.id);
  if (session.span === undefined) return;
  if (ending?.error !== undefined) failSpan(session.span, ending.error);
  session.span.end();
}

/** Every session that is open in this process, newest last. */
export function openSessions(): SessionState[] {
  return sessions.open();
}

function register(
  base: Pick<SessionState, 'id' | 'span' | 'userId' | 'tags'> & {
    stepCount?: number | undefined;
    lastStepId?: string | undefined;
    onStuck?: OnStuck | undefined;
  },
  outer: Context,
  target: SpanContext | undefined,
): SessionState {
  const session: Omit<SessionState, 'context'> & { context: Context } = {
    ...base,
    ended: false,
    target,
    context: outer,
    stepCount: base.stepCount ?? 0,
    lastStepId: base.lastStepId,
    openParts: new Set(),
  };
  const scope = { session, step: undefined, outer };
  // Without a span of its own it is entered from wherever the call is made.
  if (base.span !== undefined)
    session.context = withSessionInBaggage(contextWithScope(outer, scope, base.span), session.id);
  // What another process opened is not ours to end, and a server may join any number of sessions.
  if (base.span === undefined) sessions.remember(session.id, session);
  else sessions.opened(session.id, session);
  return session;
}

function applyChanges(session: SessionState, fields: Record<string, unknown>, more: Attributes): void {
  const { userId, tags } = scopeFields(fields);
  if (userId !== undefined) session.userId = userId;
  if (tags !== undefined) session.tags = tags;
  const changes = { ...sessionAttributes(fields), ...more };
  if (session.span !== undefined && !session.ended) {
    session.span.setAttributes(changes);
    return;
  }
  amend({ concept: 'session', id: session.id, sessionId: session.id, spanContext: session.target }, changes);
}

function endAttributes(ending: SessionEnding | undefined): Attributes {
  if (ending === undefined) return { [ATTR_SPOOR_SESSION_END_REASON]: 'user' };
  return {
    [ATTR_SPOOR_SESSION_END_REASON]: ending.reason,
    ...(ending.reason === 'user' ? {} : { [ATTR_SPOOR_SESSION_AUTO_ENDED]: true }),
    ...(ending.exitCode === undefined ? {} : { [ATTR_SPOOR_SESSION_EXIT_CODE]: ending.exitCode }),
  };
}

function sessionAttributes(fields: Record<string, unknown>): Attributes {
  return {
    ...fieldAttributes(RULES, fields),
    ...metadataValues(ATTR_SPOOR_SESSION_METADATA, fields['metadata']),
  };
}

function scopeFields(fields: Record<string, unknown>): Pick<ScopeSession, 'userId' | 'tags'> {
  return { userId: nameValue(fields['userId']), tags: listValue(fields['tags']) };
}
