/** Builds the dashboard into dist/src/dashboard: page, script, style and icon, with nothing inline and no foreign code. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src/dashboard');
const target = join(root, 'dist/src/dashboard');

const common = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  logLevel: 'warning',
  outdir: target,
};
const builds = await Promise.all([
  build({
    ...common,
    entryPoints: [join(source, 'app.tsx')],
    format: 'esm',
    target: ['chrome120', 'firefox121', 'safari17.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
  }),
  build({ ...common, entryPoints: [join(source, 'styles/app.css')] }),
]);

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
let bytes = 0;
for (const file of builds.flatMap((result) => result.outputFiles)) {
  bytes += gzipSync(file.contents).length;
  await writeFile(join(target, basename(file.path)), file.contents);
}
for (const name of ['index.html', 'icon.svg']) await cp(join(source, name), join(target, name));
const modules = builds.reduce((sum, result) => sum + Object.keys(result.metafile.inputs).length, 0);
console.log(`dashboard: ${modules} modules, ${(bytes / 1000).toFixed(1)} kB gzipped`);
