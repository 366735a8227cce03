import { plans as textPlans } from './openai-plans.js';
import { scenarios as calls } from './openai-calls.js';
import { scenarios as failures } from './openai-failures.js';
import { scenarios as streams } from './openai-streams.js';
import { scenarios as helpers } from './openai-helpers.js';
import { plans as mediaPlans, scenarios as media } from './openai-media.js';
import { plans as batchPlans, scenarios as batches } from './openai-batches.js';
import { plans as runPlans, scenarios as runs } from './openai-runs.js';
import { plans as realtimePlans } from './openai-realtime-plans.js';
import { scenarios as realtime } from './openai-realtime.js';
import { plans as socketPlans, scenarios as sockets } from './openai-responses-socket.js';

/** What the contract suite needs to know of one SDK. */
export const name = 'openai';
export const module = 'openai';
export const plans = {
  ...textPlans,
  ...mediaPlans,
  ...runPlans,
  ...batchPlans,
  ...realtimePlans,
  ...socketPlans,
};

export function makeClient(sdk, baseURL, options = {}) {
  return new sdk.OpenAI({
    apiKey: 'test',
    baseURL: `${baseURL}/v1`,
    maxRetries: 0,
    logLevel: 'off',
    ...options,
  });
}

/** Every scenario, by name. `isolated`: in a process of its own; `env`: its environment; `since`: first version that has the call. */
export const scenarios = {
  ...calls,
  ...failures,
  ...streams,
  ...helpers,
  ...media,
  ...runs,
  ...batches,
  ...realtime,
  ...sockets,
};
