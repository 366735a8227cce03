import type { JsonObject, JsonValue } from '../model/json.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import { isObject, parseJson, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { withoutInstructions } from './said-instructions.js';
import { langChainAnswer, unwrapToolMessage } from './langchain-messages.js';
import {
  readOpenInferenceDocuments,
  readOpenInferenceMessages,
  readOpenInferenceScores,
} from './openinference-families.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { readChatRequest, readChatResponse, readSystem, readTools } from './read-chat.js';
import { readGenAi } from './read-genai.js';
import { OPENINFERENCE_SAMPLES } from './samples/openinference-samples.js';
import { unflatten } from './unflatten.js';
import { bucketsOf, withReported } from './usage-buckets.js';
import { attributeWriter } from './write-genai.js';
import { writeOpenInference } from './write-openinference.js';

/**
 * OpenInference, what Arize's instrumentations and Phoenix speak: flattened messages, `llm.token_count.*`, and whole bodies
 * in `input.value` and `output.value`.
 * @see https://github.com/Arize-ai/openinference/tree/main/spec
 */
export const openInferenceDialect: Dialect = createForeignDialect(
  'openinference',
  OPENINFERENCE_SAMPLES,
  readOpenInference,
  { write: attributeWriter(writeOpenInference) },
);

const TYPES: Readonly<Record<string, ObservationType>> = {
  LLM: 'GENERATION',
  EMBEDDING: 'EMBEDDING',
  CHAIN: 'CHAIN',
  RETRIEVER: 'RETRIEVAL',
  RERANKER: 'RETRIEVAL',
  TOOL: 'TOOL',
  AGENT: 'AGENT',
  GUARDRAIL: 'EVALUATION',
  EVALUATOR: 'EVALUATION',
  PROMPT: 'SPAN',
};

function readOpenInference(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const type =
    reader.mapped('openinference.span.kind', (kind) =>
      typeof kind === 'string' && Object.hasOwn(TYPES, kind.toUpperCase())
        ? TYPES[kind.toUpperCase()]
        : undefined,
    ) ?? base.type;
  const invocation = reader.mapped('llm.invocation_parameters', (value) =>
    isObject(value) ? value : undefined,
  );
  const facts = withFacts(base, {
    type,
    ...readCall(reader, invocation ?? {}),
    ...withoutInstructions(readMessagesOf(reader), base.systemInstructions),
    ...readInvocation(invocation),
    usage: withReported(readCounts(reader), base.usage),
    cost: reader.number('llm.cost.total'),
    tags: reader.texts('tag.tags'),
    metadata: reader.mapped('metadata', (value) => (isObject(value) ? value : undefined)),
    agent: readAgent(reader, base.agent),
    scores: readOpenInferenceScores(span, reader),
    ...readLangChain(span),
  });
  const offered = withFacts(facts, { toolDefinitions: readOfferedTools(reader) });
  return withBodies(withFacts(offered, readAnswer(facts, span)), span, reader);
}

type Call = Pick<ObservationFacts, 'provider' | 'requestModel' | 'responseModel' | 'finishReasons'>;

/** `llm.model_name` is the one that was asked for until the answer has named its own. */
function readCall(reader: AttributeReader, invocation: JsonObject): Partial<Call> {
  const one =
    reader.text('llm.model_name') ??
    reader.text('embedding.model_name') ??
    reader.text('reranker.model_name');
  const asked = typeof invocation['model'] === 'string' ? invocation['model'] : undefined;
  const requestModel = reader.text('llm.request.model_name') ?? asked ?? one;
  const answered = reader.text('llm.response.model_name');
  const system = reader.text('llm.system');
  return present<Partial<Call>>({
    provider: providerName(reader.text('llm.provider') ?? system),
    requestModel,
    responseModel: answered ?? (one === requestModel ? undefined : one),
    finishReasons: reader.texts('llm.finish_reason'),
  });
}

type Conversation = Pick<ObservationFacts, 'inputMessages' | 'outputMessages'>;

function readMessagesOf(reader: AttributeReader): Partial<Conversation> {
  return present<Partial<Conversation>>({
    inputMessages: reader.mappedFamily('llm.input_messages', (members) =>
      readOpenInferenceMessages(members, 'user'),
    ),
    outputMessages: reader.mappedFamily('llm.output_messages', (members) =>
      readOpenInferenceMessages(members, 'assistant'),
    ),
  });
}

/**
 * LangChain's bodies have more than what is flattened of them: the ids of tool calls, the model of the answer. They are looked
 * at, and stay where they are.
 */
function readLangChain(span: DialectSpan): Partial<ObservationFacts> {
  if (span.attributes['openinference.span.kind'] !== 'LLM') return {};
  const given = bodyOf(span, 'input.value');
  if (given === undefined) return {};
  const result = bodyOf(span, 'output.value');
  const metadata = parseJson(span.attributes['metadata'] ?? null);
  const provider = isObject(metadata) ? metadata.ls_provider : undefined;
  return present<Partial<ObservationFacts>>({
    provider: typeof provider === 'string' ? providerName(provider) : undefined,
    responseModel: langChainAnswer(result)?.model,
    inputMessages: readChatRequest(given)?.inputMessages,
    outputMessages:
      langChainAnswer(result) === undefined ? undefined : readChatResponse(result)?.outputMessages,
  });
}

