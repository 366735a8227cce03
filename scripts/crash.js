// What a translator keeps, whatever happens to it: killed again and again under load, on a full disk, with a store of 5 GB.
// Options: --sample (for the gate)  --kills=N  --seed=N  --only=<part of a name>  --write (docs/translator-durability.md)
// --no-build  --dist=<folder> (another build than that of this checkout)
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SCRATCH = join(ROOT, 'test/crash/.cache', String(process.pid));
const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean' },
    kills: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    write: { type: 'boolean' },
    'no-build': { type: 'boolean' },
    dist: { type: 'string' },
  },
});
const numberOf = (name, text) => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`--${name} takes a whole number from 1 on.`);
};

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src'], { cwd: ROOT, stdio: 'inherit' });
}
// A copy, so that a build during the run changes nothing under it.
const cli = join(SCRATCH, 'dist');
rmSync(SCRATCH, { recursive: true, force: true });
mkdirSync(SCRATCH, { recursive: true });
for (const part of ['src', 'semconv', 'instrumentations']) {
  cpSync(join(options.dist ?? join(ROOT, 'dist'), part), join(cli, part), { recursive: true });
}

const { CASES } = await import('../test/crash/cases.js');
const { renderTable, writePage } = await import('../test/crash/page.js');
const setting = {
  cli,
  scratch: SCRATCH,
  isSampled: options.sample === true,
  kills: numberOf('kills', options.kills ?? (options.sample ? 10 : 200)),
  seed: numberOf('seed', options.seed ?? 1 + (Date.now() % 100_000)),
  log: (line) => console.log(line),
};
const rows = [];
let passed = 0;
let failed = 0;
const skipped = [];
for (const { name, run } of CASES.filter((one) => one.name.includes(options.only ?? ''))) {
  const started = performance.now();
  const { checks = [], skip } = await run(setting).catch((error) => ({
    checks: [{ what: 'it runs', figure: error.stack ?? String(error), isRight: false }],
  }));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  if (skip !== undefined) skipped.push(`${name}: ${skip}`);
  console.log(`${name} (${seconds} s)${skip === undefined ? '' : `: skipped, ${skip}`}`);
  for (const { what, figure, isRight } of checks) {
    console.log(`  ${isRight ? 'ok  ' : 'FAIL'} ${what}: ${figure}`);
    if (isRight) passed += 1;
    else failed += 1;
    rows.push({ name, what, figure });
  }
}
console.log(`\n${renderTable(rows)}\n`);
if (options.write) writePage(ROOT, rows);
rmSync(SCRATCH, { recursive: true, force: true });
if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
