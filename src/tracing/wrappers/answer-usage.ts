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
const AT = USAGE.at;

/**
 * Token counts of any provider's usage object, by the names that are in use for them. Some providers count cached input
 * apart from the rest, and reasoning apart from the answer: their names say so, and it is added, because the conventions
 * count all of it. `isPlain` when none of the object's properties has code.
 */
export function readUsage(value: unknown, isPlain = false): UsageFields | undefined {
  const usage = plainFields(value, USAGE, isPlain);
  const input = detailsOf(usage[AT.inputDetails] ?? usage[AT.input], isPlain);
  const output = detailsOf(usage[AT.outputDetails] ?? usage[AT.output], isPlain);
  const read = numberOf(usage[AT.readApart]);
  const written = numberOf(usage[AT.writtenApart]);
  const thoughts = numberOf(usage[AT.thoughts]);
  const inputTokens = numberOf(usage[AT.input]) ?? numberOf(input[DETAILS.at.total]);
  const outputTokens = numberOf(usage[AT.output]) ?? numberOf(output[DETAILS.at.total]);
  const ofTools = numberOf(usage[AT.toolInput]);
  return countsOf({
    inputTokens: plus(plus(plus(inputTokens, ofTools), read), written),
    outputTokens: plus(outputTokens, thoughts),
    cacheReadTokens: read ?? numberOf(input[DETAILS.at.cached]) ?? numberOf(usage[AT.cached]),
    cacheWriteTokens: written ?? numberOf(input[DETAILS.at.written]),
    reasoningTokens: thoughts ?? numberOf(output[DETAILS.at.reasoning]) ?? numberOf(usage[AT.reasoning]),
  });
}

/** The counts that are known; undefined when none is. */
function countsOf(known: Readonly<Record<keyof UsageFields, number | undefined>>): UsageFields | undefined {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = known;
  const counts: UsageFields = {};
  if (inputTokens !== undefined) counts.inputTokens = inputTokens;
  if (outputTokens !== undefined) counts.outputTokens = outputTokens;
  if (cacheReadTokens !== undefined) counts.cacheReadTokens = cacheReadTokens;
  if (cacheWriteTokens !== undefined) counts.cacheWriteTokens = cacheWriteTokens;
  if (reasoningTokens !== undefined) counts.reasoningTokens = reasoningTokens;
  for (const _ in counts) return counts;
  return undefined;
}

function detailsOf(value: unknown, isPlain: boolean): Fields {
  return typeof value === 'object' ? plainFields(value, DETAILS, isPlain) : DETAILS.none;
}

/** Undefined when the whole is: a part says nothing of it. */
function plus(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined || part === undefined ? whole : whole + part;
}
