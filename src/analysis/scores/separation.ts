/**
 * How well scores tell good from bad: the chance that a good one, taken at random, has more than a bad one, ties half. 1 is
 * perfect, 0.5 is no better than chance. It is the area under the ROC curve. Undefined with none of either.
 */
export function areaUnderCurve(good: readonly number[], bad: readonly number[]): number | undefined {
  if (good.length === 0 || bad.length === 0) return undefined;
  let wins = 0;
  for (const value of good) {
    for (const other of bad) wins += value > other ? 1 : value === other ? 0.5 : 0;
  }
  return wins / (good.length * bad.length);
}
