import { afterEach, describe, expect, it } from 'vitest';
import type { LogRecord, SpanRecord } from '../../src/otlp/records.js';
import type { Page, PageQuery, SearchQuery, Store } from '../../src/store/store.js';
import { conversation } from './contract.js';
import { chat, span, spanId, T0, tool, traceId, type SpanSketch } from './spans.js';

/** What every store must find again: searches, scores, windows, pins. `open` gives an empty one. */
export function describeQueries(
  name: string,
  open: (options: { now: () => number }) => Promise<Store>,
): void {
  describe(`${name}, asked for more than lists`, () => {
    const stores: Store[] = [];
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
    });
    const filled = async (...batches: SpanRecord[][]): Promise<Store> => {
      let clock = T0;
      const store = await open({ now: () => clock++ });
      stores.push(store);
      for (const batch of batches) await store.append(batch);
      return store;
    };

    it('finds observations by words, kind, name, model, status, session and time, newest first', async () => {
      const store = await filled(
        conversation(),
        [
          chat({
            id: 11,
            trace: 2,
            start: 2000,
            model: 'llama',
            attributes: { 'gen_ai.response.model': 'llama-70b' },
          }),
        ],
        [tool({ id: 12, trace: 2, start: 3000, name: 'look up', error: true })],
      );
      expect(await found(store, {})).toEqual([12, 11, 6, 5, 4].map(spanId));
      expect(await found(store, { text: 'SHÉLF' })).toEqual([spanId(4)]);
      expect(await found(store, { text: 'on shel' })).toEqual([spanId(4)]);
      expect(await found(store, { text: 'shelf nothing' })).toEqual([]);
      expect(await found(store, { text: '"; DROP TABLE spans; --' })).toEqual([]);
      expect(await found(store, { type: 'TOOL' })).toEqual([spanId(12), spanId(5)]);
      expect(await found(store, { type: 'TOOL', sessionId: 's' })).toEqual([spanId(5)]);
      expect(await found(store, { status: 'error' })).toEqual([spanId(12), spanId(5)]);
      expect(await found(store, { name: 'GET' })).toEqual([spanId(6)]);
      for (const model of ['llama', 'llama-70b']) expect(await found(store, { model })).toEqual([spanId(11)]);
      expect(await found(store, { sessionId: 's' })).toEqual([6, 5, 4].map(spanId));
      expect(await found(store, { sessionId: 'nobody' })).toEqual([]);
      expect(await found(store, { sinceMs: T0 + 1 })).toEqual([12, 11].map(spanId));
      const [first] = (await store.search({ text: 'shelf' })).items;
      expect(first).toEqual(await store.observation(traceId(1), spanId(4)));
    });

    it('finds observations by attributes as they were received, whatever their kind', async () => {
      const hostile = { __proto__x: 'a', constructor: 'b', 'x"y': "z'; --" };
      const store = await filled([
        span({
          id: 1,
          attributes: { n: 5, flag: true, list: ['a', 'b'], none: null, long: 'x'.repeat(2000) },
        }),
        span({ id: 2, start: 1, attributes: { n: 5, ...hostile } }),
        chat({ id: 3, start: 2, model: 'm', attributes: { 'tenant.id': 'acme' } }),
      ]);
      const by = (attributes: Record<string, string>): Promise<string[]> => found(store, { attributes });
      expect(await by({ n: '5' })).toEqual([2, 1].map(spanId));
      expect(await by({ n: '5', flag: 'true' })).toEqual([spanId(1)]);
      expect(await by({ list: '["a","b"]' })).toEqual([spanId(1)]);
      expect(await by({ none: 'null' })).toEqual([spanId(1)]);
      expect(await by({ long: 'x'.repeat(2000) })).toEqual([spanId(1)]);
      expect(await by({ 'gen_ai.request.model': 'm', 'tenant.id': 'acme' })).toEqual([spanId(3)]);
      expect(await by(hostile)).toEqual([spanId(2)]);
      expect(await by({ toString: 'x', missing: '1' })).toEqual([]);
    });

    it('finds amended observations by what was said of them later', async () => {
      const store = await filled(
        [chat({ id: 1, attributes: { 'session.id': 's' } })],
        [
          span({
            id: 2,
            trace: 9,
            scope: 'spoor',
            start: 50,
            link: { trace: 1, id: 1 },
            attributes: {
              'session.id': 's',
              'spoor.amendment.target': 'observation',
              'spoor.amendment.target_id': spanId(1),
              'spoor.observation.type': 'TOOL',
            },
          }),
        ],
      );
      const type = (await store.observation(traceId(1), spanId(1)))?.type;
      expect(type).toBe('TOOL');
      expect(await found(store, { type: 'TOOL' })).toEqual([spanId(1)]);
      expect(await found(store, { type: 'GENERATION' })).toEqual([]);
    });

    it('finds log records by their words', async () => {
      const store = await filled([span({ id: 1, attributes: { 'session.id': 's' } })]);
      await store.appendLogs([
        log({ at: 1, body: 'The parcel is late', spanId: spanId(1) }),
        log({ at: 2, body: { reason: { deep: 'no parcels left' } } }),
        log({ at: 3, body: 'nothing', attributes: { city: 'Málaga' }, eventName: 'app.delivery' }),
      ]);
      const times = async (text: string): Promise<number[]> =>
        (await store.logs({ text })).items.map(({ timeMs }) => timeMs - T0);
      expect(await times('parcel')).toEqual([1, 2]);
      expect(await times('parcel late')).toEqual([1]);
      expect(await times('malaga')).toEqual([3]);
      expect(await times('delivery')).toEqual([3]);
      expect(await times('elsewhere')).toEqual([]);
      expect((await store.logs({ text: 'parcel', sessionId: 's' })).items).toHaveLength(1);
      await store.reindex();
      expect(await times('parcel')).toEqual([1, 2]);
    });

    it('lists scores newest first, by session, name and source, and makes them anew', async () => {
      const store = await filled([
        ...conversation(),
        score({
          id: 31,
          trace: 3,
          start: 10,
          on: { session: 's' },
          name: 'tone',
          value: 0.5,
          source: 'human',
        }),
        score({ id: 32, trace: 1, parent: 4, start: 20, name: 'truth', value: 1, source: 'code' }),
        score({ id: 33, trace: 8, start: 30, name: 'tone', value: 0, source: 'code' }),
      ]);
      const ids = async (query: Parameters<Store['scores']>[0]): Promise<string[]> =>
        (await store.scores(query)).items.map((item) => item.spanId);
      const check = async (): Promise<void> => {
        expect(await ids({})).toEqual([33, 32, 31].map(spanId));
        expect(await ids({ name: 'tone' })).toEqual([33, 31].map(spanId));
        expect(await ids({ source: 'code' })).toEqual([33, 32].map(spanId));
        expect(await ids({ sessionId: 's' })).toEqual([32, 31].map(spanId));
        expect(await ids({ sessionId: 's', name: 'tone', source: 'code' })).toEqual([]);
      };
      await check();
      expect((await store.scores({ name: 'truth' })).items).toEqual([
        {
          score: {
            name: 'truth',
            value: 1,
            source: 'code',
            target: { kind: 'observation', id: spanId(32) },
          },
          traceId: traceId(1),
          spanId: spanId(32),
          sessionId: 's',
          timeMs: T0 + 20,
        },
      ]);
      await store.reindex();
      await check();
      // The same score again is the same score; a later copy of its span stands for the earlier one.
      await store.append([score({ id: 33, trace: 8, start: 40, name: 'tact', value: 2, source: 'code' })]);
      expect(await ids({ name: 'tone' })).toEqual([spanId(31)]);
      expect(await ids({ name: 'tact' })).toEqual([spanId(33)]);
    });

    it('gives windows of a trace in order of start, with what overlaps them', async () => {
      const spans = [
        span({ id: 1, end: null }),
        ...Array.from({ length: 9 }, (_, i) =>
          span({ id: i + 2, parent: 1, start: i * 10, end: i * 10 + 12 }),
        ),
      ];
      const store = await filled(spans.toReversed());
      const ids = async (query: object): Promise<string[]> =>
        (await allPages((page) => store.traceWindow(traceId(1), { ...query, ...page, limit: 3 }))).map(
          (one) => one.spanId,
        );
      expect(await ids({})).toEqual(spans.map((one) => one.spanId));
      expect(await ids({ fromMs: T0 + 41, toMs: T0 + 60 })).toEqual([1, 5, 6, 7, 8].map(spanId));
      expect(await ids({ fromMs: T0 + 1000 })).toEqual([spanId(1)]);
      expect(await ids({ toMs: T0 - 1 })).toEqual([]);
      expect(await store.traceWindow(traceId(7))).toEqual({ items: [] });
      expect((await store.traceWindow(traceId(1), { limit: 1 })).items).toEqual([spans[0]]);
    });

    it('gives the observations of a session a page at a time, in the order of the whole', async () => {
      const store = await filled(conversation(), [
        chat({ id: 40, trace: 4, start: 3, attributes: { 'session.id': 's' } }),
      ]);
      const whole = await store.observations('s');
      const paged = await allPages((page) => store.observationPage('s', { ...page, limit: 1 }));
      expect(paged).toEqual(whole);
      const inStep = await store.observationPage('s', { stepId: 'b' });
      expect(inStep).toEqual({ items: whole.filter(({ stepId }) => stepId === 'b') });
      expect((await store.observationPage('s', { stepId: 'implicit:s' })).items.map(({ id }) => id)).toEqual([
        spanId(40),
      ]);
      expect(await store.observationPage('nobody')).toEqual({ items: [] });
    });

    it('says of a pinned session that it is, also after all was made anew', async () => {
      const store = await filled(conversation());
      expect(await store.pin('nobody', true)).toBe(false);
      expect(await store.pin('s', true)).toBe(true);
      expect(await store.pin('s', true)).toBe(true);
      expect(await store.session('s')).toMatchObject({ id: 's', pinned: true });
      await store.reindex();
      expect((await store.sessions()).items).toMatchObject([{ id: 's', pinned: true }]);
      expect(await store.pin('s', false)).toBe(true);
      expect(await store.session('s')).not.toHaveProperty('pinned');
    });

    it('removes a session with all that belongs to it, and nothing else', async () => {
      const other = [
        chat({ id: 50, trace: 5, start: 1, attributes: { 'session.id': 'other' } }),
        score({ id: 51, trace: 5, start: 2, on: { session: 'other' }, name: 'tone', value: 1 }),
      ];
      const store = await filled(conversation(), other, [
        score({ id: 31, trace: 3, start: 10, on: { session: 's' }, name: 'tone', value: 0.5 }),
      ]);
      await store.appendLogs([
        log({ at: 1, body: 'of the session', traceId: traceId(1), spanId: spanId(4) }),
        log({ at: 2, body: 'of the other', traceId: traceId(5), spanId: spanId(50) }),
      ]);
      const before = [await store.session('other'), await store.observations('other')];
      await store.pin('s', true);
      expect(await store.remove('s')).toBe(true);
      expect(await store.remove('s')).toBe(false);
      expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['other']);
      expect(await store.observations('s')).toEqual([]);
      expect(await store.rawSpans(traceId(1))).toEqual([]);
      expect(await found(store, { text: 'shelf' })).toEqual([]);
      expect((await store.scores()).items.map((item) => item.spanId)).toEqual([spanId(51)]);
      expect((await store.logs()).items.map(({ body }) => body)).toEqual(['of the other']);
      expect([await store.session('other'), await store.observations('other')]).toEqual(before);
      expect((await store.stats()).spans).toBe(2);
      await store.append(conversation());
      expect(await store.session('s')).not.toHaveProperty('pinned');
    });

    it('removes what nothing was heard of since, but for what is pinned', async () => {
      const store = await filled(
        ...[1, 2, 3, 4].map((i) => [chat({ id: i, trace: i, attributes: { 'session.id': `s${i}` } })]),
      );
      if (store.expire === undefined) return;
      await store.pin('s1', true);
      expect(await store.expire(T0 + 2)).toBe(1);
      expect(await store.expire(T0 + 2)).toBe(0);
      expect((await store.sessions()).items.map(({ id }) => id)).toEqual(['s4', 's3', 's1']);
    });

    it('loses nothing and says nothing twice when it is paged through while more comes', async () => {
      // A small generator with a fixed seed: the same test each time.
      let seed = 42;
      const random = (below: number): number => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return seed % below;
      };
      for (let round = 0; round < 6; round++) {
        const batches = Array.from({ length: 30 }, (_, i) => [...mixed(i + 1)]);
        const store = await filled(...batches);
        let next = 31;
        const more = async (): Promise<void> => {
          // New ones, and copies of those that are there.
          for (let i = random(3); i > 0; i--) await store.append(mixed(next++));
          if (random(2) === 0) await store.append(mixed(1 + random(30)));
        };
        const limit = 1 + random(9);
        // A listing from the oldest on ends when no more comes.
        let pagesWithMore = 0;
        const through = async <T>(
          listing: (page: PageQuery) => Promise<Page<T>>,
          id: (item: T) => string,
        ): Promise<void> => {
          pagesWithMore = 10;
          const before = (await allPages((page) => listing({ ...page, limit: 500 }))).map(id);
          const seen = (
            await allPages(async (page) => {
              const result = await listing({ ...page, limit });
              if (pagesWithMore-- > 0) await more();
              return result;
            })
          ).map(id);
          expect(seen).toHaveLength(new Set(seen).size);
          expect(seen.filter((one) => before.includes(one))).toEqual(before);
        };
        await through(
          (page) => store.traces(page),
          (item) => item.traceId,
        );
        await through(
          (page) => store.search({ ...page, type: 'GENERATION' }),
          (item) => item.id,
        );
        await through(
          (page) => store.search({ ...page, sessionId: 'all' }),
          (item) => item.id,
        );
        await through(
          (page) => store.scores(page),
          (item) => item.spanId,
        );
        await through(
          (page) => store.observationPage('all', page),
          (item) => item.id,
        );
        await through(
          (page) => store.traceWindow(traceId(1), page),
          (item) => item.spanId,
        );
      }
    });
  });
}

