import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetSettings } from '../../src/config/settings.js';
import { createEvent, updateEvent } from '../../src/tracing/events.js';
import {
  bindSession,
  continueSession,
  endSession,
  startSession,
  updateSession,
  withSession,
} from '../../src/tracing/sessions.js';
import { createStep, endStep, updateStep, withStep } from '../../src/tracing/steps.js';
import { captureDiagnostics } from '../support/captured-diagnostics.js';
import { parentOf, recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
let warnings: string[];
beforeEach(() => {
  spans = recordSpans();
  warnings = captureDiagnostics();
});
afterEach(() => {
  diag.disable();
  resetSettings();
});

const names = (): string[] => spans.all().map(({ name }) => name);

/** The facts that the step spans of this name have, the newest last. */
function own(name: string, index: number): unknown {
  return Object.fromEntries(
    Object.entries(spans.all().filter((span) => span.name === name)[index]?.attributes ?? {}).filter(
      ([key]) => /^spoor\.step\.(?!id|index)/.test(key),
    ),
  );
}

describe('end then update a step', () => {
  it('by its handle, by its id, and by its id in snake case: amendments of the step alone', () => {
    withSession({ id: 's' }, () => {
      const step = createStep({ name: 'x', goal: 'g' });
      step.end({ action: 'a' });
      step.update({ evalScore: 1 });
      updateStep({ stepId: step.id, evalDescription: 'late' });
      endStep({ step_id: step.id, state: 'later' });
      // The newest step is over: a call without an id must not fall back on it.
      updateStep({ goal: 'for nobody' });
    });
    expect(names()).toEqual(['step x', 'amend step', 'amend step', 'amend step', 'session']);
    expect(own('step x', 0)).toEqual({
      'spoor.step.name': 'x',
      'spoor.step.goal': 'g',
      'spoor.step.action': 'a',
    });
    expect([0, 1, 2].map((index) => own('amend step', index))).toEqual([
      { 'spoor.step.eval_score': 1 },
      { 'spoor.step.eval_description': 'late' },
      { 'spoor.step.state': 'later' },
    ]);
    expect(warnings).toEqual(['spoor: updateStep: no step is open here']);
  });

  it('of another process: an amendment under its id', () => {
    updateStep({ stepId: 'elsewhere', evalScore: 2 });
    expect(spans.named('amend step').attributes).toMatchObject({
      'spoor.step.id': 'elsewhere',
      'spoor.step.eval_score': 2,
    });
  });
});

describe('update with no fields', () => {
  it('says nothing and erases nothing, before the end and after it', () => {
    withSession({ id: 's', name: 'n', task: 't', tags: ['a'] }, (session) => {
      const step = createStep({ name: 'x', goal: 'g' });
      const event = createEvent({ name: 'e', description: 'd' });
      const empties = [
        {},
        { goal: undefined, task: undefined, description: undefined },
        { goal: null },
      ] as object[];
      for (const empty of empties) {
        for (const round of [1, 2]) {
          updateStep(empty);
          step.update(empty);
          updateEvent(empty);
          event.update(empty);
          updateSession(empty);
          session.update(empty);
          updateStep({ stepId: step.id, ...empty });
          updateEvent({ eventId: event.id, ...empty });
          updateSession({ sessionId: 's', ...empty });
          if (round === 1 && empty === empties.at(-1)) {
            event.end();
            step.end();
          }
        }
      }
      updateStep();
      updateEvent();
      updateSession();
    });
    updateSession({ sessionId: 's' });
    endSession({ sessionId: 's' });
    expect(names()).toEqual(['e', 'step x', 'session n']);
    expect(spans.named('step x').attributes['spoor.step.goal']).toBe('g');
    expect(spans.named('e').attributes['spoor.event.description']).toBe('d');
    expect(spans.named('session n').attributes).toMatchObject({
      'spoor.session.task': 't',
      'spoor.session.tags': ['a'],
    });
  });
});

describe('the result of a session', () => {
  it('is on its span, scores and the outcome of a rubric beside it', () => {
    withSession({ id: 's', rubrics: ['manners'], experimentId: 'x1' }, () =>
      endSession({
        is_successful: true,
        isSuccessfulReason: 'done',
        sessionEval: 4.5,
        session_eval_reason: 'nearly',
        scores: [
          { name: 'tone', value: 4, explanation: 'friendly', source: 'human' },
          { name: 'solved', value: true },
        ],
        rubric: {
          name: 'manners',
          value: 0.9,
          source: 'model',
          criteria: [
            { name: 'greets', value: 1, explanation: 'it did' },
            { name: 'thanks', value: 'often', source: 'human' },
          ],
        },
      } as object),
    );
    expect(spans.named('session').attributes).toMatchObject({
      'spoor.session.is_successful': true,
      'spoor.session.success_reason': 'done',
      'spoor.session.eval': 4.5,
      'spoor.session.eval_reason': 'nearly',
      'spoor.session.rubrics': ['manners'],
      'spoor.session.experiment.id': 'x1',
      'spoor.session.end_reason': 'user',
    });
    const scores = spans.all().filter(({ name }) => name.startsWith('evaluate '));
    expect(
      scores.map(({ name, attributes }) => [
        name,
        attributes['gen_ai.evaluation.score.value'] ?? attributes['spoor.score.value'],
        attributes['spoor.score.source'],
        attributes['spoor.score.rubric'],
        attributes['spoor.score.criterion'],
      ]),
    ).toEqual([
      ['evaluate tone', 4, 'human', undefined, undefined],
      ['evaluate solved', true, 'code', undefined, undefined],
      ['evaluate manners', 0.9, 'model', 'manners', undefined],
      ['evaluate greets', 1, 'model', 'manners', 'greets'],
      ['evaluate thanks', 'often', 'human', 'manners', 'thanks'],
    ]);
    const session = spans.named('session').spanContext();
    for (const score of scores) {
      expect([parentOf(score), score.attributes['spoor.score.target_id']]).toEqual([session.spanId, 's']);
    }
  });

  it('may be values by name, and a rubric that is only named', () => {
    const session = startSession({ id: 's' });
    session.end({ scores: { tone: 4, kind: 'warm' }, rubric: 'manners' });
    expect(names()).toEqual(['evaluate tone', 'evaluate kind', 'session']);
    expect(spans.named('session').attributes['spoor.session.rubrics']).toEqual(['manners']);
  });

  it('may come after the end, which reopens nothing', () => {
    withSession({ id: 's' }, () => undefined);
    endSession({ sessionId: 's', scores: { late: 1 } });
    updateSession({ sessionId: 's', isSuccessful: false });
    expect(names()).toEqual(['session', 'evaluate late', 'amend session']);
    expect(spans.named('amend session').attributes).toEqual({
      'session.id': 's',
      'spoor.amendment.target': 'session',
      'spoor.amendment.target_id': 's',
      'spoor.session.is_successful': false,
    });
  });

  it.each([
    ['a number', { scores: 7 }],
    ['a list of nothing', { scores: [null, undefined, 3] }],
    ['a rubric without a name', { rubric: { value: 3 } }],
  ])('that is no result (%s) is passed over, and the session still ends', (_what, fields) => {
    startSession({ id: 's' }).end(fields as object);
    expect(names()).toEqual(['session']);
  });
});

describe('steps side by side', () => {
  it('have places and predecessors in the order in which they began', async () => {
    await withSession({ id: 's' }, () =>
      Promise.all(
        ['a', 'b', 'c'].map((name) =>
          withStep({ name }, async () => {
            await new Promise(setImmediate);
            await withStep({ name: `${name} inner` }, () => new Promise(setImmediate));
          }),
        ),
      ),
    );
    const steps = spans
      .all()
      .filter(({ name }) => name.startsWith('step '))
      .toSorted(
        (a, b) => Number(a.attributes['spoor.step.index']) - Number(b.attributes['spoor.step.index']),
      );
    expect(steps.map(({ attributes }) => attributes['spoor.step.index'])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(steps.slice(0, 3).map(({ name }) => name)).toEqual(['step a', 'step b', 'step c']);
    expect(steps.map(({ attributes }) => attributes['spoor.step.previous_id'])).toEqual([
      undefined,
      ...steps.slice(0, -1).map(({ attributes }) => attributes['spoor.step.id']),
    ]);
  });

  it('of two sessions are counted apart', async () => {
    await Promise.all(
      ['s', 't'].map((id) =>
        withSession({ id }, async () => {
          for (const name of ['one', 'two']) {
            createStep({ name });
            await new Promise(setImmediate);
            endStep();
          }
        }),
      ),
    );
    const places = spans
      .all()
      .filter(({ name }) => name.startsWith('step '))
      .map(({ name, attributes }) => [attributes['session.id'], name, attributes['spoor.step.index']]);
    expect(places.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['s', 'step one', 0],
      ['s', 'step two', 1],
      ['t', 'step one', 0],
      ['t', 'step two', 1],
    ]);
  });

  it('go on being counted when a session that ended here is gone on with', () => {
    withSession({ id: 's' }, () => createStep({ name: 'first' }).end());
    const first = spans.named('step first').attributes['spoor.step.id'];
    bindSession('s', () => createStep({ name: 'second' }).end());
    continueSession('s').run(() => createStep({ name: 'third' }).end());
    expect(spans.named('step second').attributes).toMatchObject({
      'session.id': 's',
      'spoor.step.index': 1,
      'spoor.step.previous_id': first,
    });
    expect(spans.named('step third').attributes).toMatchObject({ 'spoor.step.index': 2 });
  });
});
