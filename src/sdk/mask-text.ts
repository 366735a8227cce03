import type { Mask } from '../config/options.js';
import { warnOnce } from '../tracing/diag.js';
import { isSecretKey, mayHoldSecretKey } from './secret-keys.js';
import { MASKED, maskPatterns } from './secret-patterns.js';

/** What stands for a text whose mask failed: nothing of the text goes out. */
export const MASK_FAILED = '[masked: the mask failed]';

const MAX_NESTING = 64;
/** A JSON text inside a JSON text inside a JSON text: tool arguments go this deep. */
const MAX_TEXT_NESTING = 4;
const SCHEMA_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** Masks one text on its way out: key rules, patterns, then the user's mask. Fails closed: it never throws. */
export function maskText(text: string, key: string, concept: string, mask: Mask | undefined): string {
  try {
    const builtIn = isSecretKey(key) ? MASKED : maskContent(text, 0);
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

/** Masks any attribute value: texts, lists and, from SDKs that keep them, objects. Numbers go only by their key. */
export function maskValue(value: unknown, key: string, concept: string, mask: Mask | undefined): unknown {
  if (typeof value === 'string') return maskText(value, key, concept, mask);
  if (typeof value === 'number' || typeof value === 'bigint') return isSecretKey(key) ? MASKED : value;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, key, concept, mask));
  if (ArrayBuffer.isView(value)) return isSecretKey(key) ? MASKED : value;
  if (typeof value !== 'object' || value === null) return value;
  const forced = isSecretKey(key) && !isSchema(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      maskValue(item, forced || isSecretKey(name) ? 'secret' : name, concept, mask),
    ]),
  );
}

function maskContent(text: string, textNesting: number): string {
  const first = text.charCodeAt(0);
  const looksLikeJson = first === 0x7b || first === 0x5b;
  if (looksLikeJson && textNesting < MAX_TEXT_NESTING && mayHoldSecretKey(text)) {
    const parsed = parseJson(text);
    if (parsed === undefined) return maskPatterns(maskPairs(text));
    const changes = { count: 0 };
    const masked = maskJson(parsed.value, false, 0, textNesting, changes);
    return changes.count === 0 ? text : JSON.stringify(masked);
  }
  return maskPatterns(text);
}

function maskJson(
  value: unknown,
  forced: boolean,
  nesting: number,
  textNesting: number,
  changes: { count: number },
): unknown {
  if (typeof value === 'string') {
    const masked = forced ? MASKED : maskContent(value, textNesting + 1);
    if (masked !== value) changes.count += 1;
    return masked;
  }
  if (typeof value === 'number' && forced) {
    changes.count += 1;
    return MASKED;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (nesting > MAX_NESTING) {
    changes.count += 1;
    return MASKED;
  }
  if (Array.isArray(value)) {
    return value.map((item) => maskJson(item, forced, nesting + 1, textNesting, changes));
  }
  const inherits = forced && !isSchema(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      maskJson(item, inherits || isSecretKey(key), nesting + 1, textNesting, changes),
    ]),
  );
}

/** `{"password": {"type": "string"}}` in a tool's definition names a secret and holds none. */
function isSchema(value: object): boolean {
  const { type } = value as { type?: unknown };
  return typeof type === 'string' && SCHEMA_TYPES.has(type);
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** For JSON that was cut and does not parse: the pairs are found by their look. */
function maskPairs(text: string): string {
  return text.replaceAll(
    /\\?"([\w.\- ]{1,80})\\?"\s*:\s*(?:\\?"(?:[^"\\]|\\.)*(?:"|\\$|$)|-?\d[\d.eE+-]*)/g,
    (pair, key: string) => (isSecretKey(key) ? `"${key}":"${MASKED}"` : pair),
  );
}
