import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OBSERVATION_TYPES } from '../../semconv/model/observation.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { startObservation, withObservation } from '../../src/tracing/observation.js';
import { score } from '../../src/tracing/score.js';
import { withSession } from '../../src/tracing/sessions.js';
import { createStep, endStep } from '../../src/tracing/steps.js';
import { parentOf, recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(resetSettings);

describe('an observation', () => {
  it.each([
    [
      'agent',
      'invoke_agent x',
      SpanKind.INTERNAL,
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'x', 'gen_ai.request.model': 'm' },
    ],
    [
      'TOOL',
      'execute_tool x',
      SpanKind.INTERNAL,
      { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x', 'gen_ai.request.model': 'm' },
    ],
    [
      'Generation',
      'chat m',
      SpanKind.CLIENT,
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
    ],
    [
      'retrieval',
      'retrieval x',
      SpanKind.CLIENT,
      { 'gen_ai.operation.name': 'retrieval', 'gen_ai.data_source.id': 'x', 'gen_ai.request.model': 'm' },
    ],
    [
      'embedding',
      'embeddings m',
      SpanKind.CLIENT,
      { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'm' },
    ],
    ['span', 'x', SpanKind.INTERNAL, { 'gen_ai.request.model': 'm' }],
    ['chain', 'x', SpanKind.INTERNAL, { 'gen_ai.request.model': 'm' }],
    ['event', 'x', SpanKind.INTERNAL, { 'gen_ai.request.model': 'm' }],
    ['evaluation', 'x', SpanKind.INTERNAL, { 'gen_ai.request.model': 'm' }],
  ])('of type %s is the span %s', (type, name, kind, attributes) => {
    startObservation({ type, name: 'x', model: 'm' }).end();
    const span = spans.named(name);
    expect(span.kind).toBe(kind);
    expect(span.attributes).toEqual({ ...attributes, 'spoor.observation.type': type.toUpperCase() });
  });

  it('of an unknown type is an error that lists the types', () => {
    expect(() => startObservation({ type: 'thought' })).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OBSERVATION_TYPE_UNKNOWN',
        message: expect.stringContaining(OBSERVATION_TYPES.join(', ')) as string,
      }),
    );
  });

  it('carries input, output, usage, cost and metadata, zeros included', () => {
    startObservation({ type: 'generation', model: 'm', provider: 'openai', input: [{ role: 'user' }] }).end({
      output: '',
      usage: { input_tokens: 3, outputTokens: 0 } as object,
      cost: 0,
      metadata: { k: 'v' },
    });
    expect(spans.named('chat m').attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.provider.name': 'openai',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.usage.output_tokens': 0,
      'spoor.observation.type': 'GENERATION',
      'spoor.observation.input': '[{"role":"user"}]',
      'spoor.observation.output': '',
      'spoor.observation.metadata.k': 'v',
      'spoor.cost.total': 0,
    });
  });

  it('nests under what is active, and siblings do not nest in each other', async () => {
    await withObservation({ type: 'agent', name: 'a' }, () =>
      Promise.all(
        ['x', 'y'].map((name) =>
          withObservation({ type: 'tool', name }, async () => {
            await new Promise(setImmediate);
          }),
        ),
      ),
    );
    const agent = spans.named('invoke_agent a').spanContext().spanId;
    expect(['x', 'y'].map((name) => parentOf(spans.named(`execute_tool ${name}`)))).toEqual([agent, agent]);
  });

  it('ends as failed with the error of its function, which goes on as it is', async () => {
    const error = new RangeError('no');
    await expect(withObservation({ name: 'f' }, async () => Promise.reject(error))).rejects.toBe(error);
    expect(spans.named('f').status).toEqual({ code: SpanStatusCode.ERROR, message: 'no' });
    expect(spans.named('f').attributes).toMatchObject({
      'error.type': 'RangeError',
      'spoor.outcome': 'failed',
    });
  });

  it('keeps a richer promise as it is, lazy, and ends when it is consumed', async () => {
    let calls = 0;
    class Lazy extends Promise<number> {
      static override readonly [Symbol.species] = Promise;
      // oxlint-disable-next-line unicorn/no-thenable -- a promise that counts how often it is consumed
      override then<A, B>(
        onFulfilled?: ((value: number) => A | PromiseLike<A>) | null,
        onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        calls += 1;
        return super.then(onFulfilled, onRejected);
      }
    }
    const lazy = new Lazy((resolve) => resolve(1));
    const returned = withObservation({ name: 'lazy' }, () => lazy);
    expect(returned).toBe(lazy);
    await Promise.resolve();
    expect([calls, spans.all().length]).toEqual([0, 0]);
    expect(await returned).toBe(1);
    expect([calls, spans.all().length]).toEqual([1, 1]);
  });

  it('leaves a rejection that nobody handles unhandled', async () => {
    const unhandled: unknown[] = [];
    const listeners = process.rawListeners('unhandledRejection') as ((reason: unknown) => void)[];
    process.removeAllListeners('unhandledRejection');
    const seen = new Promise<void>((resolve) => {
      process.once('unhandledRejection', (reason) => {
        unhandled.push(reason);
        resolve();
      });
    });
    const error = new Error('nobody cares');
    void withObservation({}, async () => Promise.reject(error));
    await seen;
    for (const listener of listeners) process.on('unhandledRejection', listener);
    expect(unhandled).toEqual([error]);
  });

  it('is amended after its end', () => {
    withSession({ id: 's' }, () => {
      const observation = startObservation({ name: 'x' });
      observation.end();
      observation.update({ cost: 2 });
      observation.update({});
      expect(spans.named('amend observation').attributes).toEqual({
        'session.id': 's',
        'spoor.amendment.target': 'observation',
        'spoor.amendment.target_id': observation.id,
        'spoor.cost.total': 2,
      });
    });
  });

  it('keeps content out when the user refused it in so many words', () => {
    applyOptions({ captureContent: false });
    startObservation({ name: 'x', input: 'in' }).end({ output: 'out' });
    startObservation({ type: 'tool', name: 't', input: 'in' }).end({ output: 'out' });
    expect(spans.named('x').attributes).toEqual({ 'spoor.observation.type': 'SPAN' });
    expect(JSON.stringify(spans.named('execute_tool t').attributes)).not.toMatch(/"in"|"out"/);
  });
});

