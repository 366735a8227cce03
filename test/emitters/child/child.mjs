/**
 * One emitter in a process of its own: makes the calls of the truth, each in a trace of its own, and sends what the emitter
 * traced to the receiver. Writes a line of JSON when a call has ended and its spans have been sent.
 */
import { once } from 'node:events';
import process from 'node:process';
import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { CALLS } from '../truth.js';
import { EMITTERS } from './emitters.mjs';

const [name, receiverUrl, openaiUrl, anthropicUrl] = process.argv.slice(2);
const emitter = EMITTERS[name];
const exporter = new OTLPTraceExporter({ url: `${receiverUrl}/v1/traces` });
const provider = new NodeTracerProvider({
  spanProcessors: [...(emitter.processors?.() ?? []), new SimpleSpanProcessor(exporter)],
});
provider.register();
const logExporter = new OTLPLogExporter({ url: `${receiverUrl}/v1/logs` });
const loggerProvider = new LoggerProvider({
  processors: [new SimpleLogRecordProcessor({ exporter: logExporter })],
});
logs.setGlobalLoggerProvider(loggerProvider);
const calls = await emitter.start({ receiverUrl, openaiUrl, anthropicUrl, provider, exporter });
for (const call of CALLS) {
  if (calls[call] === undefined) continue;
  let outcome = 'completed';
  try {
    await calls[call]();
  } catch (error) {
    outcome = String(error.message ?? error).slice(0, 300);
  }
  await emitter.flush?.();
  await provider.forceFlush();
  await loggerProvider.forceFlush();
  process.stdout.write(`${JSON.stringify({ call, outcome })}\n`);
  // What follows belongs to the next call: its spans are told apart by when they arrive.
  await once(process.stdin, 'data');
}
process.exit(0);
