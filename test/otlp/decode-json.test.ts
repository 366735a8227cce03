import { describe, expect, it } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import type { AttributeValue } from '../../src/otlp/records.js';

const TRACE = 'AB'.repeat(16);
const SPAN = 'cd'.repeat(8);

const nested = (depth: number): string =>
  `${'{"arrayValue":{"values":['.repeat(depth)}{"intValue":1}${']}}'.repeat(depth)}`;

function decode(request: unknown): ReturnType<typeof decodeTraceRequest> {
  const text = typeof request === 'string' ? request : JSON.stringify(request);
  return decodeTraceRequest(Buffer.from(text), 'json');
}

function oneSpan(fields: object): object {
  return { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE, spanId: SPAN, ...fields }] }] }] };
}

function valueOf(value: unknown): AttributeValue | undefined {
  return decode(oneSpan({ attributes: [{ key: 'k', value }] })).spans[0]?.attributes.k;
}

const nestedRequest = (depth: number): string =>
  JSON.stringify(oneSpan({ attributes: [{ key: 'k', value: '@' }] })).replace('"@"', nested(depth));

describe('decoding OTLP/JSON', () => {
  it('reads a span with nothing but its ids, in lower case', () => {
    expect(decode(oneSpan({}))).toEqual({
      spans: [
        {
          traceId: 'ab'.repeat(16),
          spanId: SPAN,
          name: '',
          kind: 0,
          startTimeUnixNano: 0n,
          endTimeUnixNano: 0n,
          attributes: {},
          events: [],
          links: [],
          statusCode: 0,
          resource: { attributes: {} },
          scope: { name: '' },
        },
      ],
      rejected: undefined,
    });
  });

  it.each([
    '{}',
    '{"resourceSpans":[]}',
    '{"resourceSpans":null}',
    '{"resourceSpans":[{"scopeSpans":[{}]}],"new":{"a":[[]]}}',
  ])('takes the empty request %s', (text) =>
    expect(decode(text)).toEqual({ spans: [], rejected: undefined }),
  );

  it('reads 64-bit integers from text and from numbers, to the last digit', () => {
    expect(valueOf({ intValue: '42' })).toBe(42);
    expect(valueOf({ intValue: -7 })).toBe(-7);
    expect(valueOf({ intValue: '9223372036854775807' })).toBe('9223372036854775807');
    const bare = JSON.stringify(
      oneSpan({
        name: 'a 12345678901234567890, "b',
        startTimeUnixNano: 0,
        attributes: [{ key: 'k', value: { intValue: 0 } }],
      }),
    )
      .replace('"startTimeUnixNano":0', '"startTimeUnixNano": 1795335545639000001')
      .replace('"intValue":0', '"intValue":-9223372036854775807');
    expect(decode(bare).spans[0]).toMatchObject({
      name: 'a 12345678901234567890, "b',
      startTimeUnixNano: 1795335545639000001n,
      attributes: { k: '-9223372036854775807' },
    });
  });

  it('reads every kind of value', () => {
    expect(valueOf(undefined)).toBeNull();
    expect(valueOf({})).toBeNull();
    expect(valueOf({ stringValue: '' })).toBe('');
    expect(valueOf({ boolValue: false })).toBe(false);
    expect(valueOf({ doubleValue: 'NaN' })).toBe('NaN');
    expect(valueOf({ doubleValue: '1.5' })).toBe(1.5);
    expect(valueOf({ bytesValue: '_-8=' })).toEqual({ bytes: '/+8=' });
    expect(valueOf({ arrayValue: {} })).toEqual([]);
    expect(
      valueOf({
        kvlistValue: { values: [{ key: 'a', value: { arrayValue: { values: [{ intValue: '1' }, {}] } } }] },
      }),
    ).toEqual({
      a: [1, null],
    });
  });

  it('reads enums by number and by name', () => {
    expect(decode(oneSpan({ kind: 3, status: { code: 2, message: 'no' } })).spans[0]).toMatchObject({
      kind: 3,
      statusCode: 2,
      statusMessage: 'no',
    });
    expect(
      decode(oneSpan({ kind: 'SPAN_KIND_CLIENT', status: { code: 'STATUS_CODE_ERROR' } })).spans[0],
    ).toMatchObject({
      kind: 3,
      statusCode: 2,
    });
  });

  it('counts spans that it cannot keep, and keeps the others', () => {
    const good = { traceId: TRACE, spanId: SPAN };
    const spans = [
      { ...good, spanId: 'abc' },
      good,
      { ...good, traceId: '0'.repeat(32) },
      { ...good, parentSpanId: 'zz'.repeat(8) },
      { ...good, startTimeUnixNano: 'soon' },
      { ...good, startTimeUnixNano: '99999999999999999999' },
      { ...good, name: 7 },
      { ...good, attributes: [{ key: 'k', value: { intValue: '1'.repeat(400) } }] },
      { ...good, attributes: [{ key: 'k', value: { boolValue: 'yes' } }] },
      { ...good, links: [{ traceId: TRACE, spanId: '' }] },
      { ...good, parentSpanId: '0'.repeat(16) },
    ];
    const { spans: kept, rejected } = decode({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(kept).toHaveLength(2);
    expect(kept[1]).not.toHaveProperty('parentSpanId');
    expect(rejected).toEqual({
      count: 9,
      reason: 'resourceSpans[0].scopeSpans[0].spans[0].spanId is not 16 hex digits, or all zero.',
    });
  });

  it('rejects the span whose value nests too deep, without falling over', () => {
    expect(decode(nestedRequest(63)).spans).toHaveLength(1);
    expect(decode(nestedRequest(64))).toMatchObject({ spans: [], rejected: { count: 1 } });
    expect(decode(nestedRequest(100_000))).toMatchObject({ spans: [], rejected: { count: 1 } });
  });

  it.each([
    ['attributes as an object', oneSpan({ attributes: { a: 'b' } }), /attributes is an object/],
    ['a bare attribute value', oneSpan({ attributes: [{ key: 'a', value: 'b' }] }), /"a" has a bare value/],
    [
      'a span without ids',
      { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'x' }] }] }] },
      /no traceId or no spanId/,
    ],
    ['a span id that is empty', oneSpan({ spanId: '' }), /no traceId or no spanId/],
    ['spans that are no list', { resourceSpans: [{ scopeSpans: [{ spans: {} }] }] }, /spans is not a list/],
    ['a resource attribute nested too deep', '@deep', /deeper than 64/],
    ['a list', '[]', /body is not an object/i],
    ['text', 'hello', /not JSON/],
    ['half a request', '{"resourceSpans":[', /not JSON/],
    ['nothing', '', /not JSON/],
  ])('refuses %s', (_, request, message) => {
    const deep = `{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":${'{"arrayValue":{"values":['.repeat(70)}{}${']}}'.repeat(70)}}]}}]}`;
    let thrown: unknown;
    try {
      decode(request === '@deep' ? deep : request);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'SPOOR_OTLP_MALFORMED',
      message: expect.stringMatching(message) as string,
    });
  });

  it('treats keys of the prototype as keys', () => {
    const attributes = ['__proto__', 'constructor', 'toString'].map((key) => ({
      key,
      value: { stringValue: 'mine' },
    }));
    const { spans } = decode(oneSpan({ attributes }));
    expect(Object.entries(spans[0]?.attributes ?? {})).toEqual([
      ['__proto__', 'mine'],
      ['constructor', 'mine'],
      ['toString', 'mine'],
    ]);
    expect(decode('{"__proto__":{"resourceSpans":[1]}}').spans).toEqual([]);
    expect(({} as { mine?: unknown }).mine).toBeUndefined();
  });

  it('reads what is not UTF-8 with replacement characters', () => {
    const body = Buffer.concat([
      Buffer.from(
        `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}","name":"a`,
      ),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}]}]}]}'),
    ]);
    expect(decodeTraceRequest(body, 'json').spans[0]?.name).toBe('a\uFFFD\uFFFD');
  });
});
