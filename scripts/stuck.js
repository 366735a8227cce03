/**
 * Plants loops and near misses into generated and into recorded trajectories and says, rule by rule, how many are found:
 *
 *   npm run stuck [-- --runs=200] [-- --seed=1]
 *
 * Recorded trajectories come from the folder that SPOOR_CORPUS names. The build must be there.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { STUCK_RULES } from '../dist/semconv/model/finding.js';
import { runPlanted } from '../test/analysis/planted/run-planted.js';
import { readRecorded } from '../test/analysis/planted/recorded.js';

/** A rule that falls below is a failure. */
const FLOORS = { precision: 0.98, recall: 0.98 };
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const runs = Number(values.runs ?? 200);
const seed = Number(values.seed ?? 1);

let passed = 0;
let failed = 0;
const skipped = [];

function check(what, isRight) {
  if (isRight) passed += 1;
  else {
    failed += 1;
    console.log(`FAIL ${what}`);
  }
}

function print(title, { rules, misses, trajectories, moves }) {
  console.log(`\n${title}: ${trajectories} trajectories, ${moves} moves\n`);
  console.log('rule               planted  found  missed  wrong  precision  recall  evidence');
  for (const rule of STUCK_RULES) {
    const row = rules[rule];
    if (row === undefined || row.planted === 0) continue;
    const cells = [
      rule.padEnd(17),
      String(row.planted).padStart(8),
      String(row.found).padStart(6),
      String(row.missed).padStart(7),
      String(row.wrong).padStart(6),
      row.precision.toFixed(3).padStart(10),
      row.recall.toFixed(3).padStart(7),
      row.evidence.toFixed(3).padStart(9),
    ];
    console.log(cells.join(' '));
    check(`${title}: ${rule} precision ${row.precision.toFixed(3)}`, row.precision >= FLOORS.precision);
    check(`${title}: ${rule} recall ${row.recall.toFixed(3)}`, row.recall >= FLOORS.recall);
    check(`${title}: ${rule} evidence ${row.evidence.toFixed(3)}`, row.evidence >= FLOORS.recall);
  }
  for (const [name, { count, wrong }] of Object.entries(misses)) {
    console.log(`near miss: ${name.padEnd(40)} ${count} runs, ${wrong} with a finding`);
    check(
      `${title}: near miss "${name}": ${wrong} of ${count}`,
      count > 0 && wrong <= count * (1 - FLOORS.precision),
    );
  }
}

print('Generated', runPlanted({ runs, seed }));
const recorded = readRecorded(process.env.SPOOR_CORPUS);
if (recorded === undefined)
  skipped.push('recorded trajectories: SPOOR_CORPUS names no folder with recordings');
else {
  console.log(
    `\nRecorded, as they are: ${recorded.untouched.trajectories} conversations with tools, ${recorded.untouched.calls} calls`,
  );
  for (const line of recorded.untouched.lines) console.log(`  ${line}`);
  check('recorded: every finding is a repeat', recorded.untouched.wrong === 0);
  check('recorded: every repeat is found', recorded.untouched.missed === 0);
  print(
    'Recorded, with loops planted',
    runPlanted({ runs: Math.min(runs, 100), seed: seed + 1, pool: recorded.pool }),
  );
}
for (const line of skipped) console.log(`skipped ${line}`);
if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
