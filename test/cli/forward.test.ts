import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StatsResponse } from '../../src/server/api-types.js';
import { until } from '../server/running.js';
import { runCli, startCli } from './run-cli.js';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-serve-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('serve takes targets one by one and as a list, and tells how each stands', async () => {
  const targets = ['http://127.0.0.1:1=langfuse', 'http://127.0.0.1:2,http://127.0.0.1:3/otlp=openinference'];
  const args = targets.flatMap((target) => ['--forward', target]);
  const served = startCli(['serve', '--port', '0', '--data', await makeFolder(), '--json', ...args], {
    env: { SPOOR_FORWARD_HEADERS: '127.0.0.1:1/authorization=x' },
  });
  const line = await until(served.out, (text) => text.endsWith('\n'));
  const { url } = JSON.parse(line) as { url: string };
  const { forward } = (await (await fetch(`${url}/api/stats`)).json()) as StatsResponse;
  expect(forward?.map(({ url: to, dialect }) => `${to} ${dialect ?? ''}`)).toEqual([
    'http://127.0.0.1:1 langfuse',
    'http://127.0.0.1:2 ',
    'http://127.0.0.1:3/otlp openinference',
  ]);
  served.child.kill('SIGTERM');
  expect(await served.ended).toBe(0);
});

test('serve takes a dialect for the targets that name none', async () => {
  const args = ['--forward', 'http://127.0.0.1:1=langfuse,http://127.0.0.1:2', '--as', 'openinference'];
  const served = startCli(['serve', '--port', '0', '--data', await makeFolder(), '--json', ...args]);
  const line = await until(served.out, (text) => text.endsWith('\n'));
  const { url } = JSON.parse(line) as { url: string };
  const { forward } = (await (await fetch(`${url}/api/stats`)).json()) as StatsResponse;
  expect(forward?.map(({ dialect }) => dialect)).toEqual(['langfuse', 'openinference']);
  served.child.kill('SIGTERM');
  expect(await served.ended).toBe(0);
});

test('serve refuses a target that it cannot use with code 2, and does not stay', async () => {
  const { code, err } = await runCli([
    'serve',
    '--port',
    '0',
    '--data',
    await makeFolder(),
    '--forward',
    'x',
  ]);
  expect(code).toBe(2);
  expect(err).toContain('Forwarding: "x" is no target');
});
