import { NodeTracerProvider, SimpleSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import type { Options } from '../../src/config/options.js';
import type { SampleSubject } from '../../src/config/sampling.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { createIdGenerator } from '../../src/sdk/id-generator.js';
import { createSampler } from '../../src/sdk/sampler.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { activeContext } from '../../src/tracing/active-context.js';
import { createEvent } from '../../src/tracing/events.js';
import { instrument } from '../../src/tracing/instrument-scope.js';
import { startObservation, withObservation } from '../../src/tracing/observation.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { isSampled, isSilent } from '../../src/tracing/sampling.js';
import { score } from '../../src/tracing/score.js';
import { bindSession, withSession } from '../../src/tracing/sessions.js';
import { withStep } from '../../src/tracing/steps.js';
import { setTakesChosenTraceId, traceIdFrom } from '../../src/tracing/trace-id.js';

provideLateModules();

const exporter = new InMemorySpanExporter();
const names = (): string[] => exporter.getFinishedSpans().map((span) => span.name);

function sampling(options: Options, env: NodeJS.ProcessEnv = {}): void {
  applyOptions(options, env);
  const provider = new NodeTracerProvider({
    sampler: createSampler(),
    idGenerator: createIdGenerator(),
    spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(exporter)],
  });
  setProviderStarter(() => provider);
  setTakesChosenTraceId(true);
}

beforeEach(() => exporter.reset());
afterEach(() => {
  resetSettings();
  setTakesChosenTraceId(false);
});

const sessionIn = (id: string): boolean => isSampled('0'.repeat(32), undefined, { 'session.id': id });
const ids = Array.from({ length: 2000 }, (_, index) => `user-${index}`);

describe('a share', () => {
  it('leaves out about as many sessions and traces as it says, by their ids alone', () => {
    sampling({ sample: 0.25 });
    const sessions = ids.filter(sessionIn).length;
    const traces = ids.filter((id) => isSampled(traceIdFrom(id), 'x', {})).length;
    for (const kept of [sessions, traces]) {
      expect(kept).toBeGreaterThan(400);
      expect(kept).toBeLessThan(600);
    }
    expect(ids.filter(sessionIn).length).toBe(sessions);
  });

  it('keeps what a smaller share keeps', () => {
    sampling({ sample: 0.1 });
    const few = ids.filter(sessionIn);
    sampling({ sample: 0.5 });
    expect(few.every(sessionIn)).toBe(true);
  });

  it('decides for a session as a whole: steps, events, other traces, later facts, other processes', async () => {
    sampling({ sample: 0.5 });
    const kept = ids.find(sessionIn) ?? '';
    const left = ids.find((id) => !sessionIn(id)) ?? '';
    for (const id of [kept, left]) {
      await withSession({ id, name: id }, async (session) => {
        await withStep({ name: 'step' }, async () => {
          await Promise.resolve();
          startObservation({ name: 'observation' }).end();
          createEvent({ name: 'event' }).end();
        });
        instrument({ name: 'other trace' }, () => undefined);
        session.end();
        session.update({ task: 'late' });
      });
      bindSession(id, () => startObservation({ name: 'elsewhere' }).end());
      score({ name: 'judged', value: 1, target: { kind: 'session', id } });
    }
    expect(names().toSorted()).toEqual(
      [
        'amend session',
        'elsewhere',
        'evaluate judged',
        'event',
        'observation',
        'other trace',
        'step step',
        `session ${kept}`,
      ].toSorted(),
    );
    expect(new Set(exporter.getFinishedSpans().map((span) => span.attributes['session.id']))).toEqual(
      new Set([kept]),
    );
  });

  it('decides for a trace as a whole, scores of another process included', () => {
    sampling({ sample: 0.5 });
    const traces = ids.slice(0, 40).map(traceIdFrom);
    for (const traceId of traces) {
      instrument({ name: 'root', traceId }, () => withObservation({ name: 'child' }, () => undefined));
      score({ name: 'judged', value: 1, target: { kind: 'trace', id: traceId } });
    }
    const kept = traces.filter((traceId) => isSampled(traceId, undefined, {}));
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThan(35);
    expect(exporter.getFinishedSpans().map((span) => [span.name, span.spanContext().traceId])).toEqual(
      kept.flatMap((traceId) => ['child', 'root', 'evaluate judged'].map((name) => [name, traceId])),
    );
  });

  it('makes a chosen trace a real root in a provider of our own', () => {
    sampling({});
    const traceId = traceIdFrom('x');
    instrument({ name: 'root', traceId }, () => undefined);
    const [root] = exporter.getFinishedSpans();
    expect([root?.spanContext().traceId, root?.parentSpanContext]).toEqual([traceId, undefined]);
    startObservation({ name: 'next' }).end();
    expect(exporter.getFinishedSpans()[1]?.spanContext().traceId).not.toBe(traceId);
  });

  it('of nothing and of all is exactly that', () => {
    sampling({ sample: 0 });
    withSession({}, () => startObservation({ name: 'x' }).end());
    startObservation({ name: 'y' }).end();
    expect(names()).toEqual([]);
    sampling({ sample: 1 });
    expect(ids.every(sessionIn)).toBe(true);
  });
});

