import { afterAll, describe, expect, it } from 'vitest';
import type { SpanRecord } from '../../src/otlp/records.js';
import { openClickHouseStore } from '../../src/store/clickhouse/clickhouse-store.js';
import type { ClickHouseClientLike } from '../../src/store/clickhouse/load-client.js';
import { migrateClickHouse } from '../../src/store/clickhouse/migrate.js';
import { CLICKHOUSE_SCHEMA_VERSION, schemaStatements } from '../../src/store/clickhouse/schema.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { conversation, everything } from '../store/contract.js';
import { chat, span, T0, traceId } from '../store/spans.js';
import { startEmbedded } from './embedded.js';

const embedded = startEmbedded();
afterAll(() => embedded.close());
const { client } = embedded;
const DAY_MS = 86_400_000;

async function shared(): Promise<ReturnType<typeof embedded.engine>> {
  const engine = embedded.engine();
  await migrateClickHouse(engine, { database: engine.database });
  return engine;
}

async function countOf(table: string): Promise<number> {
  const answer = await client.query({ query: `SELECT count() AS n FROM ${table}`, format: 'JSONEachRow' });
  return Number(((await answer.json()) as { n: string }[])[0]?.n);
}

describe('the schema', () => {
  it('is made by two translators at the same time, and again, without harm', async () => {
    const engine = embedded.engine();
    const options = { database: engine.database };
    await Promise.all([migrateClickHouse(engine, options), migrateClickHouse(engine, options)]);
    const version = CLICKHOUSE_SCHEMA_VERSION;
    expect(await migrateClickHouse(engine, options)).toEqual({ from: version, to: version });
    const store = await openClickHouseStore({ url: engine.url, client });
    await store.append([span({ id: 1 })]);
    await migrateClickHouse(engine, options);
    expect((await store.stats()).spans).toBe(1);
  });

  it('is asked for where there is none, and refused where it is newer', async () => {
    const engine = embedded.engine();
    const open = (): Promise<Store> => openClickHouseStore({ url: engine.url, client });
    await expect(open()).rejects.toMatchObject({
      code: 'SPOOR_STORE_OUTDATED',
      message: expect.stringContaining('spoor migrate') as string,
    });
    await migrateClickHouse(engine, { database: engine.database });
    await engine.insert('meta', [{ key: 'schema', value: '999', version: '999' }]);
    await expect(open()).rejects.toMatchObject({ code: 'SPOOR_STORE_NEWER' });
    await expect(migrateClickHouse(engine, { database: engine.database })).rejects.toMatchObject({
      code: 'SPOOR_STORE_NEWER',
    });
  });

  it('is valid for the engine with replicas and shards, as far as it can be told without them', async () => {
    const options = { database: 'x', cluster: 'c', isReplicated: true, isSharded: true, ttlDays: 30 };
    for (const query of schemaStatements(options, 0)) {
      // Explained, it is parsed and not run.
      await client.command({ query: `EXPLAIN AST ${query}` });
    }
  });
});

describe('several translators over one database', () => {
  it('say the same as one that got everything, whoever got which piece, at the same time', async () => {
    const { url } = await shared();
    const spans = pieces();
    const translators = await Promise.all([1, 2, 3].map(() => openClickHouseStore({ url, client })));
    await Promise.all(
      spans.map((one, i) =>
        (translators[(i * 7) % 3] as Store).append([one, spans[(i * 5) % spans.length] as SpanRecord]),
      ),
    );
    const alone = createMemoryStore();
    await alone.append(spans);
    const ids = (await alone.sessions({ limit: 500 })).items.map(({ id }) => id).toSorted();
    for (const store of translators) {
      expect((await store.sessions({ limit: 500 })).items.map(({ id }) => id).toSorted()).toEqual(ids);
      expect(await everything(store, ids)).toEqual(await everything(alone, ids));
      expect((await store.stats()).spans).toBe(spans.length);
    }
  });

  it('take the spans of a trace in pieces over days, parents last', async () => {
    const { url } = await shared();
    const [root, ...rest] = conversation() as [SpanRecord, ...SpanRecord[]];
    let day = 0;
    for (const one of [...rest.toReversed(), root]) {
      const store = await openClickHouseStore({ url, client, now: () => T0 + day++ * DAY_MS });
      await store.append([one]);
    }
    const store = await openClickHouseStore({ url, client });
    const alone = createMemoryStore();
    await alone.append(conversation());
    expect(await everything(store, ['s'])).toEqual(await everything(alone, ['s']));
    expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['s']);
  });
});

