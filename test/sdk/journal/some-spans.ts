import { ROOT_CONTEXT, SpanKind, SpanStatusCode, createTraceState, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';

/** Ended spans of a real provider, named `span 0`, `span 1` … */
export function someSpans(count: number): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'svc' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('t', '1.2');
  for (let index = 0; index < count; index += 1) tracer.startSpan(`span ${index}`).end();
  return exporter.getFinishedSpans();
}

/** A span with a value in every field that a span has. */
export function richSpan(): ReadableSpan {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'svc', replicas: 3 }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags: 1,
    isRemote: true,
    traceState: createTraceState('k=v'),
  });
  const span = provider.getTracer('scope', '1').startSpan(
    'naïve “span”',
    {
      kind: SpanKind.CLIENT,
      startTime: [1_795_000_000, 5],
      attributes: {
        text: 'line\nbreak',
        int: 7,
        big: 2 ** 40,
        float: 0.25,
        yes: true,
        list: ['a', 'b'],
        numbers: [1, 2],
      },
      links: [
        {
          context: { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: 1 },
          attributes: { of: 'link' },
        },
      ],
    },
    parent,
  );
  span.addEvent('happened', { at: 'noon' }, [1_795_000_000, 999_999_999]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  span.end([1_795_000_001, 4]);
  const [ended] = exporter.getFinishedSpans();
  if (ended === undefined) throw new Error('the span did not end');
  return ended;
}
