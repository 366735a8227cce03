import { failures } from './mcp-failures.js';
import { requests } from './mcp-requests.js';
import { transports } from './mcp-transports.js';

/** What the contract suite needs to know of the first line of packages. */
export const name = 'mcp';
export const module = '@modelcontextprotocol/sdk';
export const plans = {};

export function makeClient(sdk) {
  return new sdk.Client({ name: 'app', version: '1.0.0' });
}

export const scenarios = { ...requests(1), ...failures(1), ...transports(1) };
