import type { JsonValue } from '../model/json.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import type { Usage } from '../model/usage.js';
import { isObject, parseJson, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { parseQuotedJson } from './quoted-json.js';
import { readProviderUsage } from './provider-usage.js';
import { readChatRequest, readChatResponse, readTools } from './read-chat.js';
import { readGenAi } from './read-genai.js';
import { MLFLOW_SAMPLES } from './samples/mlflow-samples.js';
import { bucketsOf } from './usage-buckets.js';

/** MLflow's tracing: every attribute is JSON, inputs and outputs whole, and the usage and its cost beside them. */
export const mlflowDialect: Dialect = createForeignDialect('mlflow', MLFLOW_SAMPLES, readMlflow);

const TYPES: Readonly<Record<string, ObservationType>> = {
  LLM: 'GENERATION',
  CHAT_MODEL: 'GENERATION',
  AGENT: 'AGENT',
  TOOL: 'TOOL',
  CHAIN: 'CHAIN',
  WORKFLOW: 'CHAIN',
  TASK: 'CHAIN',
  RETRIEVER: 'RETRIEVAL',
  RERANKER: 'RETRIEVAL',
  EMBEDDING: 'EMBEDDING',
  EVALUATOR: 'EVALUATION',
  GUARDRAIL: 'EVALUATION',
};

function readMlflow(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const type = reader.mapped('mlflow.spanType', (value) => {
    const word = parseQuotedJson(value);
    return typeof word === 'string' && Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  });
  const model = wordOf(reader, 'mlflow.llm.model');
  // Autologging puts the arguments of a call among the attributes, each as JSON.
  const asked = isModelCall(type ?? base.type) ? wordOf(reader, 'model') : undefined;
  const facts = withFacts(base, {
    type: type ?? base.type,
    provider: providerName(wordOf(reader, 'mlflow.llm.provider') ?? base.provider),
    requestModel: asked ?? base.requestModel ?? model,
    responseModel: base.responseModel ?? (asked === undefined ? undefined : model),
    sessionId: base.sessionId ?? wordOf(reader, 'mlflow.trace.session') ?? base.conversationId,
    userId: base.userId ?? wordOf(reader, 'mlflow.trace.user'),
    toolDefinitions: reader.mapped('mlflow.chat.tools', readTools),
    usage: withProviderUsage(reader.mapped('mlflow.chat.tokenUsage', readTokenUsage), span) ?? base.usage,
    cost: reader.mapped('mlflow.llm.cost', (value) =>
      isObject(value) && typeof value.total_cost === 'number' ? value.total_cost : undefined,
    ),
  });
  return withBodies(facts, span, reader);
}

function isModelCall(type: ObservationType): boolean {
  return type === 'GENERATION' || type === 'EMBEDDING';
}

/** Its own counts leave out reasoning, and those of embeddings: the provider's answer, which is kept whole, has them. */
function withProviderUsage(usage: Usage | undefined, span: DialectSpan): Usage | undefined {
  const output = parseJson(span.attributes['mlflow.spanOutputs'] ?? null);
  const counted = isObject(output) && isObject(output.usage) ? readProviderUsage(output.usage) : undefined;
  if (counted === undefined) return usage;
  return usage === undefined ? counted : { ...counted, ...usage, ...reasoningOf(usage, counted) };
}

function reasoningOf(usage: Usage, { reasoning = 0 }: Usage): Partial<Usage> {
  if (usage.reasoning !== undefined || reasoning === 0 || (usage.output ?? 0) < reasoning) return {};
  return { reasoning, output: (usage.output ?? 0) - reasoning };
}

function wordOf(reader: AttributeReader, key: string): string | undefined {
  return reader.mapped(key, (value) => {
    const word = parseQuotedJson(value);
    return typeof word === 'string' && word !== '' ? word : undefined;
  });
}

function withBodies(facts: ObservationFacts, span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const isCall = facts.type === 'GENERATION';
  const request = isCall ? reader.mapped('mlflow.spanInputs', readChatRequest) : undefined;
  const response = isCall
    ? reader.mapped('mlflow.spanOutputs', (value) => readChatResponse(parseQuotedJson(value)))
    : undefined;
  const given = request === undefined ? reader.mapped('mlflow.spanInputs', parseQuotedJson) : undefined;
  const result = response === undefined ? reader.mapped('mlflow.spanOutputs', parseQuotedJson) : undefined;
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

/** Cached tokens are a part of the input, unless they are more than it. */
function readTokenUsage(value: JsonValue): Usage | undefined {
  if (!isObject(value)) return undefined;
  const buckets = bucketsOf({
    inputTokens: numberOf(value.input_tokens),
    outputTokens: numberOf(value.output_tokens),
    cacheReadTokens: numberOf(value.cache_read_input_tokens),
    cacheWriteTokens: numberOf(value.cache_creation_input_tokens),
  });
  return buckets === undefined ? undefined : { ...buckets, reported: value };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
