import { fieldsOf, type Fields } from '../../src/instrument/read.js';

/** The JSON of a body that is text or bytes; no fields when it is neither, or no JSON. The body stays as it is. */
export function bodyFields(body: unknown): Fields {
  const text = textOfBody(body);
  if (text === undefined) return fieldsOf(undefined);
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return fieldsOf(undefined);
  }
}

function textOfBody(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  return bytesOf(body)?.toString('utf8');
}

/** The bytes themselves, not a copy of them. */
export function bytesOf(value: unknown): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
