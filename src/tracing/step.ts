import { randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, SpanKind, type Attributes, type Context } from '@opentelemetry/api';
import {
  ATTR_SPOOR_STEP_ACTION,
  ATTR_SPOOR_STEP_AUTO_ENDED,
  ATTR_SPOOR_STEP_EVAL_DESCRIPTION,
  ATTR_SPOOR_STEP_EVAL_SCORE,
  ATTR_SPOOR_STEP_GOAL,
  ATTR_SPOOR_STEP_ID,
  ATTR_SPOOR_STEP_INDEX,
  ATTR_SPOOR_STEP_NAME,
  ATTR_SPOOR_STEP_PREVIOUS_ID,
  ATTR_SPOOR_STEP_PROGRESS,
  ATTR_SPOOR_STEP_SCREENSHOTS,
  ATTR_SPOOR_STEP_STATE,
  ATTR_SPOOR_STEP_STATE_KEY,
  SPAN_NAME_STEP,
} from '../../semconv/spoor-attributes.js';
import { currentSettings } from '../config/settings.js';
import { SpoorError } from '../shared/errors.js';
import { activeContext } from './active-context.js';
import { amend } from './amend.js';
import { fieldAttributes, givenFields, nameValue, type FieldRule } from './attribute-values.js';
import { warnOnce } from './diag.js';
import { createKnownTargets } from './known-targets.js';
import { contextWithScope, scopeOf, type ScopeStep } from './scope.js';
import { sessionOf, slimSession, type SessionState } from './session.js';
import { errorMessage, failSpan } from './span-error.js';
import {
  emptyScreenshotRecord,
  screenshotAttributes,
  type ScreenshotFields,
  type ScreenshotRecord,
} from './late-screenshots.js';
import { isKept, spanReference, startSpan, validSpanContext } from './start-span.js';

/** Facts of a step. Snake-case names are accepted too. A field that is left out erases nothing. */
export interface StepFields extends ScreenshotFields {
  /** Low in cardinality: it becomes a part of the span's name. */
  name?: string;
  /** What the agent saw when the step began. */
  state?: unknown;
  /** Short key under which equal states are gathered. */
  stateKey?: string;
  goal?: unknown;
  action?: unknown;
  /** Kept raw: never rescaled. */
  evalScore?: number | string;
  evalDescription?: string;
  /** How far the agent has got: a value that is new says that it is not stuck. */
  progress?: number | string;
}

/** A step as this process knows it. */
export interface StepState extends ScopeStep {
  readonly session: SessionState | undefined;
  readonly context: Context;
  ended: boolean;
  readonly screenshots: ScreenshotRecord;
  /** Ends what is still open inside, before the step itself. */
  readonly openParts: Set<() => void>;
  /** Ends the step for the user, and marks it so. */
  endForUser(): void;
}

const RULES: Readonly<Record<string, FieldRule>> = {
  name: { key: ATTR_SPOOR_STEP_NAME, kind: 'text' },
  state: { key: ATTR_SPOOR_STEP_STATE, kind: 'text' },
  stateKey: { key: ATTR_SPOOR_STEP_STATE_KEY, kind: 'text' },
  goal: { key: ATTR_SPOOR_STEP_GOAL, kind: 'text' },
  action: { key: ATTR_SPOOR_STEP_ACTION, kind: 'text' },
  evalScore: { key: ATTR_SPOOR_STEP_EVAL_SCORE, kind: 'raw' },
  evalDescription: { key: ATTR_SPOOR_STEP_EVAL_DESCRIPTION, kind: 'text' },
  progress: { key: ATTR_SPOOR_STEP_PROGRESS, kind: 'raw' },
};
const ALIASES: Readonly<Record<string, string>> = { stepName: 'name' };

const steps = createKnownTargets(slimStep);

function slimStep(step: StepState): StepState {
  return {
    ...step,
    session: step.session === undefined ? undefined : slimSession(step.session),
    span: spanReference(step.span),
    context: ROOT_CONTEXT,
    openParts: new Set(),
    endForUser: () => undefined,
  };
}

/**
 * Opens a step: a child of its session. With `nested: false` an open step of this context is ended first, because a
 * session has one active step a context.
 */
