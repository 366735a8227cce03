import { ATTR_SESSION_ID, ATTR_USER_ID } from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { Observation, ObservationType } from '../model/observation.js';
import type { Score } from '../model/score.js';
import { isObject } from './attribute-reader.js';
import { countsOf } from './usage-buckets.js';
import { writeGenAi, writeScoreContext } from './write-genai.js';
import { writeFlatMessages, writeToolSchemas } from './write-openinference-messages.js';
import { defined, json, text, without, type Fields, type Writable } from './written-fields.js';

/** This vocabulary has no word for a plain span or an event: both are links of a chain. */
const KINDS: Readonly<Record<ObservationType, string>> = {
  AGENT: 'AGENT',
  SPAN: 'CHAIN',
  TOOL: 'TOOL',
  GENERATION: 'LLM',
  RETRIEVAL: 'RETRIEVER',
  EMBEDDING: 'EMBEDDING',
  EVENT: 'CHAIN',
  CHAIN: 'CHAIN',
  EVALUATION: 'EVALUATOR',
};
/** What it has names of its own for; the rest keeps the names of the OpenTelemetry conventions. */
const NATIVE = [
  'requestModel',
  'responseModel',
  'provider',
  'parameters',
  'systemInstructions',
  'inputMessages',
  'outputMessages',
  'toolDefinitions',
  'tool',
  'input',
  'output',
  'usage',
  'cost',
  'tags',
  'metadata',
  'scores',
] as const satisfies readonly (keyof Observation)[];
const ANNOTATORS: Readonly<Record<string, string>> = {
  human: 'HUMAN',
  model: 'LLM',
  code: 'CODE',
  heuristic: 'CODE',
};
const DOCUMENT_KEYS = ['id', 'content', 'score', 'metadata'] as const;

/**
 * The attributes by which OpenInference says an observation. System instructions become the first message, and the finish
 * reasons of messages are those of the call; the index of `docs/translate.md` has what it cannot say.
 */
export function writeOpenInference(observation: Writable): JsonObject {
  return defined({
    ...writeGenAi(without(observation, NATIVE)),
    'openinference.span.kind': KINDS[observation.type],
    ...writeModel(observation),
    ...writeMessages(observation),
    ...writeValues(observation),
    ...writeTool(observation),
    ...writeTokens(observation),
    [ATTR_SESSION_ID]: observation.sessionId,
    [ATTR_USER_ID]: observation.userId,
    'agent.name': observation.agent?.name,
    'tag.tags': observation.tags,
    metadata: json(observation.metadata),
    ...writeEvaluations(observation.scores),
  });
}

function writeModel({
  type,
  requestModel,
  responseModel,
  provider,
  parameters,
  finishReasons,
}: Writable): Fields {
  const model = responseModel ?? requestModel;
  return {
    'llm.model_name': model,
    'embedding.model_name': type === 'EMBEDDING' ? model : undefined,
    'llm.request.model_name': requestModel,
    'llm.response.model_name': responseModel,
    'llm.provider': provider,
    'llm.system': provider,
    'llm.invocation_parameters': json(parameters),
    'llm.finish_reason': finishReasons?.[0],
  };
}

function writeMessages({
  systemInstructions,
  inputMessages,
  outputMessages,
  toolDefinitions,
}: Writable): Fields {
  const system: Message[] =
    systemInstructions === undefined ? [] : [{ role: 'system', parts: systemInstructions }];
  return {
    ...writeFlatMessages('llm.input_messages', [...system, ...(inputMessages ?? [])]),
    ...writeFlatMessages('llm.output_messages', outputMessages),
    ...writeToolSchemas(toolDefinitions),
  };
}

/** `input.value` and `output.value` are what readers list a span by: a call of a model has its messages there too. */
function writeValues(observation: Writable): Fields {
  const { tool, inputMessages, outputMessages } = observation;
  const input = observation.input ?? tool?.arguments ?? (inputMessages as JsonValue | undefined);
  const output = observation.output ?? tool?.result ?? (outputMessages as JsonValue | undefined);
  return {
    ...writeValue('input', input),
    ...writeValue('output', output),
    ...(observation.type === 'RETRIEVAL' ? writeDocuments(observation.output) : {}),
    ...(observation.type === 'EMBEDDING' ? writeEmbeddedTexts(observation.input) : {}),
  };
}

function writeValue(side: 'input' | 'output', value: JsonValue | undefined): Fields {
  if (value === undefined) return {};
  return {
    [`${side}.value`]: text(value),
    [`${side}.mime_type`]: typeof value === 'string' ? 'text/plain' : 'application/json',
  };
}

function writeDocuments(output: JsonValue | undefined): Fields {
  const fields: Fields = {};
  for (const [index, document] of (Array.isArray(output) ? output : []).entries()) {
    if (!isObject(document)) continue;
    for (const key of DOCUMENT_KEYS) {
      const value = document[key];
      if (value === undefined || value === null) continue;
      fields[`retrieval.documents.${index}.document.${key}`] = key === 'score' ? value : text(value);
    }
  }
  return fields;
}

function writeEmbeddedTexts(input: JsonValue | undefined): Fields {
  const texts = Array.isArray(input) ? input : [input];
  return Object.fromEntries(
    texts.flatMap((value, index) =>
      typeof value === 'string' ? [[`embedding.embeddings.${index}.embedding.text`, value]] : [],
    ),
  );
}

function writeTool({ tool }: Writable): Fields {
  if (tool === undefined) return {};
  return {
    'tool.name': tool.name,
    'tool.id': tool.callId,
    'tool_call.id': tool.callId,
    'tool.description': tool.description,
    'tool.parameters': text(tool.arguments),
    'gen_ai.tool.type': tool.type,
  };
}

function writeTokens({ usage, cost }: Writable): Fields {
  const counts = usage === undefined ? {} : countsOf(usage);
  const { inputTokens, outputTokens } = counts;
  return {
    'llm.token_count.prompt': inputTokens,
    'llm.token_count.completion': outputTokens,
    'llm.token_count.total':
      inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens,
    'llm.token_count.prompt_details.cache_read': counts.cacheReadTokens,
    'llm.token_count.prompt_details.cache_write': counts.cacheWriteTokens,
    'llm.token_count.completion_details.reasoning': counts.reasoningTokens,
    'spoor.usage.reported': json(usage?.reported),
    'llm.cost.total': cost,
  };
}

/** Judgements on this span, its session or its trace: a list each. */
function writeEvaluations(scores: readonly Score[] | undefined): Fields {
  const fields: Fields = {};
  const next: Record<string, number> = {};
  for (const score of scores ?? []) {
    const { kind } = score.target;
    const list = kind === 'session' || kind === 'trace' ? `${kind}.evaluations` : 'evaluations';
    const index = (next[list] ??= 0);
    next[list] = index + 1;
    const at = `${list}.${index}.evaluation`;
    fields[`${at}.name`] = score.name;
    if (typeof score.value === 'number') fields[`${at}.score`] = score.value;
    // It has numbers and words only: a yes or no is a word.
    fields[`${at}.label`] =
      score.label ??
      (typeof score.value === 'number' || score.value === undefined ? undefined : String(score.value));
    fields[`${at}.explanation`] = score.explanation;
    fields[`${at}.annotator_kind`] = score.source === undefined ? undefined : ANNOTATORS[score.source];
  }
  const [first] = scores ?? [];
  return first === undefined ? fields : { ...fields, ...writeScoreContext(first) };
}
