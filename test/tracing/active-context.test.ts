import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import { attach } from '../../src/sdk/attach.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { activeContext, runInContext } from '../../src/tracing/active-context.js';
import {
  isJoined,
  setIsolated,
  setJoinHandler,
  setJoinOnly,
  setProviderStarter,
} from '../../src/tracing/provider.js';
import { startSession, withSession } from '../../src/tracing/sessions.js';
import { startSpan } from '../../src/tracing/start-span.js';
import { createStep, endStep, withStep } from '../../src/tracing/steps.js';
import { recordSpans } from '../support/recorded-spans.js';

provideLateModules();

/** An app with its own, registered OpenTelemetry pipeline. */
let exporter: InMemorySpanExporter;
const attributesOf = (name: string): object | undefined =>
  exporter.getFinishedSpans().find((span) => span.name === name)?.attributes;
const parentName = (name: string): string | undefined => {
  const all = exporter.getFinishedSpans();
  const parent = all.find((span) => span.name === name)?.parentSpanContext?.spanId;
  return all.find((span) => span.spanContext().spanId === parent)?.name;
};
function registerApp(): NodeTracerProvider {
  exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  return provider;
}

beforeEach(() => {
  setIsolated(false);
  setJoinOnly(false);
  setProviderStarter(undefined);
  setJoinHandler((provider) => void attach(provider));
});
afterEach(() => {
  trace.disable();
  context.disable();
  setJoinHandler(undefined);
  setIsolated(false);
});

describe('with an app that registered its own provider', () => {
  it('records into it and stamps its foreign spans at their start', () => {
    registerApp();
    const app = trace.getTracer('app');
    withSession({ id: 's', userId: 'u' }, () =>
      withStep({ name: 'x' }, () => {
        app.startActiveSpan('http', (http) => {
          startSpan('llm').end();
          http.end();
        });
      }),
    );
    expect(attributesOf('http')).toEqual({
      'session.id': 's',
      'user.id': 'u',
      'spoor.step.id': (attributesOf('step x') as Record<string, unknown>)['spoor.step.id'],
    });
    expect(['llm', 'http', 'step x'].map(parentName)).toEqual(['http', 'step x', 'session']);
  });

  it('stamps spans after calls without a callback, and keeps the app span as their parent', () => {
    registerApp();
    const app = trace.getTracer('app');
    app.startActiveSpan('request', (request) => {
      const session = startSession({ id: 's' });
      createStep({ name: 'x' });
      startSpan('direct').end();
      app.startActiveSpan('http', (http) => {
        startSpan('llm').end();
        http.end();
      });
      endStep();
      session.end();
      app.startSpan('after').end();
      request.end();
    });
    expect(parentName('direct')).toBe('step x');
    expect(parentName('llm')).toBe('http');
    expect(attributesOf('http')).toMatchObject({
      'session.id': 's',
      'spoor.step.id': expect.any(String) as string,
    });
    expect(attributesOf('llm')).toMatchObject({ 'session.id': 's' });
    expect(attributesOf('after')).toEqual({});
    expect(attributesOf('request')).toEqual({});
  });

  it('goes on with what was opened before the app registered', () => {
    const session = startSession({ id: 'early' });
    registerApp();
    startSpan('late').end();
    session.end();
    expect(attributesOf('late')).toEqual({ 'session.id': 'early' });
  });

  it('attaches once, and not where the app lists the processor itself', () => {
    const provider = registerApp();
    expect(attach(provider)).toBe(true);
    expect(attach(trace.getTracerProvider())).toBe(false);
    const listed = new NodeTracerProvider({ spanProcessors: [new SpoorSpanProcessor()] });
    expect(attach(listed)).toBe(false);
  });

  it('leaves a provider of unknown shape alone', () => {
    expect(attach({ getTracer: () => trace.getTracer('x') })).toBe(false);
  });

  it('is left out in mode own', () => {
    registerApp();
    const own = recordSpans();
    setIsolated(true);
    expect(isJoined()).toBe(false);
    context.with(context.active(), () => withSession({ name: 'mine' }, () => startSpan('llm').end()));
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(own.all().map((span) => span.name)).toEqual(['llm', 'session mine']);
  });

  it('never registers a context manager or provider of ours', () => {
    recordSpans();
    withSession({}, () => startSpan('x').end());
    expect(trace.setGlobalTracerProvider(new NodeTracerProvider())).toBe(true);
    expect(isJoined()).toBe(true);
  });
});

function add(this: { base: number }, value: number): number {
  return this.base + value;
}

describe('runInContext', () => {
  it('passes on this, arguments, results and errors', () => {
    const target = { base: 2 };
    expect(runInContext(activeContext(), add, target, 3)).toBe(5);
    const error = new Error('x');
    expect(() =>
      runInContext(activeContext(), () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it('ends what was opened inside without a callback, beside the context manager of the app', () => {
    registerApp();
    const outside = activeContext();
    const name = runInContext(context.active().setValue(Symbol('key'), 1), () => {
      startSession({ name: 'inside' });
      startSpan('in it').end();
      return attributesOf('in it');
    });
    expect(name).toHaveProperty(['session.id']);
    expect(activeContext()).toBe(outside);
    startSpan('after it').end();
    expect(attributesOf('after it')).not.toHaveProperty(['session.id']);
  });
});
