import type { TracerProvider } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { provideLateModules } from '../../src/late-modules.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { resetReported } from '../../src/tracing/diag.js';
import { setIsolated, setJoinHandler, setJoinOnly, setProviderStarter } from '../../src/tracing/provider.js';

provideLateModules();

export interface RecordedSpans {
  provider: TracerProvider;
  /** Ended spans, in the order of their ends. */
  all(): ReadableSpan[];
  named(name: string): ReadableSpan;
}

/** Puts a real provider with a memory exporter in the place of our own. */
export function recordSpans(): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(exporter)],
  });
  setIsolated(false);
  setJoinOnly(false);
  setJoinHandler(undefined);
  setProviderStarter(() => provider);
  resetReported();
  return {
    provider,
    all: () => exporter.getFinishedSpans(),
    named: (name) => {
      const found = exporter.getFinishedSpans().filter((span) => span.name === name);
      if (found.length !== 1) {
        throw new Error(
          `${found.length} spans are named ${name}, of ${exporter
            .getFinishedSpans()
            .map((span) => span.name)
            .join(', ')}`,
        );
      }
      return found[0] as ReadableSpan;
    },
  };
}

/** Id of the parent span. */
export function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}
