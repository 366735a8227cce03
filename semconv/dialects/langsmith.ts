import type { JsonObject, JsonValue } from '../model/json.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import type { Usage } from '../model/usage.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { readChatRequest, readChatResponse } from './read-chat.js';
import { readMetadata } from './read-context.js';
import { readGenAi } from './read-genai.js';
import { LANGSMITH_SAMPLES } from './samples/langsmith-samples.js';
import { bucketsOf } from './usage-buckets.js';

/** LangSmith's SDKs in OpenTelemetry mode: runs, with inputs and outputs whole in `gen_ai.prompt` and `gen_ai.completion`. */
export const langsmithDialect: Dialect = createForeignDialect('langsmith', LANGSMITH_SAMPLES, readLangsmith);

const TYPES: Readonly<Record<string, ObservationType>> = {
  llm: 'GENERATION',
  tool: 'TOOL',
  retriever: 'RETRIEVAL',
  embedding: 'EMBEDDING',
  chain: 'CHAIN',
  prompt: 'SPAN',
  parser: 'SPAN',
};
/** Keys of the metadata that make one conversation of several traces. */
const SESSION_KEYS = ['session_id', 'thread_id', 'conversation_id'];

function readLangsmith(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const request = reader.mapped('gen_ai.prompt', (value) =>
    isCall(span) ? readChatRequest(value) : undefined,
  );
  const response = reader.mapped('gen_ai.completion', (value) =>
    isCall(span) ? readChatResponse(value) : undefined,
  );
  // What the alias of an older convention would take for messages is the run's whole input and output.
  const given = request === undefined ? reader.json('gen_ai.prompt') : undefined;
  const result = response === undefined ? reader.json('gen_ai.completion') : undefined;
  const counted =
    reader.mapped('langsmith.usage_metadata', readUsageMetadata) ??
    reader.mapped('langsmith.metadata.usage_metadata', readUsageMetadata);
  const { inputMessages: _, outputMessages: __, ...base } = readGenAi(span, reader);
  const type =
    reader.mapped('langsmith.span.kind', (word) =>
      typeof word === 'string' && Object.hasOwn(TYPES, word) ? TYPES[word] : undefined,
    ) ?? base.type;
  const metadata = readMetadata(reader, 'langsmith.metadata');
  const facts = withFacts(base, {
    type,
    name: reader.text('langsmith.trace.name') ?? span.name,
    provider: providerName(textOf(metadata, ['ls_provider']) ?? base.provider),
    sessionId: base.sessionId ?? textOf(metadata, SESSION_KEYS) ?? base.conversationId,
    userId: base.userId ?? textOf(metadata, ['user_id']),
    tags: base.tags ?? reader.mapped('langsmith.span.tags', readTags),
    streamed: reader.flag('langsmith.request.streaming'),
    usage: counted?.usage,
    cost: counted?.cost,
    // The status is set to OK when a run begins, and cannot be changed after that.
    status: span.events.some((event) => event.name === 'exception') ? 'error' : undefined,
    metadata,
    ...request,
    ...response,
  });
  return withBodies(facts, span, given, result);
}

function isCall(span: DialectSpan): boolean {
  return span.attributes['langsmith.span.kind'] === 'llm';
}

function withBodies(
  facts: ObservationFacts,
  span: DialectSpan,
  given: JsonValue | undefined,
  result: JsonValue | undefined,
): ObservationFacts {
  if (facts.type !== 'TOOL') {
    return withFacts(facts, { input: facts.input ?? given, output: facts.output ?? result });
  }
  const tool = present<ToolExecution>({
    ...facts.tool,
    name: facts.tool?.name ?? span.name,
    arguments: facts.tool?.arguments ?? given,
    result: facts.tool?.result ?? result,
  });
  return withFacts(facts, { tool });
}

function textOf(metadata: JsonObject | undefined, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = metadata !== undefined && Object.hasOwn(metadata, key) ? metadata[key] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** Tags are one text, with commas between. */
function readTags(value: JsonValue): string[] | undefined {
  const list = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(list)) return undefined;
  const tags = list.flatMap((tag) => (typeof tag === 'string' && tag.trim() !== '' ? [tag.trim()] : []));
  return tags.length === 0 ? undefined : tags;
}

/** `{ input_tokens, output_tokens, input_token_details, output_token_details, total_cost }`; the totals include the details. */
function readUsageMetadata(value: JsonValue): { usage: Usage | undefined; cost?: number } | undefined {
  if (!isObject(value)) return undefined;
  const into = isObject(value.input_token_details) ? value.input_token_details : {};
  const out = isObject(value.output_token_details) ? value.output_token_details : {};
  const usage = bucketsOf({
    inputTokens: numberOf(value.input_tokens),
    outputTokens: numberOf(value.output_tokens),
    cacheReadTokens: numberOf(into.cache_read),
    cacheWriteTokens: numberOf(into.cache_creation),
    reasoningTokens: numberOf(out.reasoning),
  });
  const cost = numberOf(value.total_cost);
  return {
    usage: usage === undefined ? undefined : { ...usage, reported: value },
    ...(cost === undefined ? {} : { cost }),
  };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
