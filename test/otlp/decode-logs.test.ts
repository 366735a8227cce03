import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { countMetricPoints } from '../../src/otlp/count-metric-points.js';
import { decodeLogsRequest } from '../../src/otlp/decode.js';
import type { LogRecord } from '../../src/otlp/records.js';

const corpus = process.env.SPOOR_CORPUS === undefined ? undefined : join(process.env.SPOOR_CORPUS, 'otlp');
const TRACE_ID = 'ab'.repeat(16);
const SPAN_ID = 'cd'.repeat(8);

type Emitted = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];

/** Log records as the OpenTelemetry SDK hands them to its exporters. */
const EMITTED = [
  {
    eventName: 'gen_ai.user.message',
    hrTime: [1_800_000_000, 0],
    hrTimeObserved: [1_800_000_000, 1_000_000],
    severityNumber: 13,
    severityText: 'warning',
    body: { role: 'user', content: 'Grüße', parts: [1, 2.5, true, null, { deep: ['x'] }] },
    attributes: { 'session.id': 's1', size: 3, list: ['a', 'b'] },
    spanContext: { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 },
    droppedAttributesCount: 2,
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    instrumentationScope: { name: 'agent', version: '1.2.3' },
  },
  {
    hrTime: [1_800_000_000, 2_000_000],
    hrTimeObserved: [0, 0],
    body: 'plain text',
    attributes: {},
    droppedAttributesCount: 0,
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    instrumentationScope: { name: 'agent', version: '1.2.3' },
  },
] as unknown as Emitted;

const RESOURCE = { attributes: { 'service.name': 'shop' } };
const SCOPE = { name: 'agent', version: '1.2.3' };
const EXPECTED: LogRecord[] = [
  {
    timeUnixNano: 1_800_000_000_000_000_000n,
    observedTimeUnixNano: 1_800_000_000_001_000_000n,
    severityNumber: 13,
    severityText: 'warning',
    eventName: 'gen_ai.user.message',
    body: { role: 'user', content: 'Grüße', parts: [1, 2.5, true, null, { deep: ['x'] }] },
    attributes: { 'session.id': 's1', size: 3, list: ['a', 'b'] },
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    flags: 1,
    droppedAttributesCount: 2,
    resource: RESOURCE,
    scope: SCOPE,
  },
  {
    timeUnixNano: 1_800_000_000_002_000_000n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    body: 'plain text',
    attributes: {},
    resource: RESOURCE,
    scope: SCOPE,
  },
];

function json(record: object, scope: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ scope, logRecords: [record] }] }] }));
}

describe('log records', () => {
  it.each([
    ['protobuf', ProtobufLogsSerializer],
    ['json', JsonLogsSerializer],
  ] as const)('are read whole from what the OpenTelemetry SDK writes in %s', (encoding, serializer) => {
    const body = serializer.serializeRequest(EMITTED) as Uint8Array;
    expect(decodeLogsRequest(body, encoding)).toEqual({ logs: EXPECTED, rejected: undefined });
  });

  it('may be outside of any span, said by absence or by zeros', () => {
    const { logs } = decodeLogsRequest(json({ traceId: '0'.repeat(32), spanId: '' }), 'json');
    expect(logs[0]).not.toHaveProperty('traceId');
    expect(logs[0]).not.toHaveProperty('spanId');
  });

  it('take severities by number and by name, and numbers as text', () => {
    const { logs } = decodeLogsRequest(
      json({ severityNumber: 'SEVERITY_NUMBER_ERROR2', timeUnixNano: 18446744073709551615n.toString() }),
      'json',
    );
    expect(logs[0]).toMatchObject({ severityNumber: 18, timeUnixNano: 18_446_744_073_709_551_615n });
  });

  it('with one wrong value are left out and counted', () => {
    const body = json({ traceId: 'no hex' });
    expect(decodeLogsRequest(body, 'json')).toEqual({
      logs: [],
      rejected: { count: 1, reason: expect.stringContaining('logRecords[0].traceId') as string },
    });
  });

  it.each(['[]', '{"resourceLogs":{}}', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[1]}]}]}', '{'])(
    'are not found in %s',
    (text) => {
      expect(() => decodeLogsRequest(Buffer.from(text), 'json')).toThrow(
        expect.objectContaining({ code: 'SPOOR_OTLP_MALFORMED' }),
      );
    },
  );

  it('keep a key named __proto__ as a key', () => {
    const attributes = [{ key: '__proto__', value: { stringValue: 'x' } }];
    const { logs } = decodeLogsRequest(
      json({ attributes, body: { kvlistValue: { values: attributes } } }),
      'json',
    );
    expect(Object.keys(logs[0]?.attributes ?? {})).toEqual(['__proto__']);
    expect(Object.keys(logs[0]?.body ?? {})).toEqual(['__proto__']);
  });

  // The corpus is not part of the project: its folder is named by the environment.
  it.skipIf(corpus === undefined)('are read from recorded payloads (needs SPOOR_CORPUS)', () => {
    for (const file of ['logs.json', 'events.json']) {
      const { logs, rejected } = decodeLogsRequest(readFileSync(join(corpus as string, file)), 'json');
      expect([logs.length > 0, rejected], file).toEqual([true, undefined]);
    }
  });
});

describe('data points', () => {
  it.each([
    ['protobuf', ProtobufMetricsSerializer],
    ['json', JsonMetricsSerializer],
  ] as const)('are counted in what the OpenTelemetry SDK writes in %s', async (encoding, serializer) => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    const meter = provider.getMeter('agent');
    const calls = meter.createCounter('calls');
    for (const model of ['a', 'b', 'c']) calls.add(1, { model });
    meter.createHistogram('duration').record(2);
    meter.createGauge('temperature').record(0.5);
    await provider.forceFlush();
    const [metrics] = exporter.getMetrics();
    const body = serializer.serializeRequest(metrics as NonNullable<typeof metrics>) as Uint8Array;
    expect(countMetricPoints(body, encoding)).toBe(5);
    await provider.shutdown();
  });

  it('are not found in what is no request', () => {
    for (const [body, encoding] of [
      [Buffer.from('{"resourceMetrics":1}'), 'json'],
      [Buffer.from([0x0a, 0xff]), 'protobuf'],
    ] as const) {
      expect(() => countMetricPoints(body, encoding)).toThrow(
        expect.objectContaining({ code: 'SPOOR_OTLP_MALFORMED' }),
      );
    }
  });
});
