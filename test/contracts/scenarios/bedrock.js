import { clientOptions } from './bedrock-client.js';
import { plans } from './bedrock-plans.js';
import { scenarios as calls } from './bedrock-calls.js';
import { scenarios as streams } from './bedrock-streams.js';

/** What the contract suite needs to know of one SDK. The loopback provider speaks HTTP/1; this SDK would speak HTTP/2. */
export const name = 'bedrock';
export const module = '@aws-sdk/client-bedrock-runtime';
export { plans };

const FIRST =
  'the SDK works its endpoint out in the middle of the first call, from settings that may be functions';

/** What a sampler cannot see in time. */
export const late = { 'server.address': FIRST, 'server.port': FIRST };

export async function makeClient(sdk, baseURL, options, load) {
  return new sdk.BedrockRuntime(await clientOptions(baseURL, load, options));
}

/** Every scenario, by name. `isolated`: in a process of its own; `env`: its environment. */
export const scenarios = { ...calls, ...streams };
