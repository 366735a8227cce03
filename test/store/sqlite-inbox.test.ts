import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { encodeTraceRequestProtobuf } from '../../src/otlp/encode-protobuf.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { createCommitQueue } from '../../src/server/commit-queue.js';
import { openDatabase } from '../../src/store/sqlite-engine.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { ReceivedSpans, Store, StoreChange } from '../../src/store/store.js';
import { chat, span, T0, traceId } from './spans.js';

let folder: string;
let path: string;
const stores: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-inbox-'));
  path = join(folder, 'spoor.sqlite');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Receiver = Store & Required<Pick<Store, 'receive' | 'project'>>;

async function open(file = path): Promise<Receiver> {
  let clock = T0;
  const store = await openSqliteStore({ path: file, now: () => clock++ });
  stores.push(store);
  if (store.receive === undefined || store.project === undefined) throw new Error('It cannot receive.');
  return store as Receiver;
}

/** What a process that was killed leaves behind. */
async function afterKill(): Promise<Receiver> {
  const left = join(folder, `left-${stores.length}`);
  cpSync(path, join(left, 'spoor.sqlite'));
  cpSync(`${path}-wal`, join(left, 'spoor.sqlite-wal'));
  return open(join(left, 'spoor.sqlite'));
}

function requestOf(spans: readonly SpanRecord[]): ReceivedSpans {
  const body = encodeTraceRequestProtobuf(spans);
  return { body, encoding: 'protobuf', spans: decodeTraceRequest(body, 'protobuf').spans };
}

const run = (trace: number, count: number): SpanRecord[] => [
  span({ id: trace * 10_000, trace, end: 90_000, attributes: { 'session.id': `s${trace}` } }),
  ...Array.from({ length: count - 1 }, (_, i) =>
    chat({
      id: trace * 10_000 + i + 1,
      trace,
      parent: trace * 10_000,
      start: i,
      attributes: { word: `w${i}` },
    }),
  ),
];

async function all(store: Store): Promise<unknown> {
  const { items } = await store.sessions({ limit: 500 });
  const sessions = items
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((session) => ({ ...session, updatedMs: 0 }));
  return {
    sessions,
    observations: await Promise.all(sessions.map(({ id }) => store.observations(id))),
    raw: await Promise.all([1, 2].map((trace) => store.rawSpans(traceId(trace)))),
    stats: { ...(await store.stats()), bytes: 0 },
  };
}

function waiting(): unknown {
  const database = openDatabase(path, true);
  try {
    return database.prepare('SELECT COUNT(*) AS n FROM inbox').get()?.n;
  } finally {
    database.close();
  }
}

describe('requests that a store takes as they arrive', () => {
  it('are seen by the next read, as if their spans had been appended', async () => {
    const appended = await open(join(folder, 'appended', 'spoor.sqlite'));
    await appended.append([...run(1, 700), ...run(2, 30)]);
    const store = await open();
    await store.receive([requestOf(run(1, 700)), requestOf(run(2, 30))]);
    expect(waiting()).toBe(2);
    expect(await all(store)).toEqual(await all(appended));
    expect(waiting()).toBe(0);
  });

  it('are there after the process was killed, whatever of them was worked out', async () => {
    const store = await open();
    const requests = [requestOf(run(1, 1200)), requestOf(run(2, 30))];
    await store.receive(requests);
    const atOnce = await afterKill();
    await store.project();
    const afterOnePiece = await afterKill();
    const whole = await all(store);
    expect(whole).toMatchObject({ stats: { spans: 1230, sessions: 2 } });
    expect(await all(atOnce)).toEqual(whole);
    expect(await all(afterOnePiece)).toEqual(whole);
    // A sender that got no answer sends again.
    await atOnce.receive(requests);
    expect(await all(atOnce)).toEqual(whole);
  });

  it('are worked out in pieces, and each piece tells what it changed', async () => {
    const store = await open();
    await store.receive([requestOf(run(1, 1200)), requestOf(run(2, 30))]);
    const changes: StoreChange[] = [];
    for (let change = await store.project(); change !== undefined; change = await store.project())
      changes.push(change);
    expect(changes).toEqual([
      { sessionIds: ['s1'], traceIds: [traceId(1)], spanCount: 500 },
      { sessionIds: ['s1'], traceIds: [traceId(1)], spanCount: 500 },
      { sessionIds: ['s1', 's2'], traceIds: [traceId(1), traceId(2)], spanCount: 230 },
    ]);
    expect(waiting()).toBe(0);
  });

  it('do not pile up: who sends more than is worked out waits for it', async () => {
    const store = await open();
    for (let i = 0; i < 12; i++) await store.receive([requestOf(run(i + 1, 1000))]);
    expect(waiting()).toBeLessThanOrEqual(5);
    expect((await store.stats()).spans).toBe(12_000);
  });

  it('come before what is appended later, and after what was appended before', async () => {
    const store = await open();
    const open1 = chat({ id: 1, attributes: { word: 'open' } });
    await store.append([{ ...open1, endTimeUnixNano: 0n }]);
    await store.receive([requestOf([chat({ id: 1, attributes: { word: 'first' } })])]);
    await store.append([chat({ id: 1, attributes: { word: 'second' } })]);
    expect((await store.rawSpans(traceId(1))).map(({ attributes }) => attributes['word'])).toEqual([
      'second',
    ]);
  });
});

describe('the commit queue', () => {
  it('answers when spans are committed, then tells what they changed, also when a read was faster', async () => {
    const store = await open();
    const changes: StoreChange[] = [];
    const queue = createCommitQueue(store, (change) => changes.push(change));
    await queue.append(requestOf(run(1, 100)));
    expect(changes).toEqual([]);
    expect(await store.session('s1')).toMatchObject({ observationCount: 100 });
    await queue.idle();
    expect(changes).toEqual([{ sessionIds: ['s1'], traceIds: [traceId(1)], spanCount: 100 }]);
  });

  it('keeps the order of spans and logs of many senders, and loses none', async () => {
    const store = await open();
    let told = 0;
    const queue = createCommitQueue(store, ({ spanCount }) => (told += spanCount));
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => queue.append(requestOf(run(i + 1, i % 2 === 0 ? 5 : 150)))),
    );
    await queue.idle();
    expect(told).toBe(20 * 5 + 20 * 150);
    expect((await store.stats()).spans).toBe(told);
    expect(waiting()).toBe(0);
  });
});
