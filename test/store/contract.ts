import { afterEach, describe, expect, it } from 'vitest';
import type { SpanRecord } from '../../src/otlp/records.js';
import type { Store } from '../../src/store/store.js';
import { hashOf, PNG } from '../support/images.js';
import { chat, span, spanId, T0, tool, traceId, type SpanSketch } from './spans.js';

const PNG_TYPE = { mediaType: 'image/png', extension: 'png' } as const;

/** Everything that a store must do, whatever it is made of. `open` gives an empty one. */
export function describeStore(name: string, open: (options: { now: () => number }) => Promise<Store>): void {
  describe(name, () => {
    const stores: Store[] = [];
    let clock = T0;
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
    });
    const openStore = async (): Promise<Store> => {
      clock = T0;
      const store = await open({ now: () => clock++ });
      stores.push(store);
      return store;
    };
    const filled = async (...batches: SpanRecord[][]): Promise<Store> => {
      const store = await openStore();
      for (const batch of batches) await store.append(batch);
      return store;
    };

    it('is empty at first, and knows nothing', async () => {
      const store = await openStore();
      expect(await store.append([])).toEqual({ sessionIds: [], traceIds: [], spanCount: 0 });
      expect(await store.sessions()).toEqual({ items: [] });
      expect(await store.traces()).toEqual({ items: [] });
      expect(await store.session('nobody')).toBeUndefined();
      expect(await store.steps('nobody')).toEqual([]);
      expect(await store.observations('nobody')).toEqual([]);
      expect(await store.observation(traceId(1), spanId(1))).toBeUndefined();
      expect(await store.rawSpans('no trace')).toEqual([]);
      expect(await store.stats()).toMatchObject({ spans: 0, sessions: 0, dialects: {} });
      expect(await store.reindex()).toBe(0);
    });

    it('keeps an image once, and gives back what was put in', async () => {
      const { blobs } = await openStore();
      const image = { hash: hashOf(PNG), bytes: Uint8Array.from(PNG), type: PNG_TYPE };
      expect(await blobs.get(image.hash)).toBeUndefined();
      expect(await blobs.put(image)).toBe(true);
      expect(await blobs.put(image)).toBe(false);
      // The caller may use its buffer again.
      image.bytes.fill(0);
      const found = await blobs.get(image.hash);
      expect([found?.type, Buffer.from(found?.bytes ?? []).equals(PNG)]).toEqual([PNG_TYPE, true]);
      expect(await blobs.get('../spoor.sqlite')).toBeUndefined();
    });

    it('folds a trace without a session into an implicit one, whole', async () => {
      const store = await filled([
        span({ id: 1, name: 'run', end: 100 }),
        chat({ id: 2, parent: 1, start: 10, end: 30, cost: 0.25 }),
        tool({ id: 3, parent: 1, start: 40, end: 50, error: true }),
      ]);
      const id = `trace:${traceId(1)}`;
      expect(await store.sessions()).toEqual({
        items: [
          {
            id,
            implicit: true,
            name: 'run',
            serviceName: 'svc',
            status: 'unset',
            startMs: T0,
            endMs: T0 + 100,
            updatedMs: T0,
            traceIds: [traceId(1)],
            models: ['gpt-5'],
            stepCount: 0,
            observationCount: 3,
            generationCount: 1,
            toolCount: 1,
            errorCount: 1,
            usage: { input: 100, cacheRead: 0, cacheWrite: 0, output: 10, reasoning: 0, total: 110 },
            cost: 0.25,
          },
        ],
      });
      expect(await store.steps(id)).toEqual([
        {
          id: `implicit:${id}`,
          sessionId: id,
          name: 'implicit step',
          index: 0,
          implicit: true,
          status: 'unset',
          startMs: T0,
          endMs: T0 + 100,
          observationCount: 3,
          usage: { input: 100, cacheRead: 0, cacheWrite: 0, output: 10, reasoning: 0, total: 110 },
          cost: 0.25,
        },
      ]);
      const observations = await store.observations(id);
      expect(
        observations.map(({ id: own, parentId, type, sessionId }) => ({ own, parentId, type, sessionId })),
      ).toEqual([
        { own: spanId(1), parentId: undefined, type: 'SPAN', sessionId: id },
        { own: spanId(2), parentId: spanId(1), type: 'GENERATION', sessionId: id },
        { own: spanId(3), parentId: spanId(1), type: 'TOOL', sessionId: id },
      ]);
      expect(await store.observation(traceId(1), spanId(2))).toEqual(observations[1]);
      expect(await store.traces()).toEqual({
        items: [
          {
            traceId: traceId(1),
            sessionId: id,
            name: 'run',
            serviceName: 'svc',
            startMs: T0,
            endMs: T0 + 100,
            spanCount: 3,
            errorCount: 1,
          },
        ],
      });
      expect(await store.stats()).toMatchObject({
        spans: 3,
        sessions: 1,
        dialects: { plain: 1, 'otel-genai': 2 },
      });
    });

    it('keeps one copy of a span that is sent twice', async () => {
      const batch = [span({ id: 1 }), chat({ id: 2, parent: 1 })];
      const once = await filled(batch);
      const twice = await filled(batch, batch, [...batch, ...batch]);
      expect(await twice.rawSpans(traceId(1))).toEqual(await once.rawSpans(traceId(1)));
      expect(timeless((await twice.sessions()).items)).toEqual(timeless((await once.sessions()).items));
      expect((await twice.stats()).spans).toBe(2);
    });

    it('lets an ended span replace its pending record, and never the other way round', async () => {
      const pending = chat({ id: 1, end: null, attributes: { state: 'pending' } });
      const ended = chat({ id: 1, end: 50, attributes: { state: 'ended' } });
      const store = await filled([pending]);
      const id = `trace:${traceId(1)}`;
      expect((await store.session(id))?.endMs).toBeUndefined();
      expect(await store.append([ended])).toEqual({ sessionIds: [id], traceIds: [traceId(1)], spanCount: 1 });
      expect((await store.session(id))?.endMs).toBe(T0 + 50);
      expect((await store.append([pending])).spanCount).toBe(0);
      expect(await store.rawSpans(traceId(1))).toEqual([ended]);
      expect(await store.session(id)).toMatchObject({
        endMs: T0 + 50,
        observationCount: 1,
        usage: { total: 110 },
      });
    });

    it('lets the later of two ended copies stand, with its sums', async () => {
      const store = await filled([chat({ id: 1, input: 5 })], [chat({ id: 1, input: 7, end: 5 })]);
      expect(await store.session(`trace:${traceId(1)}`)).toMatchObject({
        endMs: T0 + 5,
        observationCount: 1,
        usage: { input: 7, total: 17 },
      });
    });

    it('says the same whatever order the spans come in', async () => {
      const spans = conversation();
      const inOrder = await filled(spans);
      const reversed = await filled(...spans.toReversed().map((one) => [one]));
      expect(await everything(reversed, ['s'])).toEqual(await everything(inOrder, ['s']));
    });

    it('rebuilds every projection from the raw spans', async () => {
      const store = await filled(conversation(), [chat({ id: 90, trace: 9 })]);
      const ids = ['s', `trace:${traceId(9)}`];
      const before = await everything(store, ids);
      const found = await store.sessions({ text: 'parcel' });
      expect(await store.reindex()).toBe(conversation().length + 1);
      expect(await everything(store, ids)).toEqual(before);
      expect(await store.sessions({ text: 'parcel' })).toEqual(found);
      expect(await store.sessions()).toMatchObject({ items: [{ updatedMs: T0 + 1 }, { updatedMs: T0 }] });
    });

    it('takes amendments of sessions, steps and observations after their end', async () => {
      const store = await filled(conversation());
      await store.append([
        amend({
          id: 70,
          start: 5000,
          target: 'session',
          targetId: 's',
          attributes: { 'spoor.session.is_successful': true },
        }),
        amend({
          id: 71,
          start: 5000,
          target: 'step',
          targetId: 'a',
          attributes: { 'spoor.step.eval_score': '3/5' },
        }),
        amend({
          id: 72,
          start: 5000,
          target: 'observation',
          targetId: spanId(4),
          link: { trace: 1, id: 4 },
          attributes: { 'spoor.cost.total': 0.5, 'spoor.outcome': 'cancelled' },
        }),
      ]);
      expect(await store.session('s')).toMatchObject({
        name: 'hunt',
        task: 'Find the parcel',
        isSuccessful: true,
        endMs: T0 + 1000,
        cost: 0.5,
        observationCount: 3,
      });
      expect((await store.steps('s'))[0]).toMatchObject({
        id: 'a',
        goal: 'look',
        evalScore: '3/5',
        endMs: T0 + 400,
        updatedMs: T0 + 5000,
        cost: 0.5,
      });
      expect(await store.observation(traceId(1), spanId(4))).toMatchObject({
        name: 'chat gpt-5',
        cost: 0.5,
        outcome: 'cancelled',
        usage: { input: 100, output: 10 },
      });
    });

    it('takes amendments that come before their targets', async () => {
      const amendments = [
        amend({
          id: 71,
          start: 5000,
          target: 'step',
          targetId: 'a',
          attributes: { 'spoor.step.eval_score': 1 },
        }),
        amend({
          id: 72,
          start: 5000,
          target: 'event',
          targetId: spanId(4),
          attributes: { 'spoor.cost.total': 2 },
        }),
      ];
      const first = await filled(amendments, conversation());
      const last = await filled(conversation(), amendments);
      expect(await everything(first, ['s'])).toEqual(await everything(last, ['s']));
      expect(await first.session('s')).toMatchObject({ cost: 2, stepCount: 2 });
    });

    it('pages through sessions without a gap or a repeat while new ones come', async () => {
      const store = await openStore();
      for (let i = 1; i <= 7; i++) await store.append([span({ id: i, trace: i })]);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.sessions({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.items.map((session) => session.id));
        await store.append([span({ id: 100 + seen.length, trace: 100 + seen.length })]);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((trace) => `trace:${traceId(trace)}`));
    });

    it('pages through sessions and traces of the same time', async () => {
      const store = await filled(Array.from({ length: 5 }, (_, i) => span({ id: i + 1, trace: i + 1 })));
      const first = await store.sessions({ limit: 2 });
      const second = await store.sessions({ limit: 2, cursor: first.nextCursor as string });
      const third = await store.sessions({ limit: 2, cursor: second.nextCursor as string });
      expect([first, second, third].map((page) => page.items.length)).toEqual([2, 2, 1]);
      expect(third.nextCursor).toBeUndefined();
      const traces = await store.traces({ limit: 4 });
      const rest = await store.traces({ limit: 4, cursor: traces.nextCursor as string });
      expect([...traces.items, ...rest.items].map((trace) => trace.traceId)).toEqual(
        [1, 2, 3, 4, 5].map(traceId),
      );
    });

    it('refuses limits and cursors that it cannot use', async () => {
      const store = await openStore();
      for (const limit of [0, -1, 501, 1.5, Number.NaN]) {
        await expect(store.sessions({ limit })).rejects.toMatchObject({ code: 'SPOOR_OPTION_INVALID' });
      }
      for (const cursor of ['', 'x', 'W10', Buffer.from('[1]').toString('base64url')]) {
        await expect(store.traces({ cursor })).rejects.toMatchObject({ code: 'SPOOR_OPTION_INVALID' });
      }
    });

    it('finds sessions by status, agent, user, tag, time and words', async () => {
      const store = await filled(
        conversation(),
        [
          chat({
            id: 50,
            trace: 5,
            attributes: { 'session.id': 'other', 'user.id': 'bob', 'gen_ai.agent.name': 'desk' },
          }),
        ],
        [span({ id: 60, trace: 6, error: true })],
      );
      const ids = async (query: Parameters<Store['sessions']>[0]): Promise<string[]> =>
        (await store.sessions(query)).items.map((session) => session.id);
      const broken = `trace:${traceId(6)}`;
      expect(await ids({})).toEqual([broken, 'other', 's']);
      expect(await ids({ status: 'error' })).toEqual([broken]);
      expect(await ids({ agent: 'desk' })).toEqual(['other']);
      expect(await ids({ user: 'bob' })).toEqual(['other']);
      expect(await ids({ tag: 'beta' })).toEqual(['s']);
      expect(await ids({ tag: 'bet' })).toEqual([]);
      expect(await ids({ sinceMs: T0 + 1 })).toEqual([broken, 'other']);
      expect(await ids({ text: 'HUNT Párcel' })).toEqual(['s']);
      expect(await ids({ text: 'shelf' })).toEqual(['s']);
      expect(await ids({ text: 'hunt nothing' })).toEqual([]);
      expect(await ids({ text: '"; DROP TABLE sessions; --' })).toEqual([]);
      expect(await ids({ text: '' })).toEqual([broken, 'other', 's']);
    });

    it('takes any text as an id, a key or a name', async () => {
      const hostile = [
        '__proto__',
        'constructor',
        "'; DROP TABLE spans; --",
        '../../etc/passwd',
        'a\0b',
        '\u202Eevil',
        'x'.repeat(100_000),
        '🦊'.repeat(300),
        '%',
        '\ud800',
      ];
      for (const [i, text] of hostile.entries()) {
        const store = await filled([
          chat({
            id: 1,
            trace: i + 1,
            model: text,
            service: text,
            name: text,
            attributes: {
              'session.id': text,
              'spoor.step.id': text,
              'user.id': text,
              'spoor.tags': [text],
              [text]: text,
            },
          }),
        ]);
        const { items } = await store.sessions();
        expect(items).toHaveLength(1);
        const id = items[0]?.id as string;
        expect(id.length).toBeLessThanOrEqual(257);
        expect(await store.session(id)).toEqual(items[0]);
        expect(await store.steps(id)).toHaveLength(1);
        expect(await store.observations(id)).toMatchObject([{ sessionId: id, type: 'GENERATION' }]);
        expect((await store.rawSpans(traceId(i + 1)))[0]?.attributes[text]).toBe(text);
        expect((await store.sessions({ user: text, tag: text, agent: text })).items).toEqual([]);
        await store.reindex();
        expect((await store.sessions()).items).toEqual(items);
      }
    });

    it('keeps long ids apart that begin alike', async () => {
      const long = 'y'.repeat(1000);
      const store = await filled([
        span({ id: 1, trace: 1, attributes: { 'session.id': `${long}1` } }),
        span({ id: 2, trace: 2, attributes: { 'session.id': `${long}2` } }),
      ]);
      expect((await store.sessions()).items).toHaveLength(2);
    });

    it('gives raw spans back exactly, large values and all', async () => {
      const messages = Array.from({ length: 30 }, (_, i) => ({
        role: 'user',
        parts: [
          { type: 'text', content: `message ${i}, with "quotes", [brackets\\ and ${'text '.repeat(i * 9)}` },
        ],
      }));
      const spans = [
        span({
          id: 1,
          flags: 257,
          link: { trace: 7, id: 8 },
          attributes: {
            'gen_ai.input.messages': JSON.stringify(messages),
            pretty: JSON.stringify(messages, undefined, 2),
            structured: messages,
            'not a list': `[${'x,'.repeat(1000)}`,
            'broken list': `["${'y'.repeat(1000)}`,
            long: 'z'.repeat(3_000_000),
            'long with NUL': `\0${'n'.repeat(1000)}`,
            'lone surrogate': `\ud800${'n'.repeat(1000)}`,
            empty: '',
            none: null,
            zero: 0,
            huge: '9223372036854775807',
            small: 1e-300,
            nested: { deep: [{ list: [1, 'two', null, { bytes: 'AAEC' }] }] },
            __proto__x: true,
          },
        }),
        span({ id: 2, parent: 1, start: 1, name: '', end: null }),
      ];
      (spans[0] as SpanRecord).events.push({
        timeUnixNano: 18446744073709551615n,
        name: 'gen_ai.user.message',
        attributes: Object.assign(Object.create(null) as object, {
          content: JSON.stringify(messages),
        }) as never,
      });
      Object.assign(spans[0] as SpanRecord, {
        traceState: 'a=b',
        statusMessage: 'why',
        statusCode: 2,
        droppedLinksCount: 3,
      });
      const store = await filled(spans);
      expect(await store.rawSpans(traceId(1))).toEqual(spans);
      expect(Object.keys((await store.rawSpans(traceId(1)))[0]?.attributes ?? {})).toEqual(
        Object.keys((spans[0] as SpanRecord).attributes),
      );
    });
  });
}

