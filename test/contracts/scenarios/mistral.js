import { plans as callPlans } from './mistral-plans.js';
import { plans as conversationPlans } from './mistral-conversations-plans.js';
import { scenarios as conversations } from './mistral-conversations.js';
import { scenarios as calls } from './mistral-calls.js';
import { scenarios as streams } from './mistral-streams.js';

/** What the contract suite needs to know of one SDK. */
export const name = 'mistral';
export const module = '@mistralai/mistralai';
export const plans = { ...callPlans, ...conversationPlans };

export function makeClient(sdk, baseURL, options = {}) {
  return new sdk.Mistral({ apiKey: 'test', serverURL: baseURL, ...options });
}

/** Every scenario, by name. `isolated`: in a process of its own; `env`: its environment; `since`: first version that has the call. */
export const scenarios = { ...calls, ...streams, ...conversations };
