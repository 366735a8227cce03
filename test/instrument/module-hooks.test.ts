import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REGISTER = join(import.meta.dirname, '../../dist/src/register.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-hooks-'));
  writeFileSync(join(folder, 'app.mjs'), 'console.log("ran")');
  writeFileSync(join(folder, 'broken.cjs'), 'const = ;');
  writeFileSync(
    join(folder, 'unparented.cjs'),
    'const { _load } = require("module"); console.log(typeof _load("fs").readFileSync, typeof _load("node:path").join)',
  );
  writeFileSync(
    join(folder, 'app.test.mjs'),
    'import test from "node:test"; import assert from "node:assert"; test("adds", () => assert.equal(1 + 1, 2))',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runNode(args: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
  return { code: status, out: stdout, err: stderr };
}

/** What each way of running a program says with the preload must be what it says without. */
describe.each(['--import', '--require'])('the preload by %s', (flag) => {
  it.each([
    ['--print', ['-p', 'typeof fs.readFileSync + typeof require("node:path").join'], ''],
    [
      '--eval',
      ['-e', 'console.log(require("fs").existsSync("app.mjs"), __filename, module.paths.length > 0)'],
      '',
    ],
    ['--eval with arguments', ['-e', 'console.log(process.argv.slice(1))', 'one', 'two'], ''],
    [
      '--eval of a module',
      ['--input-type=module', '-e', 'import fs from "fs"; console.log(typeof fs.rmSync)'],
      '',
    ],
    ['a dynamic import in --eval', ['-e', 'import("./app.mjs")'], ''],
    ['a program from standard input', ['-'], 'console.log("from stdin", typeof require("os").cpus)'],
    ['a module from standard input', ['--input-type=module', '-'], 'import "./app.mjs"'],
    ['the REPL', ['-i'], 'typeof fs.readFileSync\n.exit\n'],
    ['--check', ['--check', 'app.mjs'], ''],
    ['modules that nobody imports', ['unparented.cjs'], ''],
  ])('lets %s run as before', (_way, args, input) => {
    const bare = runNode(args, input);
    expect(bare).toMatchObject({ code: 0, err: '' });
    expect(runNode([flag, REGISTER, ...args], input)).toEqual(bare);
  });

  it('lets a program with a syntax error fail as before', () => {
    // Any preload by --import adds a frame at the end of the stack.
    const said = ({ code, out, err }: ReturnType<typeof runNode>): unknown => ({
      code,
      out,
      err: err.split('\n').filter((line) => !/^ +at async asyncRunEntryPoint/.test(line)),
    });
    const bare = runNode(['--check', 'broken.cjs']);
    expect(bare.code).toBe(1);
    expect(said(runNode([flag, REGISTER, '--check', 'broken.cjs']))).toEqual(said(bare));
  });

  it("lets Node's own test runner run as before", () => {
    const reported = ({ code, out }: ReturnType<typeof runNode>): unknown => ({
      code,
      counts: out.match(/^.*(tests|pass|fail) \d+$/gm),
    });
    const bare = runNode(['--test', 'app.test.mjs']);
    expect(reported(bare)).toMatchObject({ code: 0, counts: expect.arrayContaining([expect.anything()]) });
    expect(reported(runNode([flag, REGISTER, '--test', 'app.test.mjs']))).toEqual(reported(bare));
  });
});
