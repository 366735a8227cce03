import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { coverCalls } from '../../src/instrument/cover.js';
import type { CallResponse } from '../../src/instrument/records.js';
import { startCall } from '../../src/instrument/trace-call.js';
import { activeContext } from '../../src/tracing/active-context.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => setProviderStarter(undefined));

/** A mapper whose answer is the response itself. */
const mapper = (operation: string, provider: string): CallMapper => ({
  request: () => ({ operation, provider, model: 'm' }),
  input: () => ({}),
  response: (value) => value as CallResponse,
  output: () => ({}),
});
const traced = (sdk: string, operation = 'chat'): Parameters<typeof startCall>[0] => ({
  sdk,
  mapper: mapper(operation, sdk),
  clientOf: (one) => one,
});

describe('a covered call', () => {
  it('has one span, with what the call inside has said', () => {
    const outer = startCall(traced('framework'), {}, [], coverCalls(activeContext()));
    const inner = startCall(traced('provider'), {}, [], outer?.context);
    inner?.completed({ id: 'r1', usage: { inputTokens: 20, outputTokens: 0 } });
    outer?.completed({ id: 'made up', finishReasons: ['stop'], usage: { inputTokens: 19 } });
    expect(spans.all().map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      {
        name: 'chat m',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'provider',
          'gen_ai.request.model': 'm',
          'gen_ai.response.id': 'r1',
          'gen_ai.response.finish_reasons': ['stop'],
          'gen_ai.usage.input_tokens': 20,
          'gen_ai.usage.output_tokens': 0,
          'spoor.outcome': 'completed',
        },
      },
    ]);
  });

  it('adds up what two calls inside have used, and fails only by itself', () => {
    const outer = startCall(traced('framework'), {}, [], coverCalls(activeContext()));
    startCall(traced('provider'), {}, [], outer?.context)?.failed(new RangeError('Once.'));
    for (const inputTokens of [2, 3]) {
      startCall(traced('provider'), {}, [], outer?.context)?.completed({ usage: { inputTokens } });
    }
    outer?.completed({});
    const [span] = spans.all();
    expect([span?.attributes['gen_ai.usage.input_tokens'], span?.attributes['spoor.outcome']]).toEqual([
      5,
      'completed',
    ]);
    expect(spans.all()).toHaveLength(1);
  });

  it('takes what a call inside knows when the program leaves before the framework leaves the provider', () => {
    const streamed: Parameters<typeof startCall>[0] = {
      ...traced('provider'),
      mapper: {
        ...mapper('chat', 'provider'),
        reducer: () => ({
          add: () => undefined,
          response: () => ({ id: 'r1', usage: { inputTokens: 20 } }),
          output: () => ({}),
          finished: false,
        }),
      },
    };
    const outer = startCall(traced('framework'), {}, [], coverCalls(activeContext()));
    const inner = startCall(streamed, {}, [], outer?.context);
    inner?.startStream();
    outer?.abandon();
    inner?.streamClosed();
    const [span] = spans.all();
    expect([
      span?.attributes['gen_ai.usage.input_tokens'],
      span?.attributes['gen_ai.response.id'],
      span?.attributes['spoor.outcome'],
    ]).toEqual([20, 'r1', 'abandoned']);
  });

  it('leaves an embedding its own span, and calls outside theirs', () => {
    const outer = startCall(traced('framework'), {}, [], coverCalls(activeContext()));
    startCall(traced('provider', 'embeddings'), {}, [], outer?.context)?.completed({});
    outer?.completed({});
    startCall(traced('provider'), {}, [])?.completed({});
    expect(spans.all().map(({ name }) => name)).toEqual(['embeddings m', 'chat m', 'chat m']);
  });
});
