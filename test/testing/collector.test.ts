import { gzipSync } from 'node:zlib';
import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, describe, expect, it } from 'vitest';
import { startCollector, type Collector } from '../../src/testing/index.js';

let collector: Collector;
afterEach(() => collector.close());

function sender(): NodeTracerProvider {
  const exporter = new OTLPTraceExporter({ url: collector.tracesUrl });
  return new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
}

describe('the collector', () => {
  it('keeps what the OpenTelemetry exporter sends', async () => {
    collector = await startCollector();
    const provider = sender();
    const tracer = provider.getTracer('shop', '1.2.3');
    const parent = tracer.startSpan('checkout', { attributes: { items: 3, paid: true } });
    tracer.startSpan('charge', {}, trace.setSpan(context.active(), parent)).end();
    parent.end();
    const spans = await collector.waitForSpans(2);
    await provider.shutdown();
    const [child, root] = spans;
    expect(child).toMatchObject({
      name: 'charge',
      traceId: root?.traceId,
      parentSpanId: root?.spanId,
      scope: { name: 'shop', version: '1.2.3' },
    });
    expect({ ...root?.attributes }).toEqual({ items: 3, paid: true });
    expect(collector.requests.map((request) => [request.path, request.encoding])).toEqual([
      ['/v1/traces', 'json'],
      ['/v1/traces', 'json'],
    ]);
    collector.clear();
    expect([collector.spans, collector.requests]).toEqual([[], []]);
  });

  it('says what came when too little did', async () => {
    collector = await startCollector();
    const provider = sender();
    provider.getTracer('shop').startSpan('only one').end();
    await collector.waitForSpans(1);
    await expect(collector.waitForSpans(2, { timeoutMs: 20 })).rejects.toThrow(
      'Waited 20 ms for 2 spans; 1 came: only one.',
    );
    await provider.shutdown();
  });

  it('refuses what it is told to refuse, and what is not OTLP', async () => {
    collector = await startCollector({
      refuse: ({ headers }) =>
        headers['x-test'] === 'busy' ? { status: 503, retryAfterSeconds: 2 } : undefined,
    });
    const post = (body: Uint8Array | string, headers: Record<string, string>): Promise<Response> =>
      fetch(collector.tracesUrl, { method: 'POST', body, headers });
    const json = { 'content-type': 'application/json' };
    const busy = await post('{"resourceSpans":[]}', { ...json, 'x-test': 'busy' });
    expect([busy.status, busy.headers.get('retry-after'), await busy.json()]).toEqual([
      503,
      '2',
      { code: 14, message: 'Refused by the test.' },
    ]);
    expect((await post('nonsense', json)).status).toBe(400);
    const packed = await post(gzipSync('{"resourceSpans":[]}'), { ...json, 'content-encoding': 'gzip' });
    expect([packed.status, await packed.json()]).toEqual([200, {}]);
    expect(collector.spans).toEqual([]);
  });
});
