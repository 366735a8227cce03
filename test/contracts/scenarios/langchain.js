import { plans } from './openai-plans.js';
import { scenarios as graphs } from './langchain-graphs.js';
import { scenarios as models } from './langchain-models.js';
import { scenarios as runs } from './langchain-runs.js';

/** What the contract suite needs to know of one SDK. The loopback provider is OpenAI's. */
export const name = 'langchain';
export const module = '@langchain/core';
export { plans };

/** Its clients are models of other packages, which the scenarios load. */
export function makeClient() {}

/** Every scenario, by name. `isUnordered`: what runs in parallel ends in any order. */
export const scenarios = { ...runs, ...models, ...graphs };