describe('a sampling function', () => {
  it('is asked once for each session and each trace', () => {
    const asked: SampleSubject[] = [];
    sampling({
      sample: (subject) => {
        asked.push(subject);
        return subject.name !== 'health';
      },
    });
    withSession({ id: 's', name: 'chat', userId: 'u', tags: ['a'] }, () =>
      withStep({}, () => startObservation({ name: 'x' }).end()),
    );
    withObservation({ name: 'health' }, () => startObservation({ name: 'inside' }).end());
    expect(asked).toEqual([
      { kind: 'session', id: 's', name: 'chat', userId: 'u', tags: ['a'] },
      { kind: 'trace', id: expect.stringMatching(/^[\da-f]{32}$/) as string, name: 'health' },
    ]);
    expect(names()).toEqual(['x', 'step', 'session chat']);
  });

  it('may give a share, and leaves nothing out when it fails', () => {
    sampling({ sample: ({ kind }) => (kind === 'session' ? 0 : 1) });
    withSession({}, () => undefined);
    startObservation({ name: 'share' }).end();
    sampling({
      sample: () => {
        throw new Error('no');
      },
    });
    startObservation({ name: 'thrown' }).end();
    sampling({ sample: (() => 'yes') as never });
    startObservation({ name: 'odd' }).end();
    expect(names()).toEqual(['share', 'thrown', 'odd']);
  });
});

describe('the environment', () => {
  it.each([
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, []],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, ['x']],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, []],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, ['x']],
    [{ OTEL_TRACES_SAMPLER: 'xray' }, ['x']],
    [{ SPOOR_SAMPLE: '0' }, []],
    [{ FLUXLOOP_SAMPLE_RATE: '0' }, []],
    [{ SPOOR_SAMPLE: '7' }, ['x']],
    [{ OTEL_TRACES_SAMPLER: 'always_on', SPOOR_SAMPLE: '0' }, ['x']],
  ])('%j', (env, expected) => {
    sampling({}, env);
    startObservation({ name: 'x' }).end();
    expect(names()).toEqual(expected);
  });

  it('keeps the trace ratio of OpenTelemetry, so that services agree', async () => {
    const { SamplingDecision, TraceIdRatioBasedSampler } = await import('@opentelemetry/sdk-trace-node');
    const theirs = new TraceIdRatioBasedSampler(0.3);
    sampling({}, { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.3' });
    const disagreements = ids
      .map(traceIdFrom)
      .filter(
        (id) =>
          isSampled(id, undefined, {}) !==
          (theirs.shouldSample(activeContext(), id).decision === SamplingDecision.RECORD_AND_SAMPLED),
      );
    expect(disagreements).toEqual([]);
  });
});

describe('what is left out', () => {
  it('is known before a span is started', () => {
    sampling({ sample: 0.5 });
    const kept = ids.find(sessionIn) ?? '';
    const left = ids.find((id) => !sessionIn(id)) ?? '';
    expect(withSession({ id: kept }, () => isSilent())).toBe(false);
    expect(withSession({ id: left }, () => isSilent())).toBe(true);
    expect(bindSession(left, () => isSilent())).toBe(true);
    expect(isSilent()).toBe(false);
    sampling({ sample: 0 });
    expect(withObservation({}, () => isSilent())).toBe(true);
    expect(withObservation({}, (handle) => handle.id)).toBe('');
  });

  it('is everything when spoor is off', () => {
    sampling({ enabled: false });
    expect(isSilent()).toBe(true);
    withSession({ id: 's' }, () => {
      createEvent({ name: 'x' }).end();
      withObservation({ name: 'x' }, () => undefined);
    });
    expect(names()).toEqual([]);
  });
});
