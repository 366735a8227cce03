import { metrics, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { AlwaysOffSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METRICS } from '../../semconv/metrics.js';
import { resetReported } from '../../src/tracing/diag.js';
import { isMetered } from '../../src/tracing/meter.js';
import { recordWork } from '../../src/tracing/metrics.js';
import { startObservation, withObservation } from '../../src/tracing/observation.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordMetrics, type Point } from '../support/recorded-metrics.js';
import { recordSpans } from '../support/recorded-spans.js';

beforeEach(() => {
  recordSpans();
});
afterEach(() => {
  metrics.disable();
  setProviderStarter(undefined);
  resetReported();
});

/** Without the times, which differ from run to run. */
const counts = (points: Point[]): unknown[] =>
  points.map(({ metric, attributes, count, sum }) => [
    metric,
    attributes,
    count,
    ...(metric.endsWith('duration') ? [] : [sum]),
  ]);
const tool = { 'gen_ai.tool.name': 'weather' };

describe('tools and agents', () => {
  it('count with their name, and with the kind of their failure', async () => {
    const recorded = recordMetrics();
    startObservation({ name: 'weather', type: 'TOOL', input: 'a secret' }).end({ output: 'a secret' });
    startObservation({ name: 'weather', type: 'TOOL' }).fail(new RangeError('a secret'));
    startObservation({ name: 'ann', type: 'AGENT', model: 'm' }).end();
    expect(counts(await recorded.points())).toEqual([
      ['gen_ai.execute_tool.duration', tool, 1],
      ['gen_ai.execute_tool.duration', { ...tool, 'error.type': 'RangeError' }, 1],
      ['gen_ai.invoke_agent.duration', { 'gen_ai.agent.name': 'ann', 'gen_ai.request.model': 'm' }, 1],
      ['gen_ai.invoke_agent.inference_calls', { 'gen_ai.agent.name': 'ann' }, 1, 0],
      ['gen_ai.invoke_agent.tool_calls', { 'gen_ai.agent.name': 'ann' }, 1, 0],
    ]);
  });

  it('take as long as their spans', async () => {
    const [spans, recorded] = [recordSpans(), recordMetrics()];
    await withObservation(
      { name: 'weather', type: 'TOOL' },
      () => new Promise((done) => setTimeout(done, 30)),
    );
    const [seconds, nanoseconds] = spans.named('execute_tool weather').duration;
    const [point] = await recorded.points();
    expect(Math.abs((point?.sum ?? 0) - (seconds + nanoseconds / 1e9))).toBeLessThan(0.01);
  });

  it('an agent counts the tools that it calls itself, not those of the agents that it calls', async () => {
    const recorded = recordMetrics();
    withObservation({ name: 'outer', type: 'AGENT' }, () => {
      startObservation({ name: 'weather', type: 'TOOL' }).end();
      withObservation({ name: 'weather', type: 'TOOL' }, () =>
        withObservation({ name: 'inner', type: 'AGENT' }, () =>
          startObservation({ name: 'weather', type: 'TOOL' }).fail('odd'),
        ),
      );
    });
    const tallies = (await recorded.points()).filter(({ metric }) => metric.endsWith('tool_calls'));
    expect(counts(tallies)).toEqual([
      ['gen_ai.invoke_agent.tool_calls', { 'gen_ai.agent.name': 'inner' }, 1, 1],
      ['gen_ai.invoke_agent.tool_calls', { 'gen_ai.agent.name': 'outer' }, 1, 2],
    ]);
  });

  it('count when they are sampled out', async () => {
    const provider = new NodeTracerProvider({ sampler: new AlwaysOffSampler() });
    setProviderStarter(() => provider);
    const recorded = recordMetrics();
    startObservation({ name: 'weather', type: 'TOOL' }).fail(new RangeError('odd'));
    expect(counts(await recorded.points())).toEqual([
      ['gen_ai.execute_tool.duration', { ...tool, 'error.type': 'RangeError' }, 1],
    ]);
  });
});

it('other observations are no operations: what is asked of a model counts where it is asked', async () => {
  const recorded = recordMetrics();
  for (const type of ['GENERATION', 'EMBEDDING', 'RETRIEVAL', 'SPAN', 'CHAIN', 'EVENT', 'EVALUATION']) {
    startObservation({ name: 'x', type, model: 'm', usage: { inputTokens: 3 } }).end();
  }
  expect(await recorded.points()).toEqual([]);
});

it('nothing counts where nothing would be recorded', async () => {
  setProviderStarter(undefined);
  const recorded = recordMetrics();
  startObservation({ name: 'weather', type: 'TOOL' }).end();
  expect(await recorded.points()).toEqual([]);
});

describe('the meter provider of the app', () => {
  it('may come late, and may be another one', async () => {
    metrics.disable();
    startObservation({ name: 'weather', type: 'TOOL' }).end();
    expect(isMetered()).toBe(false);
    for (let time = 0; time < 2; time += 1) {
      const recorded = recordMetrics();
      expect(isMetered()).toBe(true);
      startObservation({ name: 'weather', type: 'TOOL' }).end();
      expect(counts(await recorded.points())).toEqual([['gen_ai.execute_tool.duration', tool, 1]]);
    }
    metrics.disable();
    expect(isMetered()).toBe(false);
  });

  it('may throw: the program goes on, and the span ends', () => {
    const spans = recordSpans();
    metrics.disable();
    const meter = new Proxy({} as ReturnType<typeof metrics.getMeter>, {
      get: () => () => {
        throw new Error('odd');
      },
    });
    metrics.setGlobalMeterProvider({ getMeter: () => meter });
    withObservation({ name: 'weather', type: 'TOOL' }, () => 1);
    expect(spans.all().map(({ name }) => name)).toEqual(['execute_tool weather']);
  });
});

it.each(Object.keys(METRICS).filter((name) => !name.startsWith('gen_ai.server.')))(
  '%s has bucket boundaries in rising order, and attributes',
  (name) => {
    const metric: { boundaries?: readonly number[]; attributes: readonly string[] } =
      METRICS[name as keyof typeof METRICS];
    expect(metric.attributes.length).toBeGreaterThan(0);
    expect(metric.boundaries?.length).toBeGreaterThan(7);
    expect(metric.boundaries).toEqual(metric.boundaries?.toSorted((a, b) => a - b));
  },
);

it('a metric has the unit and the buckets of the conventions', async () => {
  const recorded = recordMetrics();
  recordWork({
    kind: SpanKind.CLIENT,
    context: ROOT_CONTEXT,
    startedAt: new Date(Date.now() - 1000),
    endedAt: Date.now(),
    facts: [{ 'gen_ai.operation.name': 'chat', 'gen_ai.usage.output_tokens': 0, 'gen_ai.response.id': 'r' }],
  });
  const found = (await recorded.collect()).map(({ descriptor, dataPoints: [point] }) => [
    descriptor.name,
    descriptor.unit,
    descriptor.description,
    point?.attributes,
    (point?.value as { buckets?: { boundaries: number[] } } | undefined)?.buckets?.boundaries,
  ]);
  const chat = { 'gen_ai.operation.name': 'chat' };
  const { 'gen_ai.client.operation.duration': duration, 'gen_ai.client.token.usage': usage } = METRICS;
  expect(found).toEqual([
    ['gen_ai.client.operation.duration', 's', duration.description, chat, duration.boundaries],
    [
      'gen_ai.client.token.usage',
      '{token}',
      usage.description,
      { ...chat, 'gen_ai.token.type': 'output' },
      usage.boundaries,
    ],
  ]);
});
