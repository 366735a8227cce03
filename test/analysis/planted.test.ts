import { expect, test } from 'vitest';
import { runPlanted } from './planted/run-planted.js';

test('planted loops are found by their rule, and near misses are not', () => {
  const { rules, misses } = runPlanted({ runs: 20, seed: 7 });
  const planted = Object.entries(rules).filter(([, { planted: count }]) => count > 0);
  expect(planted.length).toBe(8);
  for (const [rule, { precision, recall, evidence }] of planted) {
    expect({
      rule,
      isPrecise: precision >= 0.95,
      isComplete: recall >= 0.95,
      isShown: evidence >= 0.95,
    }).toEqual({
      rule,
      isPrecise: true,
      isComplete: true,
      isShown: true,
    });
  }
  expect(Object.values(misses).reduce((sum, { wrong }) => sum + wrong, 0)).toBeLessThan(3);
});
