import { connect, loadParts, makeServer, text } from './mcp-parts.js';
import { opening, span, toolSpan, toolSpans } from './mcp-spans.js';

const OSLO = { name: 'weather', arguments: { city: 'Oslo' } };
const SUN = { content: [{ type: 'text', text: 'Sun over Oslo.' }] };
const weather = ({ city }) => text(`Sun over ${city}.`);

/** Runs `work` with a span of the app active, where there is one. */
function withSpan(name, work) {
  const tracer = globalThis.contractTracer;
  if (tracer === undefined) return work();
  return tracer.startActiveSpan(name, async (active) => {
    try {
      return await work();
    } finally {
      active.end();
    }
  });
}

const appSpan = (name, parent) => ({
  name,
  kind: 0,
  status: { code: 0 },
  attributes: {},
  events: [],
  scope: 'app',
  parent,
});

/** Requests that are answered, in both directions. */
export const requests = (line) => ({
  'a tool is called': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const { client } = await connect(parts, makeServer(parts, { weather }));
      log('result', await client.callTool(OSLO));
      await client.close();
    },
    spans: [...opening(), ...toolSpans('weather', { 'gen_ai.tool.call.result': SUN })],
  },
  'lists, prompts, resources and pings': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const server = makeServer(parts, { weather });
      const argsSchema =
        parts.line === 1 ? { city: parts.z.string() } : parts.z.object({ city: parts.z.string() });
      server.registerPrompt('report', { description: 'Report', argsSchema }, ({ city }) => ({
        messages: [{ role: 'user', content: { type: 'text', text: city } }],
      }));
      server.registerResource('map', 'map://oslo', {}, (uri) => ({
        contents: [{ uri: uri.href, text: 'N' }],
      }));
      const { client } = await connect(parts, server);
      log(
        'tools',
        (await client.listTools()).tools.map(({ name }) => name),
      );
      log('prompt', await client.getPrompt({ name: 'report', arguments: { city: 'Oslo' } }));
      log('resource', await client.readResource({ uri: 'map://oslo' }));
      log('ping', await client.ping());
      await client.close();
    },
    spans: [
      ...opening(),
      ...['server', 'client'].map((side) => span(side, 'tools/list')),
      ...['server', 'client'].map((side) =>
        span(side, 'prompts/get report', {
          'gen_ai.prompt.name': 'report',
          'gen_ai.prompt.variable.city': 'Oslo',
          'jsonrpc.request.id': '2',
        }),
      ),
      ...['server', 'client'].map((side) =>
        span(side, 'resources/read', { 'mcp.resource.uri': 'map://oslo', 'jsonrpc.request.id': '3' }),
      ),
      ...['server', 'client'].map((side) => span(side, 'ping', { 'jsonrpc.request.id': '4' })),
    ],
  },
  'arguments stay as they are': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const { client } = await connect(parts, makeServer(parts, { weather }));
      const params = Object.freeze({
        name: 'weather',
        arguments: Object.freeze({ city: 'Oslo' }),
        _meta: Object.freeze({ 'example/key': 1 }),
      });
      log('result', await client.callTool(params));
      log('params', params);
      await client.close();
    },
    spans: [...opening(), ...toolSpans('weather', { 'gen_ai.tool.call.result': SUN })],
  },
  'a handler has its span active and the request around it': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const tools = { weather: (args) => withSpan('forecast', async () => weather(args)) };
      const { client } = await connect(parts, makeServer(parts, tools));
      await withSpan('agent', async () => log('result', await client.callTool(OSLO)));
      await client.close();
    },
    spans: [
      ...opening(),
      appSpan('forecast', 'tools/call weather'),
      toolSpan('server', 'weather', { 'gen_ai.tool.call.result': SUN }),
      toolSpan('client', 'weather', { 'gen_ai.tool.call.result': SUN }, { parent: 'agent' }),
      appSpan('agent', null),
    ],
  },
  'calls side by side': {
    async run({ load, log, delay }) {
      const parts = await loadParts(load, line);
      const slow = async (args) => {
        await delay(args.city === 'Oslo' ? 30 : 5);
        return weather(args);
      };
      const { client } = await connect(parts, makeServer(parts, { weather: slow }));
      const one = (name, city) =>
        withSpan(name, () => client.callTool({ name: 'weather', arguments: { city } }));
      log('results', await Promise.all([one('first', 'Oslo'), one('second', 'Rome')]));
      await client.close();
    },
    isUnordered: true,
    spans: [
      ...opening(),
      ...toolSpans('weather', { 'gen_ai.tool.call.result': SUN }).map((one) =>
        one.kind === 2 ? { ...one, parent: 'first' } : one,
      ),
      ...toolSpans('weather', {
        'gen_ai.tool.call.arguments': { city: 'Rome' },
        'gen_ai.tool.call.result': text('Sun over Rome.'),
        'jsonrpc.request.id': '2',
      }).map((one) => (one.kind === 2 ? { ...one, parent: 'second' } : one)),
      appSpan('first', null),
      appSpan('second', null),
    ],
  },
  'a server asks its client in the middle of a call': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const server = makeServer(parts, {
        weather: async (args) => {
          const { roots } = await server.server.listRoots();
          return text(`${args.city} ${roots[0].uri}`);
        },
      });
      const { Client, InMemoryTransport } = parts;
      const client = new Client({ name: 'app', version: '1.0.0' }, { capabilities: { roots: {} } });
      client.setRequestHandler(parts.method(parts, 'roots/list'), () => ({ roots: [{ uri: 'file:///a' }] }));
      const [near, far] = InMemoryTransport.createLinkedPair();
      await server.connect(far);
      await client.connect(near);
      log('result', await client.callTool(OSLO));
      await client.close();
    },
    spans: [
      ...opening(),
      span('server', 'roots/list', { 'jsonrpc.request.id': '0' }),
      span('client', 'roots/list', { 'jsonrpc.request.id': '0' }, { parent: 'tools/call weather' }),
      ...toolSpans('weather', { 'gen_ai.tool.call.result': text('Oslo file:///a') }),
    ],
  },
  'notifications have no span': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const server = makeServer(parts, {
        weather: async (args, context) => {
          const { progressToken } = (context.mcpReq ?? context)._meta;
          await parts.notify(context, {
            method: 'notifications/progress',
            params: { progressToken, progress: 1, total: 2 },
          });
          return weather(args);
        },
      });
      const { client } = await connect(parts, server);
      const onprogress = (progress) => log('progress', progress);
      const options = { onprogress };
      log(
        'result',
        await (line === 1 ? client.callTool(OSLO, undefined, options) : client.callTool(OSLO, options)),
      );
      await client.close();
    },
    spans: [...opening(), ...toolSpans('weather', { 'gen_ai.tool.call.result': SUN })],
  },
  'a method of its own, its handler, and one without': {
    async run({ load, log, attempt }) {
      const parts = await loadParts(load, line);
      const server = new parts.Server({ name: 'own', version: '1.0.0' }, { capabilities: {} });
      server.fallbackRequestHandler = async (request) => {
        if (request.method === 'example/none') throw parts.error(-32601, 'Not here.', { hint: 'none' });
        return { seen: request.params };
      };
      const { client } = await connect(parts, server);
      const params = { strict: true };
      log('handler', server.fallbackRequestHandler.name);
      const schema = parts.z.object({}).loose();
      log('answer', await client.request({ method: 'example/echo', params }, schema));
      await attempt('none', () => client.request({ method: 'example/none', params }, schema));
      log('handlers', [...server._requestHandlers.keys()]);
      await client.close();
    },
    spans: [
      ...opening(),
      ...['server', 'client'].map((side) => span(side, 'example/echo')),
      ...['server', 'client'].map((side) =>
        span(
          side,
          'example/none',
          {
            'jsonrpc.request.id': '2',
            'error.type': '-32601',
            'rpc.response.status_code': '-32601',
            'spoor.outcome': 'failed',
          },
          { status: { code: 2, message: 'ANY' } },
        ),
      ),
    ],
  },
});
