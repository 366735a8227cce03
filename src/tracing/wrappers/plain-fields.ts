import { types } from 'node:util';

/** Values by the role that they have. */
export type Fields<Role extends string> = Readonly<Partial<Record<Role, unknown>>>;

/** Which role the value under a key has. */
export type Roles<Role extends string> = ReadonlyMap<string, Role>;

/** Makes the table of keys to look for: those of a role in camel case, each taken in snake case too. */
export function rolesOf<Role extends string>(keys: Readonly<Record<Role, readonly string[]>>): Roles<Role> {
  const roles = new Map<string, Role>();
  for (const role of Object.keys(keys) as Role[]) {
    for (const key of keys[role]) {
      roles.set(key, role);
      roles.set(
        key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        role,
      );
    }
  }
  return roles;
}

/**
 * The object's own values that have a role; of two with the same one, the first. Getters are left out: those of a streamed
 * answer begin to read it. Nothing of the object's code is run.
 */
export function plainFields<Role extends string>(value: unknown, roles: Roles<Role>): Fields<Role> {
  const fields: Partial<Record<Role, unknown>> = {};
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return fields;
  for (const key of Object.keys(value)) {
    const role = roles.get(key);
    if (role === undefined || fields[role] !== undefined) continue;
    const found: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    if (found !== undefined && found !== null) fields[role] = found;
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

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
