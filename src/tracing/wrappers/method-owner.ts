import { types } from 'node:util';
import { dataProperty } from '../../shared/data-property.js';

const MOST_HOPS = 10;

/**
 * Name of the class that a method belongs to, found from what it was called on: the prototype, or class, that holds the
 * method under its key. Private members are on none: the class of the object stands for theirs. Runs nothing of either.
 */
export function methodOwner(thisArg: unknown, key: PropertyKey, method: unknown): string | undefined {
  const isStatic = typeof thisArg === 'function';
  if (!isStatic && (typeof thisArg !== 'object' || thisArg === null)) return undefined;
  const owner = holderOf(thisArg, key, method) ?? thisArg;
  return nameOf(isStatic ? owner : dataProperty(owner, 'constructor'));
}

function holderOf(value: object, key: PropertyKey, method: unknown): object | undefined {
  for (let at: object | null = value, hops = 0; at !== null && hops < MOST_HOPS; hops += 1) {
    if (types.isProxy(at)) return undefined;
    const member: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(at, key);
    if (member !== undefined && [member.value, member.get, member.set].includes(method)) return at;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return undefined;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'function') return undefined;
  const name = dataProperty(value, 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}
