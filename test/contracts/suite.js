import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { judge } from './judge.js';
import { startProvider } from './provider.js';
import { adapters, clearResults, installPackage, installSdks, makeProgram } from './scratch.js';
import { isBefore } from './versions.js';

/** Every scenario of every SDK, each version, as ESM and as CJS, on each Node, bare and instrumented. */

const DEADLINE_MS = 60_000;

/**
 * One SDK version, one module format, one Node: what came out of its scenarios.
 *
 * @typedef {object} Row
 * @property {string} name of the instrumentation
 * @property {string} alias
 * @property {string} module
 * @property {string} version
 * @property {string} format
 * @property {{ version: string, major: number }} node
 * @property {string[]} passed names of scenarios
 * @property {{ name: string, reasons: string[] }[]} failed
 * @property {{ name: string, reason: string }[]} skipped
 * @property {object[]} spans of the scenarios that passed
 */

/**
 * Runs the suite and reports each row when it is there. `wanted` chooses rows: all by default.
 *
 * @param {{ nodes: Node[], only?: string, isPacked?: boolean, wanted?: (row: object) => boolean }} options
 * @param {(row: Row) => void} report
 */
export async function runContracts({ nodes, only, isPacked, wanted = () => true }, report) {
  if (isPacked !== true) installPackage();
  const results = clearResults();
  const sdks = installSdks();
  const providers = [];
  const queue = [];
  for (const adapterUrl of adapters()) {
    const adapter = await import(adapterUrl);
    const own = sdks.filter(({ module }) => module === adapter.module);
    const rows = own.flatMap((sdk) =>
      nodes.flatMap((node) =>
        ['esm', 'cjs']
          .map((format) => ({ name: adapter.name, ...sdk, node, format }))
          .filter((row) => wanted(row, own)),
      ),
    );
    if (rows.length === 0) continue;
    const provider = await startProvider(adapter.plans);
    providers.push(provider);
    const programs = new Map();
    for (const row of rows) {
      if (!programs.has(row.alias)) programs.set(row.alias, makeProgram(row, adapterUrl));
      queue.push({ row, adapter, provider, results, only, program: programs.get(row.alias) });
    }
  }
  await inParallel(queue, async (setting) => report(await runRow(setting)));
  for (const provider of providers) await provider.stop();
}

