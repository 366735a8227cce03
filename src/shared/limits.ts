import { toReadable, type ReadableLimits } from './readable.js';
import { writePlainJson } from './write-plain-json.js';

/** Limits of one serialised value. */
export interface JsonLimits extends Partial<ReadableLimits> {
  /** Longest result, in characters (UTF-16 units) of JSON. Default 262144. */
  maxLength?: number;
}

const DEFAULT_LENGTH = 262_144;
const DEFAULTS: ReadableLimits = { depth: 32, width: 1000, nodes: 20_000 };
/** Below this, strings say nothing any more, and lists are thinned instead. */
const SHORTEST_STRING = 40;

/**
 * JSON of any value, always valid, at most `maxLength` characters long. Long values keep their structure: strings are cut
 * first, each saying how much it had, then lists and objects lose their middle. Getters, iterators and proxies are not
 * touched; cycles, `toJSON` that throws and exotic values come out readable. Never throws.
 */
export function fitJson(value: unknown, limits: JsonLimits = {}): string {
  const maxLength = Math.max(limits.maxLength ?? DEFAULT_LENGTH, 2);
  const bounds = boundsOf(limits);
  try {
    const written = writePlainJson(value, bounds);
    if (written !== undefined)
      return written.length <= maxLength ? written : shrink(value, written.length, maxLength);
    const plain = toReadable(value, bounds);
    const whole = JSON.stringify(plain) ?? '"[undefined]"';
    return whole.length <= maxLength ? whole : shrink(plain, whole.length, maxLength);
  } catch (error) {
    return notice(`[not serialisable: ${error instanceof Error ? error.name : typeof error}]`, maxLength);
  }
}

/**
 * The same for a value that is plain JSON through and through and fits as it is, so that reading it runs none of its code;
 * undefined for any other. Never throws.
 */
export function plainJson(value: unknown, limits: JsonLimits = {}): string | undefined {
  const written = writePlainJson(value, boundsOf(limits));
  return written !== undefined && written.length <= Math.max(limits.maxLength ?? DEFAULT_LENGTH, 2)
    ? written
    : undefined;
}

function boundsOf({ depth, width, nodes }: JsonLimits): ReadableLimits {
  if (depth === undefined && width === undefined && nodes === undefined) return DEFAULTS;
  return {
    depth: depth ?? DEFAULTS.depth,
    width: width ?? DEFAULTS.width,
    nodes: nodes ?? DEFAULTS.nodes,
  };
}

/**
 * `text` cut to `maxLength` characters, saying how long it was, and never in the middle of a character. `fullLength` is
 * given when `text` is only the beginning of what there was.
 */
export function cutText(text: string, maxLength: number, fullLength: number = text.length): string {
  if (fullLength <= maxLength) return text;
  const mark = `…[cut, ${fullLength} characters]`;
  const room = maxLength - mark.length;
  return room <= 0 ? text.slice(0, safeEnd(text, maxLength)) : text.slice(0, safeEnd(text, room)) + mark;
}

function safeEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** Cuts strings to the longest common length that fits; when no length does, thins the containers too. */
function shrink(plain: unknown, length: number, maxLength: number): string {
  for (let width = Number.MAX_SAFE_INTEGER; width >= 1; width = nextWidth(width)) {
    let low = SHORTEST_STRING;
    let high = maxLength;
    let best: string | undefined;
    // Fifteen halvings of the longest string at most; each one works on strings by reference, so it copies little.
    for (let round = 0; round < 15 && low <= high; round += 1) {
      const middle = round === 0 ? SHORTEST_STRING : Math.floor((low + high) / 2);
      const json = JSON.stringify(reduce(plain, middle, width));
      if (json.length <= maxLength) {
        best = json;
        low = middle + 1;
        if (maxLength - json.length < maxLength / 20) break;
      } else if (round === 0) {
        break;
      } else {
        high = middle - 1;
      }
    }
    if (best !== undefined) return best;
  }
  return notice(`[cut, ${length} characters]`, maxLength);
}

function nextWidth(width: number): number {
  if (width > 1024) return 1024;
  return width === 1 ? 0 : Math.floor(width / 4);
}

function reduce(value: unknown, stringLength: number, width: number): unknown {
  if (typeof value === 'string') return cutText(value, stringLength);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length <= width) return items.map((item) => reduce(item, stringLength, width));
    const head = Math.ceil(width / 2);
    const tail = width - head;
    const kept = [...items.slice(0, head), ...(tail > 0 ? items.slice(-tail) : [])];
    const reduced = kept.map((item) => reduce(item, stringLength, width));
    reduced.splice(head, 0, `[${items.length - kept.length} of ${items.length} entries left out]`);
    return reduced;
  }
  const entries = Object.entries(value);
  const reduced = entries
    .slice(0, width)
    .map(([key, item]): [string, unknown] => [cutText(key, stringLength), reduce(item, stringLength, width)]);
  if (entries.length > width)
    reduced.push(['…', `[${entries.length - width} of ${entries.length} keys left out]`]);
  return Object.fromEntries(reduced);
}

function notice(text: string, maxLength: number): string {
  const json = JSON.stringify(text);
  return json.length <= maxLength ? json : '""';
}
