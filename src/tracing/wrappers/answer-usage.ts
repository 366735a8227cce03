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
  const allInput = plus(plus(plus(inputTokens, ofTools), read), written);
  const allOutput = plus(outputTokens, thoughts);
  const cacheRead = read ?? numberOf(input[DETAILS.at.cached]) ?? numberOf(usage[AT.cached]);
  const cacheWrite = written ?? numberOf(input[DETAILS.at.written]);
  const reasoning = thoughts ?? numberOf(output[DETAILS.at.reasoning]) ?? numberOf(usage[AT.reasoning]);
  const counts: UsageFields = {};
  if (allInput !== undefined) counts.inputTokens = allInput;
  if (allOutput !== undefined) counts.outputTokens = allOutput;
  if (cacheRead !== undefined) counts.cacheReadTokens = cacheRead;
  if (cacheWrite !== undefined) counts.cacheWriteTokens = cacheWrite;
  if (reasoning !== undefined) counts.reasoningTokens = reasoning;
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
