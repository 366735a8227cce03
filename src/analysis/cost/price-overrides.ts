import * as z from 'zod';
import { SpoorError } from '../../shared/errors.js';

/** The user's own price of a model: US dollars for a million tokens. */
export interface PriceOverride {
  /** `gen_ai.provider.name`; absent: any. */
  provider?: string;
  /** Name of the model, or the start of it followed by `*`. */
  model: string;
  input: number;
  output: number;
  /** Default: as other input. */
  cacheRead?: number;
  cacheWrite?: number;
  /** Default: as other output. */
  reasoning?: number;
  inputAudio?: number;
  outputAudio?: number;
  /** For calls from this day on, `2026-01-31`; the latest that fits counts. Absent: for any call. */
  from?: string;
}
const price = z.number().min(0);
export const PriceOverride: z.ZodType<PriceOverride> = z.strictObject({
  provider: z.string().optional(),
  model: z.string().min(1),
  input: price,
  output: price,
  cacheRead: price.optional(),
  cacheWrite: price.optional(),
  reasoning: price.optional(),
  inputAudio: price.optional(),
  outputAudio: price.optional(),
  from: z.iso.date().optional(),
}) as z.ZodType<PriceOverride>;

/** Content of a file of prices. */
export interface PriceFile {
  prices: PriceOverride[];
}
export const PriceFile: z.ZodType<PriceFile> = z.strictObject({ prices: z.array(PriceOverride) });

/**
 * Reads the content of a file of prices.
 * @throws SpoorError SPOOR_OPTION_INVALID
 */
export function readPrices(content: unknown): PriceFile {
  const parsed = PriceFile.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new SpoorError(
    'SPOOR_OPTION_INVALID',
    `The prices are not as expected: ${z.prettifyError(parsed.error)}`,
  );
}

/** The override for a call: an exact name before a pattern, the longer pattern first, then the latest day. */
export function findOverride(
  overrides: readonly PriceOverride[],
  call: { provider: string | undefined; model: string; atMs: number },
): PriceOverride | undefined {
  let best: PriceOverride | undefined;
  for (const override of overrides) {
    if (override.provider !== undefined && override.provider !== call.provider) continue;
    if (!fits(override.model, call.model)) continue;
    if (override.from !== undefined && Date.parse(override.from) > call.atMs) continue;
    if (best === undefined || isCloser(override, best)) best = override;
  }
  return best;
}

function fits(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}

function isCloser(a: PriceOverride, b: PriceOverride): boolean {
  const [closeA, closeB] = [closeness(a), closeness(b)];
  return closeA === closeB ? (a.from ?? '') > (b.from ?? '') : closeA > closeB;
}

function closeness({ model, provider }: PriceOverride): number {
  const name = model.endsWith('*') ? model.length - 1 : Number.MAX_SAFE_INTEGER - 1;
  return name + (provider === undefined ? 0 : 0.5);
}
