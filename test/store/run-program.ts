import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

/** Bundles a program that imports from the sources, and starts it in a process of its own. */
export async function startProgram(
  folder: string,
  source: string,
  options: { nodeArguments?: string[]; programArguments?: string[] } = {},
): Promise<ChildProcess> {
  const outfile = join(folder, 'program.mjs');
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return spawn(
    process.execPath,
    [...(options.nodeArguments ?? []), outfile, ...(options.programArguments ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

/** All that a program writes until it ends. */
export async function outputOf(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { code, ...output };
}
