import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { ExportTraceServiceRequestSchema } from '../independent-collector/proto/trace-service.gen.js';
import type { SpanSchema } from '../independent-collector/proto/trace.gen.js';
import { randomFrom, randomRequest } from './random-request.js';

const IDS = { traceId: new Uint8Array(16).fill(0xab), spanId: new Uint8Array(8).fill(0xcd) };

function encode(...spans: MessageInitShape<typeof SpanSchema>[]): Uint8Array {
  return toBinary(
    ExportTraceServiceRequestSchema,
    create(ExportTraceServiceRequestSchema, { resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  );
}

function field(number: number, payload: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = payload.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), payload]);
}

/** A request of one span with one attribute, whose value is a list in a list … */
function nested(depth: number): Buffer {
  let value: Buffer = Buffer.from([0x18, 1]);
  for (let i = 0; i < depth; i++) value = field(5, field(1, value));
  const attribute = Buffer.concat([field(1, Buffer.from('k')), field(2, value)]);
  const span = Buffer.concat([field(1, IDS.traceId), field(2, IDS.spanId), field(9, attribute)]);
  return field(1, field(2, field(2, span)));
}

describe('decoding OTLP in protobuf', () => {
  it('takes the empty request', () => {
    expect(decodeTraceRequest(new Uint8Array(0), 'protobuf')).toEqual({ spans: [], rejected: undefined });
  });

  it('counts spans that it cannot keep, and keeps the others', () => {
    const body = encode(
      { ...IDS, spanId: new Uint8Array(7).fill(1) },
      { ...IDS, name: 'kept' },
      { ...IDS, traceId: new Uint8Array(16) },
      { ...IDS, parentSpanId: new Uint8Array(3).fill(1) },
      { ...IDS, links: [{ traceId: IDS.traceId }] },
      { ...IDS, parentSpanId: new Uint8Array(8), name: 'root' },
    );
    const { spans, rejected } = decodeTraceRequest(body, 'protobuf');
    expect(spans.map(({ name, parentSpanId }) => ({ name, parentSpanId }))).toEqual([
      { name: 'kept', parentSpanId: undefined },
      { name: 'root', parentSpanId: undefined },
    ]);
    expect(rejected).toEqual({ count: 4, reason: 'A span has a span id that is not 8 bytes, or all zero.' });
  });

  it('refuses spans without ids, which is what log records look like here', () => {
    expect(() => decodeTraceRequest(encode({ name: 'x' }), 'protobuf')).toThrow(/Logs go to \/v1\/logs/);
  });

  it('rejects the span whose value nests too deep, without falling over', () => {
    expect(decodeTraceRequest(nested(63), 'protobuf').spans).toHaveLength(1);
    expect(decodeTraceRequest(nested(64), 'protobuf')).toMatchObject({ spans: [], rejected: { count: 1 } });
    expect(decodeTraceRequest(nested(4000), 'protobuf')).toMatchObject({ spans: [], rejected: { count: 1 } });
  });

  it('skips unknown fields of every wire type, groups too', () => {
    const unknown = Buffer.concat([
      Buffer.from([0xa0, 0x06, 0x96, 0x01]),
      Buffer.from([0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
      field(13, Buffer.from('anything')),
      Buffer.from([0xa5, 0x06, 1, 2, 3, 4]),
      Buffer.from([0xa3, 0x06, 0xa3, 0x06, 0xa0, 0x06, 1, 0xa4, 0x06, 0xa4, 0x06]),
    ]);
    const body = Buffer.concat([unknown, encode({ ...IDS, name: 'kept' }), unknown]);
    expect(decodeTraceRequest(body, 'protobuf').spans.map((span) => span.name)).toEqual(['kept']);
  });

  it('reads text that is not UTF-8 with replacement characters', () => {
    const span = Buffer.concat([
      field(1, IDS.traceId),
      field(2, IDS.spanId),
      field(5, Buffer.from([0x61, 0xff, 0xc3])),
    ]);
    const { spans } = decodeTraceRequest(field(1, field(2, field(2, span))), 'protobuf');
    expect(spans[0]?.name).toBe('a\uFFFD\uFFFD');
  });

  it.each([
    ['JSON', Buffer.from('{"resourceSpans":[]}')],
    ['a length beyond the end', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['half a number', Buffer.from([0x08, 0x80])],
    ['a number without an end', Buffer.from([0x08, ...Array.from({ length: 11 }, () => 0x80)])],
    ['field number 0', Buffer.from([0x00, 0x00])],
    ['a wire type that does not exist', Buffer.from([0x0f])],
    ['a group that is not closed', Buffer.from([0x7b, 0x7b])],
    ['a group that was not opened', Buffer.from([0x7c])],
  ])('refuses %s', (_, body) => {
    expect(() => decodeTraceRequest(body, 'protobuf')).toThrow(
      expect.objectContaining({ code: 'SPOOR_OTLP_MALFORMED' }) as Error,
    );
  });

  it('answers every cut or changed request with spans or with the one error', () => {
    const outcomes = { read: 0, refused: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const body = toBinary(ExportTraceServiceRequestSchema, randomRequest(seed));
      const random = randomFrom(seed);
      const broken = body.slice(0, Math.floor(random() * (body.length + 1)));
      for (let i = 0; i < 3 && broken.length > 0; i++)
        broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
      try {
        decodeTraceRequest(broken, 'protobuf');
        outcomes.read++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'SPOOR_OTLP_MALFORMED' });
        outcomes.refused++;
      }
    }
    expect(outcomes.refused).toBeGreaterThan(50);
    expect(outcomes.read).toBeGreaterThan(5);
  });
});
