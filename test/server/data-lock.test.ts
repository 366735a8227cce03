import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importCommand } from '../../src/cli/import-command.js';
import { runCommandLine } from '../../src/cli/run-command-line.js';
import { openDataDir } from '../../src/server/data-dir.js';
import { startTranslator } from '../../src/server/start-translator.js';
import { runCli, startCli } from '../cli/run-cli.js';
import { startProgram } from '../store/run-program.js';
import { traceRequestJson } from './otlp-payloads.js';
import { post, until } from './running.js';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spoor-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(dataDir: string): Promise<Awaited<ReturnType<typeof startTranslator>>> {
  const translator = await startTranslator({ port: 0, dataDir, log: () => {} });
  onTestFinished(() => translator.close());
  return translator;
}

test('a second translator on one folder is told who has it, and the first goes on', async () => {
  const dataDir = makeFolder();
  const first = await serve(dataDir);
  await expect(startTranslator({ port: 0, dataDir })).rejects.toMatchObject({
    code: 'SPOOR_DATA_IN_USE',
    message: expect.stringMatching(
      new RegExp(`is in use by process ${process.pid}, since [\\d:.TZ-]+, a translator at ${first.url}\\.$`),
    ),
  });
  expect((await post(`${first.url}/v1/traces`, traceRequestJson({}))).status).toBe(200);
  await first.close();
  const second = await serve(dataDir);
  expect((await second.store.stats()).spans).toBe(1);
});

test('a folder can be read while a translator has it', async () => {
  const dataDir = makeFolder();
  const { url } = await serve(dataDir);
  await post(`${url}/v1/traces`, traceRequestJson({}));
  const reader = await openDataDir(dataDir, { readOnly: true });
  expect((await reader.stats()).spans).toBe(1);
  await reader.close();
});

test('import into the folder of a running translator is refused, and says where to send instead', async () => {
  const dataDir = makeFolder();
  const { url, store } = await serve(dataDir);
  const file = join(makeFolder(), 'spans.jsonl');
  writeFileSync(file, `${traceRequestJson({})}\n`);
  let said = '';
  const code = await runCommandLine(['import', file, '--data', dataDir], [importCommand], {
    out: () => undefined,
    err: (text: string) => void (said += text),
    env: {},
    stop: new AbortController().signal,
  } as unknown as Parameters<typeof runCommandLine>[2]);
  expect(code).toBe(1);
  expect(said).toContain(`a translator at ${url}`);
  expect(said).toContain('SPOOR_DATA_IN_USE');
  expect(said).toContain('--url');
  expect((await store.stats()).spans).toBe(0);
});

test('a process that was killed leaves no lock behind', async () => {
  const dataDir = makeFolder();
  const program = `
    import { openDataDir } from '../../src/server/data-dir.js';
    await openDataDir(process.argv[2], { readOnly: false });
    console.log('open');
    setInterval(() => undefined, 1000);`;
  const child = await startProgram(makeFolder(), program, { programArguments: [dataDir] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  await expect(openDataDir(dataDir, { readOnly: false })).rejects.toMatchObject({
    code: 'SPOOR_DATA_IN_USE',
    message: expect.stringContaining(`process ${child.pid}`),
  });
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  // What it said of itself is still there, and counts for nothing.
  expect(JSON.parse(readFileSync(join(dataDir, 'spoor.lock.json'), 'utf8'))).toMatchObject({
    pid: child.pid,
  });
  const store = await openDataDir(dataDir, { readOnly: false });
  await store.close();
  await store.close();
});

test('`spoor serve` twice on one folder: the second ends with a code and says who has it', async () => {
  const dataDir = makeFolder();
  const first = startCli(['serve', '--data', dataDir, '--port', '0', '--json']);
  await until(first.out, (out) => out.endsWith('\n'));
  const { url } = JSON.parse(first.out()) as { url: string };
  const second = await runCli(['serve', '--data', dataDir, '--port', '0']);
  expect([second.code, second.out]).toEqual([1, '']);
  expect(second.err).toContain(`in use by process ${first.child.pid}`);
  expect(second.err).toContain(`a translator at ${url}`);
  expect(second.err).toContain('SPOOR_DATA_IN_USE');
  first.child.kill('SIGKILL');
  await first.ended;
  const third = startCli(['serve', '--data', dataDir, '--port', '0', '--json']);
  await until(third.out, (out) => out.endsWith('\n'));
  expect((await fetch(`${(JSON.parse(third.out()) as { url: string }).url}/api/stats`)).status).toBe(200);
});
