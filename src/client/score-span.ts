import { randomBytes } from 'node:crypto';
import {
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_SESSION_ID,
} from '../../semconv/attributes.js';
import { EVENT_GEN_AI_EVALUATION_RESULT } from '../../semconv/events.js';
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
  SCOPE_SPOOR,
  SPAN_NAME_EVALUATION,
} from '../../semconv/spoor-attributes.js';
import type { Attributes, SpanRecord } from '../otlp/records.js';
import { SpoorError } from '../shared/errors.js';
import { VERSION } from '../shared/version.js';

/** A judgement on a session, step, trace or observation. */
export interface NewScore {
  name: string;
  /** A number, a boolean or a text; kept raw. */
  value?: number | boolean | string;
  label?: string;
  explanation?: string;
  /** Who judged. Default: `human`. */
  source?: 'human' | 'code' | 'heuristic' | 'model' | (string & {});
  rubric?: string;
  criterion?: string;
  /** Of the rubric, the prompt or the code that judged. */
  version?: string;
  /** Ids of the steps and observations that it rests on. */
  evidence?: readonly string[];
  target: {
    kind: 'session' | 'step' | 'trace' | 'observation';
    id: string;
    /** Of a step or an observation, when it is known: the score is then shown with it. */
    sessionId?: string;
    /** Needed for an observation. */
    traceId?: string;
  };
}

const MS: bigint = 1_000_000n;

/**
 * A score as the span that says it, by the conventions: there is no other way to make one, so that every OTLP receiver
 * understands it. Its ids are chosen here, so that it is one score however often it is sent.
 * @throws SpoorError SPOOR_OPTION_INVALID
 */
export function scoreSpan(score: NewScore, nowMs: number): SpanRecord {
  const { target } = score;
  if (typeof score.name !== 'string' || score.name === '' || typeof target?.id !== 'string') {
    throw new SpoorError(
      'SPOOR_OPTION_INVALID',
      'A score needs a `name` and a `target` with `kind` and `id`.',
    );
  }
  const traceId = target.kind === 'trace' ? target.id : target.traceId;
  if (target.kind === 'observation' && traceId === undefined) {
    throw new SpoorError('SPOOR_OPTION_INVALID', 'The score of an observation needs `target.traceId`.');
  }
  const result = resultAttributes(score);
  const time = BigInt(Math.trunc(nowMs)) * MS;
  return {
    traceId: traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: `${SPAN_NAME_EVALUATION} ${score.name}`,
    kind: 1,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: defined({
      ...result,
      [ATTR_SESSION_ID]: target.kind === 'session' ? target.id : target.sessionId,
      [ATTR_SPOOR_STEP_ID]: target.kind === 'step' ? target.id : undefined,
      [ATTR_SPOOR_OBSERVATION_TYPE]: 'EVALUATION',
      [ATTR_SPOOR_SCORE_SOURCE]: score.source ?? 'human',
      [ATTR_SPOOR_SCORE_TARGET]: target.kind,
      [ATTR_SPOOR_SCORE_TARGET_ID]: target.id,
      [ATTR_SPOOR_SCORE_RUBRIC]: score.rubric,
      [ATTR_SPOOR_SCORE_CRITERION]: score.criterion,
      [ATTR_SPOOR_SCORE_VERSION]: score.version,
      [ATTR_SPOOR_SCORE_EVIDENCE]: score.evidence === undefined ? undefined : [...score.evidence],
    }),
    events: [{ timeUnixNano: time, name: EVENT_GEN_AI_EVALUATION_RESULT, attributes: result }],
    links:
      target.kind === 'observation' && traceId !== undefined
        ? [{ traceId, spanId: target.id, attributes: {} }]
        : [],
    statusCode: 0,
    resource: { attributes: {} },
    scope: { name: SCOPE_SPOOR, version: VERSION },
  };
}

function resultAttributes({ name, value, label, explanation }: NewScore): Attributes {
  const isNumber = typeof value === 'number';
  return defined({
    [ATTR_GEN_AI_EVALUATION_NAME]: name,
    [ATTR_GEN_AI_EVALUATION_SCORE_VALUE]: isNumber ? value : undefined,
    [ATTR_SPOOR_SCORE_VALUE]: isNumber ? undefined : value,
    [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: label ?? (typeof value === 'string' ? value : undefined),
    [ATTR_GEN_AI_EVALUATION_EXPLANATION]: explanation,
  });
}

function defined(attributes: Readonly<Record<string, Attributes[string] | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined),
  ) as Attributes;
}
