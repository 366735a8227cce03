import { malformed, MAX_VALUE_DEPTH, SpanRejection } from './defects.js';
import { double } from './numbers.js';
import type { Attributes, AttributeValue, ResourceRecord, ScopeRecord } from './records.js';
import {
  createCursor,
  readBase64,
  readDouble,
  readEnd,
  readFields,
  readInt64,
  readKey,
  readMessage,
  readString,
  readUint32,
  WIRE,
  type Cursor,
  type Field,
  type Fields,
} from './wire.js';

interface Text {
  value: AttributeValue;
}
interface Pair {
  key: string;
  value: AttributeValue;
}
/** A resource or a scope, with the positions of the spans in it, because its own fields may come after them. */
interface Owner {
  attributes: Attributes;
  name: string;
  version: string;
  schemaUrl: string;
  droppedAttributesCount: number;
  parts: [start: number, end: number][];
}

const VALUE: Fields<Text> = table<Text>({
  1: field(WIRE.bytes, (cursor, into) => (into.value = readString(cursor))),
  2: field(WIRE.varint, (cursor, into) => (into.value = readUint32(cursor) !== 0)),
  3: field(WIRE.varint, (cursor, into) => (into.value = readInt64(cursor))),
  4: field(WIRE.fixed64, (cursor, into) => (into.value = double(readDouble(cursor)) as AttributeValue)),
  5: field(WIRE.bytes, (cursor, into, depth) => {
    const values: AttributeValue[] = [];
    readMessage(cursor, ARRAY, values, deeper(depth));
    into.value = values;
  }),
  6: field(WIRE.bytes, (cursor, into, depth) => {
    const values = noAttributes();
    readMessage(cursor, KEY_VALUES, values, deeper(depth));
    into.value = values;
  }),
  7: field(WIRE.bytes, (cursor, into) => (into.value = { bytes: readBase64(cursor) })),
});

const ARRAY: Fields<AttributeValue[]> = table<AttributeValue[]>({
  1: field(WIRE.bytes, (cursor, into, depth) => into.push(readValue(cursor, depth))),
});

const KEY_VALUES: Fields<Attributes> = table<Attributes>({ 1: field(WIRE.bytes, readPair) });

const PAIR: Fields<Pair> = table<Pair>({
  1: field(WIRE.bytes, (cursor, into) => (into.key = readKey(cursor))),
  2: field(WIRE.bytes, (cursor, into, depth) => (into.value = readValue(cursor, depth))),
});

const attributesOf: Field<Owner> = field(WIRE.bytes, (cursor, into) => readPair(cursor, into.attributes, 0));
const part: Field<Owner> = field(WIRE.bytes, (cursor, into) => {
  const end = readEnd(cursor);
  into.parts.push([cursor.pos, end]);
  cursor.pos = end;
});
const schemaUrl: Field<Owner> = field(WIRE.bytes, (cursor, into) => (into.schemaUrl = readString(cursor)));

const RESOURCE: Fields<Owner> = table<Owner>({ 1: attributesOf, 2: count('droppedAttributesCount') });
const SCOPE: Fields<Owner> = table<Owner>({
  1: field(WIRE.bytes, (cursor, into) => (into.name = readString(cursor))),
  2: field(WIRE.bytes, (cursor, into) => (into.version = readString(cursor))),
  3: attributesOf,
  4: count('droppedAttributesCount'),
});
/** ResourceSpans and ResourceLogs have the same form. */
const RESOURCE_ITEMS: Fields<Owner> = table<Owner>({
  1: field(WIRE.bytes, (cursor, into) => readMessage(cursor, RESOURCE, into, 0)),
  2: part,
  3: schemaUrl,
});
/** ScopeSpans and ScopeLogs have the same form. */
const SCOPE_ITEMS: Fields<Owner> = table<Owner>({
  1: field(WIRE.bytes, (cursor, into) => readMessage(cursor, SCOPE, into, 0)),
  2: part,
  3: schemaUrl,
});

