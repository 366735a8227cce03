import { plans as callPlans } from './google-plans.js';
import { scenarios as calls } from './google-calls.js';
import { scenarios as streams } from './google-streams.js';
import { plans as interactionPlans } from './google-interactions-plans.js';
import { scenarios as interactions } from './google-interactions.js';
import { scenarios as live } from './google-live.js';
import { plans as livePlans } from './google-live-plans.js';

/** What the contract suite needs to know of one SDK. */
export const name = 'google-genai';
export const module = '@google/genai';
export const plans = { ...callPlans, ...interactionPlans, ...livePlans };

export function makeClient(sdk, baseURL, { httpOptions, ...options } = {}) {
  return new sdk.GoogleGenAI({
    apiKey: 'test',
    httpOptions: { baseUrl: baseURL, ...httpOptions },
    ...options,
  });
}

/** Every scenario, by name. `isolated`: in a process of its own; `env`: its environment. */
export const scenarios = { ...calls, ...streams, ...interactions, ...live };
