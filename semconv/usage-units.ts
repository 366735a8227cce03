import type { JsonObject, JsonValue } from './model/json.js';
import type { Usage } from './model/usage.js';

/** Amounts by the names of `@pydantic/genai-prices`; a part (`cache_read_tokens`) is in its whole (`input_tokens`) too. */
export type UsageUnits = Record<string, number>;

/**
 * What a call used, in the units that are priced. Buckets say most of it; audio, hour-long cache entries and searches are
 * only in what the provider reported itself.
 */
export function usageUnits(usage: Usage): UsageUnits {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0, reported = {} } = usage;
  const all: UsageUnits = {
    input_tokens: input + cacheRead + cacheWrite,
    cache_read_tokens: cacheRead,
    cache_write_tokens: cacheWrite,
    output_tokens: output + reasoning,
    ...partsOf(reported),
  };
  const units = Object.fromEntries(Object.entries(all).filter(([, amount]) => amount > 0));
  return fitting(units);
}

/** OpenAI: `*_tokens_details`; Gemini: `*TokensDetails` by modality; Anthropic: `cache_creation`, `server_tool_use`. */
function partsOf(reported: JsonObject): UsageUnits {
  const into = objectOf(
    reported['prompt_tokens_details'] ?? reported['input_tokens_details'] ?? reported['input_token_details'],
  );
  const out = objectOf(
    reported['completion_tokens_details'] ??
      reported['output_tokens_details'] ??
      reported['output_token_details'],
  );
  const isDuration = reported['type'] === 'duration';
  return {
    input_audio_tokens:
      amountOf(into['audio_tokens']) +
      modality(reported['promptTokensDetails'] ?? reported['prompt_tokens_details'], 'AUDIO'),
    cache_audio_read_tokens:
      amountOf(objectOf(into['cached_tokens_details'])['audio_tokens']) +
      modality(reported['cacheTokensDetails'] ?? reported['cache_tokens_details'], 'AUDIO'),
    output_audio_tokens:
      amountOf(out['audio_tokens']) +
      modality(
        reported['candidatesTokensDetails'] ??
          reported['responseTokensDetails'] ??
          reported['candidates_tokens_details'],
        'AUDIO',
      ),
    cache_write_1h_tokens: amountOf(objectOf(reported['cache_creation'])['ephemeral_1h_input_tokens']),
    web_searches: amountOf(objectOf(reported['server_tool_use'])['web_search_requests']),
    audio_seconds: isDuration ? amountOf(reported['seconds']) : 0,
  };
}

/** A part that is larger than its whole is no part of it: then the whole is all that is known. */
function fitting(units: UsageUnits): UsageUnits {
  const fits = Object.entries(units).filter(([name, amount]) =>
    (WHOLES[name] ?? []).every((whole) => amount <= (units[whole] ?? 0)),
  );
  return Object.fromEntries(fits);
}
const WHOLES: Readonly<Record<string, readonly string[]>> = {
  cache_read_tokens: ['input_tokens'],
  cache_write_tokens: ['input_tokens'],
  cache_write_1h_tokens: ['cache_write_tokens'],
  input_audio_tokens: ['input_tokens'],
  cache_audio_read_tokens: ['cache_read_tokens', 'input_audio_tokens'],
  output_audio_tokens: ['output_tokens'],
};

function modality(details: JsonValue | undefined, wanted: string): number {
  if (!Array.isArray(details)) return 0;
  return details
    .map(objectOf)
    .filter((detail) => detail['modality'] === wanted)
    .reduce((sum, detail) => sum + amountOf(detail['tokenCount'] ?? detail['token_count']), 0);
}

function amountOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
