import type { Attributes, SpanKind } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSpanLine, encodeSpans } from '../../src/sdk/encode-spans.js';
import { richSpan, someSpans } from './journal/some-spans.js';

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const official = (spans: readonly ReadableSpan[]): string =>
  text(JsonTraceSerializer.serializeRequest(spans as ReadableSpan[]));

/** A span with something in every field, but for what is given. */
function spanWith(fields: Partial<ReadableSpan>): ReadableSpan {
  const span = richSpan();
  const { name, kind, startTime, endTime, status, attributes, links, events, duration, ended } = span;
  const { resource, instrumentationScope, parentSpanContext } = span;
  return {
    name,
    kind,
    startTime,
    endTime,
    status,
    attributes,
    links,
    events,
    duration,
    ended,
    resource,
    instrumentationScope,
    ...(parentSpanContext === undefined ? {} : { parentSpanContext }),
    spanContext: () => span.spanContext(),
    droppedAttributesCount: 1,
    droppedEventsCount: 2,
    droppedLinksCount: 3,
    ...fields,
  };
}

const ODD_VALUES: Attributes = {
  empty: '',
  quoted: 'a "b" \\ \n \t \u0001 \u2028 é 漢 😀 \uD800',
  '"key"\n': 'x',
  constructor: 'x',
  negative: -1,
  zero: -0,
  huge: 1e300,
  tiny: 5e-324,
  none: Number.NaN,
  endless: Number.POSITIVE_INFINITY,
  list: ['a', 'b"'],
  holes: ['a', undefined, null],
  bytes: new Uint8Array([0, 255, 7]) as unknown as string,
  nested: { a: [{ b: 'c' }], d: null, e: {} } as unknown as string,
  missing: undefined,
  nothing: null as unknown as string,
};

describe('spans as a trace request', () => {
  it('are the bytes of the official serialiser', () => {
    const scope = { name: 'other', version: '2', schemaUrl: 'https://example.com/1' };
    const resource = resourceFromAttributes({ a: [1, 2] }, { schemaUrl: 'https://example.com/2' });
    const spans = [
      ...someSpans(2),
      richSpan(),
      spanWith({ attributes: ODD_VALUES }),
      spanWith({ instrumentationScope: scope }),
      ...someSpans(1),
      spanWith({ resource, startTime: [0, 0], endTime: [0, 0] }),
      spanWith({ resource, instrumentationScope: scope, startTime: [12, 1.5], endTime: [12, 2_000_000_000] }),
      spanWith({ instrumentationScope: { ...scope, attributes: { x: 1 } } as typeof scope }),
    ];
    expect(text(encodeSpans(spans))).toBe(official(spans));
    expect(text(encodeSpans([]))).toBe(official([]));
  });

  it('are those for whatever text, number or list a span holds', () => {
    const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean());
    const attributes = fc.dictionary(fc.string(), fc.oneof(scalar, fc.array(scalar)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), attributes, (name, said) => {
        const span = spanWith({ name, attributes: said as Attributes });
        expect(text(encodeSpans([span]))).toBe(official([span]));
        expect(text(encodeSpanLine(span))).toBe(`${official([span])}\n`);
      }),
      { numRuns: 300 },
    );
  });

  it('stay readable when a span of another library says no number where there is one', () => {
    const span = spanWith({
      droppedEventsCount: undefined as unknown as number,
      kind: 'x' as unknown as SpanKind,
    });
    expect(JSON.parse(text(encodeSpans([span])))).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ kind: 0, droppedEventsCount: 0 }] }] }],
    });
  });
});

describe('a request of spans that were written down before', () => {
  it('is the same, whether their bytes are still there or not', () => {
    const some = Array.from({ length: 300 }, (_, index) =>
      spanWith({ name: `é ${index}`, attributes: { content: String(index % 10).repeat(index * 100) } }),
    );
    const lines = some.map((span) => text(encodeSpanLine(span)));
    expect(lines).toEqual(some.map((span) => `${official([span])}\n`));
    // More than is kept, in the order in which it was not written.
    const mixed = [...some.toReversed(), ...someSpans(3)];
    expect(text(encodeSpans(mixed))).toBe(official(mixed));
    expect(text(encodeSpans(mixed))).toBe(official(mixed));
  });

  it('says how a span ended, and not how it began', () => {
    const span = spanWith({ ended: false, endTime: [0, 0] });
    encodeSpanLine(span);
    Object.assign(span, { ended: true, endTime: [1_795_000_009, 1] });
    expect(text(encodeSpans([span]))).toBe(official([span]));
  });

  it('is the same for one span that is larger than all that is kept', () => {
    const span = spanWith({ attributes: { content: 'é'.repeat(5_000_000) } });
    expect(text(encodeSpanLine(span))).toBe(`${official([span])}\n`);
    expect(text(encodeSpans([span]))).toBe(official([span]));
  });
});
