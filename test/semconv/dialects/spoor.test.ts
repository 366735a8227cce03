import { describe, expect, it } from 'vitest';
import { spoorDialect } from '../../../semconv/dialects/spoor.js';

function read(title: string): unknown {
  const sample = spoorDialect.samples.find((candidate) => candidate.title === title);
  if (sample === undefined) throw new Error(`no sample "${title}"`);
  return spoorDialect.read(sample.span);
}

describe('our own dialect', () => {
  it('reads a session whole', () => {
    expect(read('a session')).toEqual({
      concept: 'session',
      sessionId: 'ses_1',
      session: {
        name: 'parcel hunt',
        task: 'Find parcel 7',
        userId: 'u_1',
        agentId: 'agent_1',
        agentName: 'desk',
        serviceName: 'support-desk',
        environment: 'staging',
        tags: ['beta'],
        metadata: { plan: { tier: 'gold' }, attempt: 2 },
        isSuccessful: true,
        isSuccessfulReason: 'The parcel was found.',
        eval: 'good',
        evalReason: 'Two steps were enough.',
        rubrics: ['politeness'],
        experimentId: 'exp_1',
        iteration: 0,
        endReason: 'user',
        exitCode: 0,
      },
    });
  });

  it('reads a step whole', () => {
    expect(read('a step')).toEqual({
      concept: 'step',
      sessionId: 'ses_1',
      stepId: 'step_2',
      step: {
        name: 'look up',
        index: 1,
        previousId: 'step_1',
        state: 'The parcel number is known.',
        stateKey: 'known',
        goal: 'Find where it is',
        action: 'Ask the carrier',
        evalScore: 0.5,
        evalDescription: 'Slow',
        screenshots: ['sha256:ab12'],
        warnings: ['a screenshot was left out: it is no PNG, JPEG, WebP or GIF'],
        autoEnded: true,
      },
    });
  });

  it('reads of an amendment only what changes', () => {
    expect(read('an amendment of a step that has ended')).toEqual({
      concept: 'amendment',
      target: { kind: 'step', id: 'step_2' },
      sessionId: 'ses_1',
      fields: { evalScore: '3/5' },
    });
    expect(read('an amendment of an observation, which failed')).toEqual({
      concept: 'amendment',
      target: { kind: 'observation', id: '00f067aa0ba902b7' },
      sessionId: 'ses_1',
      fields: { output: 'refused', cost: 0.01, status: 'error', statusMessage: 'The customer refused.' },
    });
  });

  it('reads an event as an observation and keeps what has no field', () => {
    expect(read('an event that names a function')).toEqual({
      concept: 'observation',
      observation: {
        name: 'execute_tool send_mail',
        type: 'TOOL',
        operation: 'execute_tool',
        sessionId: 'ses_1',
        stepId: 'step_2',
        userId: 'u_1',
        tags: ['beta'],
        serviceName: 'support-desk',
        input: 'Tell the customer',
        output: { sent: true },
        tool: { name: 'send_mail', arguments: { to: 'u_1' } },
        cost: 0.002,
        outcome: 'completed',
        screenshots: ['sha256:cd34'],
        attributes: { 'spoor.event.is_successful': true, 'spoor.event.is_finished': true },
      },
    });
  });

  it('reads an observation that is called like a step as an observation', () => {
    expect(read('an observation that is called like a step')).toEqual({
      concept: 'observation',
      observation: {
        name: 'step 1',
        type: 'SPAN',
        sessionId: 'ses_1',
        stepId: 'step_2',
        userId: 'u_1',
        tags: ['beta'],
        serviceName: 'support-desk',
      },
    });
  });

  it('reads scores from attributes and events, each with its target', () => {
    const target = { kind: 'session', id: 'ses_1' };
    expect(read('a score on the session')).toEqual({
      concept: 'observation',
      observation: {
        name: 'evaluate politeness',
        type: 'EVALUATION',
        sessionId: 'ses_1',
        serviceName: 'support-desk',
        scores: [
          {
            name: 'politeness',
            value: true,
            source: 'human',
            rubric: 'manners',
            criterion: 'politeness',
            target,
          },
          { name: 'tone', value: 4, target },
        ],
      },
    });
  });
});
