/** Preloaded: OpenInference, set up as its documentation says, in the place of spoor. */
import process from 'node:process';
import { setSession, setUser, traceTool } from '@arizeai/openinference-core';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { resolveSpoor } from './resolve-spoor.mjs';

const exporter = new OTLPTraceExporter({ url: `${process.env.EXAMPLE_RECEIVER}/v1/traces` });
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
// The copy that the example loads, not the one beside this file.
const { default: OpenAI } = await import(process.env.EXAMPLE_OPENAI);
new OpenAIInstrumentation().manuallyInstrument(OpenAI);
process.once('beforeExit', () => void provider.shutdown());
resolveSpoor(import.meta.url);

export function withSession({ userId }, work) {
  const active = setUser(setSession(context.active(), { sessionId: process.env.EXAMPLE_SESSION }), {
    userId,
  });
  return context.with(active, () => work({ update() {} }));
}

export function tool({ name }, run) {
  return traceTool(run, { name });
}
