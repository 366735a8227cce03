import type { JsonValue } from '../model/json.js';
import { parseJson } from './attribute-reader.js';

/** For emitters that write every value as JSON: text in quotes loses them too. */
export function parseQuotedJson(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !value.startsWith('"')) return parseJson(value) ?? value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}
