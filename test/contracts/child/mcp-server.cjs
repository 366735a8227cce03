/** An MCP server on standard input and output. Arguments: the line of packages, the folder to load them from. */
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [line, folder] = process.argv.slice(2);
const load = createRequire(join(folder, 'program.cjs'));
const names =
  line === '1'
    ? ['@modelcontextprotocol/sdk/server/mcp.js', '@modelcontextprotocol/sdk/server/stdio.js']
    : ['@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio'];
const { McpServer } = load(names[0]);
const { StdioServerTransport } = load(names[1]);
const { z } = load('zod');

const server = new McpServer({ name: 'child', version: '1.0.0' });
const inputSchema = z.object({ city: z.string() });
server.registerTool('weather', { description: 'Weather', inputSchema }, ({ city }) => ({
  content: [{ type: 'text', text: `Sun over ${city}.` }],
}));
server.registerTool('die', { description: 'Dies', inputSchema }, () => process.exit(3));
void server.connect(new StdioServerTransport());
