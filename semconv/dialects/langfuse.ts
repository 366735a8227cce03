import type { JsonObject, JsonValue } from '../model/json.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import type { Usage } from '../model/usage.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { readProviderUsage } from './provider-usage.js';
import { readChatRequest, readChatResponse } from './read-chat.js';
import { readMetadata } from './read-context.js';
import { readGenAi } from './read-genai.js';
import { withoutInstructions } from './said-instructions.js';
import { LANGFUSE_SAMPLES } from './samples/langfuse-samples.js';
import { bucketsOf, withReported } from './usage-buckets.js';
import { withOperation } from './with-operation.js';
import { attributeWriter } from './write-genai.js';
import { writeLangfuse, writeLangfuseSession } from './write-langfuse.js';

/** Langfuse's SDKs since they became OpenTelemetry: everything under `langfuse.*`, inputs and outputs as JSON. */
export const langfuseDialect: Dialect = createForeignDialect('langfuse', LANGFUSE_SAMPLES, readLangfuse, {
  write: attributeWriter((observation) => writeLangfuse(withOperation(observation, 'langfuse'))),
  writeSession: writeLangfuseSession,
});

const OBSERVATION = 'langfuse.observation';
const TYPES: Readonly<Record<string, ObservationType>> = {
  span: 'SPAN',
  generation: 'GENERATION',
  event: 'EVENT',
  embedding: 'EMBEDDING',
  agent: 'AGENT',
  tool: 'TOOL',
  chain: 'CHAIN',
  retriever: 'RETRIEVAL',
  evaluator: 'EVALUATION',
  guardrail: 'EVALUATION',
};

function readLangfuse(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const type =
    reader.mapped(`${OBSERVATION}.type`, (word) =>
      typeof word === 'string' && Object.hasOwn(TYPES, word.toLowerCase())
        ? TYPES[word.toLowerCase()]
        : undefined,
    ) ?? base.type;
  const model = reader.text(`${OBSERVATION}.model.name`);
  const parameters = reader.mapped(`${OBSERVATION}.model.parameters`, objectOf);
  const facts = withFacts(base, {
    type,
    sessionId: base.sessionId ?? reader.text('langfuse.session.id'),
    userId: base.userId ?? reader.text('langfuse.user.id'),
    tags: base.tags ?? reader.texts('langfuse.trace.tags'),
    level: reader.text(`${OBSERVATION}.level`),
    requestModel: base.requestModel ?? (model === base.responseModel ? undefined : model),
    parameters,
    streamed: typeof parameters?.['stream'] === 'boolean' ? parameters['stream'] : undefined,
    usage: withReported(reader.mapped(`${OBSERVATION}.usage_details`, readUsageDetails), base.usage),
    cost: reader.mapped(`${OBSERVATION}.cost_details`, readCostDetails),
    metadata: readMetadata(reader, `${OBSERVATION}.metadata`),
  });
  return withBodies(withFailure(facts, reader), span, reader);
}

/** Its SDKs leave the status of a span alone: a failure is a level, with its message beside. */
function withFailure(facts: ObservationFacts, reader: AttributeReader): ObservationFacts {
  return withFacts(facts, {
    status: facts.level === 'ERROR' ? 'error' : undefined,
    statusMessage: reader.text(`${OBSERVATION}.status_message`),
  });
}

function withBodies(facts: ObservationFacts, span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const isCall = facts.type === 'GENERATION';
  const body = isCall ? reader.mapped(`${OBSERVATION}.input`, readChatRequest) : undefined;
  const request = body && withoutInstructions(body, facts.systemInstructions);
  const response = isCall ? reader.mapped(`${OBSERVATION}.output`, readChatResponse) : undefined;
  const given = request === undefined ? reader.json(`${OBSERVATION}.input`) : undefined;
  const result = response === undefined ? reader.json(`${OBSERVATION}.output`) : undefined;
  if (facts.type === 'TOOL') {
    const tool = present<ToolExecution>({
      ...facts.tool,
      name: facts.tool?.name ?? span.name,
      arguments: facts.tool?.arguments ?? given,
      result: facts.tool?.result ?? result,
    });
    return withFacts(facts, { tool });
  }
  return withFacts(facts, { input: given, output: result, ...request, ...response });
}

function objectOf(value: JsonValue): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

const BUCKETS = {
  input: ['input', 'input_tokens', 'prompt_tokens', 'promptTokens'],
  output: ['output', 'output_tokens', 'completion_tokens', 'completionTokens'],
  cacheRead: ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens'],
  cacheWrite: ['input_cache_creation', 'input_cache_write', 'cache_creation_input_tokens'],
  reasoning: ['output_reasoning_tokens', 'output_reasoning', 'reasoning_tokens'],
} as const;

/** Buckets that do not overlap, unless the total says otherwise: users may pass a provider's own counts. */
function readUsageDetails(value: JsonValue): Usage | undefined {
  if (!isObject(value)) return undefined;
  // Its SDK for Python passes on what the provider said.
  if (Object.keys(value).some((key) => key.endsWith('_details') && isObject(value[key])))
    return readProviderUsage(value);
  const input = countOf(value, BUCKETS.input);
  const output = countOf(value, BUCKETS.output);
  const cacheRead = countOf(value, BUCKETS.cacheRead);
  const cacheWrite = countOf(value, BUCKETS.cacheWrite);
  const reasoning = countOf(value, BUCKETS.reasoning);
  const total = countOf(value, ['total', 'total_tokens']);
  const parts = (cacheRead ?? 0) + (cacheWrite ?? 0) + (reasoning ?? 0);
  const isInclusive = parts > 0 && total !== undefined && (input ?? 0) + (output ?? 0) === total;
  const usage = isInclusive
    ? bucketsOf({
        inputTokens: input,
        outputTokens: output,
        cacheReadTokens: cacheRead,
        cacheWriteTokens: cacheWrite,
        reasoningTokens: reasoning,
      })
    : present<Usage>({ input, cacheRead, cacheWrite, output, reasoning, reported: undefined });
  return { ...usage, reported: value };
}

function countOf(value: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = Object.hasOwn(value, name) ? value[name] : undefined;
    if (typeof count === 'number' && Number.isFinite(count) && count >= 0) return count;
  }
  return undefined;
}

function readCostDetails(value: JsonValue): number | undefined {
  if (!isObject(value)) return undefined;
  const { total, ...parts } = value;
  if (typeof total === 'number') return total;
  const costs = Object.values(parts).filter((cost) => typeof cost === 'number');
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}
