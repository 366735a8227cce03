import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

export interface Payload {
  name: string;
  path: '/v1/traces' | '/v1/logs' | '/v1/metrics';
  isJson: boolean;
  body: Buffer;
}

/** Requests as the OpenTelemetry SDK writes them, and recorded ones where there is a folder of them. */
export async function fuzzPayloads(corpus: string | undefined): Promise<Payload[]> {
  const payloads: Payload[] = [];
  const add = (name: string, path: Payload['path'], json: unknown, protobuf: unknown): void => {
    payloads.push({ name: `${name}, JSON`, path, isJson: true, body: Buffer.from(json as Uint8Array) });
    payloads.push({
      name: `${name}, protobuf`,
      path,
      isJson: false,
      body: Buffer.from(protobuf as Uint8Array),
    });
  };
  const spans = emittedSpans();
  add(
    'spans',
    '/v1/traces',
    JsonTraceSerializer.serializeRequest(spans),
    ProtobufTraceSerializer.serializeRequest(spans),
  );
  const logs = emittedLogs();
  add(
    'logs',
    '/v1/logs',
    JsonLogsSerializer.serializeRequest(logs),
    ProtobufLogsSerializer.serializeRequest(logs),
  );
  const metrics = await emittedMetrics();
  add(
    'metrics',
    '/v1/metrics',
    JsonMetricsSerializer.serializeRequest(metrics),
    ProtobufMetricsSerializer.serializeRequest(metrics),
  );
  return [...payloads, ...recorded(corpus)];
}

function recorded(corpus: string | undefined): Payload[] {
  if (corpus === undefined) return [];
  const folder = join(corpus, 'otlp');
  return readdirSync(folder).map((name) => ({
    name,
    path: /^(logs|events)\b/.test(name)
      ? '/v1/logs'
      : name.startsWith('metrics')
        ? '/v1/metrics'
        : '/v1/traces',
    isJson: name.endsWith('.json'),
    body: readFileSync(join(folder, name)),
  }));
}

function emittedSpans(): ReturnType<InMemorySpanExporter['getFinishedSpans']> {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop', 'deployment.environment.name': 'test' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const own = provider.getTracer('spoor', '1.0.0');
  const foreign = provider.getTracer('rival');
  const session = own.startSpan('session buyer', {
    attributes: { 'session.id': 's', 'spoor.session.task': 'Buy' },
  });
  const within = trace.setSpan(ROOT_CONTEXT, session);
  const step = own.startSpan(
    'step look',
    { attributes: { 'session.id': 's', 'spoor.step.id': '1' } },
    within,
  );
  const call = foreign.startSpan(
    'chat m-1',
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm-1',
        'gen_ai.usage.input_tokens': 12,
        'gen_ai.usage.output_tokens': 3,
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Tea?"}]}]',
        'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"Yes."}]}]',
        'gen_ai.response.finish_reasons': ['stop'],
      },
    },
    trace.setSpan(within, step),
  );
  call.addEvent('gen_ai.evaluation.result', {
    'gen_ai.evaluation.name': 'tone',
    'gen_ai.evaluation.score.value': 1,
  });
  call.setStatus({ code: SpanStatusCode.ERROR, message: 'late' });
  call.end();
  step.end();
  own
    .startSpan('amend session', {
      attributes: {
        'spoor.amendment.target': 'session',
        'spoor.amendment.target_id': 's',
        'spoor.session.is_successful': true,
      },
      links: [{ context: session.spanContext() }],
    })
    .end();
  session.end();
  return exporter.getFinishedSpans();
}

function emittedLogs(): Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0] {
  const common = {
    hrTime: [1_800_000_000, 5],
    hrTimeObserved: [1_800_000_000, 6],
    droppedAttributesCount: 0,
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    instrumentationScope: { name: 'com.anthropic.claude_code.events', version: '1' },
  };
  const spanContext = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
  return [
    { ...common, spanContext, eventName: 'gen_ai.user.message', body: { content: 'Tea?' }, attributes: {} },
    {
      ...common,
      body: 'claude_code.api_request',
      attributes: {
        'event.name': 'api_request',
        'session.id': 'cc',
        model: 'm',
        cost_usd: 0.1,
        duration_ms: '12',
      },
    },
    { ...common, eventName: 'gen_ai.evaluation.result', attributes: { 'gen_ai.evaluation.name': 'tone' } },
    {
      ...common,
      severityNumber: 17,
      severityText: 'ERROR',
      body: 'lost',
      attributes: { list: [1, 'a', true] },
    },
  ] as unknown as Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];
}

async function emittedMetrics(): Promise<Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0]> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter('agent').createCounter('calls').add(1, { model: 'm' });
  provider.getMeter('agent').createHistogram('duration').record(2);
  await provider.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  if (metrics === undefined) throw new Error('No metrics were collected.');
  return metrics;
}