async function found(store: Store, query: SearchQuery): Promise<string[]> {
  return (await allPages((page) => store.search({ ...query, ...page }))).map(({ id }) => id);
}

/** One of a growing number of traces: all in one session, each a call and a score later than those before. */
function mixed(i: number): SpanRecord[] {
  const attributes = { 'session.id': 'all' };
  return [
    chat({ id: 1000 + i, trace: i, start: i * 10, attributes }),
    score({ id: 5000 + i, trace: i, start: i * 10 + 5, on: { session: 'all' }, name: 'n', value: i }),
    span({ id: 9000 + i, trace: 1, start: i * 10, attributes }),
  ];
}

/** The items of all pages; fails when a store goes on for ever. */
export async function allPages<T>(listing: (page: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 10_000; page++) {
    const result = await listing(cursor === undefined ? {} : { cursor });
    items.push(...result.items);
    cursor = result.nextCursor;
    if (cursor === undefined) return items;
  }
  throw new Error('The listing has no end.');
}

interface ScoreSketch extends SpanSketch {
  name: string;
  value: number;
  source?: string;
  on?: { session: string };
}

function score({ name, value, source, on, ...sketch }: ScoreSketch): SpanRecord {
  return span({
    scope: 'spoor',
    end: sketch.start ?? 0,
    ...sketch,
    name: `evaluation ${name}`,
    attributes: {
      'gen_ai.evaluation.name': name,
      'gen_ai.evaluation.score.value': value,
      'spoor.observation.type': 'EVALUATION',
      ...(source === undefined ? {} : { 'spoor.score.source': source }),
      ...(on === undefined
        ? {}
        : { 'session.id': on.session, 'spoor.score.target': 'session', 'spoor.score.target_id': on.session }),
    },
  });
}

function log({ at, ...rest }: { at: number } & Partial<LogRecord>): LogRecord {
  return {
    timeUnixNano: BigInt(T0 + at) * 1_000_000n,
    observedTimeUnixNano: 0n,
    severityNumber: 9,
    body: null,
    attributes: {},
    resource: { attributes: {} },
    scope: { name: 'app' },
    ...(rest.spanId === undefined ? {} : { traceId: traceId(1) }),
    ...rest,
  };
}
