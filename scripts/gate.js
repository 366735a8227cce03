/**
 * Every check, cheapest first: `npm run check` on a checkout with `npm ci` done. Each gate must say how much it checked, and
 * fails on nothing. A gate that counts tests ends with `N passed, N failed, N skipped`; the others count as one check each.
 * The last line sums them up. `npm run check -- lint knip` runs the named gates only.
 */
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The tools of the project, its Node included, come before the machine's. */
const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);

/**
 * `checked` finds in a gate's output how much it looked at. Gates without it end with a tally of tests.
 *
 * `needs` names a variable without which the gate is skipped.
 *
 * @type {readonly { name: string, command: string, checked?: RegExp, needs?: string, minutes: number }[]}
 */
const GATES = [
  { name: 'format', command: 'npm run -s format:check', checked: /on (\d+) files/, minutes: 2 },
  { name: 'build', command: 'npm run -s build', checked: /(\d+) modules/, minutes: 4 },
  { name: 'lint', command: 'npm run -s lint', checked: /on (\d+) files/, minutes: 3 },
  { name: 'docs', command: 'npm run -s check:docs', checked: /(\d+) checks made/, minutes: 1 },
  {
    name: 'test',
    command: "vitest run --maxWorkers=2 --exclude 'test/corpus/**' --exclude test/sdk/scale.test.ts",
    minutes: 8,
  },
  // It measures: nothing else may run beside it.
  { name: 'scale', command: 'vitest run test/sdk/scale.test.ts', minutes: 3 },
  { name: 'knip', command: 'npm run -s knip', checked: /(\d+) files looked at/, minutes: 2 },
  { name: 'package', command: 'npm run -s check:package', checked: /(\d+) checks made/, minutes: 3 },
  { name: 'browser', command: 'npm run -s test:browser', minutes: 4 },
  { name: 'matrix', command: 'npm run -s matrix -- --sample', minutes: 12 },
  { name: 'bundlers', command: 'npm run -s bundlers', minutes: 4 },
  { name: 'joining', command: 'npm run -s joining -- --sample --no-build', minutes: 8 },
  { name: 'backends', command: 'npm run -s backends -- --cached', minutes: 6 },
  { name: 'dialects', command: 'npm run -s dialects -- --cached --sample --no-build', minutes: 8 },
  { name: 'clickhouse', command: 'npm run -s clickhouse -- --no-build', minutes: 12 },
  { name: 'chaos', command: 'npm run -s chaos -- --sample --no-build', minutes: 6 },
  { name: 'crash', command: 'npm run -s crash -- --sample --no-build', minutes: 4 },
  { name: 'corpus', command: 'npm run -s corpus', needs: 'SPOOR_CORPUS', minutes: 8 },
  { name: 'stuck', command: 'npm run -s stuck', minutes: 3 },
  { name: 'rubric', command: 'npm run -s rubric', minutes: 1 },
  { name: 'openapi', command: 'npm run -s openapi', minutes: 3 },
  { name: 'mcp', command: 'npm run -s mcp', minutes: 3 },
  { name: 'demo', command: 'npm run -s demo -- --once', minutes: 2 },
  { name: 'bench', command: 'npm run -s bench -- --quick', checked: /(\d+) rows/, minutes: 4 },
];

const TALLY = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm;

/** Runs one command, shows its output, and returns it with the exit code. A gate past its time is ended. */
function run(command, minutes) {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', command], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH, CI: 'true', NO_COLOR: '1' },
    });
    let output = '';
    let late = false;
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding('utf8');
      from.on('data', (text) => {
        output += text;
        to.write(text);
      });
    }
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, minutes * 60_000);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ output, code, late });
    });
  });
}

/** Why a finished gate failed as a whole, if it did. */
function faultOf(gate, { code, late }) {
  if (late) return `took more than ${gate.minutes} minutes`;
  return code === 0 ? undefined : `exit code ${code}`;
}

/** What a finished gate counts for. */
function judge(gate, result) {
  const fault = faultOf(gate, result);
  return gate.checked === undefined
    ? judgeTests(fault, result.output)
    : judgeCheck(fault, gate, result.output);
}

function judgeCheck(fault, gate, output) {
  const looked = Number(gate.checked.exec(output)?.[1] ?? 0);
  const reason = fault ?? (looked > 0 ? undefined : 'checked nothing');
  const ok = reason === undefined;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, note: reason ?? `${looked} checked` };
}

/** A gate that failed without a failed test counts as one failure. */
function judgeTests(fault, output) {
  const [, passed = 0, failed = 0, skipped = 0] = ([...output.matchAll(TALLY)].at(-1) ?? []).map((n) =>
    Number(n ?? 0),
  );
  const reason = fault ?? (passed + failed + skipped > 0 ? undefined : 'checked nothing');
  const note = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return {
    passed,
    failed: reason === undefined ? failed : Math.max(1, failed),
    skipped,
    note: reason === undefined ? note : `${note}: ${reason}`,
  };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !GATES.some((gate) => gate.name === name));
if (unknown.length > 0) throw new Error(`no gate is called ${unknown.join(', ')}`);

const results = [];
for (const gate of GATES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n=== ${gate.name}: ${gate.command}`);
  if (gate.needs !== undefined && !process.env[gate.needs]) {
    console.log(`skipped: ${gate.needs} is not set`);
    results.push({
      gate,
      seconds: '0',
      passed: 0,
      failed: 0,
      skipped: 1,
      note: `skipped: ${gate.needs} is not set`,
    });
    continue;
  }
  const started = performance.now();
  const result = judge(gate, await run(gate.command, gate.minutes));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  results.push({ gate, seconds, ...result });
}

console.log('\n=== gates');
for (const { gate, seconds, failed, note } of results) {
  console.log(`${failed > 0 ? 'FAIL' : 'ok  '} ${gate.name.padEnd(10)} ${seconds.padStart(6)} s  ${note}`);
}
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
const failed = sum('failed');
process.exitCode = failed === 0 && sum('passed') > 0 ? 0 : 1;
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
