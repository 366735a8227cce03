import { metrics } from '@opentelemetry/api';
import { AlwaysOffSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setContentPolicy } from '../../src/config/content-policy.js';
import type { CallMapper, Unpatch } from '../../src/instrument/call-mapper.js';
import { coverCalls } from '../../src/instrument/cover.js';
import { endOpenCalls } from '../../src/instrument/open-calls.js';
import { startOpenSpan } from '../../src/instrument/open-span.js';
import { patchModule } from '../../src/instrument/patch-sdk.js';
import type { CallResponse } from '../../src/instrument/records.js';
import { withCallsSuppressed } from '../../src/instrument/suppress.js';
import { startCall } from '../../src/instrument/trace-call.js';
import { activeContext } from '../../src/tracing/active-context.js';
import { withObservation } from '../../src/tracing/observation.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordMetrics, type Point, type RecordedMetrics } from '../support/recorded-metrics.js';
import { recordSpans } from '../support/recorded-spans.js';
import { Client, clientFor, definition, type Answer } from './fake-sdk.js';

let recorded: RecordedMetrics;
let undo: Unpatch[];
beforeEach(() => {
  setContentPolicy(true);
  recordSpans();
  recorded = recordMetrics();
  undo = patchModule('example', definition, { Client });
});
afterEach(() => {
  for (const unpatch of undo) unpatch();
  endOpenCalls();
  metrics.disable();
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});

const sampleNothing = (): void => {
  const provider = new NodeTracerProvider({ sampler: new AlwaysOffSampler() });
  setProviderStarter(() => provider);
};
/** Without the times, which differ from run to run. */
const counts = (points: Point[]): unknown[] =>
  points.map(({ metric, attributes, count, sum }) => [
    metric,
    attributes,
    count,
    ...(metric.endsWith('usage') || metric.endsWith('calls') ? [sum] : []),
  ]);
const call = (answer: Answer): unknown => clientFor(answer).texts.create({ model: 'm', prompt: 'a secret' });
const asked = {
  'gen_ai.operation.name': 'text_completion',
  'gen_ai.provider.name': 'example',
  'gen_ai.request.model': 'm',
};
const DURATION = 'gen_ai.client.operation.duration';

/** A mapper whose answer is the response itself. */
const mapper = (provider: string): CallMapper => ({
  request: () => ({ operation: 'chat', provider, model: 'm', serverAddress: `${provider}.example` }),
  input: () => ({}),
  response: (value) => value as CallResponse,
  output: () => ({}),
});
const traced = (sdk: string): Parameters<typeof startCall>[0] => ({
  sdk,
  mapper: mapper(sdk),
  clientOf: (one) => one,
});
const chat = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'provider',
  'gen_ai.request.model': 'm',
  'gen_ai.response.model': 'm-1',
  'server.address': 'provider.example',
};