/** A session of two steps in one trace, as the SDK sends it. */
export function conversation(): SpanRecord[] {
  const own = { scope: 'spoor' };
  const stamp = { 'session.id': 's' };
  return [
    span({
      ...own,
      id: 1,
      name: 'session hunt',
      end: 1000,
      attributes: {
        ...stamp,
        'spoor.session.name': 'hunt',
        'spoor.session.task': 'Find the parcel',
        'spoor.session.tags': ['beta'],
      },
    }),
    step({
      id: 2,
      parent: 1,
      stepId: 'a',
      start: 100,
      end: 400,
      attributes: { 'spoor.step.goal': 'look', 'spoor.step.index': 0 },
    }),
    step({ id: 3, parent: 1, stepId: 'b', start: 500, end: 900, attributes: { 'spoor.step.index': 1 } }),
    chat({
      id: 4,
      parent: 2,
      start: 150,
      attributes: {
        ...stamp,
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[{"type":"text","content":"It is on the shelf."}]}]',
      },
    }),
    tool({ id: 5, parent: 3, start: 600, error: true, attributes: stamp }),
    span({ id: 6, parent: 5, start: 601, name: 'GET', attributes: { ...stamp, 'spoor.step.id': 'b' } }),
  ];
}

interface StepSketch extends SpanSketch {
  stepId: string;
}

