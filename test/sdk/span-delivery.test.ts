import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { diag, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Options } from '../../src/config/options.js';
import { applyOptions, resetSettings, currentSettings, resolvedSettings } from '../../src/config/settings.js';
import { endpointTarget } from '../../src/config/targets.js';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { createOtlpDelivery } from '../../src/sdk/exporter.js';
import { MASK_FAILED } from '../../src/sdk/mask-text.js';
import type { SpanDelivery } from '../../src/sdk/span-delivery.js';
import { activeContext } from '../../src/tracing/active-context.js';
import { SUPPRESS_TRACING_KEY } from '../../src/tracing/context-keys.js';
import { resetReported } from '../../src/tracing/diag.js';
import { captureDiagnostics } from '../support/captured-diagnostics.js';
import { startOtlpSink, type OtlpSink } from '../support/otlp-sink.js';

let sink: OtlpSink;
let delivery: SpanDelivery;
let messages: string[];

beforeEach(async () => {
  sink = await startOtlpSink();
  messages = captureDiagnostics();
  resetReported();
});
afterEach(async () => {
  await delivery.shutdown();
  await sink.close();
  resetSettings();
  diag.disable();
  for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_BSP_')) delete process.env[name];
});

function provide(options: Options = {}, url = `${sink.url}/v1/traces`): NodeTracerProvider {
  applyOptions(options, {});
  delivery = createOtlpDelivery(currentSettings(), endpointTarget(resolvedSettings(), url));
  return new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'svc', 'db.password': 'hunter2' }),
    spanProcessors: [delivery],
  });
}

