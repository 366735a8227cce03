import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_SERVICE_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../attributes.js';
import type { JsonObject } from '../model/json.js';
import type { Observation } from '../model/observation.js';
import {
  ATTR_SPOOR_COST_TOTAL,
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_LEVEL,
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
  ATTR_SPOOR_OUTCOME,
  ATTR_SPOOR_STEP_ID,
  ATTR_SPOOR_TAGS,
} from '../spoor-attributes.js';
import { parseJson, type AttributeReader } from './attribute-reader.js';
import type { DialectSpan } from './dialect.js';
import { present } from './present.js';

/** The fields that a span of any dialect may say: where it belongs, how it ended, and what we stamp on foreign spans too. */
export type ContextFields = Pick<
  Observation,
  | 'sessionId'
  | 'stepId'
  | 'userId'
  | 'conversationId'
  | 'serviceName'
  | 'errorType'
  | 'tags'
  | 'cost'
  | 'outcome'
  | 'level'
  | 'input'
  | 'output'
  | 'metadata'
>;

export function readContext(span: DialectSpan, reader: AttributeReader): ContextFields {
  return present<ContextFields>({
    sessionId: reader.text(ATTR_SESSION_ID),
    stepId: reader.text(ATTR_SPOOR_STEP_ID),
    userId: reader.text(ATTR_USER_ID),
    conversationId: reader.text(ATTR_GEN_AI_CONVERSATION_ID),
    serviceName: resourceText(span, ATTR_SERVICE_NAME),
    errorType: reader.text(ATTR_ERROR_TYPE) ?? exceptionType(span),
    tags: reader.texts(ATTR_SPOOR_TAGS),
    cost: reader.number(ATTR_SPOOR_COST_TOTAL),
    outcome: reader.text(ATTR_SPOOR_OUTCOME),
    level: reader.text(ATTR_SPOOR_OBSERVATION_LEVEL),
    input: reader.json(ATTR_SPOOR_OBSERVATION_INPUT),
    output: reader.json(ATTR_SPOOR_OBSERVATION_OUTPUT),
    metadata: readMetadata(reader, ATTR_SPOOR_OBSERVATION_METADATA),
  });
}

/** The `prefix.*` attributes as an object; values that are JSON text are parsed. */
export function readMetadata(reader: AttributeReader, prefix: string): JsonObject | undefined {
  const family = reader.family(prefix);
  if (family === undefined) return undefined;
  return Object.fromEntries(Object.entries(family).map(([key, value]) => [key, parseJson(value) ?? null]));
}

/** Non-empty text of a resource attribute. */
export function resourceText(span: DialectSpan, key: string): string | undefined {
  const value = span.resource.attributes[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function exceptionType(span: DialectSpan): string | undefined {
  const type = span.events.findLast((event) => event.name === 'exception')?.attributes[ATTR_EXCEPTION_TYPE];
  return typeof type === 'string' && type !== '' ? type : undefined;
}