/** Takes the cursor of one span or log record. */
export type ReadItem = (cursor: Cursor, resource: ResourceRecord, scope: ScopeRecord) => void;

const REQUEST: Fields<ReadItem> = table<ReadItem>({
  1: field(WIRE.bytes, (cursor, read) => {
    const owner = newOwner();
    readMessage(cursor, RESOURCE_ITEMS, owner, 0);
    const resource: ResourceRecord = { attributes: owner.attributes };
    setCount(resource, 'droppedAttributesCount', owner.droppedAttributesCount);
    setText(resource, 'schemaUrl', owner.schemaUrl);
    for (const [pos, limit] of owner.parts) readScope({ bytes: cursor.bytes, pos, limit }, resource, read);
  }),
});

/** Reads an Export*ServiceRequest, item by item. Throws SPOOR_OTLP_MALFORMED when the body is not protobuf. */
export function readRequest(body: Uint8Array, read: ReadItem): void {
  try {
    readFields(createCursor(body), REQUEST, read, 0);
  } catch (error) {
    // Outside of an item: in a resource or a scope, which belong to many.
    throw error instanceof SpanRejection ? malformed(error.message, error) : error;
  }
}

function readScope(cursor: Cursor, resource: ResourceRecord, read: ReadItem): void {
  const owner = newOwner();
  readFields(cursor, SCOPE_ITEMS, owner, 0);
  const scope: ScopeRecord = { name: owner.name };
  setText(scope, 'version', owner.version);
  if (Object.keys(owner.attributes).length > 0) scope.attributes = owner.attributes;
  setCount(scope, 'droppedAttributesCount', owner.droppedAttributesCount);
  setText(scope, 'schemaUrl', owner.schemaUrl);
  for (const [pos, limit] of owner.parts) read({ bytes: cursor.bytes, pos, limit }, resource, scope);
}

function newOwner(): Owner {
  return {
    attributes: noAttributes(),
    name: '',
    version: '',
    schemaUrl: '',
    droppedAttributesCount: 0,
    parts: [],
  };
}

export function readPair(cursor: Cursor, into: Attributes, depth: number): void {
  const pair: Pair = { key: '', value: null };
  readMessage(cursor, PAIR, pair, depth);
  into[pair.key] = pair.value;
}

export function readValue(cursor: Cursor, depth: number): AttributeValue {
  const value: Text = { value: null };
  readMessage(cursor, VALUE, value, depth);
  return value.value;
}

function deeper(depth: number): number {
  if (depth >= MAX_VALUE_DEPTH - 1) {
    throw new SpanRejection(`An attribute value nests deeper than ${MAX_VALUE_DEPTH} levels.`);
  }
  return depth + 1;
}

export function noAttributes(): Attributes {
  return Object.create(null) as Attributes;
}

export function field<T>(wire: number, read: (cursor: Cursor, into: T, depth: number) => unknown): Field<T> {
  return { wire, read };
}

export function count<K extends string>(key: K): Field<{ [key in K]?: number }> {
  return field(WIRE.varint, (cursor, into) => setCount(into, key, readUint32(cursor)));
}

export function setCount<K extends string>(into: { [key in K]?: number }, key: K, value: number): void {
  if (value > 0) into[key] = value;
}

export function setText<K extends string>(into: { [key in K]?: string }, key: K, value: string): void {
  if (value !== '') into[key] = value;
}

export function table<T>(fields: { readonly [number: number]: Field<T> }): Fields<T> {
  const byNumber: (Field<T> | undefined)[] = [];
  for (const [number, entry] of Object.entries(fields)) byNumber[Number(number)] = entry;
  return byNumber;
}

/** True for an id of nothing but zeros, which stands for none. */
export function isZero(id: string): boolean {
  return id.startsWith('0') && /^0+$/.test(id);
}

/** Throws a rejection when an id is not of so many hex digits, or all zero. */
export function checkId(id: string, digits: number, owner: string, what: string): void {
  if (id.length !== digits || isZero(id)) {
    throw new SpanRejection(`${owner} has a ${what} that is not ${digits / 2} bytes, or all zero.`);
  }
}
