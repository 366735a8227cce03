import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { AnyValueSchema, KeyValueSchema } from '../independent-collector/proto/common.gen.js';
import {
  ExportTraceServiceRequestSchema,
  type ExportTraceServiceRequest,
} from '../independent-collector/proto/trace-service.gen.js';

type Random = () => number;
type AnyValueInit = MessageInitShape<typeof AnyValueSchema>;
type KeyValueInit = MessageInitShape<typeof KeyValueSchema>;

const TEXTS = [
  '',
  'a',
  'gen_ai.input.messages',
  'ünïcödé 🦊',
  '__proto__',
  'constructor',
  'x'.repeat(3000),
  '\0',
  '"\\\n\u2028',
];
const INTS = [
  0n,
  1n,
  -1n,
  127n,
  128n,
  300n,
  -300n,
  2n ** 31n,
  2n ** 53n - 1n,
  2n ** 53n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const DOUBLES = [0, -0, 0.1, -1.5, 1e300, 5e-324, Number.NaN, Infinity, -Infinity, 2 ** 60];

/** The same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Any valid request, by the official definitions. */
export function randomRequest(seed: number): ExportTraceServiceRequest {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const some = <T>(most: number, make: (i: number) => T): T[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, (_, i) => make(i));
  const bytes = (length: number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length }, () => 1 + Math.floor(random() * 255));
  const small = (): number => (random() < 0.7 ? 0 : Math.floor(random() * 1000));
  const time = (): bigint =>
    random() < 0.1 ? pick([0n, 2n ** 64n - 1n]) : 1795335545639000000n + BigInt(Math.floor(random() * 1e12));
  const value = (depth: number): AnyValueInit => {
    const kind = Math.floor(random() * (depth > 3 ? 6 : 8));
    if (kind === 0) return { value: { case: 'stringValue', value: pick(TEXTS) } };
    if (kind === 1) return { value: { case: 'boolValue', value: random() < 0.5 } };
    if (kind === 2) return { value: { case: 'intValue', value: pick(INTS) } };
    if (kind === 3) return { value: { case: 'doubleValue', value: pick(DOUBLES) } };
    if (kind === 4) return { value: { case: 'bytesValue', value: bytes(Math.floor(random() * 20)) } };
    if (kind === 5) return {};
    if (kind === 6)
      return { value: { case: 'arrayValue', value: { values: some(4, () => value(depth + 1)) } } };
    return { value: { case: 'kvlistValue', value: { values: pairs(depth + 1) } } };
  };
  const pairs = (depth: number): KeyValueInit[] =>
    some(5, (i) => ({
      key: `${pick(TEXTS)}${random() < 0.5 ? i : ''}`,
      ...(random() < 0.9 ? { value: value(depth) } : {}),
    }));
  const span = () => ({
    traceId: bytes(16),
    spanId: bytes(8),
    parentSpanId: random() < 0.5 ? bytes(8) : new Uint8Array(0),
    traceState: pick(TEXTS),
    flags: pick([0, 1, 257, 2 ** 32 - 1]),
    name: pick(TEXTS),
    kind: Math.floor(random() * 6),
    startTimeUnixNano: time(),
    endTimeUnixNano: time(),
    attributes: pairs(0),
    droppedAttributesCount: small(),
    events: some(3, () => ({
      timeUnixNano: time(),
      name: pick(TEXTS),
      attributes: pairs(0),
      droppedAttributesCount: small(),
    })),
    droppedEventsCount: small(),
    links: some(2, () => ({
      traceId: bytes(16),
      spanId: bytes(8),
      traceState: pick(TEXTS),
      attributes: pairs(0),
      flags: small(),
    })),
    droppedLinksCount: small(),
    ...(random() < 0.8 ? { status: { code: Math.floor(random() * 3), message: pick(TEXTS) } } : {}),
  });
  return create(ExportTraceServiceRequestSchema, {
    resourceSpans: some(3, () => ({
      ...(random() < 0.9 ? { resource: { attributes: pairs(0), droppedAttributesCount: small() } } : {}),
      schemaUrl: pick(TEXTS),
      scopeSpans: some(3, () => ({
        ...(random() < 0.9
          ? { scope: { name: pick(TEXTS), version: pick(TEXTS), attributes: pairs(0) } }
          : {}),
        schemaUrl: pick(TEXTS),
        spans: some(4, span),
      })),
    })),
  });
}
