import { findStuck } from '../../../dist/src/analysis/stuck/find-stuck.js';
import { STUCK_RULES } from '../../../dist/semconv/model/finding.js';
import { freshMoves } from './fresh-moves.js';
import { LOOPS } from './loops.js';
import { NEAR_MISSES } from './near-misses.js';
import { createRandom } from './random.js';
import { toRecords } from './trajectory.js';

/**
 * Plants each kind `runs` times between productive moves, and counts what is found. `pool`: lists of recorded moves, which then
 * take the place of generated ones. A finding of another rule than the planted one is wrong, wherever it comes from.
 */
export function runPlanted({ runs, seed, pool }) {
  const random = createRandom(seed);
  const { around, source } = surroundings(random, pool);
  const rules = Object.fromEntries(
    STUCK_RULES.map((rule) => [rule, { planted: 0, found: 0, missed: 0, wrong: 0, shown: 0 }]),
  );
  const misses = {};
  const total = { trajectories: 0, moves: 0 };
  const analyze = (id, moves) => {
    total.trajectories += 1;
    total.moves += moves.length;
    return findStuck(toRecords(id, moves)).findings;
  };
  for (let run = 0; run < runs; run += 1) {
    for (const [rule, plant] of Object.entries(LOOPS)) {
      const before = around();
      const { moves, at } = plant(source);
      const id = `${rule}-${run}`;
      const findings = analyze(id, [...before, ...moves, ...around()]);
      note(rules, rule, findings, (found) => isShown(found, id, before.length, moves.length, at));
    }
    for (const [name, make] of Object.entries(NEAR_MISSES)) {
      const miss = (misses[name] ??= { count: 0, wrong: 0 });
      const findings = analyze(`miss-${run}`, [...around(), ...make(random), ...around()]);
      miss.count += 1;
      if (findings.length > 0) miss.wrong += 1;
      for (const finding of findings) rules[finding.rule].wrong += 1;
    }
  }
  for (const row of Object.values(rules)) Object.assign(row, sharesOf(row));
  return { rules, misses, ...total };
}

/** What is planted is not what stands around it. */
function surroundings(random, pool) {
  if (pool === undefined) return { around: () => freshMoves(random, random.between(2, 12)), source: random };
  const outer = pool.filter((_, at) => at % 2 === 0);
  const inner = pool.filter((_, at) => at % 2 === 1);
  return {
    around: () => [...random.pick(outer)],
    source: { ...random, recordedMove: () => random.pick(random.pick(inner)) },
  };
}

function note(rules, rule, findings, isRight) {
  const row = rules[rule];
  row.planted += 1;
  const [found, ...others] = findings.filter((finding) => finding.rule === rule);
  if (found === undefined) row.missed += 1;
  else {
    row.found += 1;
    if (isRight(found)) row.shown += 1;
  }
  row.wrong += others.length;
  for (const finding of findings) if (finding.rule !== rule) rules[finding.rule].wrong += 1;
}

function sharesOf({ planted, found, wrong, shown }) {
  return {
    precision: found + wrong === 0 ? 1 : found / (found + wrong),
    recall: planted === 0 ? 1 : found / planted,
    evidence: found === 0 ? 1 : shown / found,
  };
}

/** The evidence lies inside what was planted, covers most of it, and names the first move that repeats. */
function isShown({ stepIds, firstRepeatedId }, id, first, count, at) {
  const planted = new Set(Array.from({ length: count }, (_, index) => `${id}-${first + index}`));
  const isInside = stepIds.every((step) => planted.has(step));
  const isFirst = at === undefined ? planted.has(firstRepeatedId) : firstRepeatedId === `${id}-${first + at}`;
  return isInside && isFirst && stepIds.length >= Math.min(3, count);
}
