import { types } from 'node:util';

/** Values by the place of the role that they have: undefined for a role that no key had. */
export type Fields = readonly unknown[];

/** Which role the value under a key has. */
export interface Roles<Role extends string> {
  readonly byKey: ReadonlyMap<string, number>;
  /** The place of each role. */
  readonly at: Readonly<Record<Role, number>>;
  readonly none: Fields;
  /** The keys of the last object, in order, with their places: the next one is mostly of the same make. */
  readonly recent: { readonly keys: string[]; readonly places: (number | undefined)[] };
}

const MOST_RECENT = 32;

/** Makes the table of keys to look for: those of a role in camel case, each taken in snake case too. */
export function rolesOf<Role extends string>(keys: Readonly<Record<Role, readonly string[]>>): Roles<Role> {
  const byKey = new Map<string, number>();
  const roles = Object.keys(keys) as Role[];
  for (const [place, role] of roles.entries()) {
    for (const key of keys[role]) {
      byKey.set(key, place);
      byKey.set(
        key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        place,
      );
    }
  }
  const at = Object.fromEntries(roles.map((role, place) => [role, place])) as Record<Role, number>;
  return {
    byKey,
    at,
    none: Array.from({ length: roles.length }, () => undefined),
    recent: { keys: [], places: [] },
  };
}

/**
 * The object's own values that have a role; of two with the same one, the first. Getters are left out: those of a streamed
 * answer begin to read it. Nothing of the object's code is run. `isPlain` when it is known to have none.
 */
export function plainFields(
  value: unknown,
  roles: Pick<Roles<string>, 'byKey' | 'none' | 'recent'>,
  isPlain = false,
): Fields {
  const { byKey, none } = roles;
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return none;
  const fields = none.slice();
  if (isPlain) {
    let index = 0;
    for (const key in value) {
      const place = placeOf(key, index, roles);
      index += 1;
      if (place !== undefined) fields[place] ??= (value as Record<string, unknown>)[key] ?? undefined;
    }
    return fields;
  }
  for (const key of Object.keys(value)) {
    const place = byKey.get(key);
    if (place === undefined || fields[place] !== undefined) continue;
    fields[place] = (Object.getOwnPropertyDescriptor(value, key)?.value as unknown) ?? undefined;
  }
  return fields;
}

/** On the path of every answer: to compare with the key that stood there last costs less than to look it up. */
function placeOf(
  key: string,
  index: number,
  { byKey, recent }: Pick<Roles<string>, 'byKey' | 'recent'>,
): number | undefined {
  if (recent.keys[index] === key) return recent.places[index];
  const place = byKey.get(key);
  if (index < MOST_RECENT) {
    recent.keys[index] = key;
    recent.places[index] = place;
  }
  return place;
}

/** The entries of a list, which may be none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) && !types.isProxy(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
