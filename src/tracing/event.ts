import { type Attributes, type Context, type Span } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SESSION_ID,
} from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_COST_TOTAL,
  ATTR_SPOOR_EVENT_ARGUMENTS,
  ATTR_SPOOR_EVENT_DESCRIPTION,
  ATTR_SPOOR_EVENT_FUNCTION_NAME,
  ATTR_SPOOR_EVENT_ID,
  ATTR_SPOOR_EVENT_IS_FINISHED,
  ATTR_SPOOR_EVENT_IS_SUCCESSFUL,
  ATTR_SPOOR_EVENT_RESULT,
  ATTR_SPOOR_EVENT_SCREENSHOTS,
  ATTR_SPOOR_OBSERVATION_TYPE,
} from '../../semconv/spoor-attributes.js';
import type { ObservationType } from '../../semconv/model/observation.js';
import { refusesContent } from '../config/content-policy.js';
import { activeContext, enterContext } from './active-context.js';
import { amend } from './amend.js';
import { fieldAttributes, givenFields, nameValue, type FieldRule } from './attribute-values.js';
import { createKnownTargets } from './known-targets.js';
import { observationIdentity, observationKind } from './observation-kinds.js';
import { contextAttributes, contextWithScope, scopeOf, type ScopeEvent } from './scope.js';
import { sessionOf } from './session.js';
import {
  emptyScreenshotRecord,
  screenshotAttributes,
  type ScreenshotFields,
  type ScreenshotRecord,
} from './late-screenshots.js';
import { isKept, spanReference, startSpan, validSpanContext } from './start-span.js';
import { stepOf } from './step.js';

/** Facts of an event. Snake-case names are accepted too. A field that is left out erases nothing. */
export interface EventFields extends ScreenshotFields {
  name?: string;
  description?: unknown;
  result?: unknown;
  isSuccessful?: boolean;
  isFinished?: boolean;
  model?: string;
  /** US dollars. */
  cost?: number;
  functionName?: string;
  arguments?: unknown;
}

export interface EventOptions extends EventFields {
  /** Default: the id of the event's span. */
  id?: string;
}

/** An event as this process knows it. */
export interface EventState extends ScopeEvent {
  readonly span: Span;
  readonly stamp: Attributes;
  readonly screenshots: ScreenshotRecord;
  ended: boolean;
  previous: ScopeEvent | undefined;
  /** What ends with it open: the step or session that it was made in. */
  readonly owner: { readonly openParts: Set<() => void> } | undefined;
  /** Ends the event without saying that it finished. */
  endForUser(): void;
}

const RULES: Readonly<Record<string, FieldRule>> = {
  description: { key: ATTR_SPOOR_EVENT_DESCRIPTION, kind: 'text' },
  result: { key: ATTR_SPOOR_EVENT_RESULT, kind: 'text' },
  isSuccessful: { key: ATTR_SPOOR_EVENT_IS_SUCCESSFUL, kind: 'boolean' },
  isFinished: { key: ATTR_SPOOR_EVENT_IS_FINISHED, kind: 'boolean' },
  model: { key: ATTR_GEN_AI_REQUEST_MODEL, kind: 'text' },
  cost: { key: ATTR_SPOOR_COST_TOTAL, kind: 'number' },
  functionName: { key: ATTR_SPOOR_EVENT_FUNCTION_NAME, kind: 'text' },
  arguments: { key: ATTR_SPOOR_EVENT_ARGUMENTS, kind: 'text' },
};
const ALIASES: Readonly<Record<string, string>> = { costAdded: 'cost', eventId: 'id' };

const events = createKnownTargets(slimEvent);

function slimEvent(event: EventState): EventState {
  return {
    ...event,
    span: spanReference(event.span),
    previous: undefined,
    owner: undefined,
    endForUser: () => undefined,
  };
}

/** Opens an event under the active span. It is not a parent: other spans are its siblings. */
export function openEvent(options: EventOptions): EventState {
  const { event, context } = startEvent(options);
  enterContext(context);
  return event;
}

