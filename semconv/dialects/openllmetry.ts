import { EMIT_PROFILE } from '../aliases.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import type { Usage } from '../model/usage.js';
import { isObject, parseJson, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { readChatMessages, readTools } from './read-chat.js';
import { readMetadata } from './read-context.js';
import { providerName } from './provider-names.js';
import { parseQuotedJson } from './quoted-json.js';
import { readGenAi } from './read-genai.js';
import { OPENLLMETRY_SAMPLES } from './samples/openllmetry-samples.js';
import { unflatten } from './unflatten.js';
import { bucketsOf } from './usage-buckets.js';
import { withOperation } from './with-operation.js';
import { attributeWriter } from './write-genai.js';
import { writeOpenLlmetry, writeOpenLlmetrySession } from './write-openllmetry.js';

/**
 * OpenLLMetry, what Traceloop's instrumentations speak: `gen_ai.*` with the messages flattened or, later, as JSON, and
 * workflows, tasks, agents and tools under `traceloop.*`.
 */
export const openLlmetryDialect: Dialect = createForeignDialect(
  'openllmetry',
  OPENLLMETRY_SAMPLES,
  readOpenLlmetry,
  {
    write: attributeWriter((observation) => writeOpenLlmetry(withOperation(observation, 'openllmetry'))),
    writeSession: writeOpenLlmetrySession,
  },
);

const SPAN_KINDS: Readonly<Record<string, ObservationType>> = {
  workflow: 'CHAIN',
  task: 'CHAIN',
  agent: 'AGENT',
  tool: 'TOOL',
  session: 'CHAIN',
};
const REQUEST_TYPES: Readonly<Record<string, ObservationType>> = {
  chat: 'GENERATION',
  completion: 'GENERATION',
  embedding: 'EMBEDDING',
  rerank: 'RETRIEVAL',
};
const ASSOCIATED = 'traceloop.association.properties';

function readOpenLlmetry(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const kind = wordOf(reader, 'traceloop.span.kind', SPAN_KINDS);
  const type = kind ?? wordOf(reader, 'llm.request.type', REQUEST_TYPES) ?? base.type;
  const flat = readFlatMessages(reader);
  const facts = withFacts(base, {
    type,
    provider: providerName(base.provider),
    usage: readAnthropicCounts(span, reader),
    ...flat,
    toolDefinitions: readFunctions(reader),
    streamed: reader.flag('llm.is_streaming'),
    finishReasons: reader.texts('llm.response.finish_reason') ?? flat.finishReasons,
    sessionId: reader.text(`${ASSOCIATED}.session_id`) ?? reader.text(`${ASSOCIATED}.sessionId`),
    userId:
      reader.text(`${ASSOCIATED}.user_id`) ?? reader.text(`${ASSOCIATED}.userId`) ?? reader.text('llm.user'),
    metadata: withMetadata(base.metadata, readMetadata(reader, ASSOCIATED)),
  });
  return readEntity(withConversation(facts), span, reader);
}

/** For Anthropic's SDK in JavaScript it passes the provider's counts on as they are: the input leaves the cached tokens out. */
const LEAVES_CACHE_OUT = '@traceloop/instrumentation-anthropic';
const TOTAL_TOKENS = 'gen_ai.usage.total_tokens';

function readAnthropicCounts(span: DialectSpan, reader: AttributeReader): Usage | undefined {
  const { input, cacheRead, cacheWrite, output } = EMIT_PROFILE.usage;
  const [beside, answered] = [reader.number(input), reader.number(output)];
  // Its total is of these two. A span whose counts were rewritten has another sum.
  const isItsOwn = span.attributes[TOTAL_TOKENS] === (beside ?? 0) + (answered ?? 0);
  if (span.scope.name !== LEAVES_CACHE_OUT || !isItsOwn || beside === undefined) return undefined;
  const [read, written] = [reader.number(cacheRead), reader.number(cacheWrite)];
  return bucketsOf({
    inputTokens: beside + (read ?? 0) + (written ?? 0),
    cacheReadTokens: read,
    cacheWriteTokens: written,
    outputTokens: answered,
  });
}

function wordOf(
  reader: AttributeReader,
  key: string,
  types: Readonly<Record<string, ObservationType>>,
): ObservationType | undefined {
  return reader.mapped(key, (word) =>
    typeof word === 'string' && Object.hasOwn(types, word) ? types[word] : undefined,
  );
}

function withMetadata(one: JsonObject | undefined, more: JsonObject | undefined): JsonObject | undefined {
  return more === undefined ? undefined : { ...one, ...more };
}

function withConversation(facts: ObservationFacts): ObservationFacts {
  return withFacts(facts, { sessionId: facts.sessionId ?? facts.conversationId });
}

type Conversation = Pick<ObservationFacts, 'inputMessages' | 'outputMessages' | 'finishReasons'>;

/** `gen_ai.prompt.N.*` and `gen_ai.completion.N.*`, once `llm.prompts.N.*` and `llm.completions.N.*`. */
function readFlatMessages(reader: AttributeReader): Partial<Conversation> {
  const outputMessages =
    readFlat(reader, 'gen_ai.completion', 'assistant') ?? readFlat(reader, 'llm.completions', 'assistant');
  const reasons = outputMessages?.flatMap((message) => message.finish_reason ?? []) ?? [];
  return present<Partial<Conversation>>({
    inputMessages: readFlat(reader, 'gen_ai.prompt', 'user') ?? readFlat(reader, 'llm.prompts', 'user'),
    outputMessages,
    finishReasons: reasons.length === 0 ? undefined : reasons,
  });
}

function readFlat(reader: AttributeReader, prefix: string, role: string): Message[] | undefined {
  return reader.mappedFamily(prefix, (members) => {
    const list = unflatten(members);
    if (!Array.isArray(list) || !list.every(isObject)) return undefined;
    return readChatMessages(
      list.map((message) => toChat(message)),
      role,
    );
  });
}

/** A message without content is still a message. */
function toChat(message: JsonObject): JsonObject {
  return { content: null, ...message };
}

function readFunctions(reader: AttributeReader): ObservationFacts['toolDefinitions'] {
  return reader.mappedFamily('llm.request.functions', (members) => {
    const list = unflatten(members);
    return Array.isArray(list) ? readTools(list.map((item) => withSchema(item))) : undefined;
  });
}

/** Schemas are JSON text inside a flattened function. */
function withSchema(item: JsonValue): JsonValue {
  if (!isObject(item)) return item;
  const schema = item.parameters ?? item.input_schema;
  if (schema === undefined) return item;
  const { input_schema: _, ...rest } = item;
  return { ...rest, parameters: parseJson(schema) ?? schema };
}

/** What a workflow, task, agent or tool is called, was given and gave back. */
function readEntity(facts: ObservationFacts, span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const given = reader.mapped('traceloop.entity.input', (value) => unwrapped(parseQuotedJson(value)));
  const result = reader.mapped('traceloop.entity.output', parseQuotedJson);
  // A name that says no more than the span, or the tool, has been read.
  reader.mapped('traceloop.entity.name', (name) =>
    name === span.name || name === facts.tool?.name ? name : undefined,
  );
  if (facts.type === 'TOOL') {
    const tool = present<ToolExecution>({
      ...facts.tool,
      name: facts.tool?.name ?? reader.text('traceloop.entity.name') ?? span.name,
      arguments: facts.tool?.arguments ?? given,
      result: facts.tool?.result ?? result,
    });
    return withFacts(facts, { tool });
  }
  const name = facts.type === 'AGENT' ? reader.text('traceloop.entity.name') : undefined;
  return withFacts(facts, {
    input: facts.input ?? given,
    output: facts.output ?? result,
    agent: facts.agent ?? (name === undefined ? undefined : { name }),
  });
}

/** Its decorators wrap what a function was given: the values in their order, and those that have names. */
function unwrapped(given: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(given) || Object.keys(given).length !== 2) return given;
  const { args, kwargs } = given;
  if (!Array.isArray(args) || !isObject(kwargs)) return given;
  if (args.length === 0) return kwargs;
  return args.length === 1 && Object.keys(kwargs).length === 0 ? args[0] : given;
}
