import { expect, it } from 'vitest';
import { createHistory, standing } from '../../../src/analysis/scores/history.js';
import { areaUnderCurve } from '../../../src/analysis/scores/separation.js';
import { run } from './runs.js';

it('is 1 when every good one is above every bad one, and half for chance', () => {
  expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
  expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
  expect(areaUnderCurve([1, 1], [1, 1])).toBe(0.5);
  expect(areaUnderCurve([2, 4], [1, 3])).toBe(0.75);
  expect(areaUnderCurve([], [1])).toBeUndefined();
});

it('measures against runs that did not fail', () => {
  const at = run().session.startMs;
  const history = createHistory([
    run({ endMs: at + 300, cost: 2 }),
    run({ endMs: at + 100 }),
    run({ endMs: at + 9000, isSuccessful: false }),
  ]);
  expect(history).toEqual({ durationsMs: [100, 300], costs: [2] });
});

it('says nothing with too few to compare, and never leaves 0 to 1', () => {
  expect(standing(5, [1, 1, 1, 1])).toBeUndefined();
  expect(standing(5, [1, 1, 1, 1, 1])).toBe(0);
  expect(standing(1, [1, 1, 1, 1, 1])).toBe(1);
  expect(standing(0, [0, 0, 0, 0, 0])).toBe(1);
});
