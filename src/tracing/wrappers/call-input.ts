import { types } from 'node:util';

/** What a call was given: one plain object is the input itself, anything else is a list. Undefined for no arguments. */
export function callInput(args: readonly unknown[]): unknown {
  if (args.length === 0) return undefined;
  return args.length === 1 && isPlainObject(args[0]) ? args[0] : args;
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
