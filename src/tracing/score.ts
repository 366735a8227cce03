import { SpanKind, TraceFlags, type Attributes, type Context, type SpanContext } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_SESSION_ID,
} from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_SCORE_SOURCE,
  ATTR_SPOOR_SCORE_TARGET,
  ATTR_SPOOR_SCORE_TARGET_ID,
  ATTR_SPOOR_SCORE_VALUE,
  ATTR_SPOOR_STEP_ID,
  SPAN_NAME_EVALUATION,
} from '../../semconv/spoor-attributes.js';
import { EVENT_GEN_AI_EVALUATION_RESULT } from '../../semconv/events.js';
import { activeContext } from './active-context.js';
import { textValue } from './attribute-values.js';
import { warnOnce } from './diag.js';
import { guarded } from './guarded.js';
import { knownSession, sessionOf } from './session.js';
import { contextOfSpan, startSpan, validSpanContext } from './start-span.js';
import { knownStep, stepOf } from './step.js';

/** What is judged, by id. An observation needs its trace id too, to be linked. */
export interface ScoreTarget {
  kind: 'session' | 'step' | 'trace' | 'observation';
  id: string;
  /** Of an observation of another process. */
  traceId?: string;
}

export interface ScoreOptions {
  name: string;
  /** A number, a boolean or a text; kept raw. */
  value?: number | boolean | string;
  label?: string;
  explanation?: string;
  /** Who judged. Default: `code`. */
  source?: 'human' | 'code' | 'heuristic' | 'model' | (string & {});
  /** Default: the active step, else the current session. */
  target?: ScoreTarget;
}

/** Judges a session, step, trace or observation, now or later: a span `evaluate {name}` linked to its target. Never throws. */
export function score(options: ScoreOptions): void {
  guarded('score', undefined, () => {
    const target = options.target ?? currentTarget();
    if (target === undefined) {
      warnOnce('score:none', 'score: no target was given, and no step or session is open here');
      return;
    }
    emit(options, target);
  });
}

function emit(options: ScoreOptions, target: ScoreTarget): void {
  const link = targetSpan(target);
  const result = resultAttributes(options);
  const now = Date.now();
  const span = startSpan(
    `${SPAN_NAME_EVALUATION} ${options.name}`,
    {
      kind: SpanKind.INTERNAL,
      startTime: now,
      links: link === undefined ? [] : [{ context: link }],
      attributes: {
        ...placeAttributes(target),
        ...result,
        [ATTR_SPOOR_OBSERVATION_TYPE]: 'EVALUATION',
        [ATTR_SPOOR_SCORE_SOURCE]: options.source ?? 'code',
        [ATTR_SPOOR_SCORE_TARGET]: target.kind,
        [ATTR_SPOOR_SCORE_TARGET_ID]: target.id,
      },
    },
    parentContext(link),
  );
  span.addEvent(EVENT_GEN_AI_EVALUATION_RESULT, result, now);
  span.end(now);
}

function resultAttributes({ name, value, label, explanation }: ScoreOptions): Attributes {
  const attributes: Attributes = { [ATTR_GEN_AI_EVALUATION_NAME]: name };
  if (typeof value === 'number') attributes[ATTR_GEN_AI_EVALUATION_SCORE_VALUE] = value;
  else if (value !== undefined) attributes[ATTR_SPOOR_SCORE_VALUE] = value;
  const word = label ?? (typeof value === 'string' ? value : undefined);
  if (word !== undefined) attributes[ATTR_GEN_AI_EVALUATION_SCORE_LABEL] = word;
  const reason = textValue(explanation);
  if (reason !== undefined) attributes[ATTR_GEN_AI_EVALUATION_EXPLANATION] = reason;
  return attributes;
}

function placeAttributes(target: ScoreTarget): Attributes {
  if (target.kind === 'session') return { [ATTR_SESSION_ID]: target.id };
  if (target.kind !== 'step') return {};
  const sessionId = knownStep(target.id)?.session?.id;
  return {
    [ATTR_SPOOR_STEP_ID]: target.id,
    ...(sessionId === undefined ? {} : { [ATTR_SESSION_ID]: sessionId }),
  };
}

function targetSpan(target: ScoreTarget): SpanContext | undefined {
  switch (target.kind) {
    case 'session':
      return knownSession(target.id)?.target;
    case 'step':
      return validSpanContext(knownStep(target.id)?.span);
    case 'observation':
      if (target.traceId === undefined) return undefined;
      return { traceId: target.traceId, spanId: target.id, traceFlags: TraceFlags.SAMPLED };
    default:
      return undefined;
  }
}

/** In the trace of its target when that is known, else where the call is made. */
function parentContext(link: SpanContext | undefined): Context {
  return link === undefined ? activeContext() : contextOfSpan(link);
}

function currentTarget(): ScoreTarget | undefined {
  const context = activeContext();
  const step = stepOf(context);
  if (step !== undefined) return { kind: 'step', id: step.id };
  const session = sessionOf(context);
  return session === undefined ? undefined : { kind: 'session', id: session.id };
}
