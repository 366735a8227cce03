import { Buffer } from 'node:buffer';
import { malformed, MAX_VALUE_DEPTH, SpanRejection } from './defects.js';
import { double, int64, uint64 } from './numbers.js';
import { quoteBigIntegers } from './quote-big-integers.js';
import type { Attributes, AttributeValue, ResourceRecord, ScopeRecord } from './records.js';

/** What the three signals have in common in OTLP/JSON: resources, scopes, attributes, and the forms of single values. */
export type Json = { readonly [key: string]: unknown };

export const TRACE_ID: RegExp = /^[0-9a-f]{32}$/i;
export const SPAN_ID: RegExp = /^[0-9a-f]{16}$/i;
export const ALL_ZERO: RegExp = /^0+$/;

/** Throws SPOOR_OTLP_MALFORMED when a body is not JSON. */
export function parseBody(body: Uint8Array): unknown {
  const json = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(quoteBigIntegers(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json));
  } catch (error) {
    throw malformed(`The body is not JSON: ${(error as Error).message}`, error);
  }
}

/** A resource or scope belongs to many spans: what would reject one span makes the request malformed there. */
export function whole<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SpanRejection ? malformed(error.message, error) : error;
  }
}

export function readResource(owner: Json, at: string): ResourceRecord {
  const resource = optionalObject(owner.resource, at);
  const record: ResourceRecord = { attributes: readAttributes(resource.attributes, at) };
  setCount(record, 'droppedAttributesCount', resource.droppedAttributesCount);
  const schemaUrl = text(owner.schemaUrl, `${at}.schemaUrl`);
  if (schemaUrl !== '') record.schemaUrl = schemaUrl;
  return record;
}

export function readScope(owner: Json, at: string): ScopeRecord {
  const scope = optionalObject(owner.scope, at);
  const record: ScopeRecord = { name: text(scope.name, `${at}.name`) };
  const version = text(scope.version, `${at}.version`);
  if (version !== '') record.version = version;
  const attributes = readAttributes(scope.attributes, at);
  if (Object.keys(attributes).length > 0) record.attributes = attributes;
  setCount(record, 'droppedAttributesCount', scope.droppedAttributesCount);
  const schemaUrl = text(owner.schemaUrl, `${at}.schemaUrl`);
  if (schemaUrl !== '') record.schemaUrl = schemaUrl;
  return record;
}

export function readAttributes(value: unknown, owner: string): Attributes {
  if (isObject(value)) {
    throw malformed(
      `${owner}.attributes is an object; OTLP/JSON has a list of { "key": …, "value": { "stringValue": … } }.`,
    );
  }
  return readPairs(list(value, `${owner}.attributes`), `${owner}.attributes`, 0);
}

function readPairs(pairs: readonly unknown[], at: string, depth: number): Attributes {
  const attributes = Object.create(null) as Attributes;
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i];
    // Where it is wrong is put into words only then: that would cost more than to read it.
    if (!isObject(pair)) throw malformed(`${at}[${i}] is not an object.`);
    // An empty key may be left out, as every default may.
    const key = typeof pair.key === 'string' ? pair.key : text(pair.key, `${at}[${i}].key`);
    attributes[key] = readValue(pair.value, at, key, depth);
  }
  return attributes;
}

function readValue(value: unknown, at: string, key: string, depth: number): AttributeValue {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    throw malformed(`${at} "${brief(key)}" has a bare value; OTLP/JSON wraps it: { "stringValue": … }.`);
  }
  if (depth >= MAX_VALUE_DEPTH) {
    throw new SpanRejection(`${at} "${brief(key)}" nests deeper than ${MAX_VALUE_DEPTH} levels.`);
  }
  const read = readWrapped(value, at, key, depth);
  if (read === undefined) throw new SpanRejection(`${at} "${brief(key)}" has a value of the wrong type.`);
  return read;
}

function readWrapped(value: Json, at: string, key: string, depth: number): AttributeValue | undefined {
  if (!isAbsentValue(value.stringValue)) {
    return typeof value.stringValue === 'string' ? value.stringValue : undefined;
  }
  if (!isAbsentValue(value.intValue)) return int64(value.intValue);
  if (!isAbsentValue(value.boolValue))
    return typeof value.boolValue === 'boolean' ? value.boolValue : undefined;
  if (!isAbsentValue(value.doubleValue)) return double(value.doubleValue);
  if (!isAbsentValue(value.arrayValue)) {
    const values = list(optionalObject(value.arrayValue, at).values, `${at} "${brief(key)}"`);
    return values.map((item) => readValue(item, at, key, depth + 1));
  }
  if (!isAbsentValue(value.kvlistValue)) {
    const values = list(optionalObject(value.kvlistValue, at).values, `${at} "${brief(key)}"`);
    return readPairs(values, at, depth + 1);
  }
  if (!isAbsentValue(value.bytesValue)) {
    if (typeof value.bytesValue !== 'string') return undefined;
    return { bytes: Buffer.from(value.bytesValue, 'base64').toString('base64') };
  }
  return null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isAbsentValue(value: unknown): boolean {
  return value === undefined || value === null;
}

export function object(value: unknown, at: string): Json {
  if (!isObject(value)) throw malformed(`${at} is not an object.`);
  return value;
}

export function optionalObject(value: unknown, at: string): Json {
  return isAbsentValue(value) ? {} : object(value, at);
}

export function list(value: unknown, at: string): readonly unknown[] {
  if (isAbsentValue(value)) return [];
  if (!Array.isArray(value)) throw malformed(`${at} is not a list.`);
  return value;
}

export function text(value: unknown, at: string): string {
  if (isAbsentValue(value)) return '';
  if (typeof value !== 'string') throw new SpanRejection(`${at} is not a string.`);
  return value;
}

export function id(value: unknown, pattern: RegExp, at: string, digits: number): string {
  if (typeof value !== 'string' || !pattern.test(value) || ALL_ZERO.test(value)) {
    throw new SpanRejection(`${at} is not ${digits} hex digits, or all zero.`);
  }
  return value.toLowerCase();
}

export function time(value: unknown, at: string): bigint {
  const nanos = uint64(value);
  if (nanos === undefined) throw new SpanRejection(`${at} is not an unsigned 64-bit integer.`);
  return nanos;
}

export function enumeration(value: unknown, names: readonly string[]): number {
  if (typeof value === 'string') return Math.max(0, names.indexOf(value));
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

export function setCount<K extends string>(record: { [key in K]?: number }, key: K, value: unknown): void {
  const count = typeof value === 'string' ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) record[key] = count;
}

function brief(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}

/** A value that need not be there, such as the body of a log record. */
export function readAnyValue(value: unknown, at: string): AttributeValue {
  return readValue(value, at, 'value', 0);
}
