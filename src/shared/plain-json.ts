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
  return typeof value === 'object' && value !== null ? isPlainContainer(value, depth) : isPlainAtom(value);
}

function isPlainAtom(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    default:
      return value === null;
  }
}

/** The depth limit also ends the walk into a cycle. */
function isPlainContainer(value: object, depth: number): boolean {
  if (depth <= 0 || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype && isPlainList(value, depth);
  return (prototype === Object.prototype || prototype === null) && isPlainRecord(value, depth);
}

function isPlainRecord(value: object, depth: number): boolean {
  let width = 0;
  for (const key in value) {
    width += 1;
    if (width > widthLimit || getterOf.call(value, key) !== undefined) return false;
    if (!isPlain((value as Record<string, unknown>)[key], depth - 1)) return false;
  }
  nodesLeft -= width;
  return nodesLeft >= 0;
}

/** A hole of a sparse list is written as null, which is what is wanted. */
function isPlainList(list: readonly unknown[], depth: number): boolean {
  const { length } = list;
  nodesLeft -= length;
  if (length > widthLimit || nodesLeft < 0 || Object.hasOwn(list, 'toJSON')) return false;
  for (let index = 0; index < length; index += 1) {
    if (getterOf.call(list, index) !== undefined) return false;
    if (!isPlain(list[index], depth - 1)) return false;
  }
  return true;
}

/** Says whether reading would run code, without making a descriptor: this is on the path of every call. */
const getterOf = (Object.prototype as { __lookupGetter__(this: object, key: PropertyKey): unknown })
  .__lookupGetter__;
