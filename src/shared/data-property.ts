import { types } from 'node:util';

const MOST_HOPS = 10;

/** A property's value, on the object or its prototypes, read without running any code: undefined for getters and proxies. */
export function dataProperty(value: object, key: PropertyKey): unknown {
  for (let at: object | null = value, hops = 0; at !== null && hops < MOST_HOPS; hops += 1) {
    if (types.isProxy(at)) return undefined;
    const descriptor: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return descriptor.value as unknown;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return undefined;
}
