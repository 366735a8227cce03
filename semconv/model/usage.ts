import * as z from 'zod';
import { JsonObject } from './json.js';

/**
 * Token usage in disjoint buckets, so that the sum of the buckets is the total and each can be priced by itself.
 * The conventions' `input_tokens` includes cached tokens and `output_tokens` includes reasoning: here they are taken apart.
 * A bucket that the provider did not report is absent, never zero.
 */
export interface Usage {
  /** Input tokens that were neither read from nor written to a cache. */
  input?: number;
  cacheRead?: number;
  cacheWrite?: number;
  /** Output tokens without reasoning. */
  output?: number;
  reasoning?: number;
  /** The provider's own usage object, untouched. */
  reported?: JsonObject;
}
export const Usage: z.ZodType<Usage> = z.object({
  input: z.number().optional(),
  cacheRead: z.number().optional(),
  cacheWrite: z.number().optional(),
  output: z.number().optional(),
  reasoning: z.number().optional(),
  reported: JsonObject.optional(),
}) as z.ZodType<Usage>;

/** Usage summed over several calls. */
export type UsageTotals = Required<Omit<Usage, 'reported'>> & { total: number };
export const UsageTotals: z.ZodType<UsageTotals> = z.object({
  input: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
  output: z.number(),
  reasoning: z.number(),
  total: z.number(),
});
