import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { readProviderUsage } from './provider-usage.js';
import { parseQuotedJson } from './quoted-json.js';
import { readChatMessages, readChatRequest, readChatResponse } from './read-chat.js';
import { readGenAi } from './read-genai.js';
import { readGenAiEvents } from './read-genai-events.js';
import { readMessages } from './read-messages.js';
import { LOGFIRE_SAMPLES } from './samples/logfire-samples.js';

/**
 * Pydantic AI and Logfire's own instrumentations: the conventions, with the older per-message events as one attribute, whole
 * conversations on agents, and bodies of requests and answers where Logfire wraps a client itself.
 */
export const logfireDialect: Dialect = createForeignDialect('logfire', LOGFIRE_SAMPLES, readLogfire);

const AGENT_SPAN = /^(agent run|Agent run|invoke_agent)/;
const AGENTS_SCOPE = 'logfire.openai_agents';
const TOOL_SPAN = /^(running tool\b|Function: )/;
/** What its SDK puts in the place of a value that looks like a secret; `session.id` is one to it. */
const SCRUBBED = /^\[Scrubbed due to /;

function readLogfire(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const facts = withFacts(base, {
    type: typeOf(span, base),
    provider: providerName(base.provider),
    sessionId: unscrubbed(base.sessionId) ?? base.conversationId,
    cost: base.cost ?? reader.number('operation.cost'),
    tags: base.tags ?? reader.texts('logfire.tags'),
    usage: readCounts(base, reader),
    ...readEventList(reader),
    ...(span.scope.name === AGENTS_SCOPE ? readAgentsCall(span, reader) : readBodies(reader)),
  });
  if (SCRUBBED.test(facts.userId ?? '')) delete facts.userId;
  if (SCRUBBED.test(facts.sessionId ?? '')) delete facts.sessionId;
  if (facts.type === 'TOOL') return withFacts(facts, { tool: readTool(facts, span, reader) });
  const agentName = reader.text('agent_name');
  return withFacts(facts, {
    ...readConversation(facts, reader),
    output: facts.output ?? reader.mapped('final_result', parseQuotedJson),
    agent: facts.agent ?? (agentName === undefined ? undefined : { name: agentName }),
  });
}

function unscrubbed(id: string | undefined): string | undefined {
  return id === undefined || SCRUBBED.test(id) ? undefined : id;
}

/** The counts of the conventions leave out what the provider's own have: cached and reasoning tokens. */
function readCounts({ usage }: ObservationFacts, reader: AttributeReader): ObservationFacts['usage'] {
  const raw = reader.mapped('gen_ai.usage.raw', (value) =>
    isObject(value) ? readProviderUsage(value) : undefined,
  );
  const reasoning = reader.number('gen_ai.usage.details.reasoning_tokens');
  if (raw !== undefined || usage === undefined || usage.reasoning !== undefined || reasoning === undefined)
    return raw ?? usage;
  const output = usage.output ?? 0;
  return { ...usage, reasoning, output: output >= reasoning ? output - reasoning : output };
}

/** The agents' SDK: a model call has what went in and what came out, and `request_data` with both as one conversation. */
function readAgentsCall(span: DialectSpan, reader: AttributeReader): Partial<ObservationFacts> {
  if (span.attributes['gen_ai.request.model'] === undefined) return {};
  const request = reader.mapped('input', readChatRequest);
  const response = reader.mapped('output', (value) =>
    value === 'null' ? undefined : readChatResponse(value),
  );
  if (request !== undefined && response !== undefined) reader.json('request_data');
  return present<Partial<ObservationFacts>>({
    ...request,
    ...response,
    usage: reader.mapped('usage', (value) => (isObject(value) ? readProviderUsage(value) : undefined)),
  });
}

function typeOf(span: DialectSpan, base: ObservationFacts): ObservationType {
  if (AGENT_SPAN.test(span.name)) return 'AGENT';
  // `running tools` is around the tools of one turn, `running tool` is one of them.
  if (TOOL_SPAN.test(span.name)) return 'TOOL';
  if (base.operation === undefined && span.attributes['request_data'] !== undefined) return 'GENERATION';
  return base.operation === undefined && base.tool === undefined && base.scores === undefined
    ? 'SPAN'
    : base.type;
}

type Content = Pick<
  ObservationFacts,
  'systemInstructions' | 'inputMessages' | 'outputMessages' | 'finishReasons'
>;

/** `events`: the events of the 1.36 conventions as a JSON list, each with its name in `event.name`. */
function readEventList(reader: AttributeReader): Partial<Content> {
  return reader.mapped('events', fromEvents) ?? {};
}

function fromEvents(value: JsonValue): Partial<Content> | undefined {
  if (!Array.isArray(value) || !value.every((event) => isObject(event))) return undefined;
  const content = readGenAiEvents(value.flatMap((event) => namedEvent(event)));
  return Object.keys(content).length === 0 ? undefined : content;
}

function namedEvent(event: JsonObject): { name: string; attributes: JsonObject }[] {
  const { 'event.name': name, ...attributes } = event;
  return typeof name === 'string' ? [{ name, attributes }] : [];
}

/** What an agent's span has of the whole conversation: everything before its last answer went in. */
function readConversation(facts: ObservationFacts, reader: AttributeReader): Partial<Content> {
  const events = reader.mapped('all_messages_events', fromEvents);
  if (events !== undefined && facts.inputMessages === undefined) return events;
  const all: Message[] | undefined = reader.mapped('pydantic_ai.all_messages', (value) =>
    readMessages(value, 'user'),
  );
  if (all === undefined || facts.inputMessages !== undefined) return {};
  const last = all.at(-1)?.role === 'assistant' ? all.length - 1 : all.length;
  return present<Partial<Content>>({
    inputMessages: last === 0 ? undefined : all.slice(0, last),
    outputMessages: last === all.length ? undefined : all.slice(last),
  });
}

/** `request_data` and `response_data` of clients that Logfire wraps. */
function readBodies(reader: AttributeReader): Partial<ObservationFacts> {
  const request = reader.mapped('request_data', (value) =>
    isObject(value) ? { model: value.model, ...readChatRequest(value) } : undefined,
  );
  const { model, ...asked } = request ?? {};
  const answered = reader.mapped('response_data', readResponseData);
  return present<Partial<ObservationFacts>>({
    ...asked,
    ...answered,
    requestModel: reader.text('gen_ai.request.model') ?? (typeof model === 'string' ? model : undefined),
  });
}

function readResponseData(value: JsonValue): Partial<ObservationFacts> | undefined {
  if (!isObject(value)) return undefined;
  const said = readChatResponse(value.message ?? value.combined_chunk_content);
  const outputMessages =
    typeof value.combined_chunk_content === 'string'
      ? readChatMessages(value.combined_chunk_content, 'assistant')
      : undefined;
  if (said === undefined && outputMessages === undefined) return undefined;
  return present<Partial<ObservationFacts>>({
    ...(said ?? { outputMessages }),
    usage: isObject(value.usage) ? readProviderUsage(value.usage) : undefined,
  });
}

function readTool(facts: ObservationFacts, span: DialectSpan, reader: AttributeReader): ToolExecution {
  return present<ToolExecution>({
    ...facts.tool,
    name: facts.tool?.name ?? reader.text('name') ?? span.name.replace(/^running tool:? ?/, ''),
    arguments: facts.tool?.arguments ?? reader.json('tool_arguments') ?? reader.json('input'),
    result: facts.tool?.result ?? reader.json('tool_response') ?? reader.json('output'),
  });
}
