import { types } from 'node:util';
import { dataProperty } from '../../shared/data-property.js';

const MOST_HOPS = 10;

/** Name of the class that a method belongs to, found from what it was called on; nothing of either is run. */
export function methodOwner(thisArg: unknown, key: PropertyKey, isPrivate: boolean): string | undefined {
  const isStatic = typeof thisArg === 'function';
  if (!isStatic && (typeof thisArg !== 'object' || thisArg === null)) return undefined;
  const owner = (isPrivate ? undefined : holderOf(thisArg as object, key)) ?? (thisArg as object);
  return nameOf(isStatic ? owner : dataProperty(owner, 'constructor'));
}

/** The object or prototype that has the key itself. */
function holderOf(value: object, key: PropertyKey): object | undefined {
  for (let at: object | null = value, hops = 0; at !== null && hops < MOST_HOPS; hops += 1) {
    if (types.isProxy(at)) return undefined;
    if (Object.hasOwn(at, key)) return at;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return undefined;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'function') return undefined;
  const name = dataProperty(value, 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}
