import { types } from 'node:util';

/**
 * True when JSON.stringify says everything about `value` and runs none of its code: only plain objects and lists with
 * plain values, no getter, no proxy, no cycle, within the limits. Costs less than the stringify that follows.
 */
export function isPlainJson(
  value: unknown,
  limits: { depth: number; width: number; nodes: number },
): boolean {
  nodesLeft = limits.nodes;
  widthLimit = limits.width;
  return isPlain(value, limits.depth);
}

// Nothing that is called from here comes back here: the state of the one walk need not be carried along.
let nodesLeft = 0;
let widthLimit = 0;

function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || isPlainContainer(value, depth);
    default:
      return false;
  }
}

/** The depth limit also ends the walk into a cycle. */
function isPlainContainer(value: object, depth: number): boolean {
  if (depth <= 0 || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype && isPlainList(value, depth);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const keys = Object.keys(value);
  nodesLeft -= keys.length;
  if (keys.length > widthLimit || nodesLeft < 0) return false;
  for (const key of keys) {
    if (getterOf.call(value, key) !== undefined) return false;
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== 'string' && !isPlain(item, depth - 1)) return false;
  }
  return true;
}

/** A hole of a sparse list is written as null, which is what is wanted. */
function isPlainList(list: readonly unknown[], depth: number): boolean {
  const { length } = list;
  nodesLeft -= length;
  if (length > widthLimit || nodesLeft < 0 || Object.hasOwn(list, 'toJSON')) return false;
  for (let index = 0; index < length; index += 1) {
    if (getterOf.call(list, index) !== undefined) return false;
    const item = list[index];
    if (typeof item !== 'string' && !isPlain(item, depth - 1)) return false;
  }
  return true;
}

/** Says whether reading would run code, without making a descriptor: this is on the path of every call. */
const getterOf = (Object.prototype as { __lookupGetter__(this: object, key: PropertyKey): unknown })
  .__lookupGetter__;