/** An answer of OpenAI's Responses that is not flattened: the body has it, and stays where it is. */
function readAnswer(
  { type, outputMessages }: ObservationFacts,
  span: DialectSpan,
): Pick<ObservationFacts, 'outputMessages'> {
  const text = span.attributes['output.value'];
  if (type !== 'GENERATION' || outputMessages !== undefined || typeof text !== 'string') return {};
  return /"object":\s?"response"/.test(text) ? present(readChatResponse(parseJson(text)) ?? {}) : {};
}

/** A body in LangChain's own serialisation; undefined for any other. */
function bodyOf(span: DialectSpan, key: string): JsonValue | undefined {
  const text = span.attributes[key];
  return typeof text === 'string' && text.includes('"lc":1') ? parseJson(text) : undefined;
}

type Invocation = Pick<
  ObservationFacts,
  'parameters' | 'systemInstructions' | 'toolDefinitions' | 'streamed'
>;

function readInvocation(invocation: JsonObject | undefined): Partial<Invocation> {
  if (invocation === undefined) return {};
  const { model: _, messages: __, system, tools, stream, ...parameters } = invocation;
  return present<Partial<Invocation>>({
    parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
    systemInstructions: readSystem(system),
    toolDefinitions: tools === undefined ? undefined : readTools(tools),
    streamed: typeof stream === 'boolean' ? stream : undefined,
  });
}

function readCounts(reader: AttributeReader): ObservationFacts['usage'] {
  return bucketsOf({
    inputTokens: reader.number('llm.token_count.prompt'),
    outputTokens: reader.number('llm.token_count.completion'),
    cacheReadTokens: reader.number('llm.token_count.prompt_details.cache_read'),
    cacheWriteTokens: reader.number('llm.token_count.prompt_details.cache_write'),
    reasoningTokens: reader.number('llm.token_count.completion_details.reasoning'),
  });
}

function readAgent(reader: AttributeReader, said: ObservationFacts['agent']): ObservationFacts['agent'] {
  const name = reader.text('agent.name');
  return name === undefined ? undefined : { ...said, name };
}

function readOfferedTools(reader: AttributeReader): ObservationFacts['toolDefinitions'] {
  return reader.mappedFamily('llm.tools', (members) => {
    const list = unflatten(members);
    if (!Array.isArray(list)) return undefined;
    return readTools(
      list.map((item) => (isObject(item) && isObject(item.tool) ? (item.tool.json_schema ?? null) : item)),
    );
  });
}

/** Whole inputs and outputs. Of a call whose messages were read they say the same again: they stay as they are. */
function withBodies(facts: ObservationFacts, span: DialectSpan, reader: AttributeReader): ObservationFacts {
  if (facts.type === 'TOOL') return withFacts(facts, { tool: readTool(facts, span, reader) });
  takeSaid(span, reader, facts);
  return withFacts(facts, {
    input:
      facts.input ??
      (facts.inputMessages === undefined ? readBody(reader, 'input') : undefined) ??
      reader.text('reranker.query'),
    output:
      readOpenInferenceDocuments(reader) ??
      facts.output ??
      (facts.outputMessages === undefined ? readBody(reader, 'output') : undefined),
  });
}

/** A body that is the messages and nothing else says nothing more. */
function takeSaid(span: DialectSpan, reader: AttributeReader, facts: ObservationFacts): void {
  const { systemInstructions, inputMessages = [], outputMessages } = facts;
  const system = systemInstructions === undefined ? [] : [{ role: 'system', parts: systemInstructions }];
  const said = { input: [...system, ...inputMessages], output: outputMessages };
  for (const side of ['input', 'output'] as const) {
    const body = span.attributes[`${side}.value`];
    if (typeof body !== 'string' || !body.startsWith('[{"role":') || body !== JSON.stringify(said[side]))
      continue;
    reader.text(`${side}.value`);
    reader.text(`${side}.mime_type`);
  }
}

function readBody(reader: AttributeReader, side: 'input' | 'output'): JsonValue | undefined {
  const value = reader.json(`${side}.value`);
  if (value !== undefined) reader.text(`${side}.mime_type`);
  return value;
}

function readTool(facts: ObservationFacts, span: DialectSpan, reader: AttributeReader): ToolExecution {
  const given = readBody(reader, 'input');
  const answered = readBody(reader, 'output');
  const { result, callId } = answered === undefined ? {} : unwrapToolMessage(answered);
  return present<ToolExecution>({
    ...facts.tool,
    name: reader.text('tool.name') ?? facts.tool?.name ?? span.name,
    description: reader.text('tool.description') ?? facts.tool?.description,
    callId: reader.text('tool_call.id') ?? reader.text('tool.id') ?? callId ?? facts.tool?.callId,
    arguments: given ?? reader.json('tool.parameters') ?? facts.tool?.arguments,
    result: result ?? facts.tool?.result,
  });
}
