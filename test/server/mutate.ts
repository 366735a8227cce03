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

interface Field {
  number: number;
  wire: number;
  /** Of a varint or of fixed bytes as they are; of a length-delimited field its content. */
  bytes: Buffer;
  /** The fields of a content that reads as a message. */
  fields?: Field[];
}

const VARINT_OF_64_BITS = Buffer.from([...Array.from({ length: 9 }, () => 0xff), 0x01]);

/** Changes the fields of a protobuf message and writes the lengths anew, so that what comes out is read to its depths. */
export function mutateProtobuf(original: Buffer, random: Random): Buffer {
  const root: Field[] = readFields(original) ?? [];
  for (let times = 1 + random(3); times > 0; times -= 1) {
    const lists: Field[][] = [];
    const walk = (fields: Field[]): void => {
      if (fields.length > 0) lists.push(fields);
      for (const field of fields) if (field.fields !== undefined) walk(field.fields);
    };
    walk(root);
    const list = lists[random(lists.length)];
    if (list !== undefined) changeField(list, random(list.length), random);
  }
  return writeFields(root);
}

function changeField(list: Field[], at: number, random: Random): void {
  const field = list[at] as Field;
  const kind = random(8);
  if (kind === 0) list.splice(at, 1);
  else if (kind === 1) list.push(...Array.from({ length: 1 + random(40) }, () => field));
  else if (kind === 2) list.splice(at, 1, { ...field, number: 1 + random(20) });
  else if (kind === 3) list.splice(at, 1, { ...field, wire: random(8) });
  else if (kind === 4) list.splice(at, 1, { number: field.number, wire: 0, bytes: VARINT_OF_64_BITS });
  else if (kind === 5) {
    const hostile = Buffer.from(SPLICES[random(SPLICES.length)] ?? '', 'latin1');
    list.splice(at, 1, { number: field.number, wire: 2, bytes: hostile });
  } else if (kind === 6) {
    // Within itself: AnyValue in a list in AnyValue in a list, deeper than anybody writes.
    let bytes = writeFields([field]);
    for (let depth = random(120); depth > 0; depth -= 1) {
      bytes = writeFields([{ number: field.number, wire: 2, bytes }]);
    }
    list.splice(at, 1, { number: field.number, wire: 2, bytes });
  } else if (field.wire === 2) {
    list.splice(at, 1, { number: field.number, wire: 2, bytes: mutateBytes(field.bytes, random) });
  } else list.splice(at, 1, { ...field, bytes: Buffer.alloc(field.bytes.length, random(128)) });
}

/** The fields of a message; undefined when the bytes are none. */
function readFields(bytes: Buffer): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const number = tag === undefined ? 0 : tag.value >> 3;
    if (tag === undefined || number === 0) return undefined;
    const read = readValue(bytes, tag.end, tag.value & 7);
    if (read === undefined) return undefined;
    const inner = read.isMessage ? readFields(read.value) : undefined;
    fields.push({
      number,
      wire: tag.value & 7,
      bytes: read.value,
      ...(inner === undefined ? {} : { fields: inner }),
    });
    at = read.end;
  }
  return fields;
}

function readValue(
  bytes: Buffer,
  at: number,
  wire: number,
): { value: Buffer; end: number; isMessage: boolean } | undefined {
  const start = wire === 2 ? readVarint(bytes, at) : { value: 0, end: at };
  const number = wire === 0 ? readVarint(bytes, at) : start;
  const sizes: Record<number, number> = { 0: (number?.end ?? 0) - at, 1: 8, 2: start?.value ?? 0, 5: 4 };
  const size = sizes[wire];
  if (size === undefined || start === undefined || number === undefined) return undefined;
  const end = start.end + size;
  if (end > bytes.length) return undefined;
  return { value: bytes.subarray(start.end, end), end, isMessage: wire === 2 && size > 0 };
}

function readVarint(bytes: Buffer, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 5; at += 1) {
    value += ((bytes[at] ?? 0) & 0x7f) * 2 ** (7 * (at - from));
    if (((bytes[at] ?? 0) & 0x80) === 0) return { value, end: at + 1 };
  }
  // A longer one is a number that is kept as it is.
  for (let at = from; at < bytes.length && at < from + 10; at += 1) {
    if (((bytes[at] ?? 0) & 0x80) === 0) return { value: 0, end: at + 1 };
  }
  return undefined;
}

function writeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ number, wire, bytes, fields: inner }) => {
      const content = inner === undefined ? bytes : writeFields(inner);
      const tag = varint((number << 3) | wire);
      return wire === 2 ? [tag, varint(content.length), content] : [tag, content];
    }),
  );
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) digits.push((rest % 0x80) | 0x80);
  return Buffer.from([...digits, rest]);
}
