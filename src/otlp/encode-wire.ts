import { Buffer } from 'node:buffer';
import type { Attributes, AttributeValue } from './records.js';

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** KeyValue messages of an attribute map. */
export function attributes(number: number, values: Attributes | undefined): Buffer[] {
  return Object.keys(values ?? {}).map((key) =>
    message(number, [text(1, key), message(2, [anyValue(values?.[key] ?? null)])]),
  );
}

/** Zero, false and empty text are written too: a value that is absent is none at all. */
export function anyValue(value: AttributeValue): Buffer {
  if (value === null) return EMPTY;
  if (typeof value === 'string') return bytes(1, Buffer.from(value));
  if (typeof value === 'boolean') return Buffer.from([tag(2, WIRE.varint), value ? 1 : 0]);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? int64(3, value) : double(4, value);
  if (Array.isArray(value)) {
    return message(
      5,
      value.map((item) => message(1, [anyValue(item)])),
    );
  }
  const only = Object.keys(value).length === 1 ? value['bytes'] : undefined;
  if (typeof only === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(only) && only.length % 4 === 0) {
    return bytes(7, Buffer.from(only, 'base64'));
  }
  return message(6, attributes(1, value));
}

const EMPTY = Buffer.alloc(0);

function tag(number: number, wire: number): number {
  return (number << 3) | wire;
}

function bytes(number: number, value: Buffer): Buffer {
  return Buffer.concat([varint(tag(number, WIRE.bytes)), varint(value.length), value]);
}

/** A field that is a message of these fields. */
export function message(number: number, fields: readonly Buffer[]): Buffer {
  return bytes(number, Buffer.concat(fields));
}

/** A field of text; nothing when it is empty. */
export function text(number: number, value: string | undefined): Buffer {
  return value === undefined || value === '' ? EMPTY : bytes(number, Buffer.from(value));
}

/** A field of bytes from hex digits; nothing when absent. */
export function hex(number: number, value: string | undefined): Buffer {
  return value === undefined ? EMPTY : bytes(number, Buffer.from(value, 'hex'));
}

/** A field of a whole number from 1 on; nothing for zero. */
export function count(number: number, value: number | undefined): Buffer {
  if (value === undefined || value === 0) return EMPTY;
  // A hostile sender may have given an enum below zero: in a varint that has ten bytes.
  if (value < 0) return int64(number, Math.trunc(value));
  return Buffer.concat([varint(tag(number, WIRE.varint)), varint(value)]);
}

function int64(number: number, value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const digits = [tag(number, WIRE.varint)];
  while (rest > 0x7fn) {
    digits.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...digits, Number(rest)]);
}

function double(number: number, value: number): Buffer {
  const field = Buffer.alloc(9);
  field[0] = tag(number, WIRE.fixed64);
  field.writeDoubleLE(value, 1);
  return field;
}

/** A field of eight bytes. */
export function fixed64(number: number, value: bigint): Buffer {
  const field = Buffer.alloc(9);
  field[0] = tag(number, WIRE.fixed64);
  field.writeBigUInt64LE(value, 1);
  return field;
}

/** A field of four bytes; nothing when absent. */
export function fixed32(number: number, value: number | undefined): Buffer {
  if (value === undefined) return EMPTY;
  const field = Buffer.alloc(4);
  field.writeUInt32LE(value >>> 0);
  return Buffer.concat([varint(tag(number, WIRE.fixed32)), field]);
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    digits.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...digits, rest]);
}
