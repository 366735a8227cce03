import { findName } from '../aliases.js';
import type { JsonObject, JsonValue } from '../model/json.js';

/** Deeper JSON is left as the text that it is, so that later readers can recurse without fear. */
const MAX_DEPTH = 64;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const SPACE = 0x20;
/** The first white space beyond ASCII. */
const NEXT_SPACE = 0xa0;

/**
 * Reads attributes by kind, under their current or a former name, and remembers what it understood. A value of the wrong
 * kind is not read, so that it stays in what `rest` returns.
 */
export interface AttributeReader {
  /** Non-empty text. */
  text(key: string): string | undefined;
  /** A finite number; decimal text counts, because OTLP writes large integers so. */
  number(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  /** Texts: an array of them, the JSON of one, or a single text. */
  texts(key: string): string[] | undefined;
  numberOrText(key: string): number | string | undefined;
  /** A structured value, or text that is JSON, parsed; other text as it is. */
  json(key: string): JsonValue | undefined;
  /** Like `json`, through a function that says undefined when it cannot use the value; then the attribute is left. */
  mapped<T>(key: string, map: (value: JsonValue) => T | undefined): T | undefined;
  /** All `prefix.*` attributes, the prefix taken off; undefined when there are none. */
  family(prefix: string): JsonObject | undefined;
  /** Like `family`, through a function that says undefined when it cannot use the members; then they are left. */
  mappedFamily<T>(prefix: string, map: (members: JsonObject) => T | undefined): T | undefined;
  /** What nobody read; undefined when nothing is left. */
  rest(): JsonObject | undefined;
}

export function createAttributeReader(attributes: { readonly [key: string]: JsonValue }): AttributeReader {
  const seen = new Set<string>();

  function take<T>(key: string, as: (value: JsonValue) => T | undefined): T | undefined {
    const name = findName(attributes, key);
    const value = name === undefined ? undefined : attributes[name];
    if (name === undefined || value === undefined) return undefined;
    const read = as(value);
    if (read !== undefined) seen.add(name);
    return read;
  }

  function membersOf(prefix: string): string[] {
    const start = `${prefix}.`;
    const members: string[] = [];
    for (const key in attributes) {
      if (key.startsWith(start) && key.length > start.length && !seen.has(key)) members.push(key);
    }
    return members;
  }

  function withoutPrefix(prefix: string, members: readonly string[]): JsonObject {
    return Object.fromEntries(members.map((key) => [key.slice(prefix.length + 1), attributes[key] ?? null]));
  }

  return {
    text: (key) => take(key, asText),
    number: (key) => take(key, asNumber),
    flag: (key) => take(key, asFlag),
    texts: (key) => take(key, asTexts),
    numberOrText: (key) => take(key, (value) => (typeof value === 'number' ? value : asText(value))),
    json: (key) => take(key, parseJson),
    mapped: (key, map) =>
      take(key, (value) => {
        const parsed = parseJson(value);
        return parsed === undefined ? undefined : map(parsed);
      }),
    family(prefix) {
      const members = membersOf(prefix);
      if (members.length === 0) return undefined;
      for (const key of members) seen.add(key);
      return withoutPrefix(prefix, members);
    },
    mappedFamily(prefix, map) {
      const members = membersOf(prefix);
      if (members.length === 0) return undefined;
      const read = map(withoutPrefix(prefix, members));
      if (read !== undefined) for (const key of members) seen.add(key);
      return read;
    },
    rest() {
      const left: [string, JsonValue][] = [];
      for (const key in attributes) if (!seen.has(key)) left.push([key, attributes[key] as JsonValue]);
      return left.length === 0 ? undefined : Object.fromEntries(left);
    },
  };
}

/** A JSON value from an attribute: text that holds an object or an array is parsed. Undefined when it nests too deep. */
export function parseJson(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'string') return isShallow(value, MAX_DEPTH) ? value : undefined;
  if (!startsLikeJson(value)) return value;
  try {
    const parsed: JsonValue = JSON.parse(value);
    return isShallow(parsed, MAX_DEPTH) ? parsed : value;
  } catch {
    return value;
  }
}

/** True when the first character that is no white space opens an object or an array. */
function startsLikeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === BRACE || first === BRACKET) return true;
  // Letters, digits and quotes: no white space comes before them.
  if (first > SPACE && first < NEXT_SPACE) return false;
  return /^\s*[[{]/.test(text);
}

/** Whether a value is an object that is neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShallow(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (!isShallow(item, depth - 1)) return false;
  }
  return true;
}

function asText(value: JsonValue): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function asFlag(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

function asTexts(value: JsonValue): string[] | undefined {
  const list = parseJson(value);
  if (typeof list === 'string') return list === '' ? undefined : [list];
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.every((item) => typeof item === 'string') ? list : undefined;
}
