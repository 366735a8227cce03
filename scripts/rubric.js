/**
 * Judges runs whose worth is known by the default rubric and says how well it tells them apart:
 *
 *   npm run rubric [-- --seed=1] [-- --runs=20]
 *
 * The build must be there.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { applyRubric } from '../dist/src/analysis/scores/apply-rubric.js';
import { DEFAULT_RUBRIC } from '../dist/src/analysis/scores/default-rubric.js';
import { createHistory } from '../dist/src/analysis/scores/history.js';
import { areaUnderCurve } from '../dist/src/analysis/scores/separation.js';
import { makeRuns } from '../test/analysis/rubric/make-runs.js';

/** Below it, the rubric does not tell good from bad. */
const LEAST_AREA = 0.95;
const { values } = parseArgs({ options: { seed: { type: 'string' }, runs: { type: 'string' } } });
const count = Number(values.runs ?? 20);
const seeds = values.seed === undefined ? [1, 2, 3, 4, 5] : [Number(values.seed)];

let passed = 0;
let failed = 0;
for (const seed of seeds) {
  const runs = makeRuns(seed, count);
  const history = createHistory(runs.map(({ records }) => ({ session: { ...records.session } })));
  const judged = [];
  for (const { records, isGood, kind } of runs) {
    const { overall, unjudged } = await applyRubric({ ...records, history }, DEFAULT_RUBRIC);
    judged.push({ value: Number(overall?.value), isGood, kind, why: overall?.explanation, unjudged });
  }
  const scoresOf = (isGood) => judged.filter((run) => run.isGood === isGood).map(({ value }) => value);
  const area = areaUnderCurve(scoresOf(true), scoresOf(false)) ?? 0;
  console.log(`\nseed ${seed}: ${count} good and ${count} bad runs, AUC ${area.toFixed(3)}\n`);
  const kinds = Map.groupBy(judged, ({ kind }) => kind);
  for (const [kind, group] of kinds) {
    const scores = group.map(({ value }) => value);
    const [{ isGood, why }] = group;
    const range = `${Math.min(...scores).toFixed(2)} to ${Math.max(...scores).toFixed(2)}`;
    console.log(`${isGood ? 'good' : 'bad '}  ${kind.padEnd(16)} ${range}  ${why}`);
  }
  const isApart = area >= LEAST_AREA && judged.every(({ value }) => value >= 0 && value <= 1);
  if (isApart) passed += 1;
  else failed += 1;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
