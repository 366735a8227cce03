import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpanRecord } from '../../src/otlp/records.js';
import { openDatabase } from '../../src/store/sqlite-engine.js';
import { SCHEMA_VERSION } from '../../src/store/sqlite-schema.js';
import { openSqliteStore, type SqliteStoreOptions } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';
import { foldSessions } from '../../src/translate/fold-sessions.js';
import { translateSpan } from '../../src/translate/translate-span.js';
import { randomRun, shuffled } from '../translate/random-run.js';
import { outputOf, startProgram } from './run-program.js';
import { chat, span, T0, traceId } from './spans.js';

const sessionOf = (i: number): SpanRecord[] =>
  Array.from({ length: 20 }, (_, k) =>
    chat({
      id: i * 100 + k + 1,
      trace: i,
      attributes: { 'session.id': `s${i}`, text: `${i} ${k} ${'y'.repeat(5000)}` },
    }),
  );

let folder: string;
let path: string;
const stores: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-file-'));
  path = join(folder, 'spoor.sqlite');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  const store = await openSqliteStore({ path, ...options });
  stores.push(store);
  return store;
}

function rows(sql: string): unknown[] {
  const database = openDatabase(path, true);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

async function sessionsIn(store: Store): Promise<unknown[]> {
  const { items } = await store.sessions({ limit: 500 });
  return Promise.all(
    items
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(async (session) => ({
        session: { ...session, updatedMs: 0 },
        steps: await store.steps(session.id),
        observations: await store.observations(session.id),
      })),
  );
}

describe('the SQLite file', () => {
  it('holds the same after every restart, however the spans came', async () => {
    for (let seed = 0; seed < 25; seed++) {
      path = join(folder, `${seed}.sqlite`);
      const { spans, random } = randomRun(seed);
      const order = shuffled(spans, random);
      while (order.length > 0) {
        const store = await openSqliteStore({ path });
        await store.append(order.splice(0, 1 + Math.floor(random() * 6)));
        await store.append(order.splice(0, 1 + Math.floor(random() * 6)));
        await store.close();
      }
      const store = await open();
      const expected = foldSessions(spans.map((one) => translateSpan(one)));
      expect(await sessionsIn(store), `seed ${seed}`).toEqual(expected);
      await store.reindex();
      expect(await sessionsIn(store), `seed ${seed}, rebuilt`).toEqual(expected);
    }
  });

  it('survives kill -9: what was acknowledged is there, and nothing is broken', async () => {
    const source = `
      import { openSqliteStore } from '../../src/store/sqlite-store.js';
      import { chat } from './spans.js';
      const store = await openSqliteStore({ path: process.argv[2] });
      for (let batch = 0; ; batch++) {
        const spans = Array.from({ length: 20 }, (_, i) =>
          chat({ id: batch * 20 + i + 1, trace: 1 + (batch % 3), attributes: { 'session.id': 's' } }));
        await store.append(spans);
        process.stdout.write(batch + '\\n');
      }`;
    for (const acknowledged of [3, 17, 40]) {
      rmSync(path, { force: true });
      const child = await startProgram(folder, source, { programArguments: [path] });
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      let last = -1;
      for await (const line of lines) {
        last = Number(line);
        if (last === acknowledged) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      expect(last).toBeGreaterThanOrEqual(acknowledged);
      const store = await openSqliteStore({ path });
      const { spans } = await store.stats();
      expect(spans).toBeGreaterThanOrEqual((last + 1) * 20);
      expect(spans % 20).toBe(0);
      expect(await store.session('s')).toMatchObject({
        observationCount: spans,
        usage: { total: spans * 110 },
      });
      expect(await store.observations('s')).toHaveLength(spans);
      await store.close();
      expect(rows('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
    }
  });

  it('is refused when a newer version has written it, and left as it is', async () => {
    await (await open()).append([span({ id: 1 })]);
    await stores.pop()?.close();
    const database = openDatabase(path, false);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    await expect(open()).rejects.toMatchObject({ code: 'SPOOR_STORE_NEWER' });
    await expect(open({ readOnly: true })).rejects.toMatchObject({ code: 'SPOOR_STORE_NEWER' });
    expect(rows('SELECT COUNT(*) AS n FROM spans')).toEqual([{ n: 1 }]);
  });

  it('is rebuilt when it was projected by other rules', async () => {
    await (await open()).append([chat({ id: 1 })]);
    await stores.pop()?.close();
    const database = openDatabase(path, false);
    database.exec(
      "UPDATE meta SET value = 'old' WHERE key = 'projection'; DELETE FROM sessions; DELETE FROM traces",
    );
    database.close();
    expect((await (await open()).sessions()).items).toMatchObject([
      { observationCount: 1, usage: { total: 110 } },
    ]);
  });

  it('says so when it is no database', async () => {
    writeFileSync(path, 'x'.repeat(5000));
    await expect(open()).rejects.toThrow(/not a database/);
  });

  it('can be read by others while it is written', async () => {
    const writer = await open();
    await writer.append([span({ id: 1 })]);
    const reader = await open({ readOnly: true });
    for (let i = 2; i < 20; i++) {
      await writer.append([chat({ id: i })]);
      expect((await reader.sessions()).items).toMatchObject([{ observationCount: i }]);
      expect(await reader.rawSpans(traceId(1))).toHaveLength(i);
    }
    await expect(reader.append([span({ id: 99 })])).rejects.toThrow(/readonly/);
  });

  it('adds up when two processes write the same session', async () => {
    const [a, b] = [await open(), await open()];
    for (let i = 1; i <= 20; i++)
      await (i % 2 === 0 ? a : b).append([
        chat({ id: i, trace: 1 + (i % 3), attributes: { 'session.id': 's' } }),
      ]);
    await a.append([chat({ id: 7, trace: 2, input: 0, attributes: { 'session.id': 's' } })]);
    expect(await b.session('s')).toEqual(await a.session('s'));
    expect(await b.session('s')).toMatchObject({ observationCount: 20, usage: { total: 19 * 110 + 10 } });
  });

  it('keeps each message once, however often a conversation sends it again', async () => {
    const store = await open();
    const { bytes: empty } = await store.stats();
    const messages = Array.from({ length: 50 }, (_, i) => ({
      role: 'user',
      parts: [{ type: 'text', content: `${i} ${'lorem ipsum '.repeat(200)}` }],
    }));
    const turns = messages.map((_, i) =>
      chat({ id: i + 1, attributes: { 'gen_ai.input.messages': JSON.stringify(messages.slice(0, i + 1)) } }),
    );
    await store.append(turns);
    await store.append(turns);
    expect(rows('SELECT COUNT(*) AS n FROM content_bodies WHERE length(body) > 300')).toEqual([{ n: 50 }]);
    expect(rows('SELECT MIN(uses) AS least, MAX(uses) AS most FROM contents')).toEqual([
      { least: 1, most: 50 },
    ]);
    expect(await store.rawSpans(traceId(1))).toEqual(turns);
    const sent = turns.reduce((sum, turn) => sum + JSON.stringify(turn.attributes).length, 0);
    expect((await store.stats()).bytes - empty).toBeLessThan(sent / 10);
  });

  it('removes the sessions that were updated longest ago when it grows over its cap', async () => {
    const maxBytes = 4_000_000;
    let clock = T0;
    const store = await open({ maxBytes, now: () => clock++ });
    for (let i = 1; i <= 60; i++) {
      await store.append(sessionOf(i));
      expect((await store.stats()).bytes).toBeLessThanOrEqual(maxBytes);
    }
    const { items } = await store.sessions({ limit: 500 });
    expect(items.length).toBeGreaterThan(10);
    expect(items.map((one) => one.id)).toEqual(items.map((_, i) => `s${60 - i}`));
    expect(await store.rawSpans(traceId(60))).toHaveLength(20);
    expect(await store.session('s1')).toBeUndefined();
    expect(await store.rawSpans(traceId(1))).toEqual([]);
    expect((await store.traces({ limit: 500 })).items).toHaveLength(items.length);
    expect(rows('SELECT COUNT(*) AS n FROM contents WHERE uses <= 0')).toEqual([{ n: 0 }]);
    expect(rows('SELECT COUNT(*) AS n FROM content_bodies')).toEqual(
      rows('SELECT COUNT(*) AS n FROM contents'),
    );
    // A removed trace may come back.
    await store.append(sessionOf(1));
    expect(await store.session('s1')).toMatchObject({ observationCount: 20 });
  });

  it('is full when one batch is more than the cap, and takes spans again when there is room', async () => {
    const large = chat({ id: 1, attributes: { text: 'z'.repeat(3_000_000) } });
    const store = await open({ maxBytes: 2_000_000 });
    await store.append([large]);
    await store.append([span({ id: 2, trace: 2 })]);
    expect((await store.sessions()).items.map((session) => session.id)).toEqual([`trace:${traceId(2)}`]);
    expect((await store.stats()).bytes).toBeLessThan(2_000_000);
  });

  it('needs an engine, and says in one line how to get one', async () => {
    const source = `
      import { openSqliteStore } from '../../src/store/sqlite-store.js';
      await openSqliteStore({ path: process.argv[2] }).catch((error) => console.log(error.code, error.message));`;
    const child = await startProgram(folder, source, {
      nodeArguments: ['--no-experimental-sqlite'],
      programArguments: [path],
    });
    const { stdout } = await outputOf(child);
    expect(stdout).toMatch(/^SPOOR_SQLITE_MISSING Node\.js .* has no SQLite: .*better-sqlite3@12`\.\n$/);
  });

  it('is opened without a warning', async () => {
    const source = `
      import { openSqliteStore } from '../../src/store/sqlite-store.js';
      const store = await openSqliteStore({ path: process.argv[2] });
      process.emitWarning('mine', 'ExperimentalWarning');
      await store.close();`;
    const { code, stderr } = await outputOf(await startProgram(folder, source, { programArguments: [path] }));
    expect(code).toBe(0);
    expect(stderr).toContain('mine');
    expect(stderr).not.toMatch(/SQLite/i);
  });
});
