import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { MCP_TOOLS } from '../../src/server/mcp-schemas.js';
import { startTranslator } from '../../src/server/start-translator.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { runCli } from '../cli/run-cli.js';
import { conversation } from '../store/contract.js';
import { chat, span, spanId, traceId } from '../store/spans.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
/** Where the library is installed, as it would be beside an app. */
const HERE = fileURLToPath(new URL('.', import.meta.url));

async function folder(): Promise<string> {
  const made = mkdtempSync(join(tmpdir(), 'spoor-mcp-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  const store = await openSqliteStore({ path: join(made, 'spoor.sqlite') });
  await store.append([
    ...conversation(),
    chat({ id: 40, trace: 4, attributes: { 'tenant.id': 'acme', 'session.id': 'two' } }),
    span({
      id: 41,
      trace: 4,
      parent: 40,
      attributes: {
        'session.id': 'two',
        'gen_ai.evaluation.name': 'tone',
        'gen_ai.evaluation.score.value': 0.5,
      },
    }),
  ]);
  await store.close();
  return made;
}

async function connected(args: readonly string[]): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'mcp', ...args],
    cwd: HERE,
    stderr: 'pipe',
  });
  const client = new Client({ name: 'check', version: '1.0.0' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

interface Told {
  text: string;
  isError: boolean;
}

async function call(client: Client, name: string, given: Record<string, unknown>): Promise<Told> {
  const result = await client.callTool({ name, arguments: given });
  const content = result.content as { type: string; text: string }[];
  return { text: content.map(({ text }) => text).join(''), isError: result.isError === true };
}

test('offers its tools to a client of the official library, each of which only reads', async () => {
  const client = await connected(['--data', await folder()]);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(Object.keys(MCP_TOOLS));
  for (const { annotations, inputSchema } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true });
    expect(inputSchema).toMatchObject({ type: 'object' });
  }
  expect(client.getServerVersion()).toMatchObject({ name: 'spoor' });
});

test('answers the same from a folder and from a translator that runs', async () => {
  const data = await folder();
  const translator = await startTranslator({ port: 0, dataDir: data, sql: true, log: () => {} });
  onTestFinished(() => translator.close());
  const clients = [await connected(['--data', data]), await connected(['--url', translator.url])];
  const asked: [string, Record<string, unknown>][] = [
    ['list_sessions', { limit: 1 }],
    ['show_session', { session: 's' }],
    ['search_observations', { text: 'shelf', type: 'GENERATION' }],
    ['search_observations', { attributes: { 'tenant.id': 'acme' }, since: '1h' }],
    ['show_observation', { traceId: traceId(1), spanId: spanId(4) }],
    ['list_scores', { session: 'two' }],
    ['run_sql', { sql: 'SELECT count(*) AS n FROM sessions WHERE id <> ?', params: ['s'] }],
  ];
  for (const [name, given] of asked) {
    const [read, told] = await Promise.all(clients.map((client) => call(client, name, given)));
    expect([name, told]).toEqual([name, read]);
    expect([name, read?.isError, (read?.text ?? '').length > 20]).toEqual([name, false, true]);
  }
  const [client] = clients as [Client];
  expect((await call(client, 'show_session', { session: 's' })).text).toContain('It is on the shelf.');
  expect(JSON.parse((await call(client, 'run_sql', { sql: 'SELECT 1 AS n' })).text)).toEqual({
    columns: ['n'],
    rows: [[1]],
  });
});

test('says in the answer what was wrong', async () => {
  const client = await connected(['--data', await folder()]);
  expect(await call(client, 'show_session', { session: 'nobody' })).toEqual({
    text: 'SPOOR_NOT_FOUND: There is no session "nobody".',
    isError: true,
  });
  expect(await call(client, 'run_sql', { sql: 'DELETE FROM spans' })).toMatchObject({ isError: true });
  expect(await call(client, 'list_sessions', { limit: 0 })).toMatchObject({ isError: true });
  expect(await call(client, 'search_observations', { since: 'soon' })).toMatchObject({ isError: true });
});

test('says what to install where the library is missing, and that nothing answers', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'spoor-mcp-'));
  onTestFinished(() => rmSync(bare, { recursive: true, force: true }));
  const missing = await runCli(['mcp'], { cwd: bare });
  expect([missing.code === 0, missing.err]).toEqual([
    false,
    expect.stringContaining('npm i -D @modelcontextprotocol/server'),
  ]);
  const silent = await runCli(['mcp', '--url', 'http://127.0.0.1:9'], { cwd: HERE });
  expect([silent.code, silent.err]).toEqual([1, expect.stringContaining('No translator answers')]);
});
