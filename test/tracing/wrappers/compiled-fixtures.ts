import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = 'test/tracing/wrappers/fixtures';

/** The two ways in which decorators are compiled. */
export type DecoratorKind = 'tc39' | 'legacy';
const PROJECTS: Readonly<Record<DecoratorKind, string>> = { tc39: 'test/types', legacy: 'test/types/legacy' };

/** A new folder whose files are ES modules. */
export async function moduleFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-decorators-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

/** The classes of `fixtures/<kind>-members.ts` as `tsc` compiles them. */
export async function compiledByTsc(kind: DecoratorKind, folder: string): Promise<unknown> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const outDir = join(folder, `tsc-${kind}`);
  await run(process.execPath, [tsc, '-p', join(ROOT, PROJECTS[kind]), '--outDir', outDir]);
  return import(pathToFileURL(join(outDir, FIXTURES, `${kind}-members.js`)).href);
}

/** The same as esbuild compiles them. */
export async function compiledByEsbuild(kind: DecoratorKind, folder: string): Promise<unknown> {
  const source = await readFile(join(ROOT, FIXTURES, `${kind}-members.ts`), 'utf8');
  const experimentalDecorators = kind === 'legacy';
  const { code } = await transform(source, {
    loader: 'ts',
    target: 'es2022',
    keepNames: true,
    tsconfigRaw: { compilerOptions: { experimentalDecorators, useDefineForClassFields: true } },
  });
  const outDir = join(folder, `esbuild-${kind}`);
  await mkdir(outDir, { recursive: true });
  const file = join(outDir, 'members.js');
  await writeFile(file, code);
  return import(pathToFileURL(file).href);
}
