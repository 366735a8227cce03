import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../semconv/model/observation.js';
import { costReport } from '../../../src/analysis/cost/cost-report.js';
import { createPricer } from '../../../src/analysis/cost/price-call.js';

const GPT_4O = { provider: 'openai', responseModel: 'gpt-4o' };
/** 1 cent at the price of gpt-4o. */
const CENT = { usage: { output: 1000 } };

function observation(id: string, facts: Partial<Observation> = {}): Observation {
  return {
    id,
    traceId: 't',
    type: 'GENERATION',
    name: 'chat',
    dialect: 'spoor',
    startMs: Date.UTC(2026, 6, 1),
    status: 'unset',
    ...GPT_4O,
    ...facts,
  };
}

const report = (...observations: Observation[]) =>
  costReport([{ session: { id: 's' }, observations }], createPricer());
const zero = { givenCalls: 0, unpricedCalls: 0, unpricedTokens: 0 };

describe('costReport', () => {
  it('adds up by step, model, session and experiment', () => {
    const priced = [
      observation('a', { ...CENT, stepId: 'one' }),
      observation('b', { ...CENT, stepId: 'two' }),
    ];
    const house = observation('c', { stepId: 'two', responseModel: 'house-model', usage: { input: 500 } });
    const given = observation('d', { cost: 0.5 });
    const sessions = [
      { session: { id: 's1', experimentId: 'x' }, observations: [...priced, house] },
      { session: { id: 's2', experimentId: 'x' }, observations: [given] },
    ];
    expect(costReport(sessions, createPricer())).toEqual({
      total: { cost: 0.52, calls: 4, givenCalls: 1, unpricedCalls: 1, tokens: 2500, unpricedTokens: 500 },
      models: [
        { ...zero, ...GPT_4O_LINE, cost: 0.52, calls: 3, givenCalls: 1, tokens: 2000 },
        {
          provider: 'openai',
          model: 'house-model',
          why: 'no price is known for house-model',
          cost: 0,
          calls: 1,
          givenCalls: 0,
          unpricedCalls: 1,
          tokens: 500,
          unpricedTokens: 500,
        },
      ],
      steps: [
        {
          sessionId: 's1',
          stepId: 'two',
          cost: 0.01,
          calls: 2,
          givenCalls: 0,
          unpricedCalls: 1,
          tokens: 1500,
          unpricedTokens: 500,
        },
        { ...zero, sessionId: 's1', stepId: 'one', cost: 0.01, calls: 1, tokens: 1000 },
      ],
      sessions: [
        { ...zero, sessionId: 's2', experimentId: 'x', cost: 0.5, calls: 1, givenCalls: 1, tokens: 0 },
        {
          sessionId: 's1',
          experimentId: 'x',
          cost: 0.02,
          calls: 3,
          givenCalls: 0,
          unpricedCalls: 1,
          tokens: 2500,
          unpricedTokens: 500,
        },
      ],
      experiments: [
        {
          experimentId: 'x',
          cost: 0.52,
          calls: 4,
          givenCalls: 1,
          unpricedCalls: 1,
          tokens: 2500,
          unpricedTokens: 500,
        },
      ],
    });
  });

  it('counts a call once that several spans report', () => {
    const agent = observation('agent', { type: 'AGENT', usage: { output: 2000 } });
    const framework = observation('framework', { parentId: 'agent', ...CENT });
    const call = observation('call', { parentId: 'framework', ...CENT });
    const other = observation('other', { parentId: 'agent', ...CENT });
    expect(report(agent, framework, call, other).total).toEqual({
      ...zero,
      cost: 0.02,
      calls: 2,
      tokens: 2000,
    });
  });

  it('counts a call and the one that a tool inside it makes', () => {
    const outer = observation('outer', CENT);
    const tool = observation('tool', { type: 'TOOL', parentId: 'outer' });
    const inner = observation('inner', { parentId: 'tool', ...CENT });
    expect(report(outer, tool, inner).total).toEqual({ ...zero, cost: 0.02, calls: 2, tokens: 2000 });
  });

  it('lets a cost that was given cover the calls inside', () => {
    const work = observation('work', { type: 'AGENT', cost: 0.3 });
    const call = observation('call', { parentId: 'work', ...CENT });
    expect(report(work, call).total).toEqual({ ...zero, cost: 0.3, calls: 2, givenCalls: 2, tokens: 1000 });
  });

  it('stands spans that are each other’s parents', () => {
    const a = observation('a', { parentId: 'b', ...CENT });
    const b = observation('b', { parentId: 'a', ...CENT });
    expect(report(a, b).total.calls).toBeLessThanOrEqual(2);
  });

  it('stands a trace of 20,000 spans in a row', () => {
    const row = Array.from({ length: 20_000 }, (_, at) =>
      observation(`o${at}`, {
        type: at === 19_999 ? 'GENERATION' : 'CHAIN',
        ...(at === 0 ? {} : { parentId: `o${at - 1}` }),
        ...CENT,
      }),
    );
    expect(report(...row).total).toEqual({ ...zero, cost: 0.01, calls: 1, tokens: 1000 });
  });
});

const GPT_4O_LINE = { provider: 'openai', model: 'gpt-4o' };
