/**
 * One emitter in a process of its own: makes the calls of the truth, each in a trace of its own, and sends what the emitter
 * traced to the collector. Prints what became of each call as JSON.
 */
import process from 'node:process';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { CALLS } from '../truth.js';
import { EMITTERS } from './emitters.mjs';

const [name, collectorUrl, openaiUrl, anthropicUrl] = process.argv.slice(2);
const emitter = EMITTERS[name];
let current = '';
/** Every span says which call it belongs to. */
const stamp = {
  onStart: (span) => span.setAttribute('truth.call', current),
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};
const exporter = new OTLPTraceExporter({ url: `${collectorUrl}/v1/traces` });
const provider = new NodeTracerProvider({
  spanProcessors: [stamp, ...(emitter.processors?.() ?? []), new SimpleSpanProcessor(exporter)],
});
provider.register();
const calls = await emitter.start({
  collectorUrl,
  openaiUrl,
  anthropicUrl,
  provider,
  exporter,
  current: () => current,
});
const outcomes = {};
for (const call of CALLS) {
  if (calls[call] === undefined) continue;
  current = call;
  try {
    await calls[call]();
    outcomes[call] = 'completed';
  } catch (error) {
    outcomes[call] = String(error.message ?? error).slice(0, 200);
  }
  await emitter.flush?.();
  await provider.forceFlush();
}
await provider.shutdown();
process.stdout.write(JSON.stringify(outcomes));
process.exit(0);
