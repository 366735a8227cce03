import type { Mask } from '../config/options.js';
import { warnOnce } from '../tracing/diag.js';
import { MASK_FAILED } from './empty-span.js';
import { isSchema, maskContent, maskName } from './mask-content.js';
import { isSecretKey } from './secret-keys.js';
import { isSecretFlag } from './secret-pairs.js';
import { MASKED } from './secret-patterns.js';

export { MASK_FAILED };

const MAX_NESTING = 64;
const INT64 = 2 ** 63;

/** Masks one text on its way out: key rules, patterns, then the user's mask. Fails closed: it never throws. */
export function maskText(text: string, key: string, concept: string, mask: Mask | undefined): string {
  try {
    const builtIn = isSecretKey(key) ? MASKED : maskContent(text);
    if (mask === undefined) return builtIn;
    const masked: unknown = mask(builtIn, { key, concept });
    if (typeof masked === 'string') return masked;
    warnOnce('mask-result', 'the mask returned something that is no text; a placeholder was sent');
    return MASK_FAILED;
  } catch (error) {
    // The message of the error may quote the text.
    warnOnce(
      'mask-threw',
      `the mask threw (${error instanceof Error ? error.name : typeof error}); a placeholder was sent`,
    );
    return MASK_FAILED;
  }
}

/**
 * Masks any value on its way out: texts, lists and objects. Numbers go only by their key. Fails closed: it never throws.
 */
export function maskValue(
  value: unknown,
  key: string,
  concept: string,
  mask: Mask | undefined,
  nesting = 0,
): unknown {
  if (typeof value === 'string') return maskText(value, key, concept, mask);
  if (typeof value === 'number' || typeof value === 'bigint') {
    return isSecretKey(key) ? MASKED : sayable(value);
  }
  if (ArrayBuffer.isView(value)) return isSecretKey(key) ? MASKED : value;
  if (typeof value !== 'object' || value === null) return value;
  if (nesting > MAX_NESTING) return MASKED;
  if (Array.isArray(value)) {
    // A command line as a list: the argument after `--api-key`.
    return value.map((item: unknown, index) => {
      const before: unknown = value[index - 1];
      const isArgument = typeof before === 'string' && isSecretFlag(before);
      return maskValue(item, isArgument ? 'secret' : key, concept, mask, nesting + 1);
    });
  }
  const forced = isSecretKey(key) && !isSchema(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      maskName(name),
      maskValue(item, forced || isSecretKey(name) ? 'secret' : name, concept, mask, nesting + 1),
    ]),
  );
}

/**
 * NaN, infinities and integers beyond 64 bits as text: the serialiser writes JSON for them that OTLP does not allow, and a
 * receiver refuses the whole batch. https://protobuf.dev/programming-guides/json/
 */
function sayable(value: number | bigint): number | bigint | string {
  return typeof value === 'bigint' || (value >= -INT64 && value < INT64) ? value : String(value);
}