describe('a score', () => {
  it('is an evaluation span linked to the step that is active', () => {
    withSession({ id: 's' }, () => {
      const step = createStep({ name: 'x' });
      score({ name: 'quality', value: 0, label: 'poor', explanation: 'too short', source: 'human' });
      endStep();
      const span = spans.named('evaluate quality');
      const result = {
        'gen_ai.evaluation.name': 'quality',
        'gen_ai.evaluation.score.value': 0,
        'gen_ai.evaluation.score.label': 'poor',
        'gen_ai.evaluation.explanation': 'too short',
      };
      expect(span.attributes).toEqual({
        ...result,
        'session.id': 's',
        'spoor.step.id': step.id,
        'spoor.observation.type': 'EVALUATION',
        'spoor.score.source': 'human',
        'spoor.score.target': 'step',
        'spoor.score.target_id': step.id,
      });
      expect(span.events.map((event) => [event.name, event.attributes])).toEqual([
        ['gen_ai.evaluation.result', result],
      ]);
      expect(span.links[0]?.context.spanId).toBe(spans.named('step x').spanContext().spanId);
    });
  });

  it('takes booleans and texts raw, and any target by id', () => {
    score({ name: 'ok', value: true, target: { kind: 'session', id: 'elsewhere' } });
    score({ name: 'grade', value: 'B+', target: { kind: 'trace', id: 't1' } });
    expect(spans.named('evaluate ok').attributes).toMatchObject({
      'session.id': 'elsewhere',
      'spoor.score.value': true,
    });
    expect(spans.named('evaluate grade').attributes).toMatchObject({
      'spoor.score.value': 'B+',
      'gen_ai.evaluation.score.label': 'B+',
    });
  });
});
