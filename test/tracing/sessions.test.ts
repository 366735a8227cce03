import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { beforeEach, describe, expect, it } from 'vitest';
import { endOpenWork } from '../../src/tracing/ending.js';
import type { SessionOptions } from '../../src/tracing/session.js';
import {
  bindSession,
  continueSession,
  currentSession,
  endSession,
  startSession,
  updateSession,
  withSession,
} from '../../src/tracing/sessions.js';
import { createStep, endStep, updateStep, withStep } from '../../src/tracing/steps.js';
import { withObservation } from '../../src/tracing/observation.js';
import { startSpan } from '../../src/tracing/start-span.js';
import { parentOf, recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});

async function runRounds(id: string): Promise<void> {
  await withSession({ id, userId: `user-${id}`, tags: [id] }, async () => {
    for (let round = 0; round < 20; round += 1) {
      createStep({ name: id });
      await new Promise(setImmediate);
      startSpan(`call ${id}`).end();
      await new Promise(setImmediate);
      endStep();
    }
  });
}

describe('a session', () => {
  it('is a root span with the given facts, camel case or snake case', () => {
    withSession(
      {
        id: 's1',
        name: 'demo',
        agent_id: 'a1',
        task: { find: 'it' },
        userId: 'u1',
        tags: ['x', 'y'],
        metadata: { plan: 'pro', nested: { a: 1 } },
        rubrics: ['r'],
        experimentId: 'e',
        iteration: 0,
      } as SessionOptions,
      (session) => session.update({ isSuccessful: false, session_eval: 0 } as object),
    );
    const span = spans.named('session demo');
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.attributes).toEqual({
      'session.id': 's1',
      'user.id': 'u1',
      'gen_ai.agent.id': 'a1',
      'spoor.tags': ['x', 'y'],
      'spoor.session.name': 'demo',
      'spoor.session.task': '{"find":"it"}',
      'spoor.session.tags': ['x', 'y'],
      'spoor.session.metadata.plan': 'pro',
      'spoor.session.metadata.nested': '{"a":1}',
      'spoor.session.rubrics': ['r'],
      'spoor.session.experiment.id': 'e',
      'spoor.session.iteration': 0,
      'spoor.session.is_successful': false,
      'spoor.session.eval': 0,
      'spoor.session.end_reason': 'user',
    });
  });

  it('links to the span around it instead of hanging under it', () => {
    withStep({ name: 'around' }, () => withSession({ name: 'inner' }, () => undefined));
    expect(spans.named('session inner').parentSpanContext).toBeUndefined();
    expect(spans.named('session inner').links.map((link) => link.context.spanId)).toEqual([
      spans.named('step around').spanContext().spanId,
    ]);
  });

  it('passes on the result, the promise and the very same error', async () => {
    const error = new TypeError('mine');
    expect(withSession({}, () => 7)).toBe(7);
    await expect(withSession({}, async () => 8)).resolves.toBe(8);
    expect(() =>
      withSession({ name: 'sync' }, () => {
        throw error;
      }),
    ).toThrow(error);
    await expect(withSession({ name: 'async' }, async () => Promise.reject(error))).rejects.toBe(error);
    for (const name of ['session sync', 'session async']) {
      expect(spans.named(name).status).toEqual({ code: SpanStatusCode.ERROR, message: 'mine' });
      expect(spans.named(name).attributes['error.type']).toBe('TypeError');
    }
  });

  it('is current for the rest of the async context that started it, and for no other', async () => {
    const other = Promise.resolve().then(() => currentSession()?.id);
    const session = startSession({ id: 'here' });
    await Promise.resolve();
    expect(currentSession()?.id).toBe('here');
    expect(await other).toBeUndefined();
    session.end();
    expect(currentSession()).toBeUndefined();
  });

  it('keeps two sessions apart that run at the same time', async () => {
    await Promise.all([runRounds('a'), runRounds('b'), runRounds('c')]);
    for (const id of ['a', 'b', 'c']) {
      const session = spans
        .all()
        .find((span) => span.name === 'session' && span.attributes['session.id'] === id);
      const calls = spans.all().filter((span) => span.name === `call ${id}`);
      const steps = new Map(
        spans
          .all()
          .filter((span) => span.name === `step ${id}`)
          .map((span) => [span.spanContext().spanId, span]),
      );
      expect(calls).toHaveLength(20);
      for (const call of calls) {
        const step = steps.get(parentOf(call) ?? '');
        expect(call.attributes).toEqual({
          'session.id': id,
          'user.id': `user-${id}`,
          'spoor.tags': [id],
          'spoor.step.id': step?.attributes['spoor.step.id'],
        });
        expect(parentOf(step as NonNullable<typeof step>)).toBe(session?.spanContext().spanId);
      }
    }
  });

  it('ends its open steps before itself', () => {
    withSession({ name: 'outer' }, () => {
      createStep({ name: 'left open' });
    });
    expect(spans.all().map((span) => span.name)).toEqual(['step left open', 'session outer']);
    expect(spans.named('step left open').attributes['spoor.step.auto_ended']).toBe(true);
  });

  it('is amended, and not reopened, by facts that come after its end', () => {
    const session = startSession({ id: 'late', name: 'late' });
    session.end();
    session.update({ isSuccessful: true });
    updateSession({ session_id: 'late', sessionEval: 'good' });
    session.end();
    session.update({});
    const target = spans.named('session late').spanContext();
    const amendments = spans.all().filter((span) => span.name === 'amend session');
    expect(amendments.map((span) => span.attributes)).toEqual([
      {
        'session.id': 'late',
        'spoor.amendment.target': 'session',
        'spoor.amendment.target_id': 'late',
        'spoor.session.is_successful': true,
      },
      {
        'session.id': 'late',
        'spoor.amendment.target': 'session',
        'spoor.amendment.target_id': 'late',
        'spoor.session.eval': 'good',
      },
    ]);
    for (const amendment of amendments) {
      expect(amendment.links.map((link) => link.context.spanId)).toEqual([target.spanId]);
      expect(amendment.spanContext().traceId).toBe(target.traceId);
      expect(amendment.startTime).toEqual(amendment.endTime);
    }
  });

  it('goes on in another process without a second session span', () => {
    const session = continueSession('elsewhere');
    createStep({ name: 'here' });
    endStep();
    session.update({ task: 'more' });
    session.end({ isSuccessful: true });
    expect(spans.all().map((span) => [span.name, span.attributes['session.id']])).toEqual([
      ['step here', 'elsewhere'],
      ['amend session', 'elsewhere'],
      ['amend session', 'elsewhere'],
    ]);
    expect(currentSession()).toBeUndefined();
  });

  it('of another process is entered from where each call is made, and never ended by our end', () => {
    const parents = ['one', 'two'].map((name) =>
      withObservation({ name }, (request) => {
        bindSession('shared', () => startSpan(`call ${name}`).end());
        return request.id;
      }),
    );
    endOpenWork({ reason: 'exit', exitCode: 0 });
    expect(['one', 'two'].map((name) => parentOf(spans.named(`call ${name}`)))).toEqual(parents);
    expect(spans.named('call two').attributes).toEqual({ 'session.id': 'shared' });
    expect(spans.all()).toHaveLength(4);
  });

  it('can be entered by its id', () => {
    const session = startSession({ id: 'bound' });
    const outside = bindSession('other', () => currentSession()?.id);
    expect([outside, currentSession()?.id]).toEqual(['other', 'bound']);
    session.end();
  });

  it('is ended, with everything in it, when the process ends', () => {
    startSession({ id: 'open', name: 'open' });
    createStep({ name: 'open' });
    endOpenWork({ reason: 'SIGTERM', exitCode: 143 });
    expect(spans.named('step open').attributes['spoor.step.auto_ended']).toBe(true);
    expect(spans.named('session open').attributes).toMatchObject({
      'spoor.session.end_reason': 'SIGTERM',
      'spoor.session.exit_code': 143,
      'spoor.session.auto_ended': true,
    });
  });

  it('does nothing, and breaks nothing, when none is open', () => {
    endSession();
    updateSession({ task: 'x' });
    updateStep({ goal: 'x' });
    endStep();
    expect(spans.all()).toEqual([]);
  });
});
