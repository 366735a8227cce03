import type { Observation } from './model/observation.js';

/** How a tier of service changes the standard price; undefined when that is not known. */
export interface TierPrice {
  tier: string;
  factor?: number;
}

/**
 * Half of the price for what is done in a batch, or when there is room: https://platform.openai.com/docs/guides/batch and
 * /flex-processing, https://docs.claude.com/en/docs/build-with-claude/batch-processing,
 * https://ai.google.dev/gemini-api/docs/batch-api. Prices of faster tiers differ from model to model and are in no table.
 */
const FACTORS: Readonly<Record<string, number>> = {
  auto: 1,
  batch: 0.5,
  default: 1,
  flex: 0.5,
  on_demand: 1,
  standard: 1,
  standard_only: 1,
};

/** The tier that answered the call, or that it asked for. */
export function tierPrice({ attributes = {}, usage }: Observation): TierPrice | undefined {
  const tier = [
    usage?.reported?.['service_tier'],
    attributes['openai.response.service_tier'],
    attributes['anthropic.response.service_tier'],
    attributes['gen_ai.openai.response.service_tier'],
  ].find((value) => typeof value === 'string');
  if (typeof tier !== 'string') return undefined;
  const factor = Object.hasOwn(FACTORS, tier) ? FACTORS[tier] : undefined;
  return factor === undefined ? { tier } : { tier, factor };
}
