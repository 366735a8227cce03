import {
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
} from '../attributes.js';
import { EVENT_GEN_AI_EVALUATION_RESULT } from '../events.js';
import type { JsonValue } from '../model/json.js';
import type { Score } from '../model/score.js';
import {
  ATTR_SPOOR_SCORE_CRITERION,
  ATTR_SPOOR_SCORE_EVIDENCE,
  ATTR_SPOOR_SCORE_RUBRIC,
  ATTR_SPOOR_SCORE_SOURCE,
  ATTR_SPOOR_SCORE_TARGET,
  ATTR_SPOOR_SCORE_TARGET_ID,
  ATTR_SPOOR_SCORE_VALUE,
  ATTR_SPOOR_SCORE_VERSION,
} from '../spoor-attributes.js';
import { createAttributeReader, type AttributeReader } from './attribute-reader.js';
import type { DialectSpan } from './dialect.js';
import { present } from './present.js';

const TARGET_KINDS = ['session', 'step', 'trace', 'observation'] as const;

/**
 * The judgements that a span carries, as attributes of its own or as `gen_ai.evaluation.result` events. One without a named
 * target is about the span that is linked, else about the span that it sits on.
 */
export function readScores(span: DialectSpan, reader: AttributeReader): Score[] | undefined {
  const target = readTarget(span, reader);
  const own = readScore(reader, target ?? defaultTarget(span));
  const scores = own === undefined ? [] : [own];
  for (const event of span.events) {
    if (event.name !== EVENT_GEN_AI_EVALUATION_RESULT) continue;
    const eventReader = createAttributeReader(event.attributes);
    const score = readScore(eventReader, readTarget(span, eventReader) ?? target ?? defaultTarget(span));
    // A score's own span says the same twice: as attributes to filter by, and as the event of the conventions.
    if (score !== undefined && score.name !== own?.name) scores.push(score);
  }
  return scores.length === 0 ? undefined : scores;
}

function readScore(reader: AttributeReader, target: Score['target']): Score | undefined {
  const name = reader.text(ATTR_GEN_AI_EVALUATION_NAME);
  if (name === undefined) return undefined;
  return present<Score>({
    name,
    value:
      reader.mapped(ATTR_SPOOR_SCORE_VALUE, asScoreValue) ??
      reader.number(ATTR_GEN_AI_EVALUATION_SCORE_VALUE),
    label: reader.text(ATTR_GEN_AI_EVALUATION_SCORE_LABEL),
    explanation: reader.text(ATTR_GEN_AI_EVALUATION_EXPLANATION),
    source: reader.text(ATTR_SPOOR_SCORE_SOURCE),
    rubric: reader.text(ATTR_SPOOR_SCORE_RUBRIC),
    criterion: reader.text(ATTR_SPOOR_SCORE_CRITERION),
    version: reader.text(ATTR_SPOOR_SCORE_VERSION),
    evidence: reader.texts(ATTR_SPOOR_SCORE_EVIDENCE),
    target,
  });
}

function asScoreValue(value: JsonValue): boolean | string | undefined {
  return typeof value === 'boolean' || typeof value === 'string' ? value : undefined;
}

function readTarget(span: DialectSpan, reader: AttributeReader): Score['target'] | undefined {
  const named = reader.text(ATTR_SPOOR_SCORE_TARGET);
  const kind = TARGET_KINDS.find((known) => known === named);
  if (kind === undefined) return undefined;
  const link = span.links[0];
  const linked = kind === 'trace' ? link?.traceId : link?.spanId;
  const id =
    reader.text(ATTR_SPOOR_SCORE_TARGET_ID) ?? (kind === 'step' || kind === 'session' ? undefined : linked);
  return id === undefined ? undefined : { kind, id };
}

function defaultTarget(span: DialectSpan): Score['target'] {
  return { kind: 'observation', id: span.links[0]?.spanId ?? span.spanId ?? '' };
}
