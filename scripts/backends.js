// Real back ends, built or installed into a cache of the user: what the example agent and two harder programs send is read back
// through each one's own interface and compared, attribute by attribute, with what a receiver by the official definitions got.
// Options: --cached (builds and downloads nothing)  --only=<part of a name>  --write (docs/backends.md)  --no-build
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypescript } from '../test/backends/load-typescript.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    cached: { type: 'boolean' },
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
loadTypescript();
const { runBackends } = await import('../test/backends/run-backends.ts');
const { renderTable, verdictOf, writePage } = await import('../test/backends/page.ts');
const FAULTS_SHOWN = 10;

const rows = await runBackends(options);
console.log(renderTable(rows));
const tally = { passed: 0, failed: 0, skipped: 0 };
for (const row of rows) {
  const verdict = verdictOf(row);
  tally[verdict] += 1;
  const reasons = [row.skip, row.fault, ...(row.comparison?.faults ?? []).slice(0, FAULTS_SHOWN)];
  for (const reason of reasons.filter((text) => text !== undefined)) {
    console.log(`${verdict}: ${row.backEnd}, ${row.what}: ${reason}`);
  }
}
if (options.write) writePage(ROOT, rows);
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
