import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SpoorClient } from '../../src/client/spoor-client.js';
import { createApiKey } from '../../src/server/api-keys.js';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { conversation } from '../store/contract.js';
import { allPages } from '../store/query-contract.js';
import { chat, span, spanId, T0, traceId } from '../store/spans.js';
import { traceRequestJson } from './otlp-payloads.js';
import { runTranslator, until } from './running.js';

async function serving(options: Parameters<typeof startTranslator>[0] = {}): Promise<Translator> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spoor-queries-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const translator = await startTranslator({ port: 0, dataDir, log: () => {}, ...options });
  onTestFinished(() => translator.close());
  return translator;
}

function clientOf({ url }: { url: string }): SpoorClient {
  const client = new SpoorClient({ baseUrl: url, retries: 0 });
  onTestFinished(() => client.close());
  return client;
}

test('finds observations by every parameter that a search has', async () => {
  const translator = await runTranslator();
  const { store } = translator;
  await store.append([
    ...conversation(),
    chat({ id: 40, trace: 4, model: 'llama', attributes: { 'tenant.id': 'a=b&c', 'session.id': 'two' } }),
  ]);
  const client = clientOf(translator);
  const found = async (query: Parameters<Store['search']>[0]): Promise<string[]> =>
    (await allPages((page) => client.observations.search({ ...query, ...page, limit: 1 }))).map(
      ({ id }) => id,
    );
  expect(await found({ attributes: { 'tenant.id': 'a=b&c', 'session.id': 'two' } })).toEqual([spanId(40)]);
  expect(await found({ text: 'shelf', sessionId: 's', type: 'GENERATION', name: 'chat gpt-5' })).toEqual([
    spanId(4),
  ]);
  expect(await found({ model: 'llama', status: 'unset', sinceMs: 0 })).toEqual([spanId(40)]);
  expect(await found({ sinceMs: Date.now() + 60_000 })).toEqual([]);
  const all: string[] = [];
  for await (const { id } of client.observations.searchAll({ limit: 2 })) all.push(id);
  expect(all).toEqual((await store.search({})).items.map(({ id }) => id));
});

test.each([
  ['/api/search?attr=key', 'attr'],
  ['/api/search?attr=%3Dvalue', 'attr'],
  ['/api/search?type=robot', 'type'],
  ['/api/search?q=a&q=b', 'q'],
  ['/api/search?cursor=abc', 'cursor'],
  ['/api/search?word=a', 'word'],
  ['/api/scores?limit=0', 'limit'],
  ['/api/scores?target=x', 'target'],
  ['/api/sessions/s/observations?stepp=a', 'stepp'],
  [`/api/traces/${traceId(1)}/spans?from=noon`, 'from'],
])('refuses %s with the name of the parameter', async (path, parameter) => {
  const { url, store } = await runTranslator();
  await store.append(conversation());
  const response = await fetch(url + path);
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: { code: 'SPOOR_REQUEST_INVALID', message: expect.stringContaining(parameter) } },
  ]);
});

test('lists the scores that a client gave', async () => {
  const translator = await runTranslator();
  await translator.store.append(conversation());
  const client = clientOf(translator);
  await client.scores.create({ name: 'tone', value: 0.5, target: { kind: 'session', id: 's' } });
  await client.scores.create({
    name: 'done',
    value: true,
    source: 'code',
    target: { kind: 'step', id: 'a', sessionId: 's' },
  });
  const { items } = await client.scores.list({ sessionId: 's' });
  expect(items.map(({ score }) => score)).toEqual(
    expect.arrayContaining([
      { name: 'tone', value: 0.5, source: 'human', target: { kind: 'session', id: 's' } },
      expect.objectContaining({ name: 'done', value: true, target: { kind: 'step', id: 'a' } }),
    ]),
  );
  expect((await client.scores.list({ source: 'code' })).items).toHaveLength(1);
  expect(await client.scores.list({ name: 'none' })).toEqual({ items: [] });
});

test('gives a session of many observations in part, and the rest page by page', async () => {
  const translator = await runTranslator();
  const { url, store } = translator;
  const many = Array.from({ length: 5_001 }, (_, i) =>
    span({ id: i + 1, start: i, attributes: { 'session.id': 'large' } }),
  );
  await store.append(many);
  const client = clientOf(translator);
  const first = await client.sessions.get('large');
  expect([first?.observations.length, first?.session.observationCount]).toEqual([1_000, 5_001]);
  const rest = await allPages(async (page) => {
    const cursor = page.cursor ?? first?.nextCursor;
    const found = await client.sessions.observations('large', { limit: 500, ...(cursor && { cursor }) });
    return found ?? { items: [] };
  });
  const ids = [...(first?.observations ?? []), ...rest].map(({ id }) => id);
  expect(ids).toEqual(many.map((one) => one.spanId));
  expect((await fetch(`${url}/api/sessions/nobody/observations`)).status).toBe(404);
  const window = await client.traces.window(traceId(1), { fromMs: T0 + 4_000, toMs: T0 + 4_000 });
  expect(JSON.stringify(window).match(/"spanId"/g)).toHaveLength(11);
  expect(await client.traces.window(traceId(1), { limit: 1 })).toHaveProperty('nextCursor');
});

