import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openDatabase } from '../../src/store/sqlite-engine.js';
import { migrate, tuneWriter } from '../../src/store/sqlite-schema.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { describeLogs, log } from './logs-contract.js';
import { span } from './spans.js';

const folder = mkdtempSync(join(tmpdir(), 'spoor-logs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

describeLogs('the memory store', async (options) => createMemoryStore(options));
describeLogs('the SQLite store', (options) =>
  openSqliteStore({ path: join(folder, `${files++}`, 's.sqlite'), ...options }),
);

describe('log records in an SQLite file', () => {
  it('are there when it is opened again, and go with their session when it is full', async () => {
    const path = join(folder, 'full', 's.sqlite');
    const before = await openSqliteStore({ path });
    await before.append([span({ id: 1, attributes: { 'session.id': 's' } })]);
    await before.appendLogs([log({ span: 1, body: 'first' })]);
    await before.close();
    const store = await openSqliteStore({ path, maxBytes: 1024 * 1024 });
    expect((await store.logs({ sessionId: 's' })).items.map(({ body }) => body)).toEqual(['first']);
    for (let i = 0; i < 40; i++) {
      const noise = Array.from({ length: 100 }, (_, j) => log({ body: `${i} ${j} ${'n'.repeat(400)}` }));
      await store.appendLogs(noise);
    }
    expect((await store.logs({ sessionId: 's' })).items).toEqual([]);
    expect((await store.stats()).bytes).toBeLessThan(1.2 * 1024 * 1024);
    await store.append([span({ id: 2, trace: 2, attributes: { 'session.id': 'new' } })]);
    expect(await store.session('new')).toBeDefined();
    await store.close();
  });

  it('have a place in a file that an older version wrote', async () => {
    const path = join(folder, 'older', 's.sqlite');
    const newer = join(folder, 'older', 'newer.sqlite');
    const before = await openSqliteStore({ path: newer });
    await before.append([span({ id: 1, attributes: { 'session.id': 's', 'spoor.tags': ['red'] } })]);
    const { dialects } = await before.stats();
    await before.close();
    const database = openDatabase(path, false);
    tuneWriter(database);
    migrate(database, path, 1);
    database.exec(`ATTACH '${newer}' AS newer`);
    for (const table of ['meta', 'spans', 'bodies', 'contents', 'content_bodies', 'sessions', 'traces'])
      database.exec(`INSERT INTO ${table} SELECT * FROM newer.${table}`);
    database.close();
    const store = await openSqliteStore({ path });
    await store.appendLogs([log({ span: 1, body: 'new' })]);
    expect((await store.logs({ sessionId: 's' })).items.map(({ body }) => body)).toEqual(['new']);
    expect(await store.stats()).toMatchObject({ spans: 1, logs: 1, sessions: 1, dialects });
    expect((await store.sessions({ tag: 'red' })).items.map(({ id }) => id)).toEqual(['s']);
    await store.close();
  });
});
