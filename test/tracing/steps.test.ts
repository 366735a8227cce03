import { diag, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { createEvent, endEvent, updateEvent } from '../../src/tracing/events.js';
import { withSession } from '../../src/tracing/sessions.js';
import { startSpan } from '../../src/tracing/start-span.js';
import { createStep, currentStep, endStep, updateStep, withStep } from '../../src/tracing/steps.js';
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

async function beginHelperStep(): Promise<void> {
  await Promise.resolve();
  createStep({ name: 'helper' });
}

describe('a step', () => {
  it('carries its facts, its place and its predecessor', () => {
    let ids: string[] = [];
    withSession({ id: 's' }, () => {
      const first = createStep({
        name: 'plan',
        state: { url: '/' },
        stateKey: 'home',
        goal: 'g',
        eval_score: '7/10',
      } as object);
      updateStep({ action: 'click' });
      endStep({ evalDescription: 'fine' });
      const second = createStep();
      second.end();
      ids = [first.id, second.id];
    });
    expect(spans.named('step plan').attributes).toEqual({
      'session.id': 's',
      'spoor.step.id': ids[0],
      'spoor.step.name': 'plan',
      'spoor.step.index': 0,
      'spoor.step.state': '{"url":"/"}',
      'spoor.step.state_key': 'home',
      'spoor.step.goal': 'g',
      'spoor.step.action': 'click',
      'spoor.step.eval_score': '7/10',
      'spoor.step.eval_description': 'fine',
    });
    expect(spans.named('step').attributes).toEqual({
      'session.id': 's',
      'spoor.step.id': ids[1],
      'spoor.step.index': 1,
      'spoor.step.previous_id': ids[0],
    });
  });

  it('is ended by the next one, marked, with one warning for all of them', () => {
    withSession({}, () => {
      createStep({ name: 'one' });
      createStep({ name: 'two' });
      createStep({ name: 'three' });
      endStep();
    });
    expect(spans.all().map((span) => [span.name, span.attributes['spoor.step.auto_ended']])).toEqual([
      ['step one', true],
      ['step two', true],
      ['step three', undefined],
      ['session', undefined],
    ]);
    const session = spans.named('session').spanContext().spanId;
    expect(spans.all().slice(0, 3).map(parentOf)).toEqual([session, session, session]);
    expect(warnings).toHaveLength(1);
  });

  it('is an error with a code when another is open and steps are strict', () => {
    applyOptions({ strictSteps: true });
    withSession({}, () => {
      createStep({ name: 'one' });
      expect(() => createStep({ name: 'two' })).toThrow(expect.objectContaining({ code: 'SPOOR_STEP_OPEN' }));
      endStep();
    });
    expect(spans.all().map((span) => span.name)).toEqual(['step one', 'session']);
  });

  it('can be updated after its end, by an amendment of the changed fields alone', () => {
    let id = '';
    withSession({ id: 's' }, () => {
      id = createStep({ name: 'x', goal: 'g' }).id;
      endStep();
      updateStep({ stepId: id, evalScore: 3 });
      updateStep({ stepId: id });
      updateStep({ goal: 'nowhere to go' });
      endStep({ step_id: id, action: 'late' });
    });
    const amendments = spans.all().filter((span) => span.name === 'amend step');
    expect(amendments.map((span) => span.attributes)).toEqual([
      {
        'session.id': 's',
        'spoor.step.id': id,
        'spoor.amendment.target': 'step',
        'spoor.amendment.target_id': id,
        'spoor.step.eval_score': 3,
      },
      {
        'session.id': 's',
        'spoor.step.id': id,
        'spoor.amendment.target': 'step',
        'spoor.amendment.target_id': id,
        'spoor.step.action': 'late',
      },
    ]);
    expect(amendments[0]?.links[0]?.context.spanId).toBe(spans.named('step x').spanContext().spanId);
    expect(spans.named('step x').attributes['spoor.step.goal']).toBe('g');
  });

  it('is over for spans that start after its end', () => {
    withSession({ id: 's' }, () => {
      const { id } = createStep({ name: 'x' });
      startSpan('inside').end();
      endStep();
      startSpan('after').end();
      expect(spans.named('inside').attributes['spoor.step.id']).toBe(id);
      expect(spans.named('after').attributes).toEqual({ 'session.id': 's' });
    });
    expect(parentOf(spans.named('inside'))).toBe(spans.named('step x').spanContext().spanId);
    expect(parentOf(spans.named('after'))).toBe(spans.named('session').spanContext().spanId);
  });

  it('gets score 0 and the message when its function throws, and the same error goes on', async () => {
    const error = new Error('went wrong');
    await expect(withStep({ name: 'bad' }, async () => Promise.reject(error))).rejects.toBe(error);
    expect(spans.named('step bad').attributes).toMatchObject({
      'spoor.step.eval_score': 0,
      'spoor.step.eval_description': 'went wrong',
      'error.type': 'Error',
    });
    expect(spans.named('step bad').status).toEqual({ code: SpanStatusCode.ERROR, message: 'went wrong' });
  });

  it('runs beside others without taking their calls', async () => {
    await withSession({ id: 's' }, () =>
      Promise.all(
        ['a', 'b'].map((name) =>
          withStep({ name }, async () => {
            await new Promise(setImmediate);
            startSpan(`call ${name}`).end();
            expect(currentStep()).toBeDefined();
          }),
        ),
      ),
    );
    for (const name of ['a', 'b']) {
      const step = spans.named(`step ${name}`);
      expect(parentOf(spans.named(`call ${name}`))).toBe(step.spanContext().spanId);
      expect(step.attributes['spoor.step.auto_ended']).toBeUndefined();
    }
  });

  it('is found by a call without an id when it was opened in a function that was awaited', async () => {
    await withSession({}, async () => {
      await beginHelperStep();
      endStep({ evalScore: 1 });
    });
    expect(spans.named('step helper').attributes['spoor.step.eval_score']).toBe(1);
    expect(spans.named('step helper').attributes['spoor.step.auto_ended']).toBeUndefined();
  });
});

describe('an event', () => {
  it('is an observation of its step, typed by what it says', () => {
    withSession({ id: 's' }, () => {
      createStep({ name: 'x' });
      createEvent({ description: 'note', isFinished: true });
      createEvent({ id: 'e2', function_name: 'search', arguments: { q: 1 }, cost_added: 0.5 } as object);
      updateEvent({ result: 'r' });
      endEvent({ isSuccessful: true });
      endStep();
    });
    expect(spans.named('event').attributes).toMatchObject({
      'session.id': 's',
      'spoor.observation.type': 'EVENT',
      'spoor.event.description': 'note',
      'spoor.event.is_finished': true,
    });
    const tool = spans.named('execute_tool search');
    expect(tool.attributes).toEqual({
      'session.id': 's',
      'spoor.step.id': spans.named('step x').attributes['spoor.step.id'],
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'spoor.observation.type': 'TOOL',
      'spoor.event.id': 'e2',
      'spoor.event.function_name': 'search',
      'spoor.event.arguments': '{"q":1}',
      'spoor.event.result': 'r',
      'spoor.event.is_successful': true,
      'spoor.event.is_finished': true,
      'spoor.cost.total': 0.5,
    });
    expect(parentOf(tool)).toBe(spans.named('step x').spanContext().spanId);
  });

  it('ends with the step or session that it was made in, without the claim that it finished', () => {
    withSession({}, () => {
      createEvent({ name: 'of the session' });
      createStep({ name: 'x' });
      createEvent({ name: 'of the step' });
      endStep();
    });
    expect(spans.all().map((span) => span.name)).toEqual([
      'of the step',
      'step x',
      'of the session',
      'session',
    ]);
    expect(spans.named('of the step').attributes['spoor.event.is_finished']).toBeUndefined();
  });

  it('is the newest open one of this context when no id is given', () => {
    createEvent({ id: 'a', name: 'a' });
    createEvent({ id: 'b', name: 'b' });
    endEvent({ result: 'of b' });
    endEvent({ result: 'of a' });
    endEvent({ eventId: 'a', result: 'late' });
    expect(spans.all().map((span) => [span.name, span.attributes['spoor.event.result']])).toEqual([
      ['b', 'of b'],
      ['a', 'of a'],
      ['amend event', 'late'],
    ]);
  });
});
