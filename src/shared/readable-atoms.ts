import { types } from 'node:util';
import { dataProperty } from './data-property.js';

/** Objects that have one readable text form, and those whose content must not be touched. */
export function readAtom(value: object): string | undefined {
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  }
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value);
  if (types.isPromise(value)) return '[Promise]';
  if (types.isGeneratorObject(value)) return '[Generator]';
  if (types.isMapIterator(value) || types.isSetIterator(value)) return '[Iterator]';
  if (types.isWeakMap(value) || types.isWeakSet(value)) return '[Weak collection]';
  if (types.isAnyArrayBuffer(value)) return `[ArrayBuffer, ${String(byteLengthOf(value))} bytes]`;
  if (ArrayBuffer.isView(value)) return readView(value);
  if (types.isBoxedPrimitive(value)) return readBoxed(value);
  return streamName(value);
}

/** The getters of the language itself: one that is set on the object would be its own code. */
const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as object;
const GETTERS = {
  arrayBuffer: getterOf(ArrayBuffer.prototype, 'byteLength'),
  sharedArrayBuffer: getterOf(SharedArrayBuffer.prototype, 'byteLength'),
  dataView: getterOf(DataView.prototype, 'byteLength'),
  typedArray: getterOf(TYPED_ARRAY, 'byteLength'),
  typedArrayName: getterOf(TYPED_ARRAY, Symbol.toStringTag),
} as const;

function getterOf(prototype: object, key: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, key)?.get as (this: unknown) => unknown;
}

function byteLengthOf(buffer: ArrayBufferLike): unknown {
  return types.isSharedArrayBuffer(buffer)
    ? GETTERS.sharedArrayBuffer.call(buffer)
    : GETTERS.arrayBuffer.call(buffer);
}

function readView(view: ArrayBufferView): string {
  if (types.isDataView(view)) return `[DataView, ${String(GETTERS.dataView.call(view))} bytes]`;
  const kind = Buffer.isBuffer(view) ? 'Buffer' : String(GETTERS.typedArrayName.call(view));
  return `[${kind}, ${String(GETTERS.typedArray.call(view))} bytes]`;
}

function readBoxed(value: object): string {
  if (types.isNumberObject(value)) return String(Number.prototype.valueOf.call(value));
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return String(Boolean.prototype.valueOf.call(value));
  if (types.isSymbolObject(value)) return Symbol.prototype.toString.call(value);
  return `${String(BigInt.prototype.valueOf.call(value))}n`;
}

/** Streams, whose fields are their machinery. */
function streamName(value: object): string | undefined {
  for (const kind of [ReadableStream, WritableStream, TransformStream]) {
    if (value instanceof kind) return `[${kind.name}]`;
  }
  const isReadable = isRecord(dataProperty(value, '_readableState'));
  const isWritable = isRecord(dataProperty(value, '_writableState'));
  if (!isReadable && !isWritable) return undefined;
  return isReadable ? (isWritable ? '[Duplex]' : '[Readable]') : '[Writable]';
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
