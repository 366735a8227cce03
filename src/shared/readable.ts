import { types } from 'node:util';
import { dataProperty } from './data-property.js';
import { readAtom } from './readable-atoms.js';

export interface ReadableLimits {
  /** Deepest nesting that is kept. */
  depth: number;
  /** Most entries of one container that are kept. */
  width: number;
  /** Most values in all that are kept. */
  nodes: number;
}

/** A repeat that is smaller than this many values is written out again: it stays readable and costs little. */
const SMALL_REPEAT = 50;

/** Words for what JSON has no form for: functions by their names, everything else by its readable text. */
export type Mark = (kind: 'callable' | 'repr', text: string) => string;

const inBrackets: Mark = (kind, text) => (kind === 'callable' ? `[Function ${text}]` : text);

interface Walk {
  readonly limits: ReadableLimits;
  readonly mark: Mark;
  nodes: number;
  /** Containers that enclose the value at hand, with their paths: meeting one again is a cycle. */
  readonly open: Map<object, string>;
  /** Containers that were written in full before, with path and size: meeting one again is a repeat. */
  readonly done: Map<object, { path: string; nodes: number }>;
}

/**
 * A plain copy of any value that JSON.stringify can write: exotic values become readable text, cycles and large repeats
 * become marks that name the path of the first place, and nothing of the value's own code runs except `toJSON`.
 */
export function toReadable(value: unknown, limits: ReadableLimits, mark: Mark = inBrackets): unknown {
  return read(value, '$', { limits, mark, nodes: limits.nodes, open: new Map(), done: new Map() });
}

function read(value: unknown, path: string, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? value : walk.mark('repr', String(value));
    case 'bigint':
      return walk.mark('repr', `${value}n`);
    case 'symbol':
      return walk.mark('repr', value.toString());
    case 'function':
      return walk.mark('callable', functionName(value));
    default:
      return value === null ? null : readObject(value as object, path, walk);
  }
}

function readObject(value: object, path: string, walk: Walk): unknown {
  if (types.isProxy(value)) return walk.mark('repr', '[Proxy]');
  const enclosing = walk.open.get(value);
  if (enclosing !== undefined) return walk.mark('repr', `[Circular ${enclosing}]`);
  const before = walk.done.get(value);
  if (before !== undefined && before.nodes > SMALL_REPEAT)
    return walk.mark('repr', `[Repeat of ${before.path}]`);
  const atom = readAtom(value);
  if (atom !== undefined) return walk.mark('repr', atom);
  if (walk.open.size >= walk.limits.depth)
    return walk.mark('repr', Array.isArray(value) ? '[Array, too deep]' : '[Object, too deep]');
  walk.open.set(value, path);
  const nodesBefore = walk.nodes;
  const result = readContainer(value, path, walk);
  walk.open.delete(value);
  walk.done.set(value, { path, nodes: nodesBefore - walk.nodes });
  return result;
}

function readContainer(value: object, path: string, walk: Walk): unknown {
  if (types.isMap(value)) return readMap(value, path, walk);
  if (types.isSet(value)) return readSet(value, path, walk);
  if (types.isNativeError(value)) return readError(value, path, walk);
  if (Array.isArray(value)) return readList(value, path, walk);
  const converted = convert(value);
  if (converted === undefined) return readRecord(value, path, walk, {});
  return 'failed' in converted
    ? readRecord(value, path, walk, { '[toJSON threw]': converted.failed })
    : read(converted.value, path, walk);
}

/** The value's own `toJSON`, which is the one piece of its code that we run, as JSON.stringify would. */
function convert(value: object): { value: unknown } | { failed: string } | undefined {
  const toJSON = dataProperty(value, 'toJSON');
  if (typeof toJSON !== 'function') return undefined;
  try {
    const converted: unknown = Reflect.apply(toJSON, value, ['']);
    return converted === value ? undefined : { value: converted };
  } catch (error) {
    return { failed: error instanceof Error ? error.name : typeof error };
  }
}

