import type { JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { ObservationType } from '../model/observation.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { toConventionPart } from './provider-parts.js';
import { parseQuotedJson } from './quoted-json.js';
import { readChatRequest } from './read-chat.js';
import { readMetadata } from './read-context.js';
import { readGenAi } from './read-genai.js';
import { readMessages } from './read-messages.js';
import { MASTRA_SAMPLES } from './samples/mastra-samples.js';

/** Mastra's exporter: the conventions, with a type of its own, and inputs and outputs that are no model's under that type. */
export const mastraDialect: Dialect = createForeignDialect('mastra', MASTRA_SAMPLES, readMastra);

const TYPES: Readonly<Record<string, ObservationType>> = {
  agent_run: 'AGENT',
  model_inference: 'GENERATION',
  model_step: 'CHAIN',
  model_chunk: 'EVENT',
  tool_call: 'TOOL',
  mcp_tool_call: 'TOOL',
  provider_tool_call: 'TOOL',
  rag_embedding: 'EMBEDDING',
  workflow_run: 'CHAIN',
  workflow_step: 'CHAIN',
  scorer_run: 'EVALUATION',
};
const METADATA = 'mastra.metadata';

function readMastra(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const word = (reader.text('mastra.span.type') ?? '').toLowerCase();
  const sessionId = reader.text(`${METADATA}.sessionId`);
  const userId = reader.text(`${METADATA}.userId`);
  const metadata = readMetadata(reader, METADATA);
  const step = readStep(reader, word);
  return withFacts(base, {
    type: typeOf(word, base),
    provider: providerName(base.provider),
    sessionId: base.sessionId ?? sessionId ?? base.conversationId,
    userId: base.userId ?? userId,
    tags: base.tags ?? reader.texts('mastra.tags'),
    metadata: metadata === undefined ? undefined : { ...base.metadata, ...metadata },
    ...step,
    input: base.input ?? (step.inputMessages === undefined ? bodyOf(reader, word, 'input') : undefined),
    output: base.output ?? (step.outputMessages === undefined ? bodyOf(reader, word, 'output') : undefined),
  });
}

type Conversation = Pick<ObservationFacts, 'inputMessages' | 'outputMessages'>;

/** A step has the messages of the call below it, which leaves out what it was asked and the tools that it called. */
function readStep(reader: AttributeReader, word: string): Partial<Conversation> {
  if (word !== 'model_step' && word !== 'model_generation') return {};
  return present<Partial<Conversation>>({
    inputMessages: reader.mapped(`mastra.${word}.input`, (value) => readChatRequest(value)?.inputMessages),
    outputMessages: reader.mapped(`mastra.${word}.output`, readAnswer),
  });
}

/** `{ text, toolCalls }`. */
function readAnswer(value: JsonValue): Message[] | undefined {
  if (!isObject(value) || typeof value.text !== 'string') return undefined;
  const calls = Array.isArray(value.toolCalls) ? value.toolCalls : [];
  const parts: JsonValue[] = [
    ...(value.text === '' ? [] : [{ type: 'text', content: value.text }]),
    ...calls.map((call) => (isObject(call) ? toConventionPart({ ...call, type: 'tool-call' }) : call)),
  ];
  return parts.length === 0 ? undefined : readMessages([{ role: 'assistant', parts }], 'assistant');
}

/** A `model_generation` is the call itself when nothing finer is sent; else the loop around it, which names no model. */
function typeOf(word: string, base: ObservationFacts): ObservationType {
  if (word === 'model_generation') return base.operation === 'chat' ? 'GENERATION' : 'CHAIN';
  const known = Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  return known ?? (word.startsWith('workflow_') ? 'CHAIN' : base.type);
}

function bodyOf(reader: AttributeReader, word: string, side: 'input' | 'output'): JsonValue | undefined {
  return word === '' ? undefined : reader.mapped(`mastra.${word}.${side}`, parseQuotedJson);
}
