import { describe, expect, it } from 'vitest';
import type { TrailInput, TrailRow } from '../../src/dashboard/model/trail.js';
import { buildTrail } from '../../src/dashboard/model/trail.js';
import { observation, session, step } from './records.js';

const outline = (input: TrailInput): string[] =>
  buildTrail(input).map(
    (row: TrailRow) => `${'  '.repeat(row.depth)}${row.selection.kind} ${row.selection.id}`,
  );

const bars = (input: TrailInput): unknown[] => buildTrail(input).map((row) => row.bar);

describe('the trail of a session', () => {
  it('lists steps in order, with their observations nested by parent', () => {
    const steps = [step({ id: 'b', index: 1 }), step({ id: 'a', index: 0 })];
    const observations = [
      observation({ id: 'late', stepId: 'a', startMs: 1_500 }),
      observation({ id: 'child', stepId: 'a', parentId: 'early', startMs: 1_200 }),
      observation({ id: 'early', stepId: 'a', parentId: 'not here', startMs: 1_100 }),
      observation({ id: 'other', stepId: 'b' }),
      observation({ id: 'stray', stepId: 'no such step' }),
    ];
    expect(outline({ session: session(), steps, observations })).toEqual([
      'step a',
      '  observation early',
      '    observation child',
      '  observation late',
      'step b',
      '  observation other',
      'observation stray',
    ]);
  });

  it('puts what names no step into the implicit one, when there is one', () => {
    const steps = [step({ id: 'a' }), step({ id: 'made up', index: 1, implicit: true })];
    const observations = [observation({ id: 'x', stepId: 'a' }), observation({ id: 'y' })];
    expect(outline({ session: session(), steps, observations })).toEqual([
      'step a',
      '  observation x',
      'step made up',
      '  observation y',
    ]);
  });

  it('has no step lines when the session has no step of its own', () => {
    const steps = [step({ id: 'made up', implicit: true })];
    const observations = [observation({ id: 'x', stepId: 'made up' })];
    expect(outline({ session: session(), steps, observations })).toEqual(['observation x']);
  });

  it('shows every observation once when parents form a circle', () => {
    const observations = [
      observation({ id: 'a', parentId: 'b' }),
      observation({ id: 'b', parentId: 'a' }),
      observation({ id: 'self', parentId: 'self' }),
    ];
    const shown = outline({ session: session(), steps: [], observations }).map((line) => line.trim());
    expect(shown.toSorted()).toEqual(['observation a', 'observation b', 'observation self']);
  });

  it('does not overflow on a chain of 20,000 observations', () => {
    const observations = Array.from({ length: 20_000 }, (_, at) =>
      observation({ id: `o${at}`, parentId: `o${at - 1}`, startMs: 1_000 + at }),
    );
    const rows = buildTrail({ session: session(), steps: [], observations });
    expect([rows.length, rows.at(-1)?.selection.id, rows.at(-1)?.depth]).toEqual([20_000, 'o19999', 12]);
  });
});

describe('the waterfall', () => {
  it('places each bar in the time of the session', () => {
    const observations = [
      observation({ id: 'a', startMs: 1_000, endMs: 1_250 }),
      observation({ id: 'b', startMs: 1_500, endMs: 2_000 }),
    ];
    expect(bars({ session: session(), steps: [], observations })).toEqual([
      { left: 0, width: 25 },
      { left: 50, width: 50 },
    ]);
  });

  it('lets open work reach to the end, and widens for work outside the session', () => {
    const observations = [
      observation({ id: 'before', startMs: 0, endMs: 500 }),
      { ...observation({ id: 'open', startMs: 1_000 }), endMs: undefined } as never,
    ];
    expect(bars({ session: session(), steps: [], observations })).toEqual([
      { left: 0, width: 25 },
      { left: 50, width: 50 },
    ]);
  });

  it('has no length when all of the time is one moment, or when an end lies before its start', () => {
    const moment = session({ startMs: 5, endMs: 5, updatedMs: 5 });
    expect(
      bars({ session: moment, steps: [], observations: [observation({ startMs: 5, endMs: 5 })] }),
    ).toEqual([{ left: 0, width: 0 }]);
    const backwards = [observation({ startMs: 1_500, endMs: 1_000 })];
    expect(bars({ session: session(), steps: [], observations: backwards })).toEqual([
      { left: 50, width: 0 },
    ]);
  });
});
