import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runTranslator, until } from './running.js';

test.each(['none', 'gzip'])(
  'takes what the OpenTelemetry SDK for Node sends, compression %s',
  async (compression) => {
    const { url, store } = await runTranslator();
    vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', compression);
    onTestFinished(() => void vi.unstubAllEnvs());
    const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
    const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    const tracer = provider.getTracer('test-agent', '1.0.0');
    const root = tracer.startSpan('invoke_agent buyer', { attributes: { 'session.id': 'run-1' } });
    root.addEvent('started', { at: 1 });
    root.end();
    await provider.forceFlush();
    await provider.shutdown();
    const { traceId, spanId } = root.spanContext();
    const spans = await until(
      () => store.rawSpans(traceId),
      ({ length }) => length > 0,
    );
    expect(
      spans.map((span) => ({
        id: span.spanId,
        name: span.name,
        scope: span.scope.name,
        events: span.events.length,
      })),
    ).toEqual([{ id: spanId, name: 'invoke_agent buyer', scope: 'test-agent', events: 1 }]);
    expect(await (await fetch(`${url}/api/sessions`)).json()).toMatchObject({
      items: [{ id: 'run-1', traceIds: [traceId] }],
    });
  },
);
