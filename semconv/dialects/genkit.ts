import type { JsonObject, JsonValue } from '../model/json.js';
import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { readGenkitMessages } from './genkit-messages.js';
import { present } from './present.js';
import { providerName } from './provider-names.js';
import { parseQuotedJson } from './quoted-json.js';
import { readTools } from './read-chat.js';
import { readGenAi } from './read-genai.js';
import { GENKIT_SAMPLES } from './samples/genkit-samples.js';
import { bucketsOf } from './usage-buckets.js';

/** Genkit: every action is a span, with its whole input and output as JSON. */
export const genkitDialect: Dialect = createForeignDialect('genkit', GENKIT_SAMPLES, readGenkit);

const SUBTYPES: Readonly<Record<string, ObservationType>> = {
  model: 'GENERATION',
  'background-model': 'GENERATION',
  embedder: 'EMBEDDING',
  tool: 'TOOL',
  'tool.v2': 'TOOL',
  retriever: 'RETRIEVAL',
  reranker: 'RETRIEVAL',
  evaluator: 'EVALUATION',
  flow: 'CHAIN',
  agent: 'AGENT',
};

function readGenkit(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const base = readGenAi(span, reader);
  const kind = reader.text('genkit:type');
  const subtype = reader.text('genkit:metadata:subtype') ?? '';
  const type = Object.hasOwn(SUBTYPES, subtype)
    ? SUBTYPES[subtype]
    : kind === 'util' || kind === 'flow'
      ? 'CHAIN'
      : base.type;
  const name = reader.text('genkit:name') ?? span.name;
  const facts = withFacts(base, {
    type,
    sessionId: base.sessionId ?? reader.text('genkit:metadata:sessionId') ?? reader.text('genkit:sessionId'),
  });
  if (facts.type === 'GENERATION') return readModel(facts, name, reader);
  if (facts.type === 'EMBEDDING') Object.assign(facts, readModelName(facts, name));
  const given = reader.mapped('genkit:input', parseQuotedJson);
  const result = reader.mapped('genkit:output', parseQuotedJson);
  if (facts.type === 'TOOL') {
    const tool = present<ToolExecution>({ name, arguments: given, result, ...facts.tool });
    return withFacts(facts, { tool });
  }
  return withFacts(facts, { input: given, output: result });
}

function readModel(facts: ObservationFacts, name: string, reader: AttributeReader): ObservationFacts {
  const request = reader.mapped('genkit:input', readRequest);
  const response = reader.mapped('genkit:output', readResponse);
  return withFacts(facts, {
    ...readModelName(facts, name),
    ...request,
    ...response,
    input: request === undefined ? reader.mapped('genkit:input', parseQuotedJson) : undefined,
    output: response === undefined ? reader.mapped('genkit:output', parseQuotedJson) : undefined,
  });
}

/** Plugins name their models `plugin/model`. */
function readModelName(
  facts: ObservationFacts,
  name: string,
): Pick<ObservationFacts, 'provider' | 'requestModel'> {
  const slash = name.indexOf('/');
  return present<Pick<ObservationFacts, 'provider' | 'requestModel'>>({
    provider: facts.provider ?? (slash > 0 ? providerName(name.slice(0, slash)) : undefined),
    requestModel: facts.requestModel ?? name.slice(slash + 1),
  });
}

type Request = Pick<ObservationFacts, 'inputMessages' | 'toolDefinitions' | 'parameters'>;

function readRequest(value: JsonValue): Partial<Request> | undefined {
  if (!isObject(value)) return undefined;
  const inputMessages = readGenkitMessages(value.messages, 'user');
  if (inputMessages === undefined) return undefined;
  return present<Partial<Request>>({
    inputMessages,
    toolDefinitions: value.tools === undefined ? undefined : readTools(value.tools),
    parameters: isObject(value.config) && Object.keys(value.config).length > 0 ? value.config : undefined,
  });
}

type Response = Pick<ObservationFacts, 'outputMessages' | 'finishReasons' | 'usage'>;

function readResponse(value: JsonValue): Partial<Response> | undefined {
  if (!isObject(value)) return undefined;
  const first = Array.isArray(value.candidates) ? value.candidates[0] : undefined;
  const message = value.message ?? (isObject(first) ? first.message : undefined);
  const outputMessages = message === undefined ? undefined : readGenkitMessages([message], 'assistant');
  if (outputMessages === undefined) return undefined;
  return present<Partial<Response>>({
    outputMessages,
    finishReasons: typeof value.finishReason === 'string' ? [value.finishReason] : undefined,
    usage: isObject(value.usage) ? readUsage(value.usage) : undefined,
  });
}

/** `thoughtsTokens` stand beside the output for Google's models, and are a part of it for others: the total tells. */
function readUsage(usage: JsonObject): ObservationFacts['usage'] {
  const input = numberOf(usage.inputTokens);
  const output = numberOf(usage.outputTokens);
  const thoughts = numberOf(usage.thoughtsTokens);
  const total = numberOf(usage.totalTokens);
  const isBeside = thoughts !== undefined && total === (input ?? 0) + (output ?? 0) + thoughts;
  const buckets = bucketsOf({
    inputTokens: input,
    outputTokens: isBeside ? (output ?? 0) + thoughts : output,
    cacheReadTokens: numberOf(usage.cachedContentTokens),
    reasoningTokens: thoughts,
  });
  return buckets === undefined ? undefined : { ...buckets, reported: usage };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
