import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';
import type { SessionResponse, Translator } from '../../src/translator.js';
import { runCli, startCli } from '../cli/run-cli.js';
import { runTranslator } from '../server/running.js';
import { cleanEnvironment, ROOT } from './run-agent.js';

const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_795_000_000,
  model: 'model-a-2026',
  choices: [{ index: 0, message: { role: 'assistant', content: 'in Riga' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
};

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spoor-open-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A model that answers when the test says so. */
async function startSlowModel(): Promise<{ url: string; answer(): void }> {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    waiting.push(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const answer = (): void => {
    for (const response of waiting.splice(0)) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
    }
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, answer };
}

function startRun(translator: Translator, modelUrl: string, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'spoor/register', join(ROOT, 'test/e2e/open-run.mjs')], {
    cwd: ROOT,
    env: {
      ...cleanEnvironment(),
      OPENAI_API_KEY: 'test',
      OPENAI_BASE_URL: modelUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: translator.url,
      OTEL_SERVICE_NAME: 'hunter',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      ...env,
    },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function shown({ url }: Translator): Promise<SessionResponse | undefined> {
  const response = await fetch(`${url}/api/sessions/open-run`);
  return response.status === 200 ? ((await response.json()) as SessionResponse) : undefined;
}

/** What is open, and how many rows there are in all. */
function stateOf(trail: SessionResponse | undefined): unknown {
  if (trail === undefined) return undefined;
  const { session, steps, observations } = trail;
  return {
    sessions: [session].map(({ name, endMs }) => [name, endMs === undefined ? 'open' : 'ended']),
    steps: steps.map(({ goal, endMs }) => [goal, endMs === undefined ? 'open' : 'ended']),
    observations: observations.map(({ type, requestModel, endMs, outcome }) => [
      type,
      requestModel,
      outcome ?? (endMs === undefined ? 'open' : 'ended'),
    ]),
  };
}

const stateWith = (word: string, call = word): unknown => ({
  sessions: [['slow hunt', word]],
  steps: [['know where it is', word]],
  observations: [['GENERATION', 'model-a', call]],
});

const STORES: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', async () => createMemoryStore()],
  ['SQLite', () => openSqliteStore({ path: join(makeFolder(), 'spoor.sqlite') })],
];

describe.each(STORES)('a run in progress, kept by %s', (_name, openStore) => {
  it('is seen before it ends, and is one row each afterwards', async () => {
    const store = await openStore();
    const translator = await runTranslator({ store });
    const model = await startSlowModel();
    const tail = startCli(['tail', '--url', translator.url]);
    await expect.poll(tail.err, { timeout: 10_000 }).toContain('Following');
    const child = startRun(translator, model.url, {});
    await expect
      .poll(async () => stateOf(await shown(translator)), { timeout: 10_000 })
      .toEqual(stateWith('open'));

    const open = await shown(translator);
    expect(open?.observations[0]?.inputMessages).toMatchObject([
      { role: 'user', parts: [{ content: 'Where is the parcel? The key is [masked].' }] },
    ]);
    const { out } = await runCli(['show', 'open-run', '--url', translator.url]);
    expect(out).toMatch(/^slow hunt +open$/m);
    expect(out).toMatch(/chat model-a +open$/m);
    await expect.poll(tail.out).toMatch(/session slow hunt open-run +open[^]*chat model-a +open/);

    model.answer();
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect
      .poll(async () => stateOf(await shown(translator)), { timeout: 10_000 })
      .toEqual(stateWith('ended', 'completed'));
    expect((await shown(translator))?.session).toMatchObject({ observationCount: 1, usage: { total: 12 } });
    expect((await store.stats()).spans).toBe(3);
    await expect.poll(tail.out).toMatch(/chat model-a +9→3[^]*session slow hunt open-run +(ended|ok)/);
  });

  it('stays open when its process is killed, until its journal is delivered', async () => {
    const store = await openStore();
    const translator = await runTranslator({ store });
    const model = await startSlowModel();
    const env = { SPOOR_JOURNAL_DIR: makeFolder(), SPOOR_DURABILITY: 'crash' };
    const child = startRun(translator, model.url, env);
    await expect
      .poll(async () => stateOf(await shown(translator)), { timeout: 10_000 })
      .toEqual(stateWith('open'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(stateOf(await shown(translator))).toEqual(stateWith('open'));

    const flushed = await runCli(['flush'], { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: translator.url } });
    expect(flushed).toMatchObject({ code: 0 });
    expect(stateOf(await shown(translator))).toEqual(stateWith('ended', 'abandoned'));
    expect((await store.stats()).spans).toBe(3);
  });
});
