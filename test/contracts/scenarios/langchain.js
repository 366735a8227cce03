import { plans as claudePlans } from './anthropic-plans.js';
import { plans as gptPlans } from './openai-plans.js';
import { scenarios as endings } from './langchain-endings.js';
import { scenarios as graphs } from './langchain-graphs.js';
import { scenarios as llms } from './langchain-llms.js';
import { scenarios as models } from './langchain-models.js';
import { scenarios as runs } from './langchain-runs.js';

/** What the contract suite needs to know of one SDK. The loopback provider is OpenAI's and, by other names, Anthropic's. */
export const name = 'langchain';
export const module = '@langchain/core';
export const plans = {
  ...gptPlans,
  ...Object.fromEntries(Object.entries(claudePlans).map(([plan, answer]) => [`claude.${plan}`, answer])),
};

/** Its clients are models of other packages, which the scenarios load. */
export function makeClient() {}

/** Every scenario, by name. `isUnordered`: what runs in parallel ends in any order. */
export const scenarios = { ...runs, ...models, ...graphs, ...endings, ...llms };
