import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { MCP_TOOLS, McpToolName } from '../server/mcp-schemas.js';
import { SpoorError } from '../shared/errors.js';
import { VERSION } from '../shared/version.js';
import type { Command, Terminal } from './command.js';
import { runMcpTool, type McpArguments } from './mcp-tools.js';
import { SOURCE_OPTIONS, withTrailSource, type TrailSource } from './trail-source.js';

/** The parts of `@modelcontextprotocol/server` that are used. It is loaded when the command runs, from the user's folder. */
interface McpLibrary {
  McpServer: new (info: { name: string; version: string }, options: object) => McpServer;
}
interface McpServer {
  registerTool(
    name: string,
    config: object,
    run: (given: McpArguments) => ReturnType<typeof runMcpTool>,
  ): unknown;
}
interface McpStdio {
  serveStdio(make: () => McpServer): { close(): Promise<void> };
}

const PACKAGE = '@modelcontextprotocol/server';

/** `spoor mcp`: the queries for coding agents, over the Model Context Protocol. */
export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'Let coding agents ask the records, over the Model Context Protocol on standard input and output.',
  positionals: [],
  options: SOURCE_OPTIONS,
  async run(input, terminal) {
    const library = load(PACKAGE) as McpLibrary;
    const stdio = load(`${PACKAGE}/stdio`) as McpStdio;
    // The other commands start faster without.
    const { MCP_TOOLS: tools } = await import('../server/mcp-schemas.js');
    await withTrailSource(input, terminal, async (source) => {
      // Nothing may answer at the address: then this says so, or a folder stands in.
      await source.stats();
      const handle = stdio.serveStdio(() => createServer(library, tools, source));
      await ended(terminal);
      await handle.close();
    });
    return 0;
  },
};

function createServer(
  { McpServer: Server }: McpLibrary,
  tools: typeof MCP_TOOLS,
  source: TrailSource,
): McpServer {
  const server = new Server({ name: 'spoor', version: VERSION }, { capabilities: { tools: {} } });
  for (const name of Object.keys(tools) as McpToolName[]) {
    const annotations = { readOnlyHint: true, openWorldHint: false };
    server.registerTool(name, { ...tools[name], annotations }, (given) => runMcpTool(source, name, given));
  }
  return server;
}

/** Beside spoor, or in the folder where the command runs. */
function load(name: string): unknown {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from)(name) as unknown;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new SpoorError('SPOOR_MCP_MISSING', `\`spoor mcp\` needs ${PACKAGE}: run \`npm i -D ${PACKAGE}@2\`.`);
}

function ended({ stop }: Terminal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
    process.stdin.once('end', resolve).once('close', resolve);
  });
}