/** As many rows at a time as there are cores: most of a row is waiting. */
async function inParallel(queue, work) {
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function runRow(setting) {
  const { adapter, row, only } = setting;
  const all = Object.keys(adapter.scenarios).filter((name) => only === undefined || name.includes(only));
  const skipped = all.flatMap((name) => {
    const reason = reasonToSkip(adapter.scenarios[name], row);
    return reason === undefined ? [] : [{ name, reason }];
  });
  const names = all.filter((name) => !skipped.some((entry) => entry.name === name));
  const shared = names.filter((name) => !adapter.scenarios[name].isolated);
  const groups = [
    ...(shared.length > 0 ? [shared] : []),
    ...names.filter((name) => !shared.includes(name)).map((name) => [name]),
  ];
  const result = { ...row, passed: [], failed: [], skipped, spans: [] };
  for (const group of groups) {
    const [bare, instrumented] = [
      await runProgram(setting, group, 'bare'),
      await runProgram(setting, group, 'spoor'),
    ];
    for (const name of group) {
      const reasons = judged(adapter, name, { bare, instrumented, node: row.node });
      if (reasons.length > 0) result.failed.push({ name, reasons });
      else {
        result.passed.push(name);
        result.spans.push(...instrumented[name].spans);
      }
    }
  }
  return result;
}

/** A scenario that cannot be judged has failed; the others go on. */
function judged({ scenarios, late }, name, { bare, instrumented, node }) {
  try {
    const scenario = scenarios[name];
    // Streams of the platform read further ahead since then.
    const isBefore24 = node.major < 24 && scenario.spansBeforeNode24 !== undefined;
    const expected = isBefore24 ? { ...scenario, spans: scenario.spansBeforeNode24 } : scenario;
    return judge(expected, bare[name], instrumented[name], late);
  } catch (error) {
    return [`cannot be judged: ${error.stack}`];
  }
}

/** What is no fault of anybody's: the version lacks the call, or it does not run on this Node. */
function reasonToSkip({ since, until, sinceNode = 0 }, { version, node, engine }) {
  const minimum = Number(engine?.match(/\d+/)?.[0] ?? 0);
  if (node.major < minimum) return `this version of the SDK needs Node ${minimum}`;
  if (node.major < sinceNode) return `the call needs Node ${sinceNode}`;
  if (since !== undefined && isBefore(version, since)) return `since ${since} of the SDK`;
  if (until !== undefined && !isBefore(version, until)) return `until ${until} of the SDK`;
  return undefined;
}

let runs = 0;

async function runProgram({ adapter, program, row, provider, results }, names, kind) {
  const run = `${kind}-${(runs += 1)}`;
  const file = join(results, `${run}.json`);
  const scenario = adapter.scenarios[names[0]];
  const isIsolated = scenario.isolated === true;
  const preload = kind === 'spoor' ? ['--import', program.preload] : [];
  const child = spawn(
    row.node.path,
    [...(isIsolated ? (scenario.args ?? []) : []), ...preload, program[row.format]],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
        NODE_NO_WARNINGS: '1',
        SPOOR_JOURNAL_DIR: join(results, 'journal'),
        ...scenario.env,
        CONTRACT_SCENARIOS: JSON.stringify(names),
        CONTRACT_ISOLATED: isIsolated ? '1' : '0',
        CONTRACT_RESULT: file,
        CONTRACT_RUN: run,
        CONTRACT_URL: provider.url,
      },
    },
  );
  let stderr = '';
  child.stderr.on('data', (piece) => (stderr += piece));
  child.stdout.resume();
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  const report = readReport(file, stderr);
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        log: report.results[name]?.log ?? [['scenario threw', `no result; exit code ${code}\n${stderr}`]],
        exitCode: code,
        stderr: isIsolated ? firstErrorLine(stderr) : '',
        provider: provider.eventsOf(run, name),
        spans: report.spans[name] ?? [],
        points: report.results[name]?.points,
        started: isIsolated ? report.started : undefined,
        diag: report.diag,
      },
    ]),
  );
}

function readReport(file, stderr) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { results: {}, spans: {}, diag: [stderr] };
  }
}

/** A crash prints the same error; the frames below it may differ. */
function firstErrorLine(stderr) {
  return stderr.split('\n').find((line) => /Error/.test(line)) ?? '';
}

/** A Node by the path of its binary. */
export function describeNode(path) {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  return { path, version, major: Number(version.split('.')[0]) };
}

/** One line for a row, and below it what failed. */
export function printRow({ alias, version, format, node, passed, failed, skipped }) {
  const label = `${alias} ${version} ${format.toUpperCase()} Node ${node.version}`;
  console.log(`${label}: ${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
  for (const [reason, names] of byReason(skipped)) {
    console.log(`  skipped, ${reason}: ${passed.length + failed.length === 0 ? 'all' : names.join(', ')}`);
  }
  for (const { name, reasons } of failed)
    console.log(`  ${name}\n${reasons.map((reason) => `    ${reason}`).join('\n')}`);
}

/** Names of skipped scenarios by reason. */
export function byReason(skipped) {
  const reasons = new Map();
  for (const { name, reason } of skipped) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return reasons;
}

/** Prints the sum of all rows, and fails the process when something failed or nothing passed. */
export function printTally(rows) {
  const sum = (field) => rows.reduce((total, row) => total + row[field].length, 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  if (sum('failed') > 0 || sum('passed') === 0) process.exitCode = 1;
}
