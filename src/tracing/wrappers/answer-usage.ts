import type { UsageFields } from '../observation.js';
import { numberOf, plainFields, rolesOf, type Fields } from './plain-fields.js';

const USAGE = rolesOf({
  input: ['inputTokens', 'promptTokens', 'promptTokenCount', 'inputTokenCount', 'promptEvalCount'],
  output: ['outputTokens', 'completionTokens', 'candidatesTokenCount', 'outputTokenCount', 'evalCount'],
  inputDetails: ['inputTokensDetails', 'promptTokensDetails', 'inputTokenDetails'],
  outputDetails: ['outputTokensDetails', 'completionTokensDetails', 'outputTokenDetails'],
  readApart: ['cacheReadInputTokens', 'cacheReadInputTokenCount'],
  writtenApart: ['cacheCreationInputTokens', 'cacheWriteInputTokens', 'cacheWriteInputTokenCount'],
  cached: ['cachedContentTokenCount', 'cachedInputTokens', 'promptCacheHitTokens'],
  toolInput: ['toolUsePromptTokenCount'],
  thoughts: ['thoughtsTokenCount'],
  reasoning: ['reasoningTokens'],
});
const DETAILS = rolesOf({
  total: ['total'],
  cached: ['cachedTokens', 'cacheReadTokens', 'cacheRead'],
  written: ['cacheWriteTokens', 'cacheCreation', 'cacheWrite'],
  reasoning: ['reasoningTokens', 'thinkingTokens', 'reasoning'],
});
const NO_DETAILS: Fields<'total' | 'cached' | 'written' | 'reasoning'> = {};

/**
 * Token counts of any provider's usage object, by the names that are in use for them. Some providers count cached input
 * apart from the rest, and reasoning apart from the answer: their names say so, and it is added, because the conventions
 * count all of it.
 */
export function readUsage(value: unknown): UsageFields | undefined {
  const usage = plainFields(value, USAGE);
  const input = detailsOf(usage.inputDetails ?? usage.input);
  const output = detailsOf(usage.outputDetails ?? usage.output);
  const read = numberOf(usage.readApart);
  const written = numberOf(usage.writtenApart);
  const thoughts = numberOf(usage.thoughts);
  const inputTokens = numberOf(usage.input) ?? numberOf(input.total);
  const outputTokens = numberOf(usage.output) ?? numberOf(output.total);
  const counts: UsageFields = {};
  set(counts, 'inputTokens', plus(plus(plus(inputTokens, numberOf(usage.toolInput)), read), written));
  set(counts, 'outputTokens', plus(outputTokens, thoughts));
  set(counts, 'cacheReadTokens', read ?? numberOf(input.cached) ?? numberOf(usage.cached));
  set(counts, 'cacheWriteTokens', written ?? numberOf(input.written));
  set(counts, 'reasoningTokens', thoughts ?? numberOf(output.reasoning) ?? numberOf(usage.reasoning));
  for (const _ in counts) return counts;
  return undefined;
}

function detailsOf(value: unknown): typeof NO_DETAILS {
  return typeof value === 'object' ? plainFields(value, DETAILS) : NO_DETAILS;
}

/** Undefined when the whole is: a part says nothing of it. */
function plus(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined || part === undefined ? whole : whole + part;
}

function set(counts: UsageFields, name: keyof UsageFields, count: number | undefined): void {
  if (count !== undefined) counts[name] = count;
}
