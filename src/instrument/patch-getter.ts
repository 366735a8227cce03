import type { Unpatch } from './call-mapper.js';
import { guard } from './guard.js';

/**
 * For resources whose classes are not exported and that a client makes when they are first asked for, by a getter of its
 * prototype: the getter that stands here for that time lets `patch` see what was made. Nothing is made before the program asks.
 * @returns the functions that undo it and what `patch` did; nothing when there is no such getter.
 */
export function patchGetter(
  prototype: object,
  resource: string,
  patch: (made: unknown) => Unpatch[],
): Unpatch[] {
  const original = Object.getOwnPropertyDescriptor(prototype, resource);
  const make = original?.get;
  if (original === undefined || make === undefined || original.configurable !== true) return [];
  let undo: Unpatch[] | undefined;
  let isEnabled = true;
  const get = {
    get(this: unknown): unknown {
      const made: unknown = Reflect.apply(make, this, []);
      if (isEnabled && undo === undefined) undo = guard('patch', () => patch(made)) ?? [];
      return made;
    },
  }.get;
  Object.defineProperty(get, 'name', { value: make.name, configurable: true });
  Object.defineProperty(prototype, resource, { ...original, get });
  return [
    () => {
      isEnabled = false;
      for (const unpatch of undo ?? []) unpatch();
      if (Object.getOwnPropertyDescriptor(prototype, resource)?.get === get) {
        Object.defineProperty(prototype, resource, original);
      }
    },
  ];
}