describe.each([['sampled'], ['sampled out']])('a call that is %s', (sampling) => {
  beforeEach(() => {
    if (sampling === 'sampled out') sampleNothing();
  });

  it('counts with its tokens', async () => {
    startCall(traced('provider'), {}, [])?.completed({
      id: 'r1',
      model: 'm-1',
      usage: { inputTokens: 20, outputTokens: 0, cacheReadTokens: 5 },
    });
    expect(counts(await recorded.points())).toEqual([
      [DURATION, chat, 1],
      ['gen_ai.client.token.usage', { ...chat, 'gen_ai.token.type': 'input' }, 1, 20],
      ['gen_ai.client.token.usage', { ...chat, 'gen_ai.token.type': 'output' }, 1, 0],
    ]);
  });

  it('counts with the kind of its failure', async () => {
    await expect(call({ error: new RangeError('a secret') })).rejects.toThrow('a secret');
    expect(counts(await recorded.points())).toEqual([
      [DURATION, { ...asked, 'error.type': 'RangeError' }, 1],
    ]);
  });

  it('counts with the pace of its stream', async () => {
    const stream = (await call({ chunks: ['a', 'b', 'c', 'END'] })) as AsyncIterable<unknown>;
    for await (const chunk of stream) void chunk;
    expect(counts(await recorded.points())).toEqual([
      [DURATION, asked, 1],
      ['gen_ai.client.operation.time_per_output_chunk', asked, 3],
      ['gen_ai.client.operation.time_to_first_chunk', asked, 1],
    ]);
  });

  it('counts once where it is made inside another, with what that learned', async () => {
    const outer = startCall(traced('framework'), {}, [], coverCalls(activeContext()));
    const inner = startCall(traced('provider'), {}, [], outer?.context);
    inner?.completed({ model: 'm-1', usage: { inputTokens: 20 } });
    outer?.completed({ model: 'made up', usage: { inputTokens: 19 } });
    expect(counts(await recorded.points())).toEqual([
      [DURATION, chat, 1],
      ['gen_ai.client.token.usage', { ...chat, 'gen_ai.token.type': 'input' }, 1, 20],
    ]);
  });

  it('counts once where the span of a framework stands for it', async () => {
    const span = startOpenSpan({
      sdk: 'framework',
      name: 'call',
      kind: 'CLIENT',
      attributes: {},
      covers: 'chat',
    });
    const inner = startCall(traced('provider'), {}, [], span?.context);
    inner?.completed({ model: 'm-1', usage: { outputTokens: 7 } });
    span?.endFailed({ type: 'Odd' });
    expect(counts(await recorded.points())).toEqual([
      [DURATION, { ...chat, 'error.type': 'Odd' }, 1],
      ['gen_ai.client.token.usage', { ...chat, 'gen_ai.token.type': 'output' }, 1, 7],
    ]);
  });

  it('counts with what is learned on the way', async () => {
    const attributes = { 'gen_ai.operation.name': 'chat' };
    const span = startOpenSpan({ sdk: 'framework', name: 'call', kind: 'CLIENT', attributes });
    span?.set({ 'gen_ai.request.model': 'm' });
    span?.fail({ type: 'Odd' });
    span?.end({ 'gen_ai.response.model': 'm-1' }, 'failed');
    const said = { ...attributes, 'gen_ai.request.model': 'm', 'gen_ai.response.model': 'm-1' };
    expect(counts(await recorded.points())).toEqual([[DURATION, { ...said, 'error.type': 'Odd' }, 1]]);
  });

  it('is one of the agent around it', async () => {
    await withObservation({ name: 'ann', type: 'AGENT' }, async () => {
      await call({ value: { id: 'a', text: 'b' } });
      await expect(call({ error: new RangeError('odd') })).rejects.toThrow('odd');
    });
    const tallies = (await recorded.points()).filter(({ metric }) => metric.endsWith('calls'));
    expect(counts(tallies)).toEqual([
      ['gen_ai.invoke_agent.inference_calls', { 'gen_ai.agent.name': 'ann' }, 1, 2],
      ['gen_ai.invoke_agent.tool_calls', { 'gen_ai.agent.name': 'ann' }, 1, 0],
    ]);
  });
});

it('a call whose end nobody saw does not count', async () => {
  startCall(traced('provider'), {}, [])?.abandon();
  expect(await recorded.points()).toEqual([]);
});

it('a call that is not traced does not count', async () => {
  await withCallsSuppressed(() => call({ value: { id: 'a', text: 'b' } }));
  expect(await recorded.points()).toEqual([]);
});

describe('the work of a framework', () => {
  it.each([
    ['execute_tool', 'INTERNAL', 'gen_ai.execute_tool.duration', { 'gen_ai.tool.name': 't' }],
    ['invoke_workflow', 'INTERNAL', 'gen_ai.workflow.duration', { 'gen_ai.workflow.name': 'w' }],
    ['retrieval', 'CLIENT', DURATION, { 'gen_ai.operation.name': 'retrieval' }],
    ['invoke_agent', 'CLIENT', DURATION, { 'gen_ai.operation.name': 'invoke_agent' }],
  ] as const)('%s, %s, counts as %s', async (operation, kind, metric, attributes) => {
    const span = startOpenSpan({
      sdk: 'framework',
      name: operation,
      kind,
      attributes: {
        'gen_ai.operation.name': operation,
        'gen_ai.tool.name': 't',
        'gen_ai.tool.call.arguments': 'a secret',
        'gen_ai.workflow.name': 'w',
      },
    });
    span?.end({ 'gen_ai.tool.call.result': 'a secret' });
    expect(counts(await recorded.points())).toEqual([[metric, attributes, 1]]);
  });

  it('does not count when it is given up, or is no operation', async () => {
    startOpenSpan({
      sdk: 'framework',
      name: 'tool',
      attributes: { 'gen_ai.operation.name': 'execute_tool' },
    })?.abandon();
    startOpenSpan({ sdk: 'framework', name: 'chain', attributes: {} })?.end();
    startOpenSpan({ sdk: 'framework', name: 'http', kind: 'SERVER', attributes: {} })?.end();
    expect(await recorded.points()).toEqual([]);
  });
});
