// Apps with their own pipelines, or none: each is installed from the packed tarball, run without spoor and with it, and what
// both pipelines got is compared. `--sample` runs the short list, `--only=<text>` some rows, `--no-build` uses what is built, `--write` puts
// the table into docs/joining.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    'no-build': { type: 'boolean' },
    sample: { type: 'boolean' },
    only: { type: 'string' },
    write: { type: 'boolean' },
  },
});
if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
const { runJoining } = await import('../test/joining/run-joining.js');
const { table, passed, failed, skipped } = await runJoining(options);
if (options.write) writeTable(table);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;

function writeTable(rows) {
  const page = join(ROOT, 'docs/joining.md');
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(/(<!-- runs -->\n)[^]*?(<!-- end of runs -->)/, `$1\n${rows}\n\n$2`));
}
