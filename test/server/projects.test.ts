import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApiKey } from '../../src/server/api-keys.js';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { traceRequestJson } from './otlp-payloads.js';
import { post, until } from './running.js';

/** A translator in a folder that keeps three projects open, and a key that reaches any of them. */
async function runProjects(openProjects = 3): Promise<{
  translator: Translator;
  send: (project: string, spanId?: string) => Promise<Response>;
  read: (project: string, path: string, init?: RequestInit) => Promise<Response>;
  openNow: (names: readonly string[]) => string[];
}> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spoor-projects-'));
  const { secret, entry } = createApiKey({ scopes: ['ingest', 'read'] });
  const translator = await startTranslator({
    port: 0,
    dataDir,
    apiKeys: [entry],
    limits: { openProjects },
    log: () => {},
  });
  onTestFinished(async () => {
    await translator.close();
    rmSync(dataDir, { recursive: true });
  });
  const headersOf = (project: string): Record<string, string> => ({
    authorization: `Bearer ${secret}`,
    'spoor-project': project,
  });
  return {
    translator,
    send: (project, spanId = 'b'.repeat(16)) =>
      post(
        `${translator.url}/v1/traces`,
        traceRequestJson({ spanId, attributes: { 'session.id': project } }),
        headersOf(project),
      ),
    read: (project, path, init = {}) =>
      fetch(translator.url + path, { ...init, headers: headersOf(project) }),
    openNow: (names) =>
      names.filter((name) => existsSync(join(dataDir, 'projects', name, 'spoor.lock.json'))),
  };
}

test('of more projects than may be open, the one that was used longest ago is closed, and opened again when it is asked for', async () => {
  const { send, read, openNow } = await runProjects();
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const name of names) expect((await send(name)).status).toBe(200);
  await until(
    () => openNow(names),
    (open) => open.join() === 'c,d,e',
  );
  // Used again, so that another one is the oldest.
  expect((await read('c', '/api/stats')).status).toBe(200);
  for (const name of ['a', 'b']) {
    const answer = await read(name, `/api/sessions/${name}`);
    expect([name, answer.status]).toEqual([name, 200]);
  }
  await until(
    () => openNow(names),
    (open) => open.join() === 'a,b,c',
  );
});

test('a project that somebody listens to is not closed; when all are in use, the next has to wait', async () => {
  const { send, read } = await runProjects();
  const stops = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      expect((await send(name)).status).toBe(200);
      const stop = new AbortController();
      const stream = await read(name, '/api/live', { signal: stop.signal });
      expect(stream.status).toBe(200);
      return stop;
    }),
  );
  const refused = await send('d');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
  expect((await send('a')).status).toBe(200);
  stops[1]?.abort();
  await until(
    async () => (await send('d')).status,
    (status) => status === 200,
  );
  for (const stop of stops) stop.abort();
});

test('looking at a project that is not there makes none; sending to it does', async () => {
  const { send, read, openNow } = await runProjects();
  const answer = await read('none', '/api/sessions');
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { error: { code: 'SPOOR_NOT_FOUND', message: 'There is no project with this name.' } },
  ]);
  expect(openNow(['none'])).toEqual([]);
  expect((await send('none')).status).toBe(200);
  expect((await read('none', '/api/sessions')).status).toBe(200);
});

test('twelve projects at once over three that may be open: nobody loses what was acknowledged', async () => {
  const { send, read } = await runProjects();
  const kept = new Map<string, number>();
  const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
  await Promise.all(
    names.map(async (name) => {
      for (let at = 0; at < 6; at += 1) {
        const answer = await send(name, `${String(at).padStart(15, '0')}1`);
        await answer.arrayBuffer();
        expect([200, 503]).toContain(answer.status);
        if (answer.status === 200) kept.set(name, (kept.get(name) ?? 0) + 1);
      }
    }),
  );
  expect(kept.size).toBeGreaterThan(3);
  for (const [name, count] of kept) {
    const { spans } = (await (await read(name, '/api/stats')).json()) as { spans: number };
    expect([name, spans]).toEqual([name, count]);
  }
});
