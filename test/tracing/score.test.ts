import { beforeEach, describe, expect, it } from 'vitest';
import { createEvent } from '../../src/tracing/events.js';
import { instrument } from '../../src/tracing/instrument-scope.js';
import { startObservation } from '../../src/tracing/observation.js';
import { score, type ScoreSubject } from '../../src/tracing/score.js';
import { startSession, withSession } from '../../src/tracing/sessions.js';
import { createStep } from '../../src/tracing/steps.js';
import { traceIdFrom } from '../../src/tracing/trace-id.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});

/** Kind and id of the target, and the span that the score is linked to. */
function scored(target: ScoreSubject): unknown[] {
  score({ name: 'q', value: 1, target });
  const span = spans.named('evaluate q');
  const link = span.links[0]?.context;
  return [
    span.attributes['spoor.score.target'],
    span.attributes['spoor.score.target_id'],
    link?.spanId,
    span.spanContext().traceId === link?.traceId,
  ];
}

describe('a score by handle', () => {
  it('is on the session, also after its end', () => {
    const session = withSession({ id: 's', name: 'x' }, (handle) => handle);
    expect(scored(session)).toEqual(['session', 's', spans.named('session x').spanContext().spanId, true]);
    expect(spans.named('evaluate q').attributes['session.id']).toBe('s');
  });

  it('is on the step', () => {
    withSession({ id: 's' }, () => {
      const step = createStep({ name: 'x' });
      step.end();
      expect(scored(step)).toEqual(['step', step.id, spans.named('step x').spanContext().spanId, true]);
    });
  });

  it('is on the event, whatever its id', () => {
    const event = createEvent({ id: 'mine', name: 'e' });
    event.end();
    const { spanId } = spans.named('e').spanContext();
    expect(scored(event)).toEqual(['observation', spanId, spanId, true]);
  });

  it('is on the observation', () => {
    const observation = startObservation({ name: 'o' });
    observation.end();
    expect(scored(observation)).toEqual(['observation', observation.id, observation.id, true]);
  });

  it('is on the trace', () => {
    const context = instrument({ name: 't' }, (inside) => inside);
    score({ name: 'q', value: 1, target: context });
    const { traceId } = spans.named('t').spanContext();
    expect(spans.named('evaluate q').attributes).toMatchObject({
      'spoor.score.target': 'trace',
      'spoor.score.target_id': traceId,
    });
    expect(spans.named('evaluate q').spanContext().traceId).toBe(traceId);
  });

  it('of work that was not recorded goes nowhere', () => {
    score({ name: 'q', value: 1, target: { concept: 'step', id: '' } });
    expect(spans.all()).toEqual([]);
  });
});

describe('a score by id, in another process', () => {
  it('of a trace joins the trace', () => {
    const id = traceIdFrom('ticket-7');
    score({ name: 'q', value: true, target: { kind: 'trace', id } });
    const span = spans.named('evaluate q');
    expect([span.spanContext().traceId, span.links]).toEqual([id, []]);
  });

  it('of an observation is linked to it, by the names of Python too', () => {
    const traceId = traceIdFrom('x');
    const target = {
      kind: 'observation',
      id: '0123456789abcdef',
      trace_id: traceId,
    } as unknown as ScoreSubject;
    expect(scored(target)).toEqual(['observation', '0123456789abcdef', '0123456789abcdef', true]);
  });

  it('of a step and of a session carries their ids', () => {
    score({ name: 'a', value: 1, target: { kind: 'step', id: 'st' } });
    score({ name: 'b', value: 1, target: { kind: 'session', id: 'se' } });
    expect(spans.named('evaluate a').attributes['spoor.step.id']).toBe('st');
    expect(spans.named('evaluate b').attributes['session.id']).toBe('se');
  });
});

describe('a score without a target', () => {
  it('is on the step, else on the session, else on the trace', () => {
    instrument({ name: 't' }, () => score({ name: 'trace', value: 1 }));
    const session = startSession({ id: 's' });
    score({ name: 'session', value: 1 });
    createStep();
    score({ name: 'step', value: 1 });
    session.end();
    expect(
      ['trace', 'session', 'step'].map(
        (name) => spans.named(`evaluate ${name}`).attributes['spoor.score.target'],
      ),
    ).toEqual(['trace', 'session', 'step']);
  });

  it('goes nowhere when nothing is open', () => {
    score({ name: 'q', value: 1 });
    expect(spans.all()).toEqual([]);
  });
});

it('keeps a value that is no number of use as text', () => {
  withSession({ id: 's' }, () => score({ name: 'q', value: Number.NaN }));
  expect(spans.named('evaluate q').attributes['spoor.score.value']).toBe('NaN');
});
