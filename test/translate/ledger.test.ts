import { describe, expect, it } from 'vitest';
import { createLedger } from '../../src/translate/ledger.js';
import type { LedgerTables } from '../../src/translate/ledger-tables.js';
import { createMemoryTables } from '../../src/translate/memory-tables.js';
import { toSession, toSteps } from '../../src/translate/records.js';
import { translateSpan } from '../../src/translate/translate-span.js';
import { chat, span } from '../store/spans.js';
import { randomRun, shuffled } from './random-run.js';

/** Tables that count how often each of their functions is called. */
function counted(tables: LedgerTables): { tables: LedgerTables; calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const counting = new Proxy(tables, {
    get(target, name: keyof LedgerTables) {
      calls[name] = (calls[name] ?? 0) + 1;
      return target[name];
    },
  });
  return { tables: counting, calls };
}

const batchOf = (n: number): ReturnType<typeof translateSpan>[] =>
  Array.from({ length: 100 }, (_, i) =>
    translateSpan(
      chat({
        id: 2 + n * 100 + i,
        parent: 1,
        start: n,
        attributes: { 'session.id': 's', 'spoor.step.id': `${n % 10}` },
      }),
    ),
  );

describe('the ledger', () => {
  it('does for the ten thousandth span of a session what it did for the first', () => {
    const { tables, calls } = counted(createMemoryTables());
    const ledger = createLedger(tables);
    const root = span({ id: 1, attributes: { 'session.id': 's' }, end: null });
    ledger.apply([translateSpan(root)], 0);
    for (let n = 0; n < 100; n++) ledger.apply(batchOf(n), n);
    ledger.apply([translateSpan({ ...root, endTimeUnixNano: root.startTimeUnixNano + 1n })], 100);
    expect(tables.tally('s')).toMatchObject({
      observations: 10_001,
      generations: 10_000,
      usage: [1_000_000, 0, 0, 100_000, 0],
    });
    expect(calls.traceNodes).toBe(1);
    expect(calls.sessionNodes).toBeUndefined();
    // Each span once, and the root again when the first call below it came and when it ended.
    expect(calls.saveNode).toBeLessThanOrEqual(10_003);
    // Per batch: the session and each step that the batch touches.
    expect(calls.saveTally).toBeLessThanOrEqual(102 * 3);
  });

  it('folds the same when it has to read every trace anew', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { spans, random } = randomRun(seed);
      const order = shuffled(spans, random).map((one) => translateSpan(one));
      const [kept, forgotten] = [createMemoryTables(), createMemoryTables()];
      const [ledger, forgetful] = [createLedger(kept), createLedger(forgotten, 1)];
      while (order.length > 0) {
        const batch = order.splice(0, 1 + Math.floor(random() * 4));
        forgetful.forget();
        expect(forgetful.apply(batch, 0)).toEqual(ledger.apply(batch, 0));
      }
      const records = (tables: typeof kept): unknown[] =>
        [...tables.sessions.values()].map((tally) => [
          toSession(tally, []),
          toSteps([...(tables.steps.get(tally.sessionId)?.values() ?? [])]),
        ]);
      expect(records(forgotten), `seed ${seed}`).toEqual(records(kept));
      expect([...forgotten.traces], `seed ${seed}`).toEqual([...kept.traces]);
    }
  });
});
