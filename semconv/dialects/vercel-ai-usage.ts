import type { JsonValue } from '../model/json.js';
import type { Usage } from '../model/usage.js';
import { isObject, parseJson, type AttributeReader } from './attribute-reader.js';
import type { DialectSpan } from './dialect.js';
import { bucketsOf, type UsageCounts } from './usage-buckets.js';

/** Each count by the names that it has had, newest first. */
const NAMES = {
  input: ['inputTokens', 'promptTokens', 'tokens'],
  output: ['outputTokens', 'completionTokens'],
  cacheRead: ['inputTokenDetails.cacheReadTokens', 'cachedInputTokens'],
  cacheWrite: ['inputTokenDetails.cacheWriteTokens'],
  reasoning: ['outputTokenDetails.reasoningTokens', 'reasoningTokens'],
} as const;

/**
 * `ai.usage.*`. Since version 6 the input total includes cached tokens whatever the provider; before, it was the provider's own
 * count, and Anthropic's leaves them out.
 */
export function readVercelAiUsage(span: DialectSpan, reader: AttributeReader): Usage | undefined {
  const provider = span.attributes['ai.model.provider'];
  const isTotal = Object.keys(span.attributes).some((key) => key.startsWith('ai.usage.inputTokenDetails.'));
  const counts: UsageCounts = {
    inputTokens: first(reader, NAMES.input),
    outputTokens: first(reader, NAMES.output),
    cacheReadTokens: first(reader, NAMES.cacheRead) ?? anthropicCount(span, 'cacheReadInputTokens'),
    cacheWriteTokens: first(reader, NAMES.cacheWrite) ?? anthropicCount(span, 'cacheCreationInputTokens'),
    reasoningTokens: first(reader, NAMES.reasoning),
  };
  const beside = !isTotal && typeof provider === 'string' && /^(anthropic|.*bedrock)/.test(provider);
  if (beside && counts.inputTokens !== undefined) {
    counts.inputTokens += (counts.cacheReadTokens ?? 0) + (counts.cacheWriteTokens ?? 0);
  }
  return bucketsOf(counts);
}

/** Reads all names of a count, so that none of them is left over, and gives the first that is there. */
function first(reader: AttributeReader, names: readonly string[]): number | undefined {
  return names.map((name) => reader.number(`ai.usage.${name}`)).find((count) => count !== undefined);
}

/** Counts that only the provider's own answer has. It stays among the attributes, for the rest of what it says. */
function anthropicCount(span: DialectSpan, key: string): number | undefined {
  const said: JsonValue | undefined = parseJson(span.attributes['ai.response.providerMetadata'] ?? null);
  const own = isObject(said) ? said.anthropic : undefined;
  const count = isObject(own) ? own[key] : undefined;
  return typeof count === 'number' ? count : undefined;
}
