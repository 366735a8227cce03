import { context, propagation, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { setUsesBaggage } from '../../src/tracing/baggage.js';
import { startObservation } from '../../src/tracing/observation.js';
import { setProcessSession } from '../../src/tracing/process-session.js';
import { bindSession, withSession } from '../../src/tracing/sessions.js';

provideLateModules();

const exporter = new InMemorySpanExporter();

/** What the app's propagator would send with a request now. */
function header(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['baggage'];
}

/** The context of a request that came in. */
function incoming(baggage: string): Context {
  return propagation.extract(ROOT_CONTEXT, { baggage });
}

const sessions = (): unknown[] =>
  exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes['session.id']]);

beforeEach(() => {
  exporter.reset();
  new NodeTracerProvider({
    spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(exporter)],
  }).register();
});
afterEach(() => {
  setUsesBaggage(false);
  setProcessSession(undefined);
  trace.disable();
  context.disable();
  propagation.disable();
});

describe('the session in baggage', () => {
  it('is not put there, and not taken, unless it was asked for', () => {
    expect(withSession({ id: 's1' }, header)).toBeUndefined();
    context.with(incoming('session.id=afar'), () => startObservation({ name: 'call' }).end());
    expect(sessions()).toEqual([
      ['session', 's1'],
      ['call', undefined],
    ]);
  });

  it('goes along with what the app sends inside a session, beside what the app put there', () => {
    setUsesBaggage(true);
    const sent = context.with(incoming('tenant=blue'), () => withSession({ id: 's 1' }, header));
    expect(sent).toBe('tenant=blue,session.id=s%201');
    expect(header()).toBeUndefined();
  });

  it('goes along in a session that another process opened', () => {
    setUsesBaggage(true);
    expect(bindSession('s2', header)).toBe('session.id=s2');
  });

  it('is taken from what came in, on spans of the app too', () => {
    setUsesBaggage(true);
    const request = trace.getTracer('http').startSpan('GET', {}, incoming('session.id=afar'));
    context.with(trace.setSpan(incoming('session.id=afar'), request), () => {
      startObservation({ name: 'call' }).end();
      trace.getTracer('app').startSpan('query').end();
    });
    request.end();
    expect(sessions()).toEqual([
      ['call', 'afar'],
      ['query', 'afar'],
      ['GET', 'afar'],
    ]);
  });

  it('gives way to a session that is opened inside, and comes before the one of the process', () => {
    setUsesBaggage(true);
    setProcessSession('whole');
    context.with(incoming('session.id=afar'), () => {
      startObservation({ name: 'call' }).end();
      withSession({ id: 'near' }, () => startObservation({ name: 'inner' }).end());
    });
    expect(sessions()).toEqual([
      ['call', 'afar'],
      ['inner', 'near'],
      ['session', 'near'],
    ]);
  });

  it('that is empty is none', () => {
    setUsesBaggage(true);
    const empty = propagation.createBaggage({ 'session.id': { value: '' } });
    context.with(propagation.setBaggage(ROOT_CONTEXT, empty), () => startObservation({ name: 'call' }).end());
    expect(sessions()).toEqual([['call', undefined]]);
  });
});
