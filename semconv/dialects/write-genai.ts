import * as names from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Observation, ObservationType } from '../model/observation.js';
import type { Score } from '../model/score.js';
import * as own from '../spoor-attributes.js';
import type { Dialect } from './dialect.js';
import { OTHER_PARAMETERS } from './read-genai.js';
import { writeUsage } from './usage-buckets.js';
import { defined, flat, json, text, type Fields, type Writable } from './written-fields.js';

/** OTLP SpanKind of what leaves the process, and of what does not. */
const CLIENT = 3;
const INTERNAL = 1;
const CLIENT_TYPES: ReadonlySet<ObservationType> = new Set(['GENERATION', 'RETRIEVAL', 'EMBEDDING']);

export function spanKindOf(type: ObservationType): number {
  return CLIENT_TYPES.has(type) ? CLIENT : INTERNAL;
}

/** `write` of a dialect that says an observation by its attributes alone. */
export function attributeWriter(
  attributesOf: (observation: Observation) => JsonObject,
): NonNullable<Dialect['write']> {
  return (observation) => ({
    name: observation.name,
    kind: spanKindOf(observation.type),
    attributes: attributesOf(observation),
  });
}

/**
 * The attributes by which the conventions, and our additions where they have no word, say an observation. Content is
 * written as JSON text, because not every SDK and back end keeps structured values.
 */
export function writeGenAi(observation: Writable): JsonObject {
  return defined({
    ...observation.attributes,
    ...writeIdentity(observation),
    ...writeContent(observation),
    ...writeParameters(observation.parameters),
    ...writeTool(observation),
    ...writeUsage(observation.usage),
    ...writeContext(observation),
    ...writeScore(observation.scores?.[0]),
  });
}

function writeIdentity(observation: Writable): Fields {
  return {
    [names.ATTR_GEN_AI_OPERATION_NAME]: observation.operation,
    [names.ATTR_GEN_AI_PROVIDER_NAME]: observation.provider,
    [names.ATTR_GEN_AI_REQUEST_MODEL]: observation.requestModel,
    [names.ATTR_GEN_AI_REQUEST_STREAM]: observation.streamed,
    [names.ATTR_GEN_AI_RESPONSE_MODEL]: observation.responseModel,
    [names.ATTR_GEN_AI_RESPONSE_ID]: observation.responseId,
    [names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: observation.finishReasons,
    [names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]:
      observation.timeToFirstChunkMs === undefined ? undefined : observation.timeToFirstChunkMs / 1000,
    [names.ATTR_GEN_AI_AGENT_ID]: observation.agent?.id,
    [names.ATTR_GEN_AI_AGENT_NAME]: observation.agent?.name,
    [names.ATTR_GEN_AI_AGENT_DESCRIPTION]: observation.agent?.description,
    [names.ATTR_GEN_AI_AGENT_VERSION]: observation.agent?.version,
  };
}

/** A retrieval's question and findings have names of their own in the conventions. */
function writeContent(observation: Writable): Fields {
  const isRetrieval = observation.type === 'RETRIEVAL' && observation.operation === 'retrieval';
  const input = isRetrieval && typeof observation.input === 'string';
  const output = isRetrieval && Array.isArray(observation.output);
  return {
    [names.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: json(observation.systemInstructions),
    [names.ATTR_GEN_AI_INPUT_MESSAGES]: json(observation.inputMessages),
    [names.ATTR_GEN_AI_OUTPUT_MESSAGES]: json(observation.outputMessages),
    [names.ATTR_GEN_AI_TOOL_DEFINITIONS]: json(observation.toolDefinitions),
    [input ? names.ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT : own.ATTR_SPOOR_OBSERVATION_INPUT]: text(
      observation.input,
    ),
    [output ? names.ATTR_GEN_AI_RETRIEVAL_DOCUMENTS : own.ATTR_SPOOR_OBSERVATION_OUTPUT]: text(
      observation.output,
    ),
  };
}

function writeParameters(parameters: JsonObject | undefined): Fields {
  return Object.fromEntries(
    Object.entries(parameters ?? {}).map(([key, value]) => {
      const other = `gen_ai.${key}`;
      return [OTHER_PARAMETERS.includes(other) ? other : `gen_ai.request.${key}`, value];
    }),
  );
}

function writeTool({ tool }: Writable): Fields {
  if (tool === undefined) return {};
  return {
    [names.ATTR_GEN_AI_TOOL_NAME]: tool.name,
    [names.ATTR_GEN_AI_TOOL_TYPE]: tool.type,
    [names.ATTR_GEN_AI_TOOL_CALL_ID]: tool.callId,
    [names.ATTR_GEN_AI_TOOL_DESCRIPTION]: tool.description,
    [names.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: text(tool.arguments),
    [names.ATTR_GEN_AI_TOOL_CALL_RESULT]: text(tool.result),
  };
}

function writeContext(observation: Writable): Fields {
  const metadata = Object.entries(observation.metadata ?? {}).map(([key, value]): [string, JsonValue] => [
    `${own.ATTR_SPOOR_OBSERVATION_METADATA}.${key}`,
    flat(value),
  ]);
  return {
    [names.ATTR_SESSION_ID]: observation.sessionId,
    [own.ATTR_SPOOR_STEP_ID]: observation.stepId,
    [names.ATTR_USER_ID]: observation.userId,
    [names.ATTR_GEN_AI_CONVERSATION_ID]: observation.conversationId,
    [names.ATTR_ERROR_TYPE]: observation.errorType,
    [own.ATTR_SPOOR_TAGS]: observation.tags,
    [own.ATTR_SPOOR_COST_TOTAL]: observation.cost,
    [own.ATTR_SPOOR_OUTCOME]: observation.outcome,
    [own.ATTR_SPOOR_OBSERVATION_LEVEL]: observation.level,
    ...Object.fromEntries(metadata),
  };
}

/** Attributes have room for one score; a span with several keeps the others as events. */
export function writeScore(score: Score | undefined): Fields {
  if (score === undefined) return {};
  const isNumber = typeof score.value === 'number';
  return {
    [names.ATTR_GEN_AI_EVALUATION_NAME]: score.name,
    [isNumber ? names.ATTR_GEN_AI_EVALUATION_SCORE_VALUE : own.ATTR_SPOOR_SCORE_VALUE]: score.value,
    [names.ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: score.label,
    [names.ATTR_GEN_AI_EVALUATION_EXPLANATION]: score.explanation,
    [own.ATTR_SPOOR_SCORE_RUBRIC]: score.rubric,
    [own.ATTR_SPOOR_SCORE_CRITERION]: score.criterion,
    [own.ATTR_SPOOR_SCORE_SOURCE]: score.source,
    [own.ATTR_SPOOR_SCORE_TARGET]: score.target.kind,
    [own.ATTR_SPOOR_SCORE_TARGET_ID]: score.target.id,
  };
}
