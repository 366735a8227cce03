// Replays recorded traffic through the instrumented SDKs: `npm run corpus`. The folder of the corpus comes from
// SPOOR_CORPUS; without one this fails, because a check that ran on nothing says nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.env.SPOOR_CORPUS;
if (!folder || !existsSync(join(folder, 'recordings'))) {
  console.error('SPOOR_CORPUS must name a folder that holds "recordings"; it is', folder ?? 'not set');
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/corpus'], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
