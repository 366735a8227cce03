import { isSecretKey, mayHoldSecretKey } from './secret-keys.js';
import { maskPairs } from './secret-pairs.js';
import { isCardNumber, MASKED, maskPatterns } from './secret-patterns.js';

const MAX_NESTING = 64;
/** A JSON text inside a JSON text inside a JSON text: tool arguments go this deep. Below, the pairs are found by their look. */
const MAX_TEXT_NESTING = 4;
const SCHEMA_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/**
 * The text without what is a secret by its name or its look. JSON stays JSON: it is masked value by value. The same string
 * comes back when there is nothing to mask. It may throw, on what is too deep.
 */
export function maskContent(text: string, textNesting = 0): string {
  if (text.length <= REMEMBERED_TEXT && cleanTexts.has(text)) return text;
  const masked = maskPatterns(text);
  const mayHoldKey = mayHoldSecretKey(text);
  // What is escaped is not found by its look.
  const isClean = masked === text && !mayHoldKey && !(text.includes('\\') && /\\[u/]/.test(text));
  if (isClean) {
    if (text.length <= REMEMBERED_TEXT) rememberClean(text);
    return text;
  }
  if (textNesting < MAX_TEXT_NESTING && /^\s{0,100}[[{"]/.test(text)) {
    const parsed = parseJson(text);
    if (parsed !== undefined) {
      const changes = { count: 0 };
      const tree = maskJson(parsed.value, false, 0, textNesting, changes);
      return changes.count === 0 ? text : JSON.stringify(tree);
    }
  }
  return mayHoldKey ? maskPairs(masked) : masked;
}

/** Names of models, providers and hosts come again with every span. */
const cleanTexts = new Set<string>();
const REMEMBERED_TEXT = 64;

function rememberClean(text: string): void {
  if (cleanTexts.size >= REMEMBERED) cleanTexts.clear();
  cleanTexts.add(text);
}

/** A name that may hold a secret itself, such as a key of a dictionary. Names are seldom long and come again. */
export function maskName(name: string): string {
  if (clean.has(name)) return name;
  const masked = maskPatterns(name);
  if (masked === name && name.length <= REMEMBERED_LENGTH) {
    if (clean.size >= REMEMBERED) clean.clear();
    clean.add(name);
  }
  return masked;
}
const clean = new Set<string>();
const REMEMBERED = 5000;
const REMEMBERED_LENGTH = 200;

/** `{"password": {"type": "string"}}` in a tool's definition names a secret and holds none. */
export function isSchema(value: object): boolean {
  const { type } = value as { type?: unknown };
  return typeof type === 'string' && SCHEMA_TYPES.has(type);
}

function maskJson(
  value: unknown,
  forced: boolean,
  nesting: number,
  textNesting: number,
  changes: { count: number },
): unknown {
  if (typeof value === 'string') {
    return noted(value, forced ? MASKED : maskContent(value, textNesting + 1), changes);
  }
  if (typeof value === 'number') {
    return noted(value, forced || isCardNumber(String(value)) ? MASKED : value, changes);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (nesting > MAX_NESTING) return noted(value, MASKED, changes);
  if (Array.isArray(value)) {
    return value.map((item) => maskJson(item, forced, nesting + 1, textNesting, changes));
  }
  const inherits = forced && !isSchema(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      noted(key, maskName(key), changes),
      maskJson(item, inherits || isSecretKey(key), nesting + 1, textNesting, changes),
    ]),
  );
}

function noted<T>(before: unknown, after: T, changes: { count: number }): T {
  if (before !== after) changes.count += 1;
  return after;
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
