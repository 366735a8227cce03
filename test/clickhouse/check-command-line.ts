import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@clickhouse/client';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse/clickhouse-store.js';
import type { ClickHouseClientLike } from '../../src/store/clickhouse/load-client.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { runCli, startCli, type RunningCli } from '../cli/run-cli.js';
import { traceRequestJson } from '../server/otlp-payloads.js';
import { conversation, everything } from '../store/contract.js';
import { chat } from '../store/spans.js';
import { openHttpDoor, type HttpDoor } from './http-door.js';

/** Where the client is installed: the command looks for it in the folder that it is run in. */
const cwd = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spoor-clickhouse-'));
const session = new Session(folder);
let door: HttpDoor;
beforeAll(async () => {
  door = await openHttpDoor(session);
});
afterAll(async () => {
  await door.close();
  session.close();
  rmSync(folder, { recursive: true, force: true });
});
const storeUrl = (database: string): string => `clickhouse://user:secret@127.0.0.1:${door.port}/${database}`;

async function ready(running: RunningCli): Promise<{ url: string; store: string }> {
  while (!running.out().includes('\n')) {
    if (running.child.exitCode !== null) throw new Error(running.err());
    await once(running.child.stdout as NodeJS.ReadableStream, 'data');
  }
  return JSON.parse(running.out()) as { url: string; store: string };
}

describe('the command line over ClickHouse', () => {
  it('makes the tables, serves over them, and a second translator shows what the first received', async () => {
    const store = storeUrl('one');
    const early = await runCli(['serve', '--port', '0', '--store', store], { cwd });
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('SPOOR_STORE_OUTDATED')]);
    expect(await runCli(['migrate', '--store', store, '--json'], { cwd })).toEqual({
      code: 0,
      out: '{"database":"one","from":0,"to":1}\n',
      err: '',
    });
    const again = await runCli(['migrate', '--reindex'], { cwd, env: { SPOOR_STORE: store } });
    expect(again.err).toBe('');
    expect(again.out).toBe('The database one is of version 1 already. 0 spans were read again.\n');
    const serve = ['serve', '--port', '0', '--json', '--store', store];
    const [first, second] = [startCli(serve, { cwd }), startCli(serve, { cwd })];
    const [a, b] = await Promise.all([ready(first), ready(second)]);
    expect(a.store).toBe(`clickhouse://127.0.0.1:${door.port}/one`);
    const call = {
      name: 'chat m-1',
      attributes: { 'session.id': "it's \\ a \t run", 'gen_ai.operation.name': 'chat' },
    };
    const sent = await fetch(`${a.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: traceRequestJson(call),
    });
    expect(sent.status).toBe(200);
    const shown = await runCli(['sessions', '--url', b.url, '--json'], { cwd });
    expect(shown.out).toContain(JSON.stringify(call.attributes['session.id']));
    expect(door.inserts.at(-1)).toMatchObject({
      async_insert: '1',
      wait_for_async_insert: '1',
      insert_deduplication_token: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    for (const running of [first, second]) running.child.kill('SIGTERM');
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
  });

  it('takes over what a data folder has, whole', async () => {
    const store = storeUrl('moved');
    expect((await runCli(['migrate', '--store', store], { cwd })).code).toBe(0);
    const data = join(folder, 'data');
    const before = await openSqliteStore({ path: join(data, 'spoor.sqlite') });
    await before.append(conversation());
    const expected = await everything(before, ['s']);
    await before.close();
    const file = join(folder, 'all.json');
    expect(await runCli(['export', '--data', data, '--all', '--out', file], { cwd })).toMatchObject({
      code: 0,
    });
    const running = startCli(['serve', '--port', '0', '--json', '--store', store], { cwd });
    const { url } = await ready(running);
    expect(await runCli(['import', file, '--url', url], { cwd })).toMatchObject({ code: 0 });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    const client = createClient({ url: `http://127.0.0.1:${door.port}` }) as ClickHouseClientLike;
    const after = await openClickHouseStore({ url: store, client });
    expect(await everything(after, ['s'])).toEqual(expected);
    await client.close();
  });

  it('prints the statements without a server', async () => {
    const args = ['--cluster', 'main', '--replicas', '--shards', '--ttl', '30', '--print'];
    const printed = await runCli(['migrate', '--store', 'clickhouse://nowhere.invalid/x', ...args], { cwd });
    expect([printed.code, printed.err]).toEqual([0, '']);
    expect(printed.out).toMatch(/^CREATE DATABASE IF NOT EXISTS `x` ON CLUSTER `main`;\n/);
    expect(printed.out).toContain("ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/x/spans_local'");
    const wrong = await runCli(['migrate', '--store', 'clickhouse://nowhere.invalid/x', '--shards'], { cwd });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--cluster')]);
  });

  it('says what is wrong when no server answers, without the password', async () => {
    const failed = await runCli(['migrate', '--store', 'clickhouse://user:secret@127.0.0.1:1/x'], { cwd });
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('SPOOR_STORE_UNAVAILABLE')]);
    expect(failed.err).not.toContain('secret');
  });
});

describe('the client over HTTP', () => {
  it('brings any text there and back', async () => {
    const url = storeUrl('texts');
    expect((await runCli(['migrate', '--store', url], { cwd })).code).toBe(0);
    const client = createClient({ url: `http://127.0.0.1:${door.port}` }) as ClickHouseClientLike;
    const store = await openClickHouseStore({ url, client });
    const alone = createMemoryStore();
    const spans = conversation();
    for (const [i, text] of [
      "'",
      '\\',
      '\t\n',
      '\u{1F98A}',
      '\u202E',
      '%00',
      'a,b]',
      '\\N',
      "\\'",
    ].entries()) {
      spans.push(
        chat({ id: 50 + i, trace: 50 + i, attributes: { 'session.id': text, 'user.id': text, text } }),
      );
    }
    await Promise.all([store.append(spans), alone.append(spans)]);
    const ids = (await alone.sessions()).items.map(({ id }) => id).toSorted();
    expect((await store.sessions()).items.map(({ id }) => id).toSorted()).toEqual(ids);
    expect(await everything(store, ids)).toEqual(await everything(alone, ids));
    for (const user of ["'", '\\', '\t\n', "\\'"])
      expect((await store.sessions({ user })).items.map(({ id }) => id)).toEqual([user]);
    await client.close();
  });
});
