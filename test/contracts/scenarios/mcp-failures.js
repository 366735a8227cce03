import { connect, loadParts, makeServer, text } from './mcp-parts.js';
import { failed, opening, span, toolSpan, toolSpans } from './mcp-spans.js';

const OSLO = { name: 'weather', arguments: { city: 'Oslo' } };
const never = () => new Promise(() => {});
const ANY = { status: { code: 2, message: 'ANY' } };

const call = (line, client, options) =>
  line === 1 ? client.callTool(OSLO, undefined, options) : client.callTool(OSLO, options);

/** Requests that fail, are called off, or lose their peer. */
export const failures = (line) => ({
  'a tool that fails': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const server = makeServer(parts, {
        weather: () => {
          throw new Error('No sky.');
        },
      });
      const { client } = await connect(parts, server);
      log('result', await client.callTool(OSLO));
      await client.close();
    },
    spans: [
      ...opening(),
      ...toolSpans(
        'weather',
        {
          'gen_ai.tool.call.result': { ...text('No sky.'), isError: true },
          'error.type': 'tool_error',
          'spoor.outcome': 'failed',
        },
        failed(),
      ),
    ],
  },
  'a handler that throws an error of the protocol': {
    async run({ load, attempt }) {
      const parts = await loadParts(load, line);
      const server = new parts.Server({ name: 'low', version: '1.0.0' }, { capabilities: { tools: {} } });
      server.setRequestHandler(parts.method(parts, 'tools/call'), () => {
        throw parts.error(-32042, 'Not today.', { day: 'Sunday' });
      });
      const { client } = await connect(parts, server);
      await attempt('call', () => client.callTool(OSLO));
      await client.close();
    },
    spans: [
      ...opening(),
      ...toolSpans(
        'weather',
        { 'error.type': '-32042', 'rpc.response.status_code': '-32042', 'spoor.outcome': 'failed' },
        ANY,
      ),
    ],
  },
  'a handler that throws anything else': {
    async run({ load, attempt }) {
      const parts = await loadParts(load, line);
      const server = new parts.Server({ name: 'low', version: '1.0.0' }, { capabilities: { tools: {} } });
      server.setRequestHandler(parts.method(parts, 'tools/call'), async () => {
        throw new TypeError('Wrong.');
      });
      const { client } = await connect(parts, server);
      await attempt('call', () => client.callTool(OSLO));
      await client.close();
    },
    spans: [
      ...opening(),
      ...toolSpans(
        'weather',
        { 'error.type': '-32603', 'rpc.response.status_code': '-32603', 'spoor.outcome': 'failed' },
        ANY,
      ),
    ],
  },
  'a method that nobody handles': {
    async run({ load, attempt }) {
      const parts = await loadParts(load, line);
      const { client } = await connect(parts, makeServer(parts, { weather: never }));
      const schema = parts.z.object({}).loose();
      await attempt('call', () => client.request({ method: 'example/none' }, schema));
      await client.close();
    },
    spans: [
      ...opening(),
      ...['server', 'client'].map((side) =>
        span(
          side,
          'example/none',
          { 'error.type': '-32601', 'rpc.response.status_code': '-32601', 'spoor.outcome': 'failed' },
          ANY,
        ),
      ),
    ],
  },
  'a time-out': {
    async run({ load, attempt }) {
      const parts = await loadParts(load, line);
      const { client } = await connect(parts, makeServer(parts, { weather: never }));
      await attempt('call', () => call(line, client, { timeout: 20 }));
      await client.close();
    },
    isUnordered: true,
    spans: [
      ...opening(),
      toolSpan(
        'client',
        'weather',
        { 'error.type': line === 1 ? '-32001' : 'REQUEST_TIMEOUT', 'spoor.outcome': 'failed' },
        ANY,
      ),
      toolSpan('server', 'weather', { 'spoor.outcome': 'cancelled' }),
    ],
  },
  'a call that the program calls off': {
    async run({ load, attempt }) {
      const parts = await loadParts(load, line);
      const controller = new AbortController();
      const server = makeServer(parts, {
        weather: () => {
          setImmediate(() => controller.abort(new Error('Enough.')));
          return never();
        },
      });
      const { client } = await connect(parts, server);
      await attempt('call', () => call(line, client, { signal: controller.signal }));
      await client.close();
    },
    isUnordered: true,
    spans: [
      ...opening(),
      toolSpan('client', 'weather', { 'spoor.outcome': 'cancelled' }),
      toolSpan('server', 'weather', { 'spoor.outcome': 'cancelled' }),
    ],
  },
  'a peer that goes away': {
    async run({ load, attempt }) {
      const parts = await loadParts(load, line);
      const server = makeServer(parts, {
        weather: () => {
          setImmediate(() => server.close());
          return never();
        },
      });
      const { client } = await connect(parts, server);
      await attempt('call', () => client.callTool(OSLO));
      await attempt('call after', () => client.callTool(OSLO));
    },
    isUnordered: true,
    spans: [
      ...opening(),
      toolSpan(
        'client',
        'weather',
        { 'error.type': line === 1 ? '-32000' : 'CONNECTION_CLOSED', 'spoor.outcome': 'failed' },
        ANY,
      ),
      toolSpan('server', 'weather', { 'spoor.outcome': 'cancelled' }),
      toolSpan(
        'client',
        'weather',
        { 'jsonrpc.request.id': undefined, 'error.type': 'Error', 'spoor.outcome': 'failed' },
        failed('Not connected'),
      ),
    ],
  },
  'a rejection that nobody handles': {
    async run({ load, delay }) {
      const parts = await loadParts(load, line);
      const { client } = await connect(parts, makeServer(parts, { weather: never }));
      void call(line, client, { timeout: 5 });
      // The process ends before.
      await delay(20_000);
    },
    isolated: true,
    isUnordered: true,
    spans: [
      ...opening(),
      toolSpan(
        'client',
        'weather',
        { 'error.type': line === 1 ? '-32001' : 'REQUEST_TIMEOUT', 'spoor.outcome': 'failed' },
        ANY,
      ),
      toolSpan('server', 'weather', { 'spoor.outcome': 'cancelled' }),
    ],
  },
  'a process that ends in the middle of a call': {
    async run({ load, delay }) {
      const parts = await loadParts(load, line);
      const { client } = await connect(parts, makeServer(parts, { weather: never }));
      void client.callTool(OSLO);
      await delay(10);
      process.exit(7);
    },
    isolated: true,
    isUnordered: true,
    spans: [...opening(), ...toolSpans('weather', { 'spoor.outcome': 'abandoned' })],
  },
});
