import { diag } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import type { Options } from '../../src/config/options.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { createSampleGate, type SampleGate, type SampleGateBounds } from '../../src/sdk/sample-gate.js';
import { createSampler } from '../../src/sdk/sampler.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { resetReported } from '../../src/tracing/diag.js';
import { createEvent } from '../../src/tracing/events.js';
import { startObservation, withObservation } from '../../src/tracing/observation.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { bindSession, startSession, withSession } from '../../src/tracing/sessions.js';
import { withStep } from '../../src/tracing/steps.js';
import { captureDiagnostics } from '../support/captured-diagnostics.js';

provideLateModules();

const exporter = new InMemorySpanExporter();
const names = (): string[] => exporter.getFinishedSpans().map((span) => span.name);
let gate: SampleGate;

function keeping(options: Options, bounds?: SampleGateBounds): NodeTracerProvider {
  applyOptions(options, {});
  gate = createSampleGate([new SimpleSpanProcessor(exporter)], bounds);
  const provider = new NodeTracerProvider({
    sampler: createSampler(),
    spanProcessors: [new SpoorSpanProcessor(), gate],
  });
  setProviderStarter(() => provider);
  return provider;
}

beforeEach(() => {
  exporter.reset();
  resetReported();
});
afterEach(() => {
  resetSettings();
  diag.disable();
});

const fail = (): never => {
  throw new Error('broken');
};

const run = async (name: string, work: () => unknown): Promise<void> => {
  await withSession({ name }, async () => {
    await withObservation({ name: `in ${name}` }, async () => Promise.resolve());
    work();
  }).catch(() => undefined);
};

describe('keeping what failed', () => {
  it('holds a session until its end, and drops it, counted, when all went well', () => {
    keeping({ keep: { failed: true } });
    withSession({ id: 'well' }, () => {
      withStep({ name: 'one' }, () => startObservation({ name: 'x' }).end());
      expect([names(), gate.counts()]).toEqual([[], { held: 2, sampledOut: 0 }]);
    });
    expect([names(), gate.counts()]).toEqual([[], { held: 0, sampledOut: 3 }]);
  });

  it('lets a session through with its first failure, in the order of its spans, and all that follows', () => {
    keeping({ keep: { failed: true } });
    const session = startSession({ id: 'broken', name: 'broken' });
    startObservation({ name: 'before' }).end();
    expect(() => withObservation({ name: 'failing' }, fail)).toThrow('broken');
    expect(names()).toEqual(['before', 'failing']);
    startObservation({ name: 'after' }).end();
    session.end();
    session.update({ task: 'late' });
    bindSession('broken', () => startObservation({ name: 'much later' }).end());
    expect(names()).toEqual(['before', 'failing', 'after', 'session broken', 'amend session', 'much later']);
    expect(gate.counts()).toEqual({ held: 0, sampledOut: 0 });
  });

  it.each([
    [
      'a session that was called unsuccessful',
      () => startSession({ name: 'x' }).end({ isSuccessful: false }),
    ],
    [
      'an event that was',
      () => withSession({ name: 'x' }, () => createEvent({ name: 'e' }).end({ isSuccessful: false })),
    ],
  ])('counts %s as failed', (_, work) => {
    keeping({ keep: { failed: true } });
    work();
    expect(names()).toContain('session x');
  });

  it('tells sessions apart that run at the same time', async () => {
    keeping({ keep: { failed: true } });
    await Promise.all([run('a', () => undefined), run('b', fail), run('c', () => undefined)]);
    expect(names()).toEqual(['in b', 'session b']);
    expect(gate.counts()).toEqual({ held: 0, sampledOut: 4 });
  });

  it('says of what was dropped nothing more', () => {
    keeping({ keep: { failed: true } });
    const session = withSession({ id: 's' }, (handle) => handle);
    session.update({ isSuccessful: false });
    expect(names()).toEqual([]);
  });

  it('decides at the end of the trace where there is no session', async () => {
    keeping({ keep: { failed: true } });
    await withObservation({ name: 'well' }, async () =>
      withObservation({ name: 'inside' }, async () => Promise.resolve()),
    );
    await withObservation({ name: 'root' }, async () => {
      await Promise.resolve();
      expect(() => withObservation({ name: 'failing' }, fail)).toThrow('broken');
    });
    expect(names()).toEqual(['failing', 'root']);
    expect(gate.counts()).toEqual({ held: 0, sampledOut: 2 });
  });

  it('takes in what the share keeps anyway', () => {
    keeping({ sample: ({ id }) => id === 'chosen', keep: { failed: true } });
    withSession({ id: 'chosen', name: 'chosen' }, () => startObservation({ name: 'at once' }).end());
    withSession({ id: 'other' }, () => undefined);
    expect(names()).toEqual(['at once', 'session chosen']);
  });
});

describe('keeping what was slow', () => {
  it('lets a session through once it has taken longer', () => {
    const provider = keeping({ keep: { slowerThanMs: 500 } });
    const tracer = provider.getTracer('t');
    const now = Date.now();
    tracer.startSpan('quick', { startTime: now }).end(now + 400);
    const root = tracer.startSpan('slow', { startTime: now });
    root.end(now + 501);
    expect([names(), gate.counts()]).toEqual([['slow'], { held: 0, sampledOut: 1 }]);
  });
});

describe('the room for undecided spans', () => {
  it('is bounded: past it the oldest session goes on, said once', () => {
    const messages = captureDiagnostics();
    keeping({ keep: { failed: true } }, { maxSpans: 3, maxCharacters: 1_000_000 });
    const first = startSession({ name: 'first' });
    for (const name of ['a', 'b']) startObservation({ name }).end();
    withSession({ name: 'second' }, () => {
      for (const name of ['c', 'd']) startObservation({ name }).end();
      expect(names()).toEqual(['a', 'b']);
    });
    first.end();
    expect(names()).toEqual(['a', 'b', 'session first']);
    expect(gate.counts()).toEqual({ held: 0, sampledOut: 3 });
    expect(messages).toEqual([expect.stringContaining('than there is room for')]);
  });

  it('counts characters too', () => {
    keeping({ keep: { failed: true } }, { maxSpans: 100, maxCharacters: 10_000 });
    withSession({ name: 's' }, () => {
      startObservation({ name: 'long', input: 'x'.repeat(10_000) }).end();
      expect(names()).toEqual(['long']);
    });
  });
});

describe('the end of the process', () => {
  it('sends on what is still undecided', () => {
    keeping({ keep: { failed: true } });
    const session = startSession({ name: 'open' });
    startObservation({ name: 'held' }).end();
    gate.settle();
    session.end();
    expect(names()).toEqual(['held', 'session open']);
  });
});

describe('a share in a pipeline of the app', () => {
  it('leaves sessions out of our copy alone', () => {
    applyOptions({ sample: ({ id }) => id === 'chosen' }, {});
    const theirs = new InMemorySpanExporter();
    gate = createSampleGate([new SimpleSpanProcessor(exporter)]);
    const provider = new NodeTracerProvider({
      spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(theirs), gate],
    });
    setProviderStarter(() => provider);
    for (const id of ['chosen', 'other']) {
      const tracer = provider.getTracer('app');
      bindSession(id, () => tracer.startSpan(id).end());
    }
    expect(theirs.getFinishedSpans().map((span) => span.name)).toEqual(['chosen', 'other']);
    expect([names(), gate.counts()]).toEqual([['chosen'], { held: 0, sampledOut: 1 }]);
  });
});
