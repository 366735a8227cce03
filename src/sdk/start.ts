import type { TracerProvider } from '@opentelemetry/api';
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  NodeTracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { ownEndpoint, tracesUrl } from '../config/endpoint.js';
import { resolvedSettings } from '../config/settings.js';
import { warnOnce } from '../tracing/diag.js';
import { attachProcessor } from './attach.js';
import { createOtlpDelivery } from './exporter.js';
import { addDelivery, addSpanProcessor, watchProcessEnd } from './process-end.js';
import { createResource } from './resource.js';
import { SpoorSpanProcessor } from './span-processor.js';
import { noteStart } from './started.js';

/**
 * The part that loads the OpenTelemetry SDK. It is required at the first span, never by the preload itself.
 * @returns the provider of our own, or undefined when nothing is to be recorded.
 */
export function startProvider(): TracerProvider | undefined {
  const resolved = resolvedSettings();
  const { settings } = resolved;
  reportProblems(resolved.problems);
  if (!settings.enabled || settings.storage === 'none') return undefined;
  const stamping = new SpoorSpanProcessor();
  const provider = new NodeTracerProvider({
    resource: createResource(settings),
    spanProcessors: [stamping, outgoing()],
  });
  addSpanProcessor(stamping);
  watchProcessEnd();
  noteStart();
  if (settings.mode === 'global') provider.register();
  return provider;
}

/**
 * Makes an app's provider carry our stamps and, when an endpoint was given for spoor itself, our export beside its own.
 */
export function joinProvider(provider: TracerProvider): void {
  const resolved = resolvedSettings();
  reportProblems(resolved.problems);
  const stamping = new SpoorSpanProcessor();
  // The app may have listed the processor itself, or be of a shape that takes none: its spans are still recorded into.
  if (attachProcessor(provider, stamping)) addSpanProcessor(stamping);
  watchProcessEnd();
  noteStart();
  const url = ownEndpoint(resolved);
  if (url === undefined || resolved.settings.storage === 'none') return;
  const delivery = createOtlpDelivery(resolved, url);
  if (!attachProcessor(provider, delivery)) return;
  addDelivery(delivery);
}

function outgoing(): SpanProcessor {
  const resolved = resolvedSettings();
  if (resolved.settings.storage === 'console') return new BatchSpanProcessor(new ConsoleSpanExporter());
  const delivery = createOtlpDelivery(resolved, tracesUrl(resolved));
  addDelivery(delivery);
  return delivery;
}

function reportProblems(problems: readonly string[]): void {
  for (const problem of problems) warnOnce(`environment:${problem}`, problem);
}
