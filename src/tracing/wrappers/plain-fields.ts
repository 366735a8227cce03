import { types } from 'node:util';
import { toCamelCase } from '../../shared/camel-case.js';

export type Fields = Readonly<Record<string, unknown>>;
const NOTHING: Fields = {};

/**
 * The object's own values by camel-case name. Getters are left out: those of a streamed answer begin to read it. Nothing of
 * the object's code is run.
 */
export function plainFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return NOTHING;
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor !== undefined && 'value' in descriptor) fields[toCamelCase(key)] = descriptor.value;
  }
  return fields;
}

/** The entries of a list, which may be none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) && !types.isProxy(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The first of some names that holds a number. */
export function numberAt(fields: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return undefined;
}
