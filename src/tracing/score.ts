import {
  isValidTraceId,
  SpanKind,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import {
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_SESSION_ID,
} from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_SCORE_CRITERION,
  ATTR_SPOOR_SCORE_EVIDENCE,
  ATTR_SPOOR_SCORE_RUBRIC,
  ATTR_SPOOR_SCORE_SOURCE,
  ATTR_SPOOR_SCORE_TARGET,
  ATTR_SPOOR_SCORE_TARGET_ID,
  ATTR_SPOOR_SCORE_VALUE,
  ATTR_SPOOR_SCORE_VERSION,
  ATTR_SPOOR_STEP_ID,
  SPAN_NAME_EVALUATION,
} from '../../semconv/spoor-attributes.js';
import { EVENT_GEN_AI_EVALUATION_RESULT } from '../../semconv/events.js';
import { toCamelCaseKeys } from '../shared/camel-case.js';
import { activeContext } from './active-context.js';
import { givenFields, rawValue, textValue } from './attribute-values.js';
import { warnOnce } from './diag.js';
import { knownEvent } from './event.js';
import { guarded } from './guarded.js';
import { knownSession, sessionOf } from './session.js';
import { contextOfSpan, startSpan, validSpanContext } from './start-span.js';
import { knownStep, stepOf } from './step.js';
import { assumedRoot } from './trace-id.js';

/** What is judged, by id. An observation needs its trace id too, to be linked. */
export interface ScoreTarget {
  kind: 'session' | 'step' | 'trace' | 'observation';
  id: string;
  /** Of an observation of another process. */
  traceId?: string;
}

/** What a score is about, as the program has it in hand: an id, or the handle of any of them. */
export type ScoreSubject =
  | ScoreTarget
  | { readonly concept: 'session' | 'step' | 'event'; readonly id: string }
  | { readonly type: string; readonly id: string; readonly traceId: string }
  | { readonly traceId: string; isEnabled(): boolean };

/** Snake-case names are accepted too. */
export interface ScoreOptions {
  name: string;
  /** A number, a boolean or a text; kept raw. */
  value?: number | boolean | string;
  label?: string;
  explanation?: string;
  /** Rubric that the score belongs to. */
  rubric?: string;
  /** Criterion of that rubric. */
  criterion?: string;
  /** Of the rubric, the prompt or the code that judged. */
  version?: string;
  /** Ids of the steps and observations that it rests on. */
  evidence?: readonly string[];
  /** Who judged. Default: `code`. */
  source?: 'human' | 'code' | 'heuristic' | 'model' | (string & {});
  /** By handle or by id. Default: the active step, else the current session, else the trace that is open. */
  target?: ScoreSubject;
}

/** Makes a score: `late-score.ts` says how. */
export function score(options: ScoreOptions): void {
  guarded('score', undefined, () => {
    const fields = givenFields(options) as unknown as ScoreOptions;
    const target = fields.target === undefined ? currentTarget() : targetOf(fields.target);
    if (target === undefined) {
      warnOnce('score:none', 'score: no target was given, and nothing that could be one is open here');
    } else if (target.id !== '') {
      // A handle without an id is one of work that was not recorded.
      emit(fields, target);
    }
  });
}

function targetOf(subject: ScoreSubject): ScoreTarget {
  if ('kind' in subject) {
    const { kind, id, traceId } = toCamelCaseKeys(subject) as unknown as ScoreTarget;
    return { kind, id, ...(traceId === undefined ? {} : { traceId }) };
  }
  if (!('id' in subject)) return { kind: 'trace', id: subject.traceId };
  if ('concept' in subject) {
    const { concept, id } = subject;
    return concept === 'event' ? eventTarget(id) : { kind: concept, id };
  }
  return { kind: 'observation', id: subject.id, traceId: subject.traceId };
}

/** An event is an observation, known elsewhere by its span. */
function eventTarget(id: string): ScoreTarget {
  const known = validSpanContext(knownEvent(id)?.span);
  if (known === undefined) return { kind: 'observation', id };
  return { kind: 'observation', id: known.spanId, traceId: known.traceId };
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
        ...(options.rubric === undefined ? {} : { [ATTR_SPOOR_SCORE_RUBRIC]: options.rubric }),
        ...(options.criterion === undefined ? {} : { [ATTR_SPOOR_SCORE_CRITERION]: options.criterion }),
        ...(options.version === undefined ? {} : { [ATTR_SPOOR_SCORE_VERSION]: options.version }),
        ...(options.evidence === undefined ? {} : { [ATTR_SPOOR_SCORE_EVIDENCE]: [...options.evidence] }),
      },
    },
    parentContext(target, link),
  );
  span.addEvent(EVENT_GEN_AI_EVALUATION_RESULT, result, now);
  span.end(now);
}

function resultAttributes({ name, value, label, explanation }: ScoreOptions): Attributes {
  const attributes: Attributes = { [ATTR_GEN_AI_EVALUATION_NAME]: name };
  // The conventions' score is a number; what is none of use as one is kept as text.
  if (typeof value === 'number' && Number.isFinite(value))
    attributes[ATTR_GEN_AI_EVALUATION_SCORE_VALUE] = value;
  else if (value !== undefined) attributes[ATTR_SPOOR_SCORE_VALUE] = rawValue(value) ?? '';
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
function parentContext(target: ScoreTarget, link: SpanContext | undefined): Context {
  if (link !== undefined) return contextOfSpan(link);
  const isTrace = target.kind === 'trace' && isValidTraceId(target.id);
  const context = activeContext();
  if (!isTrace || trace.getSpanContext(context)?.traceId === target.id) return context;
  return contextOfSpan(assumedRoot(target.id));
}

function currentTarget(): ScoreTarget | undefined {
  const context = activeContext();
  const step = stepOf(context);
  if (step !== undefined) return { kind: 'step', id: step.id };
  const session = sessionOf(context);
  if (session !== undefined) return { kind: 'session', id: session.id };
  const opened = validSpanContext(trace.getSpan(context));
  return opened === undefined ? undefined : { kind: 'trace', id: opened.traceId };
}
