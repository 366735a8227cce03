import { context, ROOT_CONTEXT, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import { attachProcessor } from '../../src/sdk/attach.js';
import { createForwardFilter, forwarded, type ForwardBounds } from '../../src/sdk/forward-filter.js';
import { createSpanMasker } from '../../src/sdk/mask-span.js';

provideLateModules();

const BOUNDS: ForwardBounds = { known: 100, held: 100, remembered: 100 };
const GENAI = { attributes: { 'gen_ai.operation.name': 'chat' } };
const mask = createSpanMasker(() => undefined);

const settled = async (): Promise<void> => Promise.resolve();

function recorder(
  onEnd: (span: ReadableSpan) => void,
  onStart: (span: ReadableSpan) => void = () => undefined,
): SpanProcessor {
  return { onStart, onEnd, forceFlush: settled, shutdown: settled };
}

/** An app's pipeline with the filter, and what came through it, as the copies that are sent. */
function pipeline(bounds: Partial<ForwardBounds> = {}): {
  start: (name: string, parent?: Span | Context, options?: object) => Span;
  starts: string[];
  sent: ReadableSpan[];
  tree: () => string[];
  live: ReadableSpan[];
} {
  const starts: string[] = [];
  const sent: ReadableSpan[] = [];
  const live: ReadableSpan[] = [];
  const next = recorder(
    (span) => {
      live.push(span);
      sent.push(mask(span));
    },
    (span) => starts.push(span.name),
  );
  const filter = createForwardFilter([next], { ...BOUNDS, ...bounds });
  const provider = new NodeTracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors: [filter] });
  const tracer = provider.getTracer('app');
  return {
    start: (name, parent, options = {}) => {
      const around = parent ?? ROOT_CONTEXT;
      return tracer.startSpan(
        name,
        options,
        'getValue' in around ? around : trace.setSpan(ROOT_CONTEXT, around),
      );
    },
    starts,
    sent,
    live,
    tree: () => {
      const names = new Map(sent.map((span) => [span.spanContext().spanId, span.name]));
      return sent.map((span) => {
        const parent = span.parentSpanContext?.spanId;
        return parent === undefined ? span.name : `${span.name} < ${names.get(parent) ?? '?'}`;
      });
    },
  };
}

describe('a filter in front of a delivery', () => {
  it('passes on a GenAI span and all that it is inside of, and nothing else', () => {
    const { start, tree, starts } = pipeline();
    const request = start('request');
    const handler = start('handler', request);
    start('query', handler).end();
    const call = start('call', handler, GENAI);
    start('POST', call).end();
    call.end();
    start('render', handler).end();
    handler.end();
    request.end();
    start('alone').end();
    expect(tree()).toEqual(['call < handler', 'handler < request', 'request']);
    expect(starts).toEqual(['request', 'handler', 'call']);
  });

  it('waits with a span that ended for the spans inside of it', () => {
    const { start, tree } = pipeline();
    const request = start('request');
    const work = start('work', request);
    request.end();
    const call = start('call', work);
    work.end();
    expect(tree()).toEqual([]);
    call.setAttribute('openinference.span.kind', 'LLM');
    call.end();
    expect(tree()).toEqual(['request', 'work < request', 'call < work']);
  });

  it('leaves out a span that waited once all inside of it was left out', () => {
    const { start, tree, sent } = pipeline();
    const request = start('request');
    const work = start('work', request);
    request.end();
    work.end();
    expect(sent).toEqual([]);
    // Its fate is known: what begins in it now is sent without it.
    start('late call', work, GENAI).end();
    expect(tree()).toEqual(['late call']);
  });

  it('hangs what is inside of a span that was left out under the next one outwards, in the copy only', () => {
    const { start, tree, live } = pipeline();
    const request = start('request');
    const done = start('done', request);
    done.end();
    const call = start('call', done, GENAI);
    call.end();
    request.end();
    expect(tree()).toEqual(['call < request', 'request']);
    expect(live[0]?.parentSpanContext?.spanId).toBe(done.spanContext().spanId);
  });

  it('keeps a remote parent, also through spans that were left out', () => {
    const { start, sent } = pipeline();
    const remote = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    };
    const done = start('done', trace.setSpanContext(ROOT_CONTEXT, remote));
    done.end();
    start('call', done, GENAI).end();
    expect(sent.map((span) => span.parentSpanContext)).toEqual([remote]);
  });

  it('passes on what was open before it was there, two outwards, in whatever order it ends', () => {
    const sent: string[] = [];
    const filter = createForwardFilter([recorder(({ name }) => sent.push(name))]);
    const provider = new NodeTracerProvider();
    const tracer = provider.getTracer('app');
    const request = tracer.startSpan('request');
    const handler = tracer.startSpan('handler', {}, trace.setSpan(ROOT_CONTEXT, request));
    const query = tracer.startSpan('query', {}, trace.setSpan(ROOT_CONTEXT, handler));
    expect(attachProcessor(provider, filter)).toBe(true);
    tracer.startSpan('call', GENAI, trace.setSpan(ROOT_CONTEXT, handler)).end();
    for (const span of [request, query, handler]) span.end();
    expect(sent).toEqual(['call', 'request', 'handler']);
  });

  it('is a span of ours by its scope, whatever its attributes', () => {
    const sent: string[] = [];
    const filter = createForwardFilter([recorder(({ name }) => sent.push(name))]);
    const provider = new NodeTracerProvider({ spanProcessors: [filter] });
    for (const scope of ['spoor', 'spoor/openai', 'spoorish', 'app']) {
      provider.getTracer(scope).startSpan(scope).end();
    }
    expect(sent).toEqual(['spoor', 'spoor/openai']);
  });

  it('does not count what spoor stamps on every span', () => {
    const { start, sent } = pipeline();
    start('query', context.active(), { attributes: { 'session.id': 's', 'spoor.tags': ['a'] } }).end();
    expect(sent).toEqual([]);
  });
});

describe('bounds', () => {
  it('leaves out the oldest span that waits, once too many do', () => {
    const { start, tree } = pipeline({ held: 1 });
    const [first, second] = [start('first'), start('second')];
    const [inFirst, inSecond] = [start('in first', first), start('in second', second)];
    first.end();
    second.end();
    inFirst.setAttribute('gen_ai.system', 'x').end();
    inSecond.setAttribute('gen_ai.system', 'x').end();
    expect(tree()).toEqual(['in first', 'second', 'in second < second']);
  });

  it('still passes on a wanted span that ends after so many others that it was forgotten', () => {
    const { start, tree } = pipeline({ known: 3 });
    const session = start('session');
    start('call', session, GENAI).end();
    for (let made = 0; made < 5; made += 1) start(`never ended ${made}`);
    session.end();
    expect(tree()).toEqual(['call < session', 'session']);
  });
});

describe('forwarded', () => {
  it('puts no filter in front of deliveries that are to get all, nor in front of none', () => {
    const delivery = createForwardFilter([]);
    expect(forwarded([delivery], 'all')[0]).toBe(delivery);
    expect(forwarded([])).toEqual([]);
    expect(forwarded([delivery])[0]).not.toBe(delivery);
  });
});
