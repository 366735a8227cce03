import { createTraceState, diag, SpanStatusCode, trace, TraceFlags, type Span } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { createSpanMasker } from '../../src/sdk/mask-span.js';
import { MASK_FAILED } from '../../src/sdk/mask-text.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { activeContext } from '../../src/tracing/active-context.js';
import { resetReported } from '../../src/tracing/diag.js';

provideLateModules();

const SECRET = 'sk-proj-a1B2a1B2a1B2a1B2a1B2';
const exporter = new InMemorySpanExporter();

/** A span with the secret in every place that can hold text. */
function planted(scope: string): ReadableSpan {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'process.command': `run ${SECRET}` }),
    spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(exporter)],
  });
  const elsewhere = {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    traceFlags: TraceFlags.SAMPLED,
    traceState: createTraceState(`vendor=${SECRET}`),
  };
  const parent = trace.setSpanContext(activeContext(), elsewhere);
  const span: Span = provider.getTracer(scope).startSpan(
    `name ${SECRET}`,
    {
      links: [{ context: elsewhere, attributes: { link: SECRET } }],
      attributes: { text: SECRET, list: ['a', SECRET], [`key ${SECRET}`]: 1, 'db.password': 'hunter2' },
    },
    parent,
  );
  span.addEvent(`event ${SECRET}`, { exception: SECRET });
  span.recordException(new Error(`exception ${SECRET}`));
  span.setStatus({ code: SpanStatusCode.ERROR, message: `status ${SECRET}` });
  span.end();
  return exporter.getFinishedSpans().at(-1) as ReadableSpan;
}

const wire = (span: ReadableSpan): string =>
  Buffer.from(JsonTraceSerializer.serializeRequest([span]) ?? []).toString();

beforeEach(() => {
  exporter.reset();
  resetReported();
});
afterEach(() => {
  resetSettings();
  diag.disable();
});

describe('the way out', () => {
  it('lets a secret of no part of a span pass, and leaves the live span as it is', () => {
    const span = planted('app');
    expect(wire(span)).toContain(SECRET);
    const masked = createSpanMasker(() => undefined)(span);
    expect(wire(masked)).not.toContain(SECRET);
    expect(wire(masked)).not.toContain('hunter2');
    expect(JSON.stringify([masked.spanContext(), masked.parentSpanContext, masked.links])).not.toContain(
      SECRET,
    );
    expect(span.attributes['text']).toBe(SECRET);
  });

  it('passes each text through the user mask, and closes when that fails', () => {
    const span = planted('app');
    const masked = createSpanMasker(() => () => {
      throw new Error('no');
    })(span);
    expect([masked.name, masked.status.message, masked.attributes['text'], masked.events[0]?.name]).toEqual(
      Array.from({ length: 4 }, () => MASK_FAILED),
    );
    expect(masked.resource.attributes).toEqual({ 'process.command': MASK_FAILED });
  });
});

describe('a pipeline of the app', () => {
  it('gets the spans that spoor made masked, in every exporter', () => {
    const request = JSON.parse(wire(planted('spoor'))) as object;
    // The resource and the trace state are the app's own.
    const own = JSON.stringify(request, (key, value: unknown) =>
      key === 'resource' || key === 'traceState' ? undefined : value,
    );
    expect(own).not.toContain('hunter2');
    expect(own).not.toContain(SECRET);
    expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
      text: '[masked]',
      list: ['a', '[masked]'],
    });
    expect(exporter.getFinishedSpans()[0]?.status.message).toBe('status [masked]');
  });

  it('gets its own spans as they are', () => {
    expect(planted('app').attributes['text']).toBe(SECRET);
  });

  it('passes a text through the user mask once, though we export a copy too', () => {
    applyOptions({ mask: (text) => `${text}!` }, {});
    const span = planted('spoor');
    expect(span.attributes['text']).toBe('[masked]!');
    const copy = createSpanMasker(() => (text) => `${text}!`)(span);
    expect(copy.attributes['text']).toBe('[masked]!');
  });

  it('empties a span whose mask fails, and the program goes on', () => {
    applyOptions(
      {
        mask: () => {
          throw new Error('no');
        },
      },
      {},
    );
    const span = planted('spoor');
    expect(span.attributes['text']).toBe(MASK_FAILED);
    expect(wire(span)).not.toContain('hunter2');
  });
});
