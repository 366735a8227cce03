/** Random numbers below a bound. */
export type Random = (below: number) => number;

/** Mulberry32: the same numbers for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SPLICES = [
  '__proto__',
  'constructor',
  '99999999999999999999999999',
  '-1',
  '1e999',
  'null',
  '[]',
  '{}',
  '"\\ud800"',
  '{"__proto__":{"polluted":true}}',
  '\u0000',
  '\u00ff\u00fe',
  '\u00c3\u0028',
  '{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{}]}}}]}}',
];

/** Changes bytes: flips, cuts, repeats, and puts in what has broken parsers before. */
export function mutateBytes(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = random(Math.max(1, bytes.length));
    const kind = random(5);
    if (kind === 0 && bytes.length > 0) bytes[at] = random(256);
    if (kind === 1) bytes = bytes.subarray(0, at);
    if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(16))]);
    if (kind === 3) {
      const splice = Buffer.from(SPLICES[random(SPLICES.length)] ?? '', 'latin1');
      bytes = Buffer.concat([bytes.subarray(0, at), splice, bytes.subarray(at)]);
    }
    if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(at + 1))]);
    bytes = Buffer.from(bytes);
  }
  return bytes;
}

const RAW = 'raw:';
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [[[[]]]],
  '18446744073709551616',
  '-9223372036854775809',
  `${RAW}99999999999999999999999999`,
  `${RAW}-0`,
  `${RAW}1e999`,
  `${RAW}"\\ud800"`,
  `${RAW}{"__proto__":{"polluted":true}}`,
  `${RAW}${'['.repeat(600)}${']'.repeat(600)}`,
  `${RAW}${'{"a":'.repeat(300)}1${'}'.repeat(300)}`,
  '0'.repeat(32),
  'x'.repeat(70_000),
  '\u0000',
  { stringValue: 'a', intValue: '1' },
  { arrayValue: { values: [null, {}, 1] } },
];
const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', '', 'attributes', 'traceId', 'value'];

/** Changes the tree of a JSON text, so that what comes out is JSON still and gets past the parser. */
export function mutateJson(original: Buffer, random: Random): Buffer {
  const tree: unknown = JSON.parse(original.toString('utf8'));
  const root = { tree };
  for (let times = 1 + random(3); times > 0; times -= 1) mutateOnce(root, random);
  const text = JSON.stringify(root.tree) ?? 'null';
  // Values that JSON.stringify cannot write were held as text.
  return Buffer.from(
    text.replaceAll(/"raw:((?:[^"\\]|\\.)*)"/g, (_, raw: string) => JSON.parse(`"${raw}"`) as string),
  );
}

type Parent = Record<string, unknown> | unknown[];

function mutateOnce(root: { tree: unknown }, random: Random): void {
  const places: [parent: Parent, key: string][] = [];
  const walk = (parent: Parent): void => {
    for (const key of Object.keys(parent)) {
      places.push([parent, key]);
      const value = (parent as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) walk(value as Parent);
    }
  };
  walk(root);
  const [parent, key] = places[random(places.length)] as [Record<string, unknown>, string];
  const kind = random(4);
  if (kind === 0) delete parent[key];
  if (kind === 1 && !Array.isArray(parent)) {
    const name = HOSTILE_KEYS[random(HOSTILE_KEYS.length)] as string;
    Object.defineProperty(parent, name, {
      value: parent[key],
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (kind === 2 && Array.isArray(parent)) {
    const list: unknown[] = parent;
    list.push(...Array.from({ length: random(50) }, () => structuredClone(list[Number(key)])));
  } else parent[key] = structuredClone(HOSTILE_VALUES[random(HOSTILE_VALUES.length)]);
}
