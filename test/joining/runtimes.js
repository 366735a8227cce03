import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the packages `bun` and `deno` have the program itself: they would link it in an install script. */
const BINARIES = {
  bun: [`@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`],
  deno: [
    `@deno/${process.platform}-${process.arch}-glibc/deno`,
    `@deno/${process.platform}-${process.arch}/deno`,
  ],
};

/** A runtime other than Node, in the form of a Node of the table; undefined when npm has none for this machine. */
export function findRuntime(name, folder) {
  const path = BINARIES[name]
    .map((file) => join(folder, 'node_modules', file))
    .find((file) => existsSync(file));
  if (path === undefined) return undefined;
  const output = execFileSync(path, ['--version'], { encoding: 'utf8' });
  return { path, version: `${name} ${/\d+\.\d+\.\d+/.exec(output)?.[0]}`, major: Infinity };
}