describe('delivery', () => {
  it('sends every span of a burst of 20,000 in one tick', async () => {
    const tracer = provide().getTracer('t');
    for (let index = 0; index < 20_000; index += 1) tracer.startSpan(`s${index}`).end();
    expect(await delivery.drain(20_000)).toEqual({
      delivered: 20_000,
      dropped: 0,
      rejected: 0,
      pending: 0,
      journaled: 0,
    });
    expect(new Set(sink.spans.map((span) => span.name)).size).toBe(20_000);
    expect(sink.requests.every(({ spanCount }) => spanCount <= 512)).toBe(true);
  });

  it('sends by itself after the delay, with headers, key and gzip', async () => {
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '20';
    const tracer = provide({ apiKey: 'k', headers: { 'x-team': 'core' } }).getTracer('t');
    tracer.startSpan('one', { attributes: { long: 'x'.repeat(2000) } }).end();
    await sink.until(({ spans }) => spans.length === 1);
    expect(sink.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer k',
      'x-team': 'core',
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
  });

  it('speaks protobuf when it is asked to', async () => {
    const tracer = provide({ protocol: 'http/protobuf' }).getTracer('t');
    tracer.startSpan('one', { attributes: { 'api.key': 'x', n: 1 } }).end();
    expect(await delivery.drain(5000)).toMatchObject({ delivered: 1 });
    expect(sink.requests[0]?.headers['content-type']).toBe('application/x-protobuf');
    const { spans } = decodeTraceRequest(sink.requests[0]?.body ?? Buffer.alloc(0), 'protobuf');
    expect(spans.map((span) => [span.name, span.attributes])).toEqual([
      ['one', { 'api.key': '[masked]', n: 1 }],
    ]);
  });

  it('keeps spans through failures and sends each once', async () => {
    sink.answers.push(
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 429, headers: { 'retry-after': '0' } },
    );
    const tracer = provide().getTracer('t');
    tracer.startSpan('kept').end();
    expect(await delivery.drain(10_000)).toMatchObject({ delivered: 1, pending: 0 });
    expect(sink.requests).toHaveLength(3);
    expect(sink.spans.map((span) => span.name)).toEqual(['kept']);
  });

  it('gives up a refused batch, counted and reported once', async () => {
    sink.answers.push({ status: 401 }, { status: 401 });
    const tracer = provide().getTracer('t');
    tracer.startSpan('a').end();
    await delivery.drain(5000);
    tracer.startSpan('b').end();
    await delivery.drain(5000);
    expect(delivery.counts()).toEqual({
      delivered: 0,
      dropped: 0,
      rejected: 2,
      pending: 0,
      journaled: 0,
    });
    expect(messages).toEqual([expect.stringContaining('HTTP 401')]);
  });

  it('halves a batch that is too large, and loses only the span that is', async () => {
    sink.answers.push({ status: 413 }, { status: 200 }, { status: 413 });
    const tracer = provide().getTracer('t');
    for (const name of ['a', 'b', 'c']) tracer.startSpan(name).end();
    await delivery.drain(5000);
    expect(delivery.counts()).toEqual({
      delivered: 2,
      dropped: 0,
      rejected: 1,
      pending: 0,
      journaled: 0,
    });
    expect(sink.spans.map((span) => span.name)).toEqual(['a', 'b']);
  });

  it('leaves what a full queue cannot hold to the journal, the oldest first', async () => {
    process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '10';
    process.env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'] = '4';
    const tracer = provide({ deliverOnExit: false }).getTracer('t');
    for (let index = 0; index < 15; index += 1) tracer.startSpan(`s${index}`).end();
    expect(delivery.counts()).toMatchObject({ dropped: 0, pending: 7, journaled: 8 });
    await delivery.drain(5000);
    expect(sink.spans.map(({ name }) => name)).toEqual(Array.from({ length: 7 }, (_, i) => `s${i + 8}`));
    expect(messages).toEqual([]);
  });

  it('counts what a full queue loses without a journal, and reports it once', async () => {
    process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '10';
    const tracer = provide({ durability: 'memory' }).getTracer('t');
    for (let index = 0; index < 15; index += 1) tracer.startSpan('x').end();
    expect(delivery.counts()).toMatchObject({ dropped: 5, pending: 10 });
    expect(messages).toEqual([expect.stringContaining('queue of 10')]);
    await delivery.drain(5000);
    expect(sink.spans).toHaveLength(10);
  });

  it('gives up a dead address at once and keeps the spans', async () => {
    const tracer = provide({}, 'http://127.0.0.1:9/v1/traces').getTracer('t');
    tracer.startSpan('x').end();
    const started = performance.now();
    expect(await delivery.drain(5000)).toMatchObject({ delivered: 0, pending: 1 });
    expect(performance.now() - started).toBeLessThan(2000);
    expect(messages).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  it('gives up a receiver that does not answer when its time is over', async () => {
    sink.answers.push('hang', 'hang');
    const tracer = provide().getTracer('t');
    tracer.startSpan('x').end();
    expect(await delivery.drain(300)).toMatchObject({ delivered: 0, pending: 1 });
    expect(await delivery.drain(300)).toMatchObject({ delivered: 0, pending: 1 });
    expect(await delivery.drain(5000)).toMatchObject({ delivered: 1, pending: 0 });
  });
});

describe('the masking on the way out', () => {
  it('reaches every text of a span and leaves the live span as it was', async () => {
    const secret = 'sk-abcdefgh12345678';
    const tracer = provide({ mask: (text) => text.replaceAll('Jane', '<name>') }).getTracer('t');
    const linked = tracer.startSpan('linked');
    const span = tracer.startSpan(`Jane ${secret}`, {
      attributes: {
        note: `Jane ${secret}`,
        list: ['Jane', secret],
        'api.key': 'x',
        count: 3,
        json: '{"password":"p"}',
      },
      links: [{ context: linked.spanContext(), attributes: { token: 'x' } }],
    });
    span.addEvent(`Jane ${secret}`, { authorization: 'x', text: secret });
    span.setStatus({ code: SpanStatusCode.ERROR, message: `Jane ${secret}` });
    span.end();
    await delivery.drain(5000);
    const sent = sink.spans[0];
    expect({ ...sent, traceId: '', spanId: '', startTimeUnixNano: '', endTimeUnixNano: '' }).toMatchObject({
      name: '<name> [masked]',
      resource: { 'service.name': 'svc', 'db.password': '[masked]' },
      attributes: {
        note: '<name> [masked]',
        list: ['<name>', '[masked]'],
        'api.key': '[masked]',
        count: 3,
        json: '{"password":"[masked]"}',
      },
      links: [{ attributes: { token: '[masked]' } }],
      events: [{ name: '<name> [masked]', attributes: { authorization: '[masked]', text: '[masked]' } }],
      status: { code: 2, message: '<name> [masked]' },
    });
    expect(JSON.stringify(sent)).not.toMatch(/sk-abc|Jane|hunter2/);
    expect((span as unknown as { attributes: object }).attributes).toMatchObject({ note: `Jane ${secret}` });
    linked.end();
  });

  it('sends a placeholder when the mask throws, and says so once without the text', async () => {
    const tracer = provide({
      mask: (text) => {
        throw new Error(`cannot mask ${text}`);
      },
    }).getTracer('t');
    tracer.startSpan('private', { attributes: { a: 'private', n: 1 } }).end();
    await delivery.drain(5000);
    expect(sink.spans[0]).toMatchObject({ name: MASK_FAILED, attributes: { a: MASK_FAILED, n: 1 } });
    expect(messages).toHaveLength(1);
    expect(messages.join()).not.toContain('private');
  });

  it('marks its own requests as not to be traced, for apps that trace their HTTP client', async () => {
    const suppressed: unknown[] = [];
    const note = (): void => void suppressed.push(activeContext().getValue(SUPPRESS_TRACING_KEY));
    subscribe('http.client.request.start', note);
    const tracer = provide().getTracer('t');
    tracer.startSpan('x').end();
    await delivery.drain(5000);
    unsubscribe('http.client.request.start', note);
    expect(suppressed).toEqual([true]);
  });
});
