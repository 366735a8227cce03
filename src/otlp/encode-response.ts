import { Buffer } from 'node:buffer';
import type { OtlpEncoding } from './encoding.js';
import type { Rejected } from './record-sink.js';

/** What a signal calls the number of rejected items in JSON; in protobuf it is field 1 of each. */
const REJECTED_NAMES = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' };

/** Export*ServiceResponse: empty when everything was kept, else with the partial success. */
export function encodeResponse(
  { rejected }: { rejected?: Rejected | undefined },
  encoding: OtlpEncoding,
  signal: keyof typeof REJECTED_NAMES = 'traces',
): Uint8Array {
  if (encoding === 'json') {
    const partialSuccess = rejected && {
      [REJECTED_NAMES[signal]]: String(rejected.count),
      errorMessage: rejected.reason,
    };
    return Buffer.from(JSON.stringify(partialSuccess ? { partialSuccess } : {}));
  }
  if (rejected === undefined) return new Uint8Array(0);
  return bytesField(1, Buffer.concat([varintField(1, rejected.count), bytesField(2, rejected.reason)]));
}

/** google.rpc.Status, the body of every error reply. `code` is a gRPC code: 3 for bad requests, 14 for "try again". */
export function encodeStatus(
  { code, message }: { code: number; message: string },
  encoding: OtlpEncoding,
): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([varintField(1, code), bytesField(2, message)]);
}

function varintField(number: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([number << 3, ...varint(value)]);
}

function bytesField(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
