import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { toConventionPart } from './provider-parts.js';
import { parseQuotedJson } from './quoted-json.js';
import { readChatMessages, readChatRequest, readSystem, readTools } from './read-chat.js';
import { readMetadata } from './read-context.js';
import { readGenAi } from './read-genai.js';
import { readMessages } from './read-messages.js';
import { VERCEL_AI_SAMPLES } from './samples/vercel-ai-samples.js';
import { readVercelAiUsage } from './vercel-ai-usage.js';

/**
 * The Vercel AI SDK's own telemetry, versions 4 to 6, and `LegacyOpenTelemetry` of 7: an outer span for what the app called
 * (`ai.generateText`), an inner one for each call of a model (`ai.generateText.doGenerate`), both with the usage. Version 7 has
 * both in the conventions' words, under the scope `gen_ai`, and what the app says of its context under `ai.settings.context.*`.
 */
export const vercelAiDialect: Dialect = createForeignDialect('vercel-ai', VERCEL_AI_SAMPLES, readVercelAi);

const METADATA = 'ai.telemetry.metadata';
const CONTEXT = 'ai.settings.context';

function readVercelAi(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const operation = reader.text('ai.operationId') ?? span.name;
  const request = readRequest(reader);
  const facts = withFacts(base, {
    type: typeOf(operation, base.type),
    provider: providerName(reader.text('ai.model.provider') ?? base.provider),
    requestModel: reader.text('ai.model.id'),
    responseModel: reader.text('ai.response.model'),
    responseId: reader.text('ai.response.id'),
    timeToFirstChunkMs: reader.number('ai.response.msToFirstChunk'),
    streamed: /\.(stream|doStream)/.test(operation) ? true : undefined,
    usage: readVercelAiUsage(span, reader),
    ...request,
    ...readAnswer(reader),
    sessionId: base.sessionId ?? saidOf(reader, 'sessionId') ?? base.conversationId,
    userId: base.userId ?? saidOf(reader, 'userId'),
    tags: base.tags ?? reader.texts(`${METADATA}.tags`),
    tool: readTool(reader),
  });
  return withFacts(facts, {
    metadata: withMetadata(
      withMetadata(base.metadata, readMetadata(reader, CONTEXT)),
      readMetadata(reader, METADATA),
    ),
    parameters: readSettings(reader, base.parameters),
    input: facts.input ?? reader.json('ai.value') ?? readValues(reader),
  });
}

function saidOf(reader: AttributeReader, key: string): string | undefined {
  return reader.text(`${METADATA}.${key}`) ?? reader.text(`${CONTEXT}.${key}`);
}

/** The outer span of a call is a chain: it may run several steps, and tools between them. */
function typeOf(operation: string, otherwise: ObservationType): ObservationType {
  if (operation.endsWith('.doEmbed')) return 'EMBEDDING';
  if (/\.do(Generate|Stream)$/.test(operation)) return 'GENERATION';
  if (operation === 'ai.toolCall') return 'TOOL';
  if (/rerank/i.test(operation)) return 'RETRIEVAL';
  return operation.startsWith('ai.') ? 'CHAIN' : otherwise;
}

type Request = Pick<ObservationFacts, 'inputMessages' | 'systemInstructions' | 'toolDefinitions' | 'input'>;

function readRequest(reader: AttributeReader): Partial<Request> {
  const messages = reader.mapped('ai.prompt.messages', (value) => readChatMessages(value, 'user'));
  const tools = reader.mapped('ai.prompt.tools', (value) => readTools(value));
  const prompt = reader.mapped('ai.prompt', (value) => {
    if (typeof value === 'string') return { input: value };
    if (!isObject(value)) return undefined;
    return (
      readChatRequest(value) ??
      present<Partial<Request>>({ systemInstructions: readSystem(value.system), input: value })
    );
  });
  return present<Partial<Request>>({
    ...prompt,
    inputMessages: messages ?? prompt?.inputMessages,
    toolDefinitions: tools ?? prompt?.toolDefinitions,
  });
}

type Answer = Pick<ObservationFacts, 'outputMessages' | 'finishReasons'>;

/** Text, tool calls, reasoning and objects of one answer stand in attributes of their own. */
function readAnswer(reader: AttributeReader): Partial<Answer> {
  const reason = reader.text('ai.response.finishReason');
  const reasoning = reader.text('ai.response.reasoning');
  const text = reader.text('ai.response.text');
  const object = reader.text('ai.response.object');
  const calls = reader.mapped('ai.response.toolCalls', readCalls);
  const parts: JsonValue[] = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', content: reasoning }]),
    ...[text, object].flatMap((content) => (content === undefined ? [] : [{ type: 'text', content }])),
    ...(calls ?? []),
  ];
  const message: JsonObject = {
    role: 'assistant',
    parts,
    ...(reason === undefined ? {} : { finish_reason: reason }),
  };
  const outputMessages: Message[] | undefined =
    parts.length === 0 ? undefined : readMessages([message], 'assistant');
  return present<Partial<Answer>>({
    outputMessages,
    finishReasons: reason === undefined ? undefined : [reason],
  });
}

function readCalls(value: JsonValue): JsonValue[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((call) => (isObject(call) ? toConventionPart({ ...call, type: 'tool-call' }) : call));
}

function readTool(reader: AttributeReader): ToolExecution | undefined {
  const name = reader.text('ai.toolCall.name');
  if (name === undefined) return undefined;
  return present<ToolExecution>({
    name,
    callId: reader.text('ai.toolCall.id'),
    arguments: reader.json('ai.toolCall.args'),
    result: reader.json('ai.toolCall.result'),
  });
}

/** `ai.settings.maxOutputTokens` → `max_output_tokens`; what the conventions' own attributes say goes first. */
function readSettings(reader: AttributeReader, said: JsonObject | undefined): JsonObject | undefined {
  const settings = reader.family('ai.settings');
  const choice = reader.json('ai.prompt.toolChoice');
  const read: [string, JsonValue][] = Object.entries(settings ?? {}).map(([key, value]) => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  if (choice !== undefined) read.push(['tool_choice', choice]);
  return read.length === 0 ? undefined : { ...Object.fromEntries(read), ...said };
}

/** `ai.values` of `embedMany` is a list of JSON texts. */
function readValues(reader: AttributeReader): JsonValue | undefined {
  const values = reader.texts('ai.values');
  return values?.map((value) => parseQuotedJson(value));
}

function withMetadata(one: JsonObject | undefined, more: JsonObject | undefined): JsonObject | undefined {
  return more === undefined ? one : { ...one, ...more };
}
