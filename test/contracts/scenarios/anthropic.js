import { plans as messagePlans } from './anthropic-plans.js';
import { plans as batchPlans, scenarios as batches } from './anthropic-batches.js';
import { scenarios as calls } from './anthropic-calls.js';
import { scenarios as helpers } from './anthropic-helpers.js';
import { scenarios as streams } from './anthropic-streams.js';

/**
 * What the contract suite needs to know of one SDK. The instrumented run has a tracer provider, so the SDK would trace
 * itself there: that each call has one span, ours, is part of every scenario.
 */
export const name = 'anthropic';
export const module = '@anthropic-ai/sdk';
export const plans = { ...messagePlans, ...batchPlans };

export function makeClient(sdk, baseURL, options = {}) {
  return new sdk.Anthropic({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off', ...options });
}

/** Every scenario, by name. `isolated`: in a process of its own; `env`: its environment. */
export const scenarios = { ...calls, ...streams, ...helpers, ...batches };
