import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyOptions, resetSettings } from '../../../src/config/settings.js';
import { updateEvent } from '../../../src/tracing/events.js';
import { withSession } from '../../../src/tracing/sessions.js';
import { currentStep, updateStep } from '../../../src/tracing/steps.js';
import { event, type EventWrapOptions } from '../../../src/tracing/wrappers/event-wrapper.js';
import { tool } from '../../../src/tracing/wrappers/observation-wrappers.js';
import { step } from '../../../src/tracing/wrappers/step-wrapper.js';
import { parentOf, recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  applyOptions({ captureContent: true });
  spans = recordSpans();
});
afterEach(resetSettings);

/** What a span says, apart from ids that are made up. */
function said(name: string): Record<string, unknown> {
  const { 'spoor.step.id': _step, 'spoor.event.id': _event, ...rest } = spans.named(name).attributes;
  return rest;
}

function content(name: string): unknown[] {
  const attributes = said(`execute_tool ${name}`);
  return [attributes['spoor.event.arguments'], attributes['spoor.event.result']];
}

describe('a function wrapped in a step', () => {
  it('is a step while it runs, with what it says of it', async () => {
    const login = step({ goal: 'in', state: 'out' })(async function login(user: string) {
      await Promise.resolve();
      updateStep({ action: `typed ${user}` });
      return currentStep()?.id;
    });
    const id = await withSession({ id: 's1' }, () => login('ann'));
    expect(spans.named('step login').attributes).toEqual({
      'session.id': 's1',
      'spoor.step.id': id,
      'spoor.step.index': 0,
      'spoor.step.name': 'login',
      'spoor.step.goal': 'in',
      'spoor.step.state': 'out',
      'spoor.step.action': 'typed ann',
    });
    expect(currentStep()).toBeUndefined();
  });

  it('that throws gets score 0 and the message, and the same error goes on', async () => {
    const error = new RangeError('too far');
    const walk = step({ name: 'walk', eval_score: 9 } as object)(() => Promise.reject(error));
    await expect(walk()).rejects.toBe(error);
    expect(spans.named('step walk').status).toEqual({ code: SpanStatusCode.ERROR, message: 'too far' });
    expect(said('step walk')).toEqual({
      'error.type': 'RangeError',
      'spoor.step.index': 0,
      'spoor.step.name': 'walk',
      'spoor.step.eval_score': 0,
      'spoor.step.eval_description': 'too far',
    });
  });

  it('runs side by side with itself, each call a step of its own', async () => {
    const search = tool({ name: 'search' }, () => undefined);
    const walk = step({ name: 'walk' })(async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      search();
    });
    await Promise.all([walk(3), walk(1)]);
    const steps = spans.all().filter((span) => span.name === 'step walk');
    const tools = spans.all().filter((span) => span.name === 'execute_tool search');
    expect(new Set(tools.map(parentOf))).toEqual(new Set(steps.map((span) => span.spanContext().spanId)));
  });

  it('may be anonymous', () => {
    step()(() => 1)();
    expect(spans.all().map(({ name }) => name)).toEqual(['step']);
  });
});

describe('a function wrapped in an event', () => {
  it('says its name, arguments, result and success', () => {
    const search = event({ description: 'looks', cost_added: 0.5 } as object)(function search(query: string) {
      return { found: query };
    });
    expect(search('boots')).toEqual({ found: 'boots' });
    expect(said('execute_tool search')).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'spoor.observation.type': 'TOOL',
      'spoor.cost.total': 0.5,
      'spoor.event.description': 'looks',
      'spoor.event.function_name': 'search',
      'spoor.event.arguments': '["boots"]',
      'spoor.event.result': '{"found":"boots"}',
      'spoor.event.is_successful': true,
      'spoor.event.is_finished': true,
    });
  });

  it('has not succeeded when it throws', () => {
    const error = new TypeError('bad');
    expect(() =>
      event(function search() {
        throw error;
      })(),
    ).toThrow(error);
    expect(spans.named('execute_tool search').status).toEqual({ code: SpanStatusCode.ERROR, message: 'bad' });
    expect(said('execute_tool search')).toMatchObject({
      'error.type': 'TypeError',
      'spoor.outcome': 'failed',
      'spoor.event.is_successful': false,
      'spoor.event.is_finished': true,
    });
  });

  it('lets stand what it says of its event itself', () => {
    event(function search() {
      updateEvent({ isSuccessful: false, result: 'nothing' });
      return [];
    })();
    expect(said('execute_tool search')).toMatchObject({
      'spoor.event.is_successful': false,
      'spoor.event.result': 'nothing',
    });
  });

  it('is the parent of what it calls, and leaves no event open', () => {
    const inner = tool({ name: 'inner' }, () => undefined);
    event(function outer() {
      inner();
    })();
    updateEvent({ description: 'nobody is open' });
    expect(parentOf(spans.named('execute_tool inner'))).toBe(
      spans.named('execute_tool outer').spanContext().spanId,
    );
    expect(spans.all()).toHaveLength(2);
  });

  it('leaves content out unless it is asked for', () => {
    applyOptions({ captureContent: { toolArguments: false, output: false } });
    const options: EventWrapOptions = { captureInput: true, captureOutput: true };
    event(options, function refused(x: number) {
      return x;
    })(1);
    resetSettings();
    event(function usual(x: number) {
      return x;
    })(1);
    event(options, function asked(x: number) {
      return x;
    })(1);
    expect(['refused', 'usual', 'asked'].map(content)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      ['[1]', '1'],
    ]);
  });
});
