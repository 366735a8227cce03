import { failures } from './agents-failures.js';
import { plans } from './agents-plans.js';
import { runs } from './agents-runs.js';

/** What the contract suite needs to know of the agents SDK. */
export const name = 'openai-agents';
export const module = '@openai/agents';
export { plans };

export function makeClient(_sdk, baseURL) {
  return { baseURL: `${baseURL}/v1` };
}

/** Later versions make spans for turns: the same scenarios, with other spans. */
const forms = [
  { hasTurns: true, suffix: '', range: { since: '0.20' } },
  { hasTurns: false, suffix: ', before turns', range: { until: '0.2' } },
];

export const scenarios = Object.fromEntries(
  forms.flatMap(({ hasTurns, suffix, range }) =>
    Object.entries({ ...runs(hasTurns), ...failures(hasTurns) }).map(([title, scenario]) => [
      title + suffix,
      { ...scenario, ...range },
    ]),
  ),
);