describe('summaries', () => {
  it('of what a translator wrote before it was killed are made by the next one', async () => {
    const { url } = await shared();
    const dying: ClickHouseClientLike = {
      ...client,
      query: (statement) => client.query(statement),
      command: (statement) => client.command(statement),
      insert: (request) =>
        request.table.endsWith('session_updates')
          ? Promise.reject(new Error('killed'))
          : client.insert(request),
    };
    const before = await openClickHouseStore({ url, client: dying });
    await expect(before.append(conversation())).rejects.toMatchObject({ code: 'SPOOR_STORE_UNAVAILABLE' });
    await (await openClickHouseStore({ url, client })).close();
    const store = await openClickHouseStore({ url, client });
    const alone = createMemoryStore();
    await alone.append(conversation());
    expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['s']);
    expect(await everything(store, ['s'])).toEqual(await everything(alone, ['s']));
  });

  it('of a large session lag behind what is written, and catch up', async () => {
    const { url } = await shared();
    const store = await openClickHouseStore({ url, client });
    for (const from of [10_000, 20_000, 30_000]) {
      expect(await store.append(manyCalls(from))).toMatchObject({ sessionIds: ['large'], spanCount: 1500 });
    }
    // The last batch is put off, until its turn comes or the store closes.
    expect([3000, 4500]).toContain((await store.session('large'))?.observationCount);
    expect(await store.observations('large')).toHaveLength(4500);
    await store.close();
    const after = await openClickHouseStore({ url, client });
    expect((await after.session('large'))?.observationCount).toBe(4500);
    expect((await after.stats()).spans).toBe(4500);
  });
});

describe('rows', () => {
  it('of a span that is sent again, or ends, become one when parts are merged', async () => {
    const { url, database } = await shared();
    const store = await openClickHouseStore({ url, client });
    await store.append([chat({ id: 1, end: null })]);
    for (let i = 0; i < 3; i++) await store.append([chat({ id: 1, end: 50 })]);
    await client.command({ query: `OPTIMIZE TABLE ${database}.spans FINAL` });
    expect(await countOf(`${database}.spans`)).toBe(1);
    expect((await store.rawSpans(traceId(1))).map((one) => one.endTimeUnixNano > 0n)).toEqual([true]);
  });

  it('expire after the days that the schema says, but for those of pinned sessions', async () => {
    const engine = await shared();
    const { url, database } = engine;
    const old = Date.now() - 40 * DAY_MS;
    const before = await openClickHouseStore({ url, client, now: () => old });
    await before.append([chat({ id: 1, attributes: { 'session.id': 'held', text: 'x'.repeat(1000) } })]);
    await before.append([chat({ id: 2, trace: 2, attributes: { 'session.id': 'old' } })]);
    expect(await before.pin('held', true)).toBe(true);
    await migrateClickHouse(engine, { database, ttlDays: 30 });
    const store = await openClickHouseStore({ url, client });
    await store.append([chat({ id: 3, trace: 3, attributes: { 'session.id': 'new' } })]);
    for (const table of [
      'spans',
      'contents',
      'sessions',
      'session_updates',
      'traces',
      'session_traces',
      'logs',
    ])
      await client.command({ query: `OPTIMIZE TABLE ${database}.${table} FINAL` });
    expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['new', 'held']);
    expect((await store.observations('held'))[0]?.attributes).toMatchObject({ text: 'x'.repeat(1000) });
    expect(await store.rawSpans(traceId(2))).toEqual([]);
    expect((await store.traces()).items).toHaveLength(2);
    // What is older than the others goes once it is no longer pinned.
    expect(await store.pin('held', false)).toBe(true);
    expect(await store.rawSpans(traceId(1))).toEqual([]);
    expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['new']);
  });

  it('hold the messages of a conversation once, however often they are sent', async () => {
    const { url, database } = await shared();
    const store = await openClickHouseStore({ url, client });
    const messages: object[] = [];
    let sent = 0;
    for (let turn = 1; turn <= 50; turn++) {
      messages.push({ role: 'user', parts: [{ type: 'text', content: noise(turn, 2000) }] });
      const json = JSON.stringify(messages);
      sent += json.length;
      await store.append([chat({ id: turn, start: turn, attributes: { 'gen_ai.input.messages': json } })]);
    }
    expect(await countOf(`(SELECT DISTINCT hash FROM ${database}.contents)`)).toBeLessThan(60);
    await client.command({ query: `OPTIMIZE TABLE ${database}.contents FINAL` });
    await client.command({ query: `OPTIMIZE TABLE ${database}.spans FINAL` });
    expect(sent / (await store.stats()).bytes).toBeGreaterThan(10);
    const last = (await store.rawSpans(traceId(1))).at(-1);
    expect(last?.attributes['gen_ai.input.messages']).toBe(JSON.stringify(messages));
  });
});

/** Calls of one session, each time in another trace. */
function manyCalls(from: number): SpanRecord[] {
  return Array.from({ length: 1500 }, (_, i) =>
    chat({ id: from + i, trace: from, start: i, attributes: { 'session.id': 'large' } }),
  );
}

/** Three conversations in pieces, in a fixed disorder: sessions over several traces, a trace of several sessions. */
function pieces(): SpanRecord[] {
  const spans = conversation();
  for (let i = 0; i < 24; i++) {
    spans.push(
      chat({
        id: 100 + i,
        trace: 100 + (i % 5),
        start: i,
        input: i,
        attributes: i % 3 === 0 ? {} : { 'session.id': `s${i % 4}` },
        ...(i % 2 === 0 ? {} : { parent: 99 + i }),
      }),
    );
  }
  return spans.toSorted(
    (a, b) => Number(BigInt(`0x${b.spanId}`) % 7n) - Number(BigInt(`0x${a.spanId}`) % 7n),
  );
}

/** Text that no compression makes small. */
function noise(seed: number, length: number): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 90));
  }).join('');
}
