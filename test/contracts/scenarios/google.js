import { plans } from './google-plans.js';
import { scenarios as calls } from './google-calls.js';
import { scenarios as streams } from './google-streams.js';

/** What the contract suite needs to know of one SDK. */
export const name = 'google-genai';
export const module = '@google/genai';
export { plans };

export function makeClient(sdk, baseURL, { httpOptions, ...options } = {}) {
  return new sdk.GoogleGenAI({
    apiKey: 'test',
    httpOptions: { baseUrl: baseURL, ...httpOptions },
    ...options,
  });
}

/** Every scenario, by name. `isolated`: in a process of its own; `env`: its environment. */
export const scenarios = { ...calls, ...streams };
