import { expect, it } from 'vitest';
import { createPricer } from '../../../src/analysis/cost/price-call.js';
import { priceRecords } from '../../../src/analysis/cost/price-records.js';
import { observation, run } from '../scores/runs.js';

const CENT = { provider: 'openai', responseModel: 'gpt-4o', usage: { output: 1000 } };

it('puts costs where they count, once', () => {
  const agent = observation({ id: 'agent', type: 'AGENT', usage: { output: 2000 } });
  const call = observation({ id: 'call', parentId: 'agent', stepId: 's1', ...CENT });
  const other = observation({
    id: 'other',
    parentId: 'agent',
    responseModel: 'house-model',
    usage: { output: 5 },
  });
  const { session, observations } = priceRecords(run({}, [agent, call, other]), createPricer());
  expect(session.cost).toBe(0.01);
  expect(observations.map(({ id, cost }) => [id, cost])).toEqual([
    ['agent', undefined],
    ['call', 0.01],
    ['other', undefined],
  ]);
});

it('leaves what was given', () => {
  const work = observation({ id: 'work', type: 'AGENT', cost: 0.3 });
  const call = observation({ id: 'call', parentId: 'work', ...CENT });
  const { session, observations } = priceRecords(run({ cost: 0.3 }, [work, call]), createPricer());
  expect([session.cost, ...observations.map(({ cost }) => cost)]).toEqual([0.3, 0.3, 0]);
});
