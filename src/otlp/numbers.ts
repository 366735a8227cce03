import type { AttributeValue } from './records.js';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const INTEGER = /^-?\d{1,20}$/;

/** A 64-bit integer as a number where that is exact, else as decimal text. `undefined` when it is no int64. */
export function int64(value: unknown): AttributeValue | undefined {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return undefined;
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return fromBigInt(BigInt(value));
  }
  if (typeof value !== 'string' || !INTEGER.test(value)) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  return fromBigInt(BigInt(value));
}

function fromBigInt(value: bigint): string | undefined {
  return value < INT64_MIN || value > INT64_MAX ? undefined : value.toString();
}

/** An unsigned 64-bit time. `undefined` when it is none; absent is 0. */
export function uint64(value: unknown): bigint | undefined {
  if (value === undefined || value === null || value === '') return 0n;
  if (typeof value === 'number' ? !Number.isInteger(value) : typeof value !== 'string') return undefined;
  if (typeof value === 'string' && !INTEGER.test(value)) return undefined;
  const big = BigInt(value as string | number);
  return big < 0n || big > UINT64_MAX ? undefined : big;
}

/** A double, or its name when JSON has no number for it. `undefined` when it is no number at all. */
export function double(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string') {
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
    if (value.trim() === '') return undefined;
    const number = Number(value);
    return Number.isFinite(number) ? double(number) : undefined;
  }
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) return String(value);
  return value === 0 ? 0 : value;
}
