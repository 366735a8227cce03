import type { JsonValue } from '../../semconv/model/json.js';

/** Reading of values whose shape is not certain: what is not of the expected kind is undefined. */

export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = Object.freeze({});

/** The value's fields; none when it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NOTHING;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if the text is JSON, else the text: how arguments of tools are kept. */
export function parsedOrText(text: string): JsonValue {
  const first = text.charCodeAt(0);
  // Only objects and lists: arguments are never a bare number, but free text may look like one.
  if (first !== 0x7b && first !== 0x5b) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** The record without the keys whose value is undefined or null: what was not said is left out. */
export function withoutGaps<T extends object>(record: { [K in keyof T]: T[K] | undefined | null }): T {
  const whole: Partial<T> = {};
  for (const key in record) {
    const value = record[key];
    if (value !== undefined && value !== null) whole[key] = value;
  }
  return whole as T;
}
