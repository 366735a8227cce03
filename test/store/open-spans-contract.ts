import { afterEach, describe, expect, it } from 'vitest';
import type { SpanRecord } from '../../src/otlp/records.js';
import type { Store } from '../../src/store/store.js';
import { everything } from './contract.js';
import { chat, span, spanId, T0, traceId } from './spans.js';

/** What every store must do with spans that are still open. `open` gives an empty one. */
export function describeOpenSpans(
  name: string,
  open: (options: { now: () => number }) => Promise<Store>,
): void {
  describe(`${name}, of spans that are still open`, () => {
    const stores: Store[] = [];
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
    });
    const filled = async (batch: SpanRecord[]): Promise<Store> => {
      let clock = T0;
      const store = await open({ now: () => clock++ });
      stores.push(store);
      await store.append(batch);
      return store;
    };

    it('shows a run while it runs, and makes one row of each span once it ended', async () => {
      const store = await filled(run(false, 'first'));
      const [session, steps, observations] = await everything(store, ['s']);
      expect(session).toMatchObject({ implicit: false, status: 'unset', task: 'first', observationCount: 1 });
      expect(steps).toMatchObject([{ id: 'a', implicit: false, goal: 'first' }]);
      expect(observations).toMatchObject([{ id: spanId(3), stepId: 'a', attributes: { note: 'first' } }]);
      expect(JSON.stringify([session, steps, observations])).not.toContain('"endMs"');
      expect(await store.append(run(false, 'second'))).toMatchObject({ sessionIds: ['s'], spanCount: 3 });
      const later = await filled(run(false, 'second'));
      expect(await everything(store, ['s'])).toEqual(await everything(later, ['s']));
      // The end of a part comes with a record of another that is open, and one that is late.
      const [endedSession, endedStep, call] = run(true, 'ended') as [SpanRecord, SpanRecord, SpanRecord];
      const [openSession, , openCall] = run(false, 'late') as [SpanRecord, SpanRecord, SpanRecord];
      expect((await store.append([openSession, call, openCall, endedStep])).spanCount).toBe(3);
      expect(await store.session('s')).not.toHaveProperty('endMs');
      expect(await store.steps('s')).toMatchObject([{ id: 'a', goal: 'ended', endMs: T0 + 900 }]);
      expect((await store.append([endedSession])).spanCount).toBe(1);
      expect((await store.append([openSession, openCall])).spanCount).toBe(0);
      const once = await filled(run(true, 'ended'));
      expect(await everything(store, ['s'])).toEqual(await everything(once, ['s']));
      expect((await store.stats()).spans).toBe(3);
      expect(await store.reindex()).toBe(3);
      expect(await everything(store, ['s'])).toEqual(await everything(once, ['s']));
      expect(await store.sessions({ text: 'ended' })).toMatchObject({ items: [{ id: 's' }] });
      expect(await store.sessions({ text: 'first' })).toEqual({ items: [] });
    });

    it('leaves the spans of a process that died open, until what its journal kept of them comes', async () => {
      const begun = chat({ id: 1, end: null });
      const store = await filled([begun]);
      expect(await store.observation(traceId(1), spanId(1))).not.toHaveProperty('endMs');
      const recovered = chat({ id: 1, end: 0, error: true, attributes: { 'spoor.outcome': 'abandoned' } });
      expect((await store.append([recovered, begun])).spanCount).toBe(1);
      expect(await store.observation(traceId(1), spanId(1))).toMatchObject({
        endMs: T0,
        status: 'error',
        outcome: 'abandoned',
      });
      expect(await store.rawSpans(traceId(1))).toEqual([recovered]);
    });
  });
}

/** A session with one step and one call in it. */
function run(ended: boolean, note: string): SpanRecord[] {
  return [
    span({
      id: 1,
      name: 'session hunt',
      scope: 'spoor',
      end: ended ? 1000 : null,
      attributes: { 'session.id': 's', 'spoor.session.task': note },
    }),
    span({
      id: 2,
      parent: 1,
      start: 10,
      name: 'step look',
      scope: 'spoor',
      end: ended ? 900 : null,
      attributes: { 'session.id': 's', 'spoor.step.id': 'a', 'spoor.step.goal': note },
    }),
    chat({
      id: 3,
      parent: 2,
      start: 20,
      end: ended ? 800 : null,
      attributes: { 'session.id': 's', 'spoor.step.id': 'a', note },
    }),
  ];
}
