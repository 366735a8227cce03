import * as names from '../attributes.js';
import { findName, PROVIDER_ALIASES } from '../aliases.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Observation } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import type { AttributeReader } from './attribute-reader.js';
import type { DialectSpan } from './dialect.js';
import { observationTypeOf } from './observation-type.js';
import { present } from './present.js';
import { readContext } from './read-context.js';
import { readGenAiEvents } from './read-genai-events.js';
import { readMessages } from './read-messages.js';
import { readParts } from './read-parts.js';
import { readScores } from './read-scores.js';
import { readToolDefinitions } from './read-tools.js';
import { readUsage } from './usage-buckets.js';
import type { ObservationFacts } from './dialect.js';

/** Attributes outside `gen_ai.request.*` that are parameters too: they keep what follows `gen_ai.` as their name. */
export const OTHER_PARAMETERS: readonly string[] = [
  names.ATTR_GEN_AI_OUTPUT_TYPE,
  names.ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  names.ATTR_GEN_AI_RETRIEVAL_TOP_K,
];

/** Reads everything that the GenAI conventions, and our additions to them, say of one span. */
export function readGenAi(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const operation = reader.text(names.ATTR_GEN_AI_OPERATION_NAME);
  const requestModel = reader.text(names.ATTR_GEN_AI_REQUEST_MODEL);
  const responseModel = reader.text(names.ATTR_GEN_AI_RESPONSE_MODEL);
  const tool = readTool(reader);
  const scores = readScores(span, reader);
  const context = readContext(span, reader);
  return present<ObservationFacts>({
    ...context,
    name: span.name,
    type: observationTypeOf({
      operation,
      hasTool: tool !== undefined,
      hasModel: (requestModel ?? responseModel) !== undefined,
      hasScore: scores !== undefined,
    }),
    operation,
    provider: readProvider(span, reader),
    requestModel,
    responseModel,
    responseId: reader.text(names.ATTR_GEN_AI_RESPONSE_ID),
    streamed: reader.flag(names.ATTR_GEN_AI_REQUEST_STREAM),
    timeToFirstChunkMs: seconds(reader.number(names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)),
    tool,
    toolDefinitions: reader.mapped(names.ATTR_GEN_AI_TOOL_DEFINITIONS, readToolDefinitions),
    usage: readUsage(reader),
    agent: readAgent(reader),
    scores,
    ...readContent(span, reader),
    input: context.input ?? readQuery(reader),
    output: context.output ?? readFindings(reader),
    parameters: readParameters(reader),
    attributes: undefined,
  });
}

function readProvider(span: DialectSpan, reader: AttributeReader): string | undefined {
  const provider = reader.text(names.ATTR_GEN_AI_PROVIDER_NAME);
  if (provider === undefined) return undefined;
  const isCurrent =
    findName(span.attributes, names.ATTR_GEN_AI_PROVIDER_NAME) === names.ATTR_GEN_AI_PROVIDER_NAME;
  return !isCurrent && Object.hasOwn(PROVIDER_ALIASES, provider) ? PROVIDER_ALIASES[provider] : provider;
}

function readTool(reader: AttributeReader): ToolExecution | undefined {
  const name = reader.text(names.ATTR_GEN_AI_TOOL_NAME);
  if (name === undefined) return undefined;
  return present<ToolExecution>({
    name,
    type: reader.text(names.ATTR_GEN_AI_TOOL_TYPE),
    callId: reader.text(names.ATTR_GEN_AI_TOOL_CALL_ID),
    description: reader.text(names.ATTR_GEN_AI_TOOL_DESCRIPTION),
    arguments: reader.json(names.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS),
    result: reader.json(names.ATTR_GEN_AI_TOOL_CALL_RESULT),
  });
}

function readAgent(reader: AttributeReader): Observation['agent'] {
  const agent = present<NonNullable<Observation['agent']>>({
    id: reader.text(names.ATTR_GEN_AI_AGENT_ID),
    name: reader.text(names.ATTR_GEN_AI_AGENT_NAME),
    description: reader.text(names.ATTR_GEN_AI_AGENT_DESCRIPTION),
    version: reader.text(names.ATTR_GEN_AI_AGENT_VERSION),
  });
  return Object.keys(agent).length === 0 ? undefined : agent;
}

type Content = Pick<Observation, 'systemInstructions' | 'inputMessages' | 'outputMessages' | 'finishReasons'>;

/** Attributes win over events: an emitter that writes both says the same twice. */
function readContent(span: DialectSpan, reader: AttributeReader): Content {
  const events = readGenAiEvents(span.events);
  const outputMessages =
    reader.mapped(names.ATTR_GEN_AI_OUTPUT_MESSAGES, (value) => readMessages(value, 'assistant')) ??
    events.outputMessages;
  const said = outputMessages?.flatMap((message) => message.finish_reason ?? []) ?? [];
  return present<Content>({
    systemInstructions:
      reader.mapped(names.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, readParts) ?? events.systemInstructions,
    inputMessages:
      reader.mapped(names.ATTR_GEN_AI_INPUT_MESSAGES, (value) => readMessages(value, 'user')) ??
      events.inputMessages,
    outputMessages,
    finishReasons:
      reader.texts(names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS) ?? (said.length === 0 ? undefined : said),
  });
}

function readQuery(reader: AttributeReader): JsonValue | undefined {
  return (
    reader.text(names.ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT) ?? reader.text(names.ATTR_GEN_AI_MEMORY_QUERY_TEXT)
  );
}

function readFindings(reader: AttributeReader): JsonValue | undefined {
  return reader.json(names.ATTR_GEN_AI_RETRIEVAL_DOCUMENTS) ?? reader.json(names.ATTR_GEN_AI_MEMORY_RECORDS);
}

/** Read last: by then `gen_ai.request.model` and the like are taken. */
function readParameters(reader: AttributeReader): JsonObject | undefined {
  let parameters = reader.family('gen_ai.request');
  const seed = reader.json(names.ATTR_GEN_AI_REQUEST_SEED);
  if (seed !== undefined && !Object.hasOwn(parameters ?? {}, 'seed')) (parameters ??= {})['seed'] = seed;
  for (const key of OTHER_PARAMETERS) {
    const value = reader.json(key);
    if (value !== undefined) (parameters ??= {})[key.slice('gen_ai.'.length)] = value;
  }
  return parameters;
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}
