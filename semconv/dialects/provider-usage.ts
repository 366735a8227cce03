import type { JsonObject, JsonValue } from '../model/json.js';
import type { Usage } from '../model/usage.js';
import { isObject } from './attribute-reader.js';
import { bucketsOf } from './usage-buckets.js';

/**
 * The usage of a provider's own answer, as tracers pass it on: OpenAI's two forms, and Anthropic's, whose cache counts are on
 * the top level beside its input.
 */
export function readProviderUsage(usage: JsonObject): Usage | undefined {
  const into = detailsOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const out = detailsOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  const beside = [numberOf(usage.cache_read_input_tokens), numberOf(usage.cache_creation_input_tokens)];
  const input = numberOf(usage.prompt_tokens ?? usage.input_tokens);
  const buckets = bucketsOf({
    inputTokens: input === undefined ? undefined : input + (beside[0] ?? 0) + (beside[1] ?? 0),
    outputTokens: numberOf(usage.completion_tokens ?? usage.output_tokens),
    cacheReadTokens: numberOf(into.cached_tokens) ?? beside[0],
    cacheWriteTokens: beside[1] ?? numberOf(into.cache_write_tokens),
    reasoningTokens: numberOf(out.reasoning_tokens),
  });
  return buckets === undefined ? undefined : { ...buckets, reported: usage };
}

function detailsOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
