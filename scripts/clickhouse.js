// The ClickHouse store on the real engine, in this process, by the contract of every store. Run the build first, or leave out
// --no-build. --measure=N also measures: lists, one session, writing, and the disk, with N spans.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDER = join(ROOT, 'test/clickhouse');
const { values: options } = parseArgs({
  options: { 'no-build': { type: 'boolean' }, measure: { type: 'string' } },
});
const bin = (name) => join(ROOT, 'node_modules/.bin', name);

if (!options['no-build']) execFileSync(bin('tsc'), ['-b', 'src'], { cwd: ROOT, stdio: 'inherit' });
install();
if (options.measure !== undefined) {
  execFileSync(process.execPath, [join(FOLDER, 'measure.js'), options.measure], {
    cwd: FOLDER,
    stdio: 'inherit',
  });
}
execFileSync(bin('tsc'), ['-p', 'test/clickhouse'], { cwd: ROOT, stdio: 'inherit' });
const run = spawnSync(bin('vitest'), ['run', '--config', 'test/clickhouse/vitest.config.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;

/** Half a gigabyte: what is there in the locked versions is used again. */
function install() {
  const installed = join(FOLDER, 'node_modules/.package-lock.json');
  const locked = join(FOLDER, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(locked).mtimeMs) return;
  execFileSync('npm', ['ci', '--prefix', FOLDER, '--silent'], { cwd: FOLDER, stdio: 'inherit' });
}