export function openStep(options: StepFields, nested: boolean): StepState {
  const before = activeContext();
  const active = stepOf(before);
  if (!nested && active !== undefined && !active.ended) endForNext(active);
  const outer = activeContext();
  const session = sessionOf(outer);
  const liveSession = session?.ended === false ? session : undefined;
  const fields = givenFields(options, ALIASES);
  const id = randomUUID();
  const name = nameValue(fields['name']);
  // A step hangs under its session, whatever else is active: the tree of a run stays readable.
  const parent = liveSession?.span === undefined ? outer : liveSession.context;
  const span = startSpan(
    name === undefined ? SPAN_NAME_STEP : `${SPAN_NAME_STEP} ${name}`,
    {
      kind: SpanKind.INTERNAL,
      attributes: {
        [ATTR_SPOOR_STEP_ID]: id,
        [ATTR_SPOOR_STEP_INDEX]: liveSession?.stepCount ?? 0,
        ...(liveSession?.lastStepId === undefined
          ? {}
          : { [ATTR_SPOOR_STEP_PREVIOUS_ID]: liveSession.lastStepId }),
        ...fieldAttributes(RULES, fields),
      },
    },
    parent,
  );
  const step: StepState & { context: Context } = {
    id,
    span,
    session: liveSession,
    context: outer,
    ended: false,
    screenshots: emptyScreenshotRecord(),
    openParts: new Set(),
    endForUser: () => closeStep(step, {}, { [ATTR_SPOOR_STEP_AUTO_ENDED]: true }),
  };
  step.context = contextWithScope(
    outer,
    { session: liveSession, step, event: scopeOf(outer)?.event, outer },
    span,
  );
  if (liveSession !== undefined) {
    liveSession.stepCount += 1;
    liveSession.lastStepId = id;
    liveSession.openParts.add(step.endForUser);
  }
  span.setAttributes(screenshotsOf(step, fields));
  steps.opened(id, step);
  return step;
}

/** The step of a context, unless it has ended. */
export function stepOf(context: Context): StepState | undefined {
  const step = scopeOf(context)?.step;
  return step === undefined || step.ended ? undefined : steps.get(step.id);
}

export function knownStep(id: string): StepState | undefined {
  return steps.get(id);
}

/** The only open step of a session: what a call without an id means when the step was opened in another async context. */
export function onlyOpenStep(session: SessionState | undefined): StepState | undefined {
  const open = steps.open().filter((step) => step.session === session);
  return open.length === 1 ? open[0] : undefined;
}

/** Changes facts: on the span while it is open, else by an amendment. */
export function changeStep(step: StepState, options: StepFields): void {
  applyChanges(step, stepAttributes(step, options));
}

/** Changes facts of a step of another process. */
export function changeForeignStep(id: string, options: StepFields, sessionId: string | undefined): void {
  const target = {
    concept: 'step',
    id,
    sessionId,
    spanContext: undefined,
    identity: { [ATTR_SPOOR_STEP_ID]: id },
  } as const;
  const fields = givenFields(options, ALIASES);
  amend(target, {
    ...fieldAttributes(RULES, fields),
    ...screenshotAttributes(ATTR_SPOOR_STEP_SCREENSHOTS, fields, emptyScreenshotRecord()),
  });
}

/** Ends a step. A second end only says what is new. */
export function closeStep(step: StepState, options: StepFields, more: Attributes = {}): void {
  const changes = { ...stepAttributes(step, options), ...(step.ended ? {} : more) };
  applyChanges(step, changes);
  if (step.ended) return;
  for (const endPart of [...step.openParts].toReversed()) endPart();
  step.ended = true;
  step.session?.openParts.delete(step.endForUser);
  steps.ended(step.id);
  step.span.end();
}

/** Ends a step whose code threw: score 0 and the message, unless a score was given. */
export function failStep(step: StepState, error: unknown): void {
  if (step.ended) return;
  failSpan(step.span, error);
  closeStep(step, { evalScore: 0, evalDescription: errorMessage(error) });
}

/** Every step that is open in this process, oldest first. */
export function openSteps(): StepState[] {
  return steps.open();
}

function stepAttributes(step: StepState, options: StepFields): Attributes {
  const fields = givenFields(options, ALIASES);
  return { ...fieldAttributes(RULES, fields), ...screenshotsOf(step, fields) };
}

/** An image of a step that is not kept itself is not even read. */
function screenshotsOf(step: StepState, fields: Record<string, unknown>): Attributes {
  return isKept(step.span) ? screenshotAttributes(ATTR_SPOOR_STEP_SCREENSHOTS, fields, step.screenshots) : {};
}

function endForNext(active: StepState): void {
  if (currentSettings().strictSteps) {
    throw new SpoorError(
      'SPOOR_STEP_OPEN',
      `Step ${active.id} is still open. End it with endStep() before you create the next, or switch \`strictSteps\` off.`,
    );
  }
  warnOnce('step-auto-ended', 'a step was created while another one was open; the open one was ended');
  active.endForUser();
}

function applyChanges(step: StepState, changes: Attributes): void {
  if (!step.ended) {
    step.span.setAttributes(changes);
    return;
  }
  amend(
    {
      concept: 'step',
      id: step.id,
      sessionId: step.session?.id,
      spanContext: validSpanContext(step.span),
      identity: { [ATTR_SPOOR_STEP_ID]: step.id },
    },
    changes,
  );
}
