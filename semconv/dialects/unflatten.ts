import type { JsonObject, JsonValue } from '../model/json.js';

const MAX_DEPTH = 16;

interface Branch {
  [key: string]: Branch | { readonly leaf: JsonValue };
}

/**
 * `{ '0.message.role': 'user' }` → `[{ message: { role: 'user' } }]`. Members whose keys are all numbers become arrays, in the
 * order of the numbers; a key that is both a value and a branch makes it undefined, as does one that nests too deep.
 */
export function unflatten(members: JsonObject): JsonValue | undefined {
  const root = newBranch();
  for (const [path, value] of Object.entries(members)) {
    const keys = path.split('.');
    if (keys.length > MAX_DEPTH || !put(root, keys, value)) return undefined;
  }
  return toJson(root);
}

function newBranch(): Branch {
  return Object.create(null) as Branch;
}

function put(root: Branch, keys: readonly string[], value: JsonValue): boolean {
  let branch = root;
  for (const key of keys.slice(0, -1)) {
    const next = (branch[key] ??= newBranch());
    if (isLeaf(next)) return false;
    branch = next;
  }
  const last = keys.at(-1) ?? '';
  if (branch[last] !== undefined) return false;
  branch[last] = Object.assign(Object.create(LEAF), { leaf: value }) as { leaf: JsonValue };
  return true;
}

/** Leaves are told from branches by their prototype: a branch may have a key `leaf` too. */
const LEAF = Object.freeze({});

function isLeaf(value: Branch[string]): value is { readonly leaf: JsonValue } {
  return Object.getPrototypeOf(value) === LEAF;
}

function toJson(value: Branch[string]): JsonValue {
  if (isLeaf(value)) return value.leaf;
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(([key]) => /^\d{1,9}$/.test(key))) {
    return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => toJson(item));
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item)]));
}