function step({ stepId, ...sketch }: StepSketch): SpanRecord {
  return span({
    scope: 'spoor',
    name: 'step',
    ...sketch,
    attributes: { 'session.id': 's', 'spoor.step.id': stepId, ...sketch.attributes },
  });
}

interface AmendmentSketch extends SpanSketch {
  target: string;
  targetId: string;
}

function amend({ target, targetId, ...sketch }: AmendmentSketch): SpanRecord {
  return span({
    scope: 'spoor',
    name: `amend ${target}`,
    trace: 70,
    end: sketch.start ?? 0,
    ...sketch,
    attributes: {
      'session.id': 's',
      'spoor.amendment.target': target,
      'spoor.amendment.target_id': targetId,
      ...sketch.attributes,
    },
  });
}

/** All that a store says of some sessions, without the times at which it learnt it. */
export async function everything(store: Store, sessionIds: readonly string[]): Promise<unknown[]> {
  const said: unknown[] = [];
  for (const id of sessionIds) {
    const session = await store.session(id);
    said.push(session && { ...session, updatedMs: 0 }, await store.steps(id), await store.observations(id));
    for (const trace of session?.traceIds ?? []) said.push(await store.rawSpans(trace));
  }
  said.push((await store.traces({ limit: 500 })).items);
  return said;
}

function timeless(items: readonly object[]): object[] {
  return items.map((item) => ({ ...item, updatedMs: 0 }));
}
