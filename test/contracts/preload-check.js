import { spawnSync } from 'node:child_process';

/**
 * Programs without a file, with the preload of the packed package, on one Node: they must say what they say without it, and no
 * warning may reach the user.
 */
const PROGRAMS = {
  '--print': { args: ['-p', 'typeof fs.readFileSync'] },
  '--eval': { args: ['-e', 'console.log(require("os").EOL.length, __filename)'] },
  'an import in --eval': { args: ['-e', 'import("node:path").then(({ sep }) => console.log(sep))'] },
  'a module in --eval': {
    args: ['--input-type=module', '-e', 'import fs from "fs"; console.log(typeof fs)'],
  },
  'standard input': { args: ['-'], input: 'console.log(typeof require("fs").readFileSync)' },
  'modules that nobody imports': { args: ['-e', 'console.log(typeof require("module")._load("fs"))'] },
};

/** @returns a row of the suite for `node`. */
export function checkPreload(node, register) {
  const row = { alias: 'preload', version: '', format: '', node, passed: [], failed: [], skipped: [] };
  for (const flag of ['--import', '--require']) {
    for (const [name, { args, input }] of Object.entries(PROGRAMS)) {
      const bare = runNode(node, args, input);
      const loaded = runNode(node, [flag, register, ...args], input);
      const title = `${name}, ${flag}`;
      if (bare === loaded && loaded.startsWith('0 ')) row.passed.push(title);
      else row.failed.push({ name: title, reasons: [`without: ${bare}`, `with: ${loaded}`] });
    }
  }
  return row;
}

function runNode(node, args, input = '') {
  const options = { input, encoding: 'utf8', env: { PATH: process.env.PATH }, timeout: 60_000 };
  const { status, stdout, stderr } = spawnSync(node.path, args, options);
  return `${status} ${stdout}${stderr}`;
}
