import type { TracerProvider } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { warnOnce } from '../tracing/diag.js';
import { actualProvider } from '../tracing/provider.js';
import { SpoorSpanProcessor } from './span-processor.js';

/**
 * Adds our stamping to an app's own provider, for providers that are already built. Listing `SpoorSpanProcessor` among
 * the provider's span processors does the same. Returns false, with one diagnostic, when the provider cannot take it.
 * @example
 * const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
 * attach(provider);
 */
export function attach(provider: TracerProvider): boolean {
  return attachProcessor(provider, new SpoorSpanProcessor());
}

/**
 * SDKs have had no public way to add a processor since 2.0. The list that they keep is reached by its shape, which is the
 * same in 2.x and 3.x; anything else is left alone.
 */
export function attachProcessor(provider: TracerProvider, processor: SpanProcessor): boolean {
  const processors = processorsOf(actualProvider(provider));
  if (processors === undefined) {
    warnOnce(
      'attach-shape',
      'the tracer provider has an unknown shape, so foreign spans get no session; list SpoorSpanProcessor in it',
    );
    return false;
  }
  if (processor instanceof SpoorSpanProcessor) {
    if (processors.some((listed) => listed instanceof SpoorSpanProcessor)) return false;
    // First, so that what the app's own processors see at the start has the stamps.
    processors.unshift(processor);
    return true;
  }
  processors.push(processor);
  return true;
}

function processorsOf(provider: TracerProvider): SpanProcessor[] | undefined {
  const active = (provider as { _activeSpanProcessor?: { _spanProcessors?: unknown } })._activeSpanProcessor;
  const processors = active?._spanProcessors;
  return Array.isArray(processors) ? (processors as SpanProcessor[]) : undefined;
}
