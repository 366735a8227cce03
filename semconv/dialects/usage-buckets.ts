import { EMIT_PROFILE } from '../aliases.js';
import type { JsonObject } from '../model/json.js';
import type { Usage } from '../model/usage.js';
import { ATTR_SPOOR_USAGE_REPORTED } from '../spoor-attributes.js';
import { isObject, type AttributeReader } from './attribute-reader.js';
import { present } from './present.js';

/** Token counts as the conventions define them: cached tokens are part of the input, reasoning is part of the output. */
export interface UsageCounts {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  reasoningTokens?: number | undefined;
}

/**
 * Takes inclusive counts apart into buckets that do not overlap. A part that is larger than its total cannot be a part of
 * it: such an emitter reports the parts beside the total, which is then taken as it is. No bucket is ever negative.
 */
export function bucketsOf(counts: UsageCounts): Usage | undefined {
  const cacheRead = countOf(counts.cacheReadTokens);
  const cacheWrite = countOf(counts.cacheWriteTokens);
  const reasoning = countOf(counts.reasoningTokens);
  const usage = present<Usage>({
    input: without(countOf(counts.inputTokens), (cacheRead ?? 0) + (cacheWrite ?? 0)),
    cacheRead,
    cacheWrite,
    output: without(countOf(counts.outputTokens), reasoning ?? 0),
    reasoning,
    reported: undefined,
  });
  return Object.keys(usage).length === 0 ? undefined : usage;
}

/** The reverse of {@link bucketsOf}: counts as the conventions define them. */
export function countsOf(usage: Usage): UsageCounts {
  return present<UsageCounts>({
    inputTokens:
      usage.input === undefined ? undefined : usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0),
    cacheReadTokens: usage.cacheRead,
    cacheWriteTokens: usage.cacheWrite,
    outputTokens: usage.output === undefined ? undefined : usage.output + (usage.reasoning ?? 0),
    reasoningTokens: usage.reasoning,
  });
}

/** The usage that `gen_ai.usage.*` attributes give, under their current or former names. */
export function readUsage(reader: AttributeReader): Usage | undefined {
  const names = EMIT_PROFILE.usage;
  const usage = bucketsOf({
    inputTokens: reader.number(names.input),
    outputTokens: reader.number(names.output),
    cacheReadTokens: reader.number(names.cacheRead),
    cacheWriteTokens: reader.number(names.cacheWrite),
    reasoningTokens: reader.number(names.reasoning),
  });
  const reported = reader.mapped(ATTR_SPOOR_USAGE_REPORTED, (value) => (isObject(value) ? value : undefined));
  return reported === undefined ? usage : { ...usage, reported };
}

/** A usage in another vocabulary's counts, with what the provider reported where the span says that beside. */
export function withReported(usage: Usage | undefined, said: Usage | undefined): Usage | undefined {
  return usage === undefined || said?.reported === undefined ? usage : { ...usage, reported: said.reported };
}

/** The `gen_ai.usage.*` attributes for a usage. */
export function writeUsage(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return {};
  const names = EMIT_PROFILE.usage;
  const counts = countsOf(usage);
  const written: [string, number | undefined][] = [
    [names.input, counts.inputTokens],
    [names.output, counts.outputTokens],
    [names.cacheRead, counts.cacheReadTokens],
    [names.cacheWrite, counts.cacheWriteTokens],
    [names.reasoning, counts.reasoningTokens],
  ];
  const attributes: JsonObject = {};
  for (const [name, count] of written) if (count !== undefined) attributes[name] = count;
  if (usage.reported !== undefined) attributes[ATTR_SPOOR_USAGE_REPORTED] = JSON.stringify(usage.reported);
  return attributes;
}

function countOf(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function without(total: number | undefined, part: number): number | undefined {
  if (total === undefined) return undefined;
  return total >= part ? total - part : total;
}
