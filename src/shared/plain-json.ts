import { types } from 'node:util';

/**
 * True when JSON.stringify says everything about `value` and runs none of its code: only plain objects and lists with
 * plain values, no getter, no proxy, no cycle, within the limits. Costs less than the stringify that follows.
 */
export function isPlainJson(
  value: unknown,
  limits: { depth: number; width: number; nodes: number },
): boolean {
  const budget = { nodes: limits.nodes };
  return isPlain(value, limits.depth, limits.width, budget);
}

function isPlain(value: unknown, depth: number, width: number, budget: { nodes: number }): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || isPlainContainer(value, depth, width, budget);
    default:
      return false;
  }
}

/** The depth limit also ends the walk into a cycle. */
function isPlainContainer(value: object, depth: number, width: number, budget: { nodes: number }): boolean {
  if (depth <= 0 || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    if (prototype !== Array.prototype || value.length > width) return false;
    if (Object.hasOwn(value, 'toJSON')) return false;
  } else if (prototype !== Object.prototype && prototype !== null) {
    return false;
  }
  const keys = Object.keys(value);
  budget.nodes -= keys.length;
  if (keys.length > width || budget.nodes < 0) return false;
  // A sparse list has holes that its keys do not show; JSON writes them as null, which is what is wanted.
  for (const key of keys) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || descriptor.get !== undefined || descriptor.set !== undefined)
      return false;
    if (!isPlain(descriptor.value, depth - 1, width, budget)) return false;
  }
  return true;
}
