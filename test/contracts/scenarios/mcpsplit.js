import { failures } from './mcp-failures.js';
import { requests } from './mcp-requests.js';
import { transports } from './mcp-transports.js';

/** What the contract suite needs to know of the second line of packages: client and server apart. */
export const name = 'mcp';
export const module = '@modelcontextprotocol/client';
export const plans = {};

export function makeClient(sdk) {
  return new sdk.Client({ name: 'app', version: '1.0.0' });
}

export const scenarios = { ...requests(2), ...failures(2), ...transports(2) };