/** As `openEvent`, without entering the context in which it is the newest event. */
export function startEvent(options: EventOptions): { event: EventState; context: Context } {
  const fields = givenFields(options, ALIASES);
  const context = activeContext();
  const type = eventType(fields);
  const name = nameValue(fields['name']);
  const functionName = nameValue(fields['functionName']);
  const model = nameValue(fields['model']);
  const kind = observationKind(type);
  const identity = observationIdentity(kind, functionName ?? name ?? 'event', model);
  const givenId = nameValue(fields['id']);
  const span = startSpan(
    type === 'EVENT' ? (name ?? 'event') : identity.spanName,
    {
      kind: kind.spanKind,
      attributes: {
        ...identity.attributes,
        [ATTR_SPOOR_OBSERVATION_TYPE]: type,
        ...(givenId === undefined ? {} : { [ATTR_SPOOR_EVENT_ID]: givenId }),
        ...eventAttributes(fields),
      },
    },
    context,
  );
  const id = givenId ?? span.spanContext().spanId;
  const event: EventState = {
    id,
    span,
    stamp: contextAttributes(context),
    screenshots: emptyScreenshotRecord(),
    ended: false,
    previous: openEventIn(scopeOf(context)?.event),
    owner: stepOf(context) ?? sessionOf(context),
    endForUser: () => finish(event),
  };
  span.setAttributes(screenshotsOf(event, fields));
  event.owner?.openParts.add(event.endForUser);
  events.opened(id, event);
  const scope = scopeOf(context);
  const inside = contextWithScope(
    context,
    {
      session: scope?.session,
      step: scope?.step,
      observation: scope?.observation,
      outer: scope?.outer ?? context,
      event,
    },
    undefined,
  );
  return { event, context: inside };
}

/** The newest event that is open in this async context. */
export function currentEvent(): EventState | undefined {
  const event = openEventIn(scopeOf(activeContext())?.event);
  return event === undefined ? undefined : events.get(event.id);
}

export function knownEvent(id: string): EventState | undefined {
  return events.get(id);
}

/** Every event that is open in this process, oldest first. */
export function openEvents(): EventState[] {
  return events.open();
}

/** Changes facts: on the span while it is open, else by an amendment. */
export function changeEvent(event: EventState, options: EventFields): void {
  const fields = givenFields(options, ALIASES);
  const changes = { ...eventAttributes(fields), ...screenshotsOf(event, fields) };
  if (!event.ended) {
    // A fact that comes late may say what kind of work it was.
    const type = eventType(fields);
    if (type !== 'EVENT') {
      const name =
        typeof fields['functionName'] === 'string' ? { [ATTR_GEN_AI_TOOL_NAME]: fields['functionName'] } : {};
      const operation = observationKind(type).operation;
      Object.assign(changes, { [ATTR_SPOOR_OBSERVATION_TYPE]: type, ...(type === 'TOOL' ? name : {}) });
      if (operation !== undefined) changes[ATTR_GEN_AI_OPERATION_NAME] = operation;
    }
    event.span.setAttributes(changes);
    return;
  }
  amendEvent(event.id, changes, event);
}

/** Changes facts of an event of another process. */
export function changeForeignEvent(id: string, options: EventFields): void {
  const fields = givenFields(options, ALIASES);
  const shots = screenshotAttributes(ATTR_SPOOR_EVENT_SCREENSHOTS, fields, emptyScreenshotRecord());
  amendEvent(id, { ...eventAttributes(fields), ...shots }, undefined);
}

/** Ends an event. A second end only says what is new. */
export function closeEvent(event: EventState, options: EventFields): void {
  const finished = event.ended ? {} : { isFinished: true };
  changeEvent(event, { ...finished, ...options });
  finish(event);
}

function finish(event: EventState): void {
  if (event.ended) return;
  event.ended = true;
  event.owner?.openParts.delete(event.endForUser);
  // Only open events matter: a chain of ended ones must not grow with the life of the process.
  event.previous = openEventIn(event.previous);
  events.ended(event.id);
  event.span.end();
}

function amendEvent(id: string, changes: Attributes, event: EventState | undefined): void {
  const identity = event?.stamp ?? contextAttributes(activeContext());
  const sessionId = identity[ATTR_SESSION_ID];
  amend(
    {
      concept: 'event',
      id,
      spanContext: validSpanContext(event?.span),
      sessionId: typeof sessionId === 'string' ? sessionId : undefined,
      identity,
    },
    changes,
  );
}

function openEventIn(event: ScopeEvent | undefined): ScopeEvent | undefined {
  let open = event;
  while (open?.ended === true) open = open.previous;
  return open;
}

function eventType(fields: Record<string, unknown>): ObservationType {
  if (typeof fields['functionName'] === 'string') return 'TOOL';
  return typeof fields['model'] === 'string' ? 'GENERATION' : 'EVENT';
}

/** An image of an event that is not kept itself is not even read. */
function screenshotsOf(event: EventState, fields: Record<string, unknown>): Attributes {
  return isKept(event.span)
    ? screenshotAttributes(ATTR_SPOOR_EVENT_SCREENSHOTS, fields, event.screenshots)
    : {};
}

function eventAttributes(fields: Record<string, unknown>): Attributes {
  const kept = { ...fields };
  if (refusesContent('toolArguments')) delete kept['arguments'];
  if (refusesContent('output')) delete kept['result'];
  return fieldAttributes(RULES, kept);
}
