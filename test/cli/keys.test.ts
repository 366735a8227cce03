import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { post, until } from '../server/running.js';
import { traceRequestJson } from '../server/otlp-payloads.js';
import { runCli, startCli } from './run-cli.js';

test('keys create makes a key that serve asks for, and the commands send', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'keys');
  const made = await runCli([
    'keys',
    'create',
    '--scopes',
    'ingest,read',
    '--project',
    'shop',
    '--file',
    file,
  ]);
  expect([made.code, made.err]).toEqual([0, '']);
  const secret = made.out.split('\n', 1)[0] ?? '';
  expect(secret).toMatch(/^spoor_[\w-]{43}$/);
  const kept = await readFile(file, 'utf8');
  expect(kept).toMatch(/^sha256:[0-9a-f]{64}=ingest\+read@shop\n$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const server = startCli([
    'serve',
    '--port',
    '0',
    '--data',
    join(folder, 'data'),
    '--api-keys-file',
    file,
    '--json',
  ]);
  const line = await until(server.out, (out) => out.includes('\n'));
  const { url } = JSON.parse(line) as { url: string };
  const body = traceRequestJson({ attributes: { 'session.id': 'run-1' } });
  expect((await post(`${url}/v1/traces`, body)).status).toBe(401);
  expect((await post(`${url}/v1/traces`, body, { authorization: `Bearer ${secret}` })).status).toBe(200);
  const refused = await runCli(['sessions', '--url', url]);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('SPOOR_KEY_REFUSED')]);
  const listed = await runCli(['sessions', '--url', url, '--json'], { env: { SPOOR_API_KEY: secret } });
  expect([listed.code, listed.out]).toEqual([0, expect.stringContaining('run-1')]);
  server.child.kill('SIGTERM');
  await server.ended;
});

test.each([
  [['keys', 'list'], /Keys can be made, and nothing else/],
  [['keys', 'create', '--scopes', 'all'], /--scopes takes ingest, read, write/],
  [['keys', 'create', '--project', '../x'], /--project takes/],
])('spoor %s is wrong use', async (args, message) => {
  const { code, err } = await runCli(args);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
});
