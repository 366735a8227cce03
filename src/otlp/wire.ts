import { Buffer } from 'node:buffer';
import { malformed } from './defects.js';

/** Where a reader stands in a protobuf message. `limit` is the end of the innermost message. */
export interface Cursor {
  readonly bytes: Buffer;
  pos: number;
  limit: number;
}

/** The wire types that OTLP uses, and the two of the retired groups. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** How one field of a message is read into its target. `depth` counts nested attribute values. */
export interface Field<T> {
  readonly wire: number;
  readonly read: (cursor: Cursor, into: T, depth: number) => void;
}

/** Fields by number; a hole is a field that nobody reads. */
export type Fields<T> = readonly (Field<T> | undefined)[];

/** Makes a cursor over a whole body. */
export function createCursor(body: Uint8Array): Cursor {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return { bytes, pos: 0, limit: bytes.length };
}

/** Reads the fields up to the limit; unknown ones, and known ones of another wire type, are skipped. */
export function readFields<T>(cursor: Cursor, fields: Fields<T>, into: T, depth: number): void {
  while (cursor.pos < cursor.limit) {
    const tag = readUint32(cursor);
    const number = tag >>> 3;
    if (number === 0)
      throw malformed(`Byte ${cursor.pos} of the body has field number 0: this is not protobuf.`);
    const field = fields[number];
    if (field !== undefined && field.wire === (tag & 7)) field.read(cursor, into, depth);
    else skip(cursor, tag & 7);
  }
}

/** Reads a message with a length in front of it. */
export function readMessage<T>(cursor: Cursor, fields: Fields<T>, into: T, depth: number): void {
  const outer = cursor.limit;
  cursor.limit = readEnd(cursor);
  readFields(cursor, fields, into, depth);
  cursor.limit = outer;
}

/** Reads a length, and returns the position where what it measures ends. */
export function readEnd(cursor: Cursor): number {
  const length = readUint32(cursor);
  const end = cursor.pos + length;
  if (end > cursor.limit) throw truncated(cursor);
  return end;
}

/** UTF-8 text; what is not UTF-8 becomes U+FFFD, because senders cut text in the middle of a character. */
export function readString(cursor: Cursor): string {
  const end = readEnd(cursor);
  const text = cursor.bytes.toString('utf8', cursor.pos, end);
  cursor.pos = end;
  return text;
}

const KEY_SLOTS = 4096;
const MAX_KEY = 64;
/** Keys that were read lately: senders use few, and to make a text of each takes longer than all else about it. */
const keys: (string | undefined)[] = Array.from({ length: KEY_SLOTS });

/** The same as `readString`, for texts that come again and again. */
export function readKey(cursor: Cursor): string {
  const { bytes, pos: outer } = cursor;
  const end = readEnd(cursor);
  const start = cursor.pos;
  const length = end - start;
  cursor.pos = outer;
  if (length > MAX_KEY) return readString(cursor);
  let hash = length;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  const slot = hash & (KEY_SLOTS - 1);
  const known = keys[slot];
  if (known !== undefined && isText(known, bytes, start, end)) {
    cursor.pos = end;
    return known;
  }
  return (keys[slot] = readString(cursor));
}

/** True only for ASCII: any other text is made anew. */
function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 0x7f || byte !== text.charCodeAt(at - start)) return false;
  }
  return true;
}

/** Bytes as lower-case hex digits. */
export function readHex(cursor: Cursor): string {
  return readBytes(cursor, 'hex');
}

/** Bytes as base64. */
export function readBase64(cursor: Cursor): string {
  return readBytes(cursor, 'base64');
}

function readBytes(cursor: Cursor, encoding: 'hex' | 'base64'): string {
  const end = readEnd(cursor);
  const text = cursor.bytes.toString(encoding, cursor.pos, end);
  cursor.pos = end;
  return text;
}

/** A varint cut to 32 bits, as protobuf does for 32-bit fields. */
export function readUint32(cursor: Cursor): number {
  const { bytes, limit } = cursor;
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (cursor.pos >= limit) throw truncated(cursor);
    const byte = bytes[cursor.pos++] as number;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
  throw malformed(`A number of more than 10 bytes ends at byte ${cursor.pos} of the body.`);
}

/** A signed 64-bit varint: a number where that is exact, else decimal text. */
export function readInt64(cursor: Cursor): number | string {
  const { bytes, limit } = cursor;
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (cursor.pos >= limit) throw truncated(cursor);
    const byte = bytes[cursor.pos++] as number;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) return joinInt64(low, high);
  }
  throw malformed(`A number of more than 10 bytes ends at byte ${cursor.pos} of the body.`);
}

function joinInt64(low: number, high: number): number | string {
  const value = (high | 0) * 0x1_0000_0000 + (low >>> 0);
  if (Number.isSafeInteger(value)) return value;
  return ((BigInt(high | 0) << 32n) | BigInt(low >>> 0)).toString();
}

/** An unsigned 64-bit integer of fixed size. */
export function readFixed64(cursor: Cursor): bigint {
  const at = advance(cursor, 8);
  return cursor.bytes.readBigUInt64LE(at);
}

/** An unsigned 32-bit integer of fixed size. */
export function readFixed32(cursor: Cursor): number {
  return cursor.bytes.readUInt32LE(advance(cursor, 4));
}

/** A double. */
export function readDouble(cursor: Cursor): number {
  return cursor.bytes.readDoubleLE(advance(cursor, 8));
}

function advance(cursor: Cursor, count: number): number {
  const at = cursor.pos;
  if (at + count > cursor.limit) throw truncated(cursor);
  cursor.pos = at + count;
  return at;
}

function skip(cursor: Cursor, wire: number): void {
  // Groups may nest: they are counted, not recursed into.
  let open = 0;
  let next = wire;
  for (;;) {
    if (next === WIRE.groupStart) open++;
    else if (next === WIRE.groupEnd) open--;
    else skipOne(cursor, next);
    if (open < 0) throw malformed(`Byte ${cursor.pos} of the body ends a group that was not begun.`);
    if (open === 0) return;
    if (cursor.pos >= cursor.limit) throw truncated(cursor);
    next = readUint32(cursor) & 7;
  }
}

function skipOne(cursor: Cursor, wire: number): void {
  if (wire === WIRE.varint) readUint32(cursor);
  else if (wire === WIRE.fixed64) advance(cursor, 8);
  else if (wire === WIRE.bytes) cursor.pos = readEnd(cursor);
  else if (wire === WIRE.fixed32) advance(cursor, 4);
  else throw malformed(`Byte ${cursor.pos} of the body has wire type ${wire}: this is not protobuf.`);
}

function truncated(cursor: Cursor): Error {
  return malformed(
    `The body ends in the middle of a field, at byte ${cursor.pos} of ${cursor.bytes.length}.`,
  );
}
