import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** What `tsc` says of a project: nothing when every expectation holds, unused `@ts-expect-error` included. */
async function compile(project: string): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'spoor-types-'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', join(ROOT, project), '--outDir', outDir]);
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    await rm(outDir, { recursive: true });
  }
}

/** How much a folder expects. */
async function expectations(folder: string): Promise<{ same: number; errors: number }> {
  const files = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith('.test-d.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join(ROOT, folder, name), 'utf8')));
  const text = texts.join('\n');
  return {
    same: text.match(/^expectSame</gm)?.length ?? 0,
    errors: text.match(/@ts-expect-error/g)?.length ?? 0,
  };
}

describe.each([
  ['wrappers and TC39 decorators', 'test/types'],
  ['legacy decorators', 'test/types/legacy'],
])('the types of %s', (_, folder) => {
  it('are what they were before wrapping', async () => {
    expect(await compile(folder)).toBe('');
    const { same, errors } = await expectations(folder);
    console.log(`${folder}: ${same} types compared, ${errors} errors expected`);
    expect(same).toBeGreaterThanOrEqual(6);
    expect(errors).toBeGreaterThanOrEqual(4);
  });
});
