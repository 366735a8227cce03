import { ATTR_SESSION_ID, ATTR_USER_ID } from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { Observation, ObservationType } from '../model/observation.js';
import type { Score } from '../model/score.js';
import { isObject } from './attribute-reader.js';
import { countsOf } from './usage-buckets.js';
import { writeGenAi, writeScore } from './write-genai.js';
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
const DOCUMENT_KEYS: ReadonlySet<string> = new Set(['id', 'content', 'score', 'metadata']);

/**
 * The attributes by which OpenInference says an observation. System instructions become the first message, and the finish
 * reasons of messages are those of the call; `docs/translate.md` has what it cannot say.
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
    ...writeEvaluations(observation),
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

function writeMessages(observation: Writable): Fields {
  const { systemInstructions, outputMessages, toolDefinitions } = observation;
  return {
    // Beside the message that they are, so that a reader can tell them from one.
    'gen_ai.system_instructions': json(systemInstructions),
    ...writeFlatMessages('llm.input_messages', allInput(observation)),
    ...writeFlatMessages('llm.output_messages', outputMessages),
    ...writeToolSchemas(toolDefinitions),
  };
}

function allInput({ systemInstructions, inputMessages }: Writable): Message[] {
  const system = systemInstructions === undefined ? [] : [{ role: 'system', parts: systemInstructions }];
  return [...system, ...(inputMessages ?? [])];
}

/** `input.value` and `output.value` are what readers list a span by: a call of a model has its messages there too. */
function writeValues(observation: Writable): Fields {
  const { type, tool, attributes, outputMessages } = observation;
  const input = tool?.arguments ?? observation.input;
  const output = tool?.result ?? observation.output;
  const documents = type === 'RETRIEVAL' ? writeDocuments(output) : undefined;
  return {
    ...(input === undefined
      ? writeBody('input', allInput(observation), attributes)
      : writeValue('input', input)),
    ...(output === undefined ? writeBody('output', outputMessages, attributes) : {}),
    ...(documents ?? writeValue('output', output)),
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

/** A body that was among what was read of a span in this dialect stays as it was. */
function writeBody(
  side: 'input' | 'output',
  messages: readonly Message[] | undefined,
  attributes: JsonObject | undefined,
): Fields {
  if (messages === undefined || messages.length === 0 || attributes?.[`${side}.value`] !== undefined)
    return {};
  return { [`${side}.value`]: json(messages), [`${side}.mime_type`]: 'application/json' };
}

/** Documents that have nothing but what this vocabulary has names for; undefined for any other finding. */
function writeDocuments(output: JsonValue | undefined): Fields | undefined {
  if (!Array.isArray(output) || output.length === 0) return undefined;
  const fields: Fields = {};
  for (const [index, document] of output.entries()) {
    if (!isObject(document) || !Object.keys(document).every((key) => DOCUMENT_KEYS.has(key)))
      return undefined;
    for (const [key, value] of Object.entries(document)) {
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
    'gen_ai.tool.type': tool.type,
  };
}

function writeTokens({ usage, cost }: Writable): Fields {
  const counts = usage === undefined ? {} : countsOf(usage);
  return {
    'llm.token_count.prompt': counts.inputTokens,
    'llm.token_count.completion': counts.outputTokens,
    'llm.token_count.prompt_details.cache_read': counts.cacheReadTokens,
    'llm.token_count.prompt_details.cache_write': counts.cacheWriteTokens,
    'llm.token_count.completion_details.reasoning': counts.reasoningTokens,
    'spoor.usage.reported': json(usage?.reported),
    'llm.cost.total': cost,
  };
}

/** Judgements on this span or its trace, a list each. One that this vocabulary cannot say is said by the conventions. */
function writeEvaluations(observation: Writable): Fields {
  const fields: Fields = {};
  const counts: Record<string, number> = {};
  for (const score of observation.scores ?? []) {
    const list = listFor(score, observation);
    if (list === undefined) {
      // Attributes have room for one.
      if (fields['gen_ai.evaluation.name'] === undefined) Object.assign(fields, writeScore(score));
      continue;
    }
    const index = counts[list] ?? 0;
    counts[list] = index + 1;
    const at = `${list}.${index}.evaluation`;
    fields[`${at}.name`] = score.name;
    fields[`${at}.score`] = score.value;
    fields[`${at}.label`] = score.label;
    fields[`${at}.explanation`] = score.explanation;
    fields[`${at}.annotator_kind`] =
      score.source === undefined ? undefined : (ANNOTATORS[score.source] ?? score.source.toUpperCase());
  }
  return fields;
}

/** The list that a judgement goes to; undefined when it is a word, of a rubric, or about something else. */
function listFor({ value, rubric, target }: Score, observation: Writable): string | undefined {
  if (rubric !== undefined || (value !== undefined && typeof value !== 'number')) return undefined;
  if (target.kind === 'trace') return 'trace.evaluations';
  const isOwn = !('id' in observation) || observation.id === target.id;
  return target.kind === 'observation' && isOwn ? 'evaluations' : undefined;
}
