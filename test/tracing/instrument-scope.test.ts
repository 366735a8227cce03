import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetSettings } from '../../src/config/settings.js';
import { getCurrentContext } from '../../src/tracing/current-context.js';
import { getCurrentTrace } from '../../src/tracing/current-trace.js';
import { createEvent } from '../../src/tracing/events.js';
import { instrument } from '../../src/tracing/instrument-scope.js';
import { startObservation, withObservation } from '../../src/tracing/observation.js';
import { startSpan } from '../../src/tracing/start-span.js';
import { withSession } from '../../src/tracing/sessions.js';
import { createStep, endStep } from '../../src/tracing/steps.js';
import { traceIdFrom } from '../../src/tracing/trace-id.js';
import { parentOf, recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(resetSettings);

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('instrument', () => {
  it('opens a trace whose user, tags and session everything inside carries', async () => {
    const result = await instrument(
      { name: 'ticket', sessionId: 's', userId: 'u', tags: ['beta'], metadata: { channel: 'mail', n: 1 } },
      async (context) => {
        await turn();
        startObservation({ name: 'inside' }).end();
        return context.traceId;
      },
    );
    const root = spans.named('ticket');
    expect(result).toBe(root.spanContext().traceId);
    expect(root.attributes).toEqual({
      'session.id': 's',
      'user.id': 'u',
      'spoor.tags': ['beta'],
      'spoor.observation.type': 'SPAN',
      'spoor.observation.metadata.channel': 'mail',
      'spoor.observation.metadata.n': '1',
    });
    const inside = spans.named('inside');
    expect(parentOf(inside)).toBe(root.spanContext().spanId);
    expect(inside.attributes).toEqual({
      'session.id': 's',
      'user.id': 'u',
      'spoor.tags': ['beta'],
      'spoor.observation.type': 'SPAN',
    });
  });

  it('passes the error of its function on as it is, and ends as failed', () => {
    const error = new RangeError('no');
    expect(() =>
      instrument({ name: 'broken' }, () => {
        throw error;
      }),
    ).toThrow(error);
    expect(spans.named('broken').status).toEqual({ code: SpanStatusCode.ERROR, message: 'no' });
  });

  it('takes the snake-case names of the Python SDKs', () => {
    const traceId = traceIdFrom('x');
    instrument({ name: 'n', session_id: 's', user_id: 'u', trace_id: traceId } as object, () => undefined);
    expect(spans.named('n').attributes).toMatchObject({ 'session.id': 's', 'user.id': 'u' });
    expect(spans.named('n').spanContext().traceId).toBe(traceId);
  });

  it('is linked to what was active, and belongs to the session that is', () => {
    withSession({ id: 's', name: 'outer', userId: 'u', tags: ['a'] }, () =>
      instrument({ name: 'inner', tags: ['b'] }, () => undefined),
    );
    const outer = spans.named('session outer');
    const inner = spans.named('inner');
    expect(inner.spanContext().traceId).not.toBe(outer.spanContext().traceId);
    expect(inner.links.map((link) => link.context.spanId)).toEqual([outer.spanContext().spanId]);
    expect(inner.attributes).toMatchObject({ 'session.id': 's', 'user.id': 'u', 'spoor.tags': ['a', 'b'] });
  });

  it('without a function holds until it is ended, and what was around is active again then', async () => {
    await withObservation({ name: 'around' }, async () => {
      const scope = instrument({ name: 'scope' });
      await turn();
      createStep({ name: 'step' });
      createEvent({ name: 'event' }).end();
      endStep();
      startSpan('inside').end();
      scope.end();
      scope.end();
      startSpan('after').end();
    });
    const root = spans.named('scope').spanContext();
    expect(parentOf(spans.named('inside'))).toBe(root.spanId);
    expect(parentOf(spans.named('step step'))).toBe(root.spanId);
    expect(parentOf(spans.named('after'))).toBe(spans.named('around').spanContext().spanId);
  });

  it('ends with the block of a using', () => {
    const seen: string[] = [];
    {
      using scope = instrument({ name: 'block' });
      seen.push(scope.traceId);
      expect(spans.all()).toEqual([]);
    }
    expect(seen).toEqual([spans.named('block').spanContext().traceId]);
    expect(getCurrentContext()).toBeUndefined();
  });

  it('gives the trace the id that was asked for', () => {
    const traceId = traceIdFrom('ticket-7');
    instrument({ name: 'mine', traceId }, () => startObservation({ name: 'inside' }).end());
    expect(spans.named('mine').spanContext().traceId).toBe(traceId);
    expect(spans.named('inside').spanContext().traceId).toBe(traceId);
    expect(spans.named('mine').parentSpanContext?.isRemote).toBe(true);
  });

  it('refuses a trace id that is none, at once', () => {
    for (const traceId of ['ticket-7', '0'.repeat(32)]) {
      expect(() => instrument({ name: 'x', traceId }, () => undefined)).toThrow(
        expect.objectContaining({ code: 'SPOOR_OPTION_INVALID' }),
      );
    }
  });
});

describe('a trace id from a seed', () => {
  it('is the same in every process, and another one for another seed', () => {
    expect(traceIdFrom('ticket-7')).toBe('2b4e48307bdc8f049b32b7fd9f5feea5');
    expect(traceIdFrom('ticket-8')).toMatch(/^[\da-f]{32}$/);
    expect(traceIdFrom('ticket-8')).not.toBe(traceIdFrom('ticket-7'));
  });
});

describe('the current context', () => {
  it('is there in a trace, in a session and under a span, and nowhere else', () => {
    expect(getCurrentContext()).toBeUndefined();
    expect(instrument({}, () => getCurrentContext()?.isEnabled())).toBe(true);
    expect(withSession({}, () => getCurrentContext()?.isEnabled())).toBe(true);
    expect(withObservation({}, () => getCurrentContext()?.isEnabled())).toBe(true);
  });

  it('puts facts on the trace, and on what starts later', () => {
    instrument({ name: 'trace', tags: ['a'], metadata: { first: 1 } }, () => {
      startObservation({ name: 'before' }).end();
      withObservation({ name: 'around' }, () => {
        const context = getCurrentContext();
        context?.addTag('b');
        context?.addTag('b');
        context?.setUser('u');
        context?.addMetadata('k', { deep: true });
      });
      startObservation({ name: 'after' }).end();
    });
    expect(spans.named('before').attributes['spoor.tags']).toEqual(['a']);
    expect(spans.named('after').attributes).toMatchObject({ 'spoor.tags': ['a', 'b'], 'user.id': 'u' });
    expect(spans.named('trace').attributes).toMatchObject({
      'spoor.tags': ['a', 'b'],
      'user.id': 'u',
      'spoor.observation.metadata.first': '1',
      'spoor.observation.metadata.k': '{"deep":true}',
    });
  });

  it('amends a trace that has ended', () => {
    const context = instrument({ name: 'trace', sessionId: 's' }, (inside) => inside);
    context.addTag('late');
    expect(spans.named('amend observation').attributes).toEqual({
      'session.id': 's',
      'spoor.amendment.target': 'observation',
      'spoor.amendment.target_id': spans.named('trace').spanContext().spanId,
      'spoor.tags': ['late'],
    });
  });

  it('puts facts on the session where no trace was opened, and on the active span where no session is', () => {
    withSession({ name: 's', tags: ['a'] }, () => {
      getCurrentContext()?.addTag('b');
      getCurrentContext()?.setUser('u');
      getCurrentContext()?.addMetadata('k', 'v');
    });
    expect(spans.named('session s').attributes).toMatchObject({
      'spoor.session.tags': ['a', 'b'],
      'user.id': 'u',
      'spoor.session.metadata.k': 'v',
    });
    withObservation({ name: 'alone', tags: ['a'] }, () => {
      getCurrentContext()?.addTag('b');
      getCurrentContext()?.addMetadata('k', 'v');
    });
    expect(spans.named('alone').attributes).toMatchObject({
      'spoor.tags': ['a', 'b'],
      'spoor.observation.metadata.k': 'v',
    });
  });
});

describe('an observation that is pushed', () => {
  it('is the parent of what follows, until it is popped', async () => {
    await instrument({ name: 'trace' }, async (context) => {
      const outer = context.pushObservation({ name: 'outer', type: 'chain' });
      context.pushObservation({ name: 'inner' });
      await turn();
      startSpan('in inner').end();
      expect(context.popObservation(undefined, { output: 'x' })?.id).not.toBe(outer.id);
      startSpan('in outer').end();
      expect(context.popObservation()).toBe(outer);
      startSpan('in trace').end();
      expect(context.popObservation()).toBeUndefined();
    });
    const id = (name: string): string => spans.named(name).spanContext().spanId;
    expect(
      ['in inner', 'inner', 'in outer', 'outer', 'in trace'].map((name) => parentOf(spans.named(name))),
    ).toEqual([id('inner'), id('outer'), id('outer'), id('trace'), id('trace')]);
    expect(spans.named('inner').attributes['spoor.observation.output']).toBe('x');
  });

  it('may be popped before the one inside it, which stays open', () => {
    instrument({ name: 'trace' }, (context) => {
      const outer = context.pushObservation({ name: 'outer' });
      context.pushObservation({ name: 'inner' });
      context.popObservation(outer);
      expect(spans.all().map((span) => span.name)).toEqual(['outer']);
      startSpan('in inner').end();
      context.popObservation();
      startSpan('in trace').end();
    });
    expect(parentOf(spans.named('in inner'))).toBe(spans.named('inner').spanContext().spanId);
    expect(parentOf(spans.named('in trace'))).toBe(spans.named('trace').spanContext().spanId);
  });

  it('may be popped in another branch, and its own branch goes on below its parent', async () => {
    await instrument({ name: 'trace' }, async (context) => {
      const pushed = context.pushObservation({ name: 'pushed' });
      await Promise.all([
        turn().then(() => context.popObservation(pushed)),
        (async () => {
          await turn();
          await turn();
          startSpan('later').end();
        })(),
      ]);
      expect(context.popObservation(pushed)).toBeUndefined();
    });
    expect(parentOf(spans.named('later'))).toBe(spans.named('trace').spanContext().spanId);
    expect(spans.all().filter((span) => span.name === 'pushed')).toHaveLength(1);
  });

  it('is popped by its own branch alone, and by its id', async () => {
    await instrument({ name: 'trace' }, async (context) => {
      const branch = async (name: string, turns: number): Promise<string | undefined> => {
        await turn();
        const { id } = context.pushObservation({ name });
        for (let index = 0; index < turns; index += 1) await turn();
        startSpan(`in ${name}`).end();
        const popped = name === 'c' ? context.popObservation(id) : context.popObservation();
        return popped?.id === id ? name : undefined;
      };
      expect(await Promise.all([branch('a', 3), branch('b', 1), branch('c', 2)])).toEqual(['a', 'b', 'c']);
    });
    const trace = spans.named('trace').spanContext().spanId;
    for (const name of ['a', 'b', 'c']) {
      expect(parentOf(spans.named(name))).toBe(trace);
      expect(parentOf(spans.named(`in ${name}`))).toBe(spans.named(name).spanContext().spanId);
    }
  });

  it('counts as popped once its handle was ended', () => {
    instrument({ name: 'trace' }, (context) => {
      context.pushObservation({ name: 'pushed' }).fail(new Error('no'));
      startSpan('after').end();
      expect(context.popObservation()).toBeUndefined();
    });
    expect(parentOf(spans.named('after'))).toBe(spans.named('trace').spanContext().spanId);
    expect(spans.named('pushed').status.code).toBe(SpanStatusCode.ERROR);
  });
});

describe('the current trace', () => {
  it('is a view that changes nothing', () => {
    expect(getCurrentTrace()).toBeUndefined();
    const options = { name: 'trace', sessionId: 's', userId: 'u', tags: ['a'], metadata: { k: 1 } };
    instrument(options, (context) => {
      const view = getCurrentTrace();
      expect(view).toEqual({
        traceId: context.traceId,
        name: 'trace',
        sessionId: 's',
        userId: 'u',
        tags: ['a'],
        metadata: { k: 1 },
        startTime: expect.any(Date) as Date,
      });
      expect([view, view?.tags, view?.metadata].every((part) => Object.isFrozen(part))).toBe(true);
    });
  });

  it('knows the trace of a session and of a plain span by its id', () => {
    withSession({ id: 's', userId: 'u', tags: ['a'] }, () => {
      const view = getCurrentTrace();
      expect({ ...view, traceId: '' }).toEqual({
        traceId: '',
        sessionId: 's',
        userId: 'u',
        tags: ['a'],
        metadata: {},
      });
    });
    expect(getCurrentTrace()).toBeUndefined();
    const traceId = withObservation({ name: 'x' }, () => getCurrentTrace()?.traceId);
    expect(traceId).toBe(spans.named('x').spanContext().traceId);
  });
});
