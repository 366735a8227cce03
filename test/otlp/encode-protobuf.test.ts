import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeLogsRequest, decodeTraceRequest } from '../../src/otlp/decode.js';
import { encodeLogsRequestProtobuf, encodeTraceRequestProtobuf } from '../../src/otlp/encode-protobuf.js';
import type { LogRecord, SpanRecord } from '../../src/otlp/records.js';

const SPAN: SpanRecord = {
  traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
  spanId: '051581bf3cb55c13',
  parentSpanId: '00f067aa0ba902b7',
  traceState: 'a=b',
  flags: 0x301,
  name: 'chat é',
  kind: 3,
  startTimeUnixNano: 1_700_000_000_123_456_789n,
  endTimeUnixNano: 18_446_744_073_709_551_615n,
  attributes: Object.assign(Object.create(null) as SpanRecord['attributes'], {
    text: 'x'.repeat(300),
    empty: '',
    zero: 0,
    negative: -7,
    large: Number.MAX_SAFE_INTEGER,
    small: Number.MIN_SAFE_INTEGER,
    double: 0.25,
    yes: true,
    no: false,
    none: null,
    list: ['a', 1, [true]],
    bytes: { bytes: 'AAEC' },
    __proto__: 'not this',
  }),
  events: [{ timeUnixNano: 5n, name: 'e', attributes: { a: 1 }, droppedAttributesCount: 2 }],
  links: [
    { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceState: 'c=d', attributes: { k: 'v' }, flags: 1 },
  ],
  statusCode: 2,
  statusMessage: 'no',
  droppedAttributesCount: 1,
  droppedEventsCount: 300,
  droppedLinksCount: 3,
  resource: { attributes: { 'service.name': 's' }, droppedAttributesCount: 4, schemaUrl: 'https://r' },
  scope: { name: 'scope', version: '1', attributes: { deep: { a: { b: 1 } } }, schemaUrl: 'https://s' },
};

describe('a trace request in protobuf', () => {
  test('is read again as the spans that it was written from, in their groups and order', () => {
    const { resource } = SPAN;
    const other = { ...SPAN, spanId: '1'.repeat(16), scope: { name: 'other' } };
    const bare: SpanRecord = {
      traceId: 'c'.repeat(32),
      spanId: 'd'.repeat(16),
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
    };
    const spans = [SPAN, other, { ...SPAN, spanId: '2'.repeat(16), resource }, bare];
    const read = decodeTraceRequest(encodeTraceRequestProtobuf(spans), 'protobuf');
    expect(read.rejected).toBeUndefined();
    expect(read.spans).toEqual([spans[0], spans[2], spans[1], spans[3]]);
  });

  test('of no spans is empty', () => {
    expect(encodeTraceRequestProtobuf([])).toHaveLength(0);
  });

  const corpus = join(process.env['SPOOR_CORPUS'] ?? '', 'otlp');
  const hasCorpus = process.env['SPOOR_CORPUS'] !== undefined && existsSync(corpus);
  test.skipIf(!hasCorpus).each(['js-sdk-2.12-trace.pb', 'js-sdk-3.1-complex-attributes-trace.pb'])(
    'of an SDK (%s) says the same when it is written again (skipped without SPOOR_CORPUS)',
    (name) => {
      const { spans } = decodeTraceRequest(readFileSync(join(corpus, name)), 'protobuf');
      expect(spans.length).toBeGreaterThan(0);
      expect(decodeTraceRequest(encodeTraceRequestProtobuf(spans), 'protobuf').spans).toEqual(spans);
    },
  );
});

describe('a logs request in protobuf', () => {
  const resource = { attributes: { 'service.name': 's' } };
  const scope = { name: 'scope', version: '1' };
  const LOG: LogRecord = {
    timeUnixNano: 1_700_000_000_123_456_789n,
    observedTimeUnixNano: 18_446_744_073_709_551_615n,
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'gen_ai.choice',
    body: { text: 'é', list: [1, 0.5, null, true], bytes: { bytes: 'AAEC' } },
    attributes: { a: '' },
    droppedAttributesCount: 3,
    flags: 1,
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    resource,
    scope,
  };
  const BARE: LogRecord = {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    body: null,
    attributes: {},
    resource: { attributes: {} },
    scope: { name: '' },
  };

  test('is read again as the records that it was written from', () => {
    const logs = [LOG, { ...LOG, eventName: 'other' }, BARE, { ...LOG, severityNumber: -5 }];
    const read = decodeLogsRequest(encodeLogsRequestProtobuf(logs), 'protobuf');
    expect(read.rejected).toBeUndefined();
    expect(read.logs).toEqual([logs[0], logs[1], logs[3], logs[2]]);
  });
});