test('pins and removes a session, and tells those who watch', async () => {
  const translator = await runTranslator();
  await translator.store.append(conversation());
  const client = clientOf(translator);
  const events: unknown[] = [];
  const live = (async () => {
    for await (const event of client.live()) {
      events.push(event);
      if (event.type === 'open') await client.sessions.pin('s');
      if (event.type === 'change' && event.sessions[0]?.pinned === true) await client.sessions.remove('s');
      if (event.type === 'change' && event.sessions.length === 0) return;
    }
  })();
  await live;
  expect(events).toMatchObject([
    { type: 'open' },
    { sessions: [{ id: 's', pinned: true }] },
    { sessions: [] },
  ]);
  expect(await client.sessions.get('s')).toBeUndefined();
  expect([
    await client.sessions.pin('s'),
    await client.sessions.pin('s', false),
    await client.sessions.remove('s'),
  ]).toEqual([false, false, false]);
});

test('wants the scope write for what changes, and read for SQL', async () => {
  const reader = createApiKey({ scopes: ['read'] });
  const writer = createApiKey({ scopes: ['write'] });
  const { url, store } = await serving({ apiKeys: [reader.entry, writer.entry], sql: true });
  await store.append(conversation());
  const ask = async (key: string, method: string, path: string, body?: string): Promise<number> =>
    (
      await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { body }),
      })
    ).status;
  const changes = [
    ['PUT', '/api/sessions/s/pin'],
    ['DELETE', '/api/sessions/s/pin'],
    ['DELETE', '/api/sessions/s'],
  ] as const;
  for (const [method, path] of changes) expect(await ask(reader.secret, method, path)).toBe(403);
  const sql = JSON.stringify({ sql: 'SELECT 1' });
  expect(await ask(reader.secret, 'POST', '/api/sql', sql)).toBe(200);
  expect(await ask(writer.secret, 'POST', '/api/sql', sql)).toBe(403);
  for (const [method, path] of changes) expect(await ask(writer.secret, method, path)).toBe(200);
});

function postSql(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/sql`, { method: 'POST', body, headers });
}

test('takes SQL only when it was told to, and as it should be', async () => {
  const closed = await serving();
  const count = JSON.stringify({ sql: 'SELECT count(*) AS n FROM sessions' });
  expect([
    (await postSql(closed.url, count)).status,
    await (await postSql(closed.url, count)).json(),
  ]).toEqual([
    403,
    { error: { code: 'SPOOR_SQL_OFF', message: expect.stringContaining('spoor serve --sql') } },
  ]);
  const bare = await runTranslator({ sql: true, store: createMemoryStore() });
  expect(await (await postSql(bare.url, count)).json()).toMatchObject({ error: { code: 'SPOOR_SQL_OFF' } });
  const { url, store } = await serving({ sql: true });
  await store.append(conversation());
  expect(await (await postSql(url, count)).json()).toEqual({ columns: ['n'], rows: [[1]] });
  const csv = await postSql(url, count, { accept: 'text/csv' });
  expect([csv.headers.get('content-type'), await csv.text()]).toEqual([
    'text/csv; charset=utf-8',
    'n\r\n1\r\n',
  ]);
  const wrong: [string, string][] = [
    ['{', 'SPOOR_REQUEST_INVALID'],
    ['{}', 'SPOOR_REQUEST_INVALID'],
    ['{"sql":"SELECT 1","more":1}', 'SPOOR_REQUEST_INVALID'],
    ['{"sql":"SELECT 1","limit":0}', 'SPOOR_REQUEST_INVALID'],
    ['{"sql":"SELECT 1","params":[{}]}', 'SPOOR_REQUEST_INVALID'],
    ['{"sql":"DROP TABLE spans"}', 'SPOOR_SQL_REFUSED'],
    ['{"sql":"SELECT nothing"}', 'SPOOR_SQL_REFUSED'],
  ];
  for (const [body, code] of wrong) {
    const response = await postSql(url, body);
    expect([body, response.status, await response.json()]).toEqual([
      body,
      400,
      { error: { code, message: expect.any(String) } },
    ]);
  }
  expect((await postSql(url, `{"sql":"SELECT '${'x'.repeat(2_000_000)}'"}`)).status).toBe(413);
});

test('answers SQL from the project of the key and no other', async () => {
  const shop = createApiKey({ scopes: ['read', 'ingest'], project: 'shop' });
  const bank = createApiKey({ scopes: ['read', 'ingest'], project: 'bank' });
  const { url } = await serving({ apiKeys: [shop.entry, bank.entry], sql: true });
  const send = (key: string, path: string, body: string): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'spoor-project': 'bank',
      },
    });
  const attributes = { 'session.id': 'of the shop' };
  expect((await send(shop.secret, '/v1/traces', traceRequestJson({ attributes }))).status).toBe(200);
  const ask = async (key: string): Promise<unknown> =>
    (await send(key, '/api/sql', JSON.stringify({ sql: 'SELECT id FROM sessions' }))).json();
  expect(await ask(shop.secret)).toEqual({ columns: ['id'], rows: [['of the shop']] });
  expect(await ask(bank.secret)).toEqual({ columns: ['id'], rows: [] });
});

test('removes sessions that nothing was heard of for longer than they may stay', async () => {
  let clock = Date.now() - 3_600_000;
  const store = createMemoryStore({ now: () => clock });
  await store.append([chat({ id: 1, attributes: { 'session.id': 'old' } })]);
  await store.append([chat({ id: 2, trace: 2, attributes: { 'session.id': 'pinned' } })]);
  await store.pin('pinned', true);
  clock = Date.now();
  await store.append([chat({ id: 3, trace: 3, attributes: { 'session.id': 'new' } })]);
  await runTranslator({ store, maxAgeMs: 60_000 });
  await until(
    async () => (await store.sessions()).items.map(({ id }) => id),
    (ids) => ids.length === 2,
  );
  expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['new', 'pinned']);
});
