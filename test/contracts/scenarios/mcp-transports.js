import { loadParts, makeServer, serveHttp, stdioServer, text } from './mcp-parts.js';
import { opening, span, toolSpan, toolSpans } from './mcp-spans.js';

const OSLO = { name: 'weather', arguments: { city: 'Oslo' } };
const SUN = text('Sun over Oslo.');
const PIPE = { 'network.transport': 'pipe' };
const HTTP = { 'network.transport': 'tcp', 'network.protocol.name': 'http' };
const SERVER = { 'server.address': '127.0.0.1', 'server.port': 'PORT' };
const SESSION = { 'mcp.session.id': 'session-1' };

/** The same over a child process and over HTTP. The child is not traced here. */
export const transports = (line) => ({
  'a server on standard input and output': {
    async run({ load, log }) {
      const { Client, StdioClientTransport } = await loadParts(load, line);
      const client = new Client({ name: 'app', version: '1.0.0' });
      await client.connect(new StdioClientTransport(stdioServer(line)));
      log('result', await client.callTool(OSLO));
      await client.close();
    },
    spans: [
      span('client', 'initialize', { 'jsonrpc.request.id': '0', ...PIPE }),
      toolSpan('client', 'weather', { ...PIPE, 'gen_ai.tool.call.result': SUN }),
    ],
  },
  'a child that dies in the middle of a call': {
    async run({ load, attempt }) {
      const { Client, StdioClientTransport } = await loadParts(load, line);
      const client = new Client({ name: 'app', version: '1.0.0' });
      await client.connect(new StdioClientTransport(stdioServer(line)));
      await attempt('call', () => client.callTool({ name: 'die', arguments: { city: 'Oslo' } }));
    },
    spans: [
      span('client', 'initialize', { 'jsonrpc.request.id': '0', ...PIPE }),
      toolSpan(
        'client',
        'die',
        { ...PIPE, 'error.type': line === 1 ? '-32000' : 'CONNECTION_CLOSED', 'spoor.outcome': 'failed' },
        { status: { code: 2, message: 'ANY' } },
      ),
    ],
  },
  'a server over HTTP': {
    async run({ load, log }) {
      const parts = await loadParts(load, line);
      const server = makeServer(parts, { weather: ({ city }) => text(`Sun over ${city}.`) });
      const http = await serveHttp(parts, server);
      const client = new parts.Client({ name: 'app', version: '1.0.0' });
      const transport = new parts.StreamableHTTPClientTransport(http.url);
      await client.connect(transport);
      log('session', transport.sessionId);
      log('result', await client.callTool(OSLO));
      await client.close();
      http.close();
    },
    spans: [
      ...opening({ ...HTTP, ...SESSION }).map((one) =>
        one.kind === 2 ? { ...one, attributes: { ...one.attributes, ...SERVER } } : one,
      ),
      ...toolSpans('weather', { ...HTTP, ...SESSION, 'gen_ai.tool.call.result': SUN }).map((one) =>
        one.kind === 2 ? { ...one, attributes: { ...one.attributes, ...SERVER } } : one,
      ),
    ],
  },
});