function readList(list: readonly unknown[], path: string, walk: Walk): unknown[] {
  const result: unknown[] = [];
  for (let index = 0; index < list.length; index += 1) {
    if (index >= walk.limits.width || !spend(walk)) {
      result.push(`[${list.length - index} of ${list.length} entries left out]`);
      break;
    }
    const descriptor = Object.getOwnPropertyDescriptor(list, String(index));
    result.push(descriptor === undefined ? null : readProperty(descriptor, `${path}[${index}]`, walk));
  }
  return result;
}

function readRecord(
  value: object,
  path: string,
  walk: Walk,
  marks: Record<string, string>,
): Record<string, unknown> {
  const keys = Object.keys(value);
  const entries: [string, unknown][] = [];
  for (const [index, key] of keys.entries()) {
    if (index >= walk.limits.width || !spend(walk)) {
      entries.push(['…', `[${keys.length - index} of ${keys.length} keys left out]`]);
      break;
    }
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor !== undefined) entries.push([key, readProperty(descriptor, `${path}.${key}`, walk)]);
  }
  // fromEntries defines properties, so that a key named `__proto__` stays a key.
  return Object.fromEntries([...entries, ...Object.entries(marks)]);
}

function readProperty(descriptor: PropertyDescriptor, path: string, walk: Walk): unknown {
  if (descriptor.get !== undefined || descriptor.set !== undefined) return walk.mark('repr', '[Getter]');
  return read(descriptor.value, path, walk);
}

function readMap(map: Map<unknown, unknown>, path: string, walk: Walk): unknown {
  const pairs: [unknown, unknown][] = [];
  Map.prototype.forEach.call(map, (item, key) => {
    if (pairs.length < walk.limits.width && spend(walk)) pairs.push([key, item]);
  });
  const left = sizeOf(map) - pairs.length;
  const more: [unknown, unknown][] = left > 0 ? [['…', `[${left} entries left out]`]] : [];
  if (pairs.every(([key]) => typeof key === 'string')) {
    const entries = pairs.map(([key, item]): [string, unknown] => [
      key as string,
      read(item, `${path}.${key as string}`, walk),
    ]);
    return Object.fromEntries([...entries, ...(more as [string, unknown][])]);
  }
  return [...pairs, ...more].map(([key, item], index) => [
    read(key, `${path}[${index}][0]`, walk),
    read(item, `${path}[${index}][1]`, walk),
  ]);
}

function readSet(set: Set<unknown>, path: string, walk: Walk): unknown[] {
  const result: unknown[] = [];
  let kept = 0;
  Set.prototype.forEach.call(set, (item) => {
    if (kept >= walk.limits.width || !spend(walk)) return;
    result.push(read(item, `${path}[${kept}]`, walk));
    kept += 1;
  });
  const left = sizeOf(set) - kept;
  return left > 0 ? [...result, `[${left} entries left out]`] : result;
}

/** `size` can be overridden by a subclass; the counting loop cannot. */
function sizeOf(collection: Map<unknown, unknown> | Set<unknown>): number {
  let size = 0;
  const count = (): void => {
    size += 1;
  };
  if (types.isMap(collection)) Map.prototype.forEach.call(collection, count);
  else Set.prototype.forEach.call(collection, count);
  return size;
}

function readError(error: Error, path: string, walk: Walk): Record<string, unknown> {
  const name = dataProperty(error, 'name');
  const message = dataProperty(error, 'message');
  const cause = Object.hasOwn(error, 'cause')
    ? { cause: read(dataProperty(error, 'cause'), `${path}.cause`, walk) }
    : {};
  return {
    ...readRecord(error, path, walk, {}),
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
    ...cause,
  };
}

function functionName(value: object): string {
  const name = types.isProxy(value) ? undefined : Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name : 'anonymous';
}

function spend(walk: Walk): boolean {
  walk.nodes -= 1;
  return walk.nodes >= 0;
}
