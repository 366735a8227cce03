import type { Observation } from '../../../semconv/model/observation.js';
import type { Usage, UsageTotals } from '../../../semconv/model/usage.js';
import { formatCost, formatCount, formatDuration } from './format.js';

/** A line of a list of names and values. */
export type Field = readonly [name: string, value: string];

/** What is known of an observation, in the order in which a person asks. Absent facts have no line. */
export function observationFields(observation: Observation): Field[] {
  const { startMs, endMs, cost, timeToFirstChunkMs, streamed, agent } = observation;
  return present([
    ['Type', observation.type.toLowerCase()],
    ['Status', observation.outcome ?? observation.status],
    ['Error', observation.errorType],
    ['Message', observation.statusMessage],
    ['Operation', observation.operation],
    ['Provider', observation.provider],
    ['Model', modelText(observation)],
    ['Duration', endMs === undefined ? undefined : formatDuration(endMs - startMs)],
    ['First chunk after', timeToFirstChunkMs === undefined ? undefined : formatDuration(timeToFirstChunkMs)],
    ['Streamed', streamed === undefined ? undefined : streamed ? 'yes' : 'no'],
    ['Finish reasons', observation.finishReasons?.join(', ')],
    ['Cost', cost === undefined ? undefined : formatCost(cost)],
    ['Agent', agent?.name ?? agent?.id],
    ['User', observation.userId],
    ['Conversation', observation.conversationId],
    ['Tags', observation.tags?.join(', ')],
    ['Response id', observation.responseId],
    ['Service', observation.serviceName],
    ['Scope', observation.scope],
    ['Read as', observation.dialect],
    ['Trace', observation.traceId],
    ['Span', observation.id],
  ]);
}

function modelText({ requestModel, responseModel }: Observation): string | undefined {
  if (requestModel === undefined || requestModel === responseModel) return responseModel;
  return responseModel === undefined ? requestModel : `${requestModel} → ${responseModel}`;
}

/** The disjoint buckets of a usage that were reported, and their sum. */
export function usageFields(usage: Usage | undefined): Field[] {
  if (usage === undefined) return [];
  const { input, cacheRead, cacheWrite, output, reasoning } = usage;
  const buckets = [input, cacheRead, cacheWrite, output, reasoning].filter((count) => count !== undefined);
  if (buckets.length === 0) return [];
  return present([
    ['Input', countText(input)],
    ['Read from cache', countText(cacheRead)],
    ['Written to cache', countText(cacheWrite)],
    ['Output', countText(output)],
    ['Reasoning', countText(reasoning)],
    ['Total', formatCount(buckets.reduce((sum, bucket) => sum + bucket, 0))],
  ]);
}

/** The buckets of a sum that hold something: in a sum, nothing reported and zero are the same. */
export function totalFields(totals: UsageTotals): Field[] {
  const { total, ...buckets } = totals;
  if (total === 0) return [];
  return usageFields(Object.fromEntries(Object.entries(buckets).filter(([, count]) => count > 0)));
}

function countText(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatCount(value);
}

/** An object as lines: text as it is, everything else as JSON on one line. */
export function objectFields(object: { readonly [key: string]: unknown } | undefined): Field[] {
  return Object.entries(object ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  ]);
}

/** Drops the lines without a value. */
export function present(fields: readonly (readonly [string, string | undefined])[]): Field[] {
  return fields.filter((field): field is Field => field[1] !== undefined && field[1] !== '');
}
