import { calcPrice, type ModelPrice, type PriceCalculation, type Provider } from '@pydantic/genai-prices';
import type { CallCost } from '../../../semconv/model/cost.js';
import type { Observation } from '../../../semconv/model/observation.js';
import { providerId } from '../../../semconv/price-providers.js';
import { tierPrice } from '../../../semconv/service-tiers.js';
import { usageUnits, type UsageUnits } from '../../../semconv/usage-units.js';
import { amountOf } from './amount-of.js';
import { findOverride, type PriceOverride } from './price-overrides.js';

/** Tells what a call cost. */
export interface Pricer {
  /** Undefined when the observation neither used tokens nor says a cost. Never throws. */
  priceOf(observation: Observation): CallCost | undefined;
}

export interface PricerOptions {
  /** The user's own prices; they count more than the table. */
  readonly overrides?: readonly PriceOverride[];
}

const DAY_MS = 86_400_000;
const REMEMBERED = 5000;
/** Units that never cost what the rest of their kind costs: without a price of their own the whole is unknown. */
const NEED_THEIR_PRICE: Readonly<Record<string, string>> = {
  input_audio_tokens: 'input_audio_mtok',
  output_audio_tokens: 'output_audio_mtok',
  web_searches: 'web_searches_kcount',
};

/**
 * Makes a pricer of the table in `@pydantic/genai-prices`. The price is that of the day of the call. A cost that the user or
 * the provider gave counts more; what has no price is unknown, never guessed.
 */
export function createPricer({ overrides = [] }: PricerOptions = {}): Pricer {
  /** By provider, model and day: to find a model in the table takes longer than everything else. */
  const found = new Map<string, PriceCalculation | null>();

  function inTable(call: Call, units: UsageUnits): PriceCalculation | null {
    const key = `${call.provider ?? ''} ${call.model} ${Math.floor(call.atMs / DAY_MS)}`;
    const known = found.get(key);
    if (known === null) return null;
    const amount = known && amountOf(units, known.model_price);
    if (known !== undefined && amount !== undefined) return { ...known, total_price: amount };
    const calculated = calcPrice(units, call.model, {
      timestamp: new Date(call.atMs),
      ...(known === undefined ? tableOf(call) : { provider: only(known) }),
    });
    if (known === undefined && !changesWithinDays(calculated)) {
      if (found.size >= REMEMBERED) found.clear();
      found.set(key, calculated);
    }
    return calculated;
  }

  function priced(call: Call, units: UsageUnits): CallCost {
    const override = findOverride(overrides, call);
    if (override !== undefined) {
      const { total_price: cost } = calcPrice(units, call.model, { provider: ownProvider(override) }) ?? {};
      return cost === undefined
        ? unknown(`the own price of ${override.model} could not be used`)
        : { source: 'priced', cost, pricedAs: `own: ${override.model}` };
    }
    const entry = inTable(call, units);
    if (entry === null) return unknown(`no price is known for ${call.model}`);
    for (const [unit, price] of Object.entries(NEED_THEIR_PRICE)) {
      if (units[unit] !== undefined && entry.model_price[price] === undefined) {
        return unknown(`no price is known for the ${unit.replaceAll('_', ' ')} of ${call.model}`);
      }
    }
    return { source: 'priced', cost: entry.total_price, pricedAs: `${entry.provider.id}: ${entry.model.id}` };
  }

  return {
    priceOf(observation) {
      if (observation.cost !== undefined) return { source: 'given', cost: observation.cost };
      if (observation.usage === undefined) return undefined;
      const units = usageUnits(observation.usage);
      if (Object.keys(units).length === 0) return undefined;
      const model = observation.responseModel ?? observation.requestModel;
      if (model === undefined) return unknown('the call does not name its model');
      const tier = tierPrice(observation);
      if (tier !== undefined && tier.factor === undefined) {
        return unknown(`no price is known for the service tier ${tier.tier}`);
      }
      try {
        const { provider, startMs } = observation;
        const answered = priced({ provider, model, atMs: startMs }, units);
        const cost =
          answered.source === 'unknown' && observation.requestModel !== undefined
            ? priced({ provider, model: observation.requestModel, atMs: startMs }, units)
            : answered;
        return cost.cost === undefined ? answered : { ...cost, cost: cost.cost * (tier?.factor ?? 1) };
      } catch (error) {
        return unknown(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

interface Call {
  readonly provider: string | undefined;
  readonly model: string;
  readonly atMs: number;
}

function tableOf({ provider }: Call): { providerId?: string } {
  return provider === undefined ? {} : { providerId: providerId(provider) };
}

/** A table of one entry, so that nothing has to be looked for. */
function only({ provider, model }: PriceCalculation): Provider {
  return { ...provider, models: [{ ...model, match: ANY }] };
}
const ANY = { contains: '' };

/** Some prices hold at some hours only. */
function changesWithinDays(entry: PriceCalculation | null): boolean {
  const prices = entry?.model.prices;
  return Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date');
}

function ownProvider(override: PriceOverride): Provider {
  const { model, input, output, cacheRead, cacheWrite, reasoning, inputAudio, outputAudio } = override;
  const prices: ModelPrice = Object.fromEntries(
    Object.entries({
      input_mtok: input,
      output_mtok: output,
      cache_read_mtok: cacheRead,
      cache_write_mtok: cacheWrite,
      output_reasoning_mtok: reasoning,
      input_audio_mtok: inputAudio,
      output_audio_mtok: outputAudio,
    }).filter(([, value]) => value !== undefined),
  );
  return { id: 'own', name: 'own', api_pattern: '', models: [{ id: model, match: ANY, prices }] };
}

function unknown(why: string): CallCost {
  return { source: 'unknown', why };
}
