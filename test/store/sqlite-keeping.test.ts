import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/sqlite-engine.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';
import { conversation } from './contract.js';
import { chat, span, spanId, T0, traceId } from './spans.js';

let folder = '';
let path = '';
const stores: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-keeping-'));
  path = join(folder, 'spoor.sqlite');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<Parameters<typeof openSqliteStore>[0]> = {}): Promise<Store> {
  const store = await openSqliteStore({ path, ...options });
  stores.push(store);
  return store;
}

async function reopen(options: Partial<Parameters<typeof openSqliteStore>[0]> = {}): Promise<Store> {
  await stores.pop()?.close();
  return open(options);
}

it('keeps pinned sessions when older ones make room', async () => {
  let clock = T0;
  const store = await open({ maxBytes: 4_000_000, now: () => clock++ });
  for (let i = 1; i <= 60; i++) {
    await store.append(
      Array.from({ length: 20 }, (_, n) =>
        chat({
          id: i * 100 + n,
          trace: i,
          attributes: { 'session.id': `s${i}`, text: `${i} ${n} `.repeat(1_500) },
        }),
      ),
    );
    if (i === 2) await store.pin('s2', true);
  }
  expect(await store.session('s1')).toBeUndefined();
  expect(await store.session('s2')).toMatchObject({ id: 's2', pinned: true, observationCount: 20 });
  expect(await store.rawSpans(traceId(2))).toHaveLength(20);
  expect((await store.stats()).bytes).toBeLessThanOrEqual(4_000_000);
});

it('makes scores and the words of logs anew when other rules made them, and says so', async () => {
  const scored = span({
    id: 50,
    trace: 5,
    attributes: { 'gen_ai.evaluation.name': 'tone', 'gen_ai.evaluation.score.value': 1 },
  });
  const store = await open();
  await store.append([...conversation(), scored]);
  await store.appendLogs([
    {
      timeUnixNano: BigInt(T0) * 1_000_000n,
      observedTimeUnixNano: 0n,
      severityNumber: 9,
      body: 'the parcel is late',
      attributes: {},
      resource: { attributes: {} },
      scope: { name: 'app' },
    },
  ]);
  await store.pin('s', true);
  await stores.pop()?.close();
  const database = openDatabase(path, false);
  database.exec(`
    DELETE FROM scores; INSERT INTO log_previews (log_previews) VALUES ('delete-all');
    UPDATE meta SET value = 'older' WHERE key = 'projection'`);
  database.close();
  const lines: string[] = [];
  const renewed = await open({ log: (line) => lines.push(line) });
  expect((await renewed.scores()).items).toMatchObject([{ score: { name: 'tone' }, spanId: spanId(50) }]);
  expect((await renewed.logs({ text: 'parcel' })).items).toHaveLength(1);
  expect(await renewed.session('s')).toMatchObject({ pinned: true });
  expect(lines).toEqual([
    'spoor: another version made these records; they are made anew.',
    expect.stringMatching(/^spoor: 7 spans were read again in \d+\.\d s\.$/),
  ]);
  await reopen({ log: (line) => lines.push(line) });
  expect(lines).toHaveLength(2);
});

it('says what to do when a file of an older version is opened only to read', async () => {
  await (await open()).append(conversation());
  await stores.pop()?.close();
  const database = openDatabase(path, false);
  database.exec('PRAGMA user_version = 2');
  database.close();
  await expect(open({ readOnly: true })).rejects.toMatchObject({
    code: 'SPOOR_STORE_OLDER',
    message: expect.stringContaining('spoor reindex --data'),
  });
});

it('looks for attributes a bounded while a page, and goes on from there', async () => {
  const store = await open();
  const plain = Array.from({ length: 6_000 }, (_, i) =>
    span({ id: i + 2, trace: i % 50, attributes: { rare: 'no' } }),
  );
  await store.append([span({ id: 1, attributes: { rare: 'yes' } }), ...plain]);
  const query = { attributes: { rare: 'yes' } };
  const first = await store.search(query);
  expect(first.items).toEqual([]);
  expect(first.nextCursor).toBeDefined();
  const found: string[] = [];
  let pages = 1;
  for (let cursor = first.nextCursor; cursor !== undefined; pages++) {
    const page = await store.search({ ...query, cursor });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect([found, pages > 1]).toEqual([[spanId(1)], true]);
});
