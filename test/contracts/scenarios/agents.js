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

const UNSAID = 'the SDK begins the span of a model’s call before it says which model it asks, and where';

/** What a sampler cannot see in time. */
export const late = {
  'gen_ai.provider.name': UNSAID,
  'gen_ai.request.model': UNSAID,
  'server.address': UNSAID,
  'server.port': UNSAID,
};

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
