import type { ModelPrice } from '@pydantic/genai-prices';
import type { UsageUnits } from '../../../semconv/usage-units.js';

const PLAIN: Readonly<Record<string, string>> = {
  input_tokens: 'input_mtok',
  cache_read_tokens: 'cache_read_mtok',
  cache_write_tokens: 'cache_write_mtok',
  output_tokens: 'output_mtok',
};

/**
 * What `calcPrice` would say, in US dollars, a thousand times faster, for calls of tokens alone whose prices are plain
 * numbers; undefined for any other.
 */
export function amountOf(units: UsageUnits, prices: ModelPrice): number | undefined {
  const { input_tokens = 0, cache_read_tokens = 0, cache_write_tokens = 0 } = units;
  let amount = 0;
  for (const name of Object.keys(units)) {
    const key = PLAIN[name];
    const price = key === undefined ? undefined : prices[key];
    if (typeof price !== 'number') return undefined;
    const count =
      name === 'input_tokens' ? input_tokens - cache_read_tokens - cache_write_tokens : (units[name] ?? 0);
    amount += count * price;
  }
  return amount / 1e6;
}
