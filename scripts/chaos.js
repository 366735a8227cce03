// What arrives of what was ended, whatever happens: each end of a program, each durability, each behaviour of the collector,
// and the harder cases. Options: --sample (for the gate)  --only=<part of a name>  --write (docs/durability.md)  --no-build
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SCRATCH = join(ROOT, 'test/chaos/.cache');
const CONCURRENCY = 4;
const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean' },
    only: { type: 'string' },
    write: { type: 'boolean' },
    'no-build': { type: 'boolean' },
  },
});

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
process.env.CONTRACT_SCRATCH = SCRATCH;
mkdirSync(SCRATCH, { recursive: true });
rmSync(join(SCRATCH, 'journals'), { recursive: true, force: true });
const { installPackage } = await import('../test/contracts/scratch.js');
const { BEHAVIOURS } = await import('../test/chaos/collector.js');
const { DURABILITIES, ENDS, runEnd } = await import('../test/chaos/ends.js');
const { HARD_CASES } = await import('../test/chaos/hard-cases.js');
const { renderTable, writePage } = await import('../test/chaos/page.js');
installPackage();
cpSync(join(ROOT, 'test/chaos/program.mjs'), join(SCRATCH, 'program.mjs'));

const cells = DURABILITIES.flatMap((durability) =>
  Object.keys(ENDS).flatMap((way) =>
    Object.keys(BEHAVIOURS).map((behaviour) => ({
      name: `${durability}: ${way}, collector ${behaviour}`,
      durability,
      way,
      behaviour,
    })),
  ),
);
const isWanted = ({ name }) => options.only === undefined || name.includes(options.only);
/** A third of the table, so that each row and each column is met. */
const isSampled = (_cell, index) => options.sample !== true || index % 3 === 0;
const chosen = cells.filter(isSampled).filter(isWanted);
const hard = HARD_CASES.filter(isWanted);

const outcomes = new Map();
let passed = 0;
let failed = 0;
const skipped = [];
const note = (name, { fault, skip, ...outcome }) => {
  outcomes.set(name, outcome);
  if (skip !== undefined) skipped.push(`${name}: ${skip}`);
  else if (fault === undefined) passed += 1;
  else failed += 1;
  if (fault !== undefined) console.log(`FAIL ${name}\n     ${fault.split('\n').join('\n     ')}`);
};

const queue = [...chosen];
await Promise.all(
  Array.from({ length: CONCURRENCY }, async () => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      note(cell.name, await runEnd({ scratch: SCRATCH, ...cell }));
    }
  }),
);
console.log(renderTable(outcomes));
for (const { name, run } of hard) {
  const outcome = await run({ scratch: SCRATCH, isSampled: options.sample === true });
  note(name, outcome);
  console.log(`${name}: ${outcome.skip === undefined ? outcome.figure : `skipped, ${outcome.skip}`}`);
}
if (options.write) writePage(ROOT, outcomes);
for (const line of skipped) console.log(`skipped ${line}`);
if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
