/**
 * Checks the package as it would be published: `publint --strict`, `attw --profile esm-only`, `size-limit`, and the API report
 * in `docs/api`, which `--write` brings up to date. The tools live in test/package, apart from the root install. Run
 * `npm run build` first.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tools = join(root, 'test/package');

/** Runs a command in the root; returns true when it succeeded. */
function run(title, command, args, cwd = root) {
  console.log(`\n# ${title}`);
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status === 0;
}

const bin = (name) => join(tools, 'node_modules/.bin', name);
const packed = mkdtempSync(join(tmpdir(), 'spoor-pack-'));
const results = [];
try {
  results.push(run('install the tools', 'npm', ['ci', '--silent'], tools));
  results.push(run('pack', 'npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed]));
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  results.push(run('publint', bin('publint'), ['run', '--strict', root]));
  results.push(
    run('are the types wrong', bin('attw'), [join(packed, tarball), '--profile', 'esm-only', '--no-emoji']),
  );
  results.push(run('size-limit', bin('size-limit'), [], tools));
  const write = process.argv.filter((argument) => argument === '--write');
  results.push(run('API report', process.execPath, ['api-report.js', ...write], tools));
} finally {
  rmSync(packed, { recursive: true, force: true });
}
const failed = results.filter((ok) => !ok).length;
console.log(`\npackage: ${results.length} checks made, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
