import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeNode } from './suite.js';

const FOLDER = fileURLToPath(new URL('../nodes/', import.meta.url));

/**
 * The Nodes of `test/nodes/package.json` for this platform, installed when they are missing, and the one that runs this.
 * They are the packages that hold the binary of one platform, because those need no install script.
 */
export function installNodes() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  const ending = `-${process.platform}-${process.arch}`;
  const aliases = Object.keys(optionalDependencies).filter((alias) => alias.endsWith(ending));
  const missing = aliases.filter((alias) => !existsSync(binaryOf(alias)));
  if (missing.length > 0) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const nodes = [process.execPath, ...aliases.map(binaryOf)].map(describeNode);
  return nodes.toSorted((a, b) => a.major - b.major);
}

function binaryOf(alias) {
  return join(FOLDER, 'node_modules', alias, 'bin/node');
}
