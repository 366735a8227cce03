import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the two lines of packages name and ask for differently, so that a scenario is written once. */
const LINES = {
  1: {
    names: {
      Client: '@modelcontextprotocol/sdk/client/index.js',
      StdioClientTransport: '@modelcontextprotocol/sdk/client/stdio.js',
      StreamableHTTPClientTransport: '@modelcontextprotocol/sdk/client/streamableHttp.js',
      McpServer: '@modelcontextprotocol/sdk/server/mcp.js',
      Server: '@modelcontextprotocol/sdk/server/index.js',
      WebStandardStreamableHTTPServerTransport:
        '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js',
      InMemoryTransport: '@modelcontextprotocol/sdk/inMemory.js',
      CallToolRequestSchema: '@modelcontextprotocol/sdk/types.js',
      ListRootsRequestSchema: '@modelcontextprotocol/sdk/types.js',
      EmptyResultSchema: '@modelcontextprotocol/sdk/types.js',
      McpError: '@modelcontextprotocol/sdk/types.js',
    },
    method: (parts, name) =>
      ({ 'tools/call': parts.CallToolRequestSchema, 'roots/list': parts.ListRootsRequestSchema })[name],
    send: (parts, extra, request) => extra.sendRequest(request, parts.EmptyResultSchema),
    notify: (extra, notification) => extra.sendNotification(notification),
    fail: (parts, code, message, data) => new parts.McpError(code, message, data),
  },
  2: {
    names: {
      Client: '@modelcontextprotocol/client',
      StdioClientTransport: '@modelcontextprotocol/client/stdio',
      StreamableHTTPClientTransport: '@modelcontextprotocol/client',
      McpServer: '@modelcontextprotocol/server',
      Server: '@modelcontextprotocol/server',
      WebStandardStreamableHTTPServerTransport: '@modelcontextprotocol/server',
      InMemoryTransport: '@modelcontextprotocol/server',
      ProtocolError: '@modelcontextprotocol/server',
    },
    method: (_parts, name) => name,
    send: (_parts, context, request) => context.mcpReq.send(request),
    notify: (context, notification) => context.mcpReq.notify(notification),
    fail: (parts, code, message, data) => new parts.ProtocolError(code, message, data),
  },
};

export async function loadParts(load, line) {
  const parts = {};
  const { names, ...ways } = LINES[line];
  for (const [name, from] of Object.entries(names)) parts[name] = (await load(from))[name];
  const { z } = await load('zod');
  return { ...parts, z, line, ...ways, error: (...args) => ways.fail(parts, ...args) };
}

/** A server with one tool of each kind. `handlers` are the tools by name. */
export function makeServer({ McpServer, z }, tools) {
  const server = new McpServer({ name: 'weather', version: '1.0.0' }, { capabilities: { logging: {} } });
  for (const [name, handler] of Object.entries(tools)) {
    server.registerTool(name, { description: name, inputSchema: z.object({ city: z.string() }) }, handler);
  }
  return server;
}

/** A client and a server in one process. */
export async function connect(parts, server, options = {}) {
  const client = new parts.Client({ name: 'app', version: '1.0.0' }, options);
  const [near, far] = parts.InMemoryTransport.createLinkedPair();
  await server.connect(far);
  await client.connect(near);
  return { client, near, far };
}

export const text = (content) => ({ content: [{ type: 'text', text: content }] });

/** Serves one MCP server over Streamable HTTP on loopback. */
export async function serveHttp(parts, server) {
  const transport = new parts.WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => 'session-1',
  });
  await server.connect(transport);
  const serve = async (request, response) => {
    const url = `http://127.0.0.1:${http.address().port}${request.url}`;
    const hasBody = request.method === 'POST';
    const answer = await transport.handleRequest(
      new Request(url, {
        method: request.method,
        headers: request.headers,
        ...(hasBody ? { body: Readable.toWeb(request), duplex: 'half' } : {}),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) response.end();
    else
      Readable.fromWeb(answer.body)
        .on('error', () => response.destroy())
        .pipe(response);
  };
  const http = createServer((request, response) => void serve(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${http.address().port}/mcp`),
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

/** The command line of a server on standard input and output, which loads its packages from beside the program. */
export function stdioServer(line) {
  const script = fileURLToPath(new URL('../child/mcp-server.cjs', import.meta.url));
  return { command: process.execPath, args: [script, String(line), dirname(process.argv[1])] };
}
