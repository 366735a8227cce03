/**
 * What a span costs from its start until it is sent: our provider, with stamps, masking and delivery, beside the SDK's own
 * batch processor and exporter. Run as a process of its own, which prints its rows as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { configure } from '../../dist/src/sdk/configure.js';
import { currentTracer } from '../../dist/src/tracing/provider.js';
import { interleave, median } from './interleave.js';
import { MESSAGES } from './wire.js';

const quick = process.argv.includes('--quick');
const BATCH = 400;
const CONTENT = JSON.stringify(
  MESSAGES.map(({ role, content }) => ({ role, parts: [{ type: 'text', content: content.repeat(10) }] })),
);

function startAndEnd(tracer) {
  const span = tracer.startSpan('chat model-a', {
    kind: SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-a',
      'gen_ai.request.temperature': 0,
      'gen_ai.request.max_tokens': 256,
      'server.address': 'api.example.com',
      'server.port': 443,
      'gen_ai.input.messages': CONTENT,
    },
  });
  span.setAttributes({
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.response.model': 'model-a-2026',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 18,
    'gen_ai.usage.output_tokens': 14,
    'gen_ai.output.messages': CONTENT,
  });
  span.end();
}

const sink = spawn(process.execPath, [new URL('sink.js', import.meta.url).pathname], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [printed] = await once(sink.stdout, 'data');
const url = `http://127.0.0.1:${Number(String(printed))}`;

const stock = new NodeTracerProvider({
  spanProcessors: [
    new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }), { maxQueueSize: 4 * BATCH }),
  ],
});
const handle = configure({ mode: 'own', endpoint: url, serviceName: 'bench', captureContent: true });
const ours = currentTracer('spoor');
if (ours === undefined) throw new Error('There is no provider of our own.');
const theirs = stock.getTracer('by-hand');

async function batch(tracer, flush) {
  for (let count = 0; count < BATCH; count++) startAndEnd(tracer);
  await flush();
}

const times = await interleave(
  {
    floor: { run: () => batch(theirs, () => stock.forceFlush()) },
    spoor: { run: () => batch(ours, () => handle.flush(10_000)) },
  },
  { rounds: quick ? 7 : 19, runs: 3, warmup: 1 },
);
const { delivered, dropped, rejected } = await handle.flush();
if (dropped + rejected > 0 || delivered < BATCH) {
  throw new Error(`Of our spans, ${delivered} arrived, ${dropped} were dropped, ${rejected} refused.`);
}
console.log(
  JSON.stringify([
    {
      name: 'span, from start to sent',
      unit: 'µs',
      floor: median(times.floor) / BATCH,
      spoor: median(times.spoor) / BATCH,
    },
  ]),
);
await handle.shutdown();
await stock.shutdown();
sink.stdin.end();
