import type { Attributes } from '@opentelemetry/api';
import { currentContentPolicy } from '../config/content-policy.js';
import { currentSettings } from '../config/settings.js';
import { toCamelCaseKeys } from '../shared/camel-case.js';
import { cutText, fitJson, plainJson, type JsonLimits } from '../shared/limits.js';

/** Text for an attribute: text as it is, anything else as JSON, cut to the limit. Undefined and null stay out. */
export function textValue(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return cutText(value, currentContentPolicy().maxLength);
  return fitJson(value, jsonLimits());
}

/** As `textValue`, for an object that is plain JSON and fits: reading it runs none of its code. Undefined for anything else. */
export function plainTextValue(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? plainJson(value, jsonLimits()) : undefined;
}

function jsonLimits(): JsonLimits {
  const { limits } = currentSettings();
  const { maxLength } = currentContentPolicy();
  if (limits === undefined) return { maxLength };
  return {
    maxLength,
    ...(limits.depth === undefined ? {} : { depth: limits.depth }),
    ...(limits.width === undefined ? {} : { width: limits.width }),
  };
}

/** A judgement as it was given: a number stays a number, everything else becomes text. */
export function rawValue(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' ? value : textValue(value);
}

export function numberValue(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function booleanValue(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A list of texts; one text counts as a list of one. */
export function listValue(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => textValue(item)).filter((item) => item !== undefined);
}

/** `{ a: 1, b: { c: 2 } }` under `prefix` → `prefix.a`, `prefix.b` (JSON). */
export function metadataValues(prefix: string, value: unknown): Attributes {
  if (typeof value !== 'object' || value === null) return {};
  const attributes: Attributes = {};
  for (const [key, item] of Object.entries(value)) {
    const text = textValue(item);
    if (text !== undefined) attributes[`${prefix}.${key}`] = text;
  }
  return attributes;
}

/** The given fields of an options object under their own names: camel case, aliases resolved, nothing that is empty. */
export function givenFields(
  options: object,
  aliases: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(toCamelCaseKeys(options))) {
    if (value !== undefined && value !== null) fields[aliases[key] ?? key] = value;
  }
  return fields;
}

/** A text that can serve as a name or an id. */
export function nameValue(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** How one field of an options object becomes an attribute. */
export type FieldKind = 'text' | 'raw' | 'number' | 'boolean' | 'list';
export interface FieldRule {
  readonly key: string;
  readonly kind: FieldKind;
}

const READERS = {
  text: textValue,
  raw: rawValue,
  number: numberValue,
  boolean: booleanValue,
  list: listValue,
} as const;

/** The attributes of the fields that are given. A field that is left out, undefined or null says nothing. */
export function fieldAttributes(
  rules: Readonly<Record<string, FieldRule>>,
  fields: Readonly<Record<string, unknown>>,
): Attributes {
  const attributes: Attributes = {};
  for (const [name, rule] of Object.entries(rules)) {
    const given = fields[name];
    if (given === undefined || given === null) continue;
    const value = READERS[rule.kind](given);
    if (value !== undefined) attributes[rule.key] = value;
  }
  return attributes;
}
