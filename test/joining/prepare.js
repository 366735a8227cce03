import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What an app is built with before it runs, by app. */
export const PREPARE = { bundled: bundle, next: buildNext };

/** What an ESM bundle needs for packages that call `require`. */
const REQUIRE = `import { createRequire as _cr } from 'node:module'; const require = _cr(import.meta.url);`;

async function bundle(folder) {
  const { build } = await import('esbuild');
  mkdirSync(join(folder, 'out'), { recursive: true });
  const options = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: REQUIRE },
    absWorkingDir: folder,
  };
  const asCommonJs = { format: 'cjs', banner: {}, logOverride: { 'empty-import-meta': 'silent' } };
  await build({ ...options, ...asCommonJs, entryPoints: ['main.mjs'], outfile: 'out/main.cjs' });
  for (const name of ['main', 'plain-main', 'with-sdk', 'plain-with-sdk']) {
    await build({ ...options, entryPoints: [`${name}.mjs`], outfile: `out/${name}.mjs` });
  }
  await build({ ...options, entryPoints: ['main.mjs'], outfile: 'out/outside.mjs', packages: 'external' });
}

/** The same server twice: as it is, and with spoor. */
async function buildNext(folder) {
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, '.home'),
    NEXT_TELEMETRY_DISABLED: '1',
    CI: 'true',
  };
  const next = join(folder, 'node_modules/next/dist/bin/next');
  await promisify(execFile)(process.execPath, [next, 'build', '--webpack'], {
    cwd: folder,
    env,
    maxBuffer: 1e8,
  });
}
