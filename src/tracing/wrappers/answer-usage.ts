import type { UsageFields } from '../observation.js';
import { numberAt, plainFields, type Fields } from './plain-fields.js';

/**
 * Token counts of any provider's usage object, by the names that are in use for them. Some providers count cached input
 * apart from the rest: their names say so, and it is added, because the conventions count all input as input.
 */
export function readUsage(value: unknown): UsageFields | undefined {
  const usage = plainFields(value);
  const inputDetails = detailsOf(usage, [
    'inputTokensDetails',
    'promptTokensDetails',
    'inputTokenDetails',
    'inputTokens',
  ]);
  const outputDetails = detailsOf(usage, [
    'outputTokensDetails',
    'completionTokensDetails',
    'outputTokenDetails',
    'outputTokens',
  ]);
  const readApart = numberAt(usage, ['cacheReadInputTokens', 'cacheReadInputTokenCount']);
  const writtenApart = numberAt(usage, [
    'cacheCreationInputTokens',
    'cacheWriteInputTokens',
    'cacheWriteInputTokenCount',
  ]);
  const thoughts = numberAt(usage, ['thoughtsTokenCount']);
  return given({
    inputTokens: sum(
      numberAt(usage, INPUT) ?? numberAt(inputDetails, ['total']),
      numberAt(usage, ['toolUsePromptTokenCount']),
      readApart,
      writtenApart,
    ),
    outputTokens: sum(numberAt(usage, OUTPUT) ?? numberAt(outputDetails, ['total']), thoughts),
    cacheReadTokens: readApart ?? numberAt(inputDetails, CACHE_READ) ?? numberAt(usage, CACHED),
    cacheWriteTokens: writtenApart ?? numberAt(inputDetails, CACHE_WRITE),
    reasoningTokens: thoughts ?? numberAt(outputDetails, REASONING) ?? numberAt(usage, ['reasoningTokens']),
  });
}

const INPUT = [
  'inputTokens',
  'promptTokens',
  'promptTokenCount',
  'inputTokenCount',
  'promptEvalCount',
] as const;
const OUTPUT = [
  'outputTokens',
  'completionTokens',
  'candidatesTokenCount',
  'outputTokenCount',
  'evalCount',
] as const;
const CACHE_READ = ['cachedTokens', 'cacheReadTokens', 'cacheRead'] as const;
const CACHE_WRITE = ['cacheWriteTokens', 'cacheCreation', 'cacheWrite'] as const;
const CACHED = ['cachedContentTokenCount', 'cachedInputTokens', 'promptCacheHitTokens'] as const;
const REASONING = ['reasoningTokens', 'thinkingTokens', 'reasoning'] as const;

function detailsOf(usage: Fields, names: readonly string[]): Fields {
  for (const name of names) {
    const value = usage[name];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return plainFields(value);
  }
  return {};
}

/** Undefined when the first is: a part says nothing of the whole. */
function sum(whole: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined {
  return whole === undefined ? undefined : parts.reduce<number>((total, part) => total + (part ?? 0), whole);
}

function given(counts: { [Name in keyof UsageFields]: number | undefined }): UsageFields | undefined {
  const entries = Object.entries(counts).filter(([, count]) => count !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as UsageFields);
}
