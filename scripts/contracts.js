// The contract suite: every scenario of every SDK, each supported major, as ESM and as CJS, bare and instrumented.
// Options: --sdk=openai6,openai7  --format=esm  --only=<part of a name>  --nodes=<path>,<path>  --no-build  --no-pack
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge } from '../test/contracts/judge.js';
import { startProvider } from '../test/contracts/provider.js';
import {
  adapters,
  clearResults,
  installPackage,
  installSdks,
  makeProgram,
} from '../test/contracts/scratch.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DEADLINE_MS = 60_000;
const { values: options } = parseArgs({
  options: {
    sdk: { type: 'string' },
    format: { type: 'string' },
    only: { type: 'string' },
    nodes: { type: 'string' },
    'no-build': { type: 'boolean' },
    'no-pack': { type: 'boolean' },
  },
});

const tally = { passed: 0, failed: 0, skipped: 0 };
let runs = 0;

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
if (!options['no-pack']) installPackage();
const results = clearResults();
const nodes = [process.execPath, ...(options.nodes?.split(',') ?? [])].map(describeNode);

for (const adapterUrl of adapters()) {
  const adapter = await import(adapterUrl);
  const sdks = installSdks().filter(
    ({ alias, module }) => module === adapter.module && isChosen(alias, options.sdk),
  );
  const provider = await startProvider(adapter.plans);
  for (const sdk of sdks) {
    const program = makeProgram(sdk, adapterUrl);
    for (const node of nodes) {
      for (const format of ['esm', 'cjs']) {
        if (!isChosen(format, options.format)) continue;
        await runAll({ adapter, sdk, program, node, format, provider });
      }
    }
  }
  await provider.stop();
}
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;

async function runAll(setting) {
  const { adapter, sdk, node, format } = setting;
  const label = `${sdk.alias} ${sdk.version} ${format.toUpperCase()} Node ${node.version}`;
  const names = Object.keys(adapter.scenarios).filter(
    (name) => options.only === undefined || name.includes(options.only),
  );
  const minimum = Number(sdk.node?.match(/\d+/)?.[0] ?? 0);
  if (node.major < minimum) {
    tally.skipped += names.length;
    console.log(`${label}: ${names.length} skipped, this version of the SDK needs Node ${minimum}`);
    return;
  }
  const shared = names.filter((name) => !adapter.scenarios[name].isolated);
  const groups = [
    ...(shared.length > 0 ? [shared] : []),
    ...names.filter((name) => !shared.includes(name)).map((name) => [name]),
  ];
  const failures = [];
  let passed = 0;
  for (const group of groups) {
    const [bare, instrumented] = [
      await runProgram(setting, group, 'bare'),
      await runProgram(setting, group, 'spoor'),
    ];
    for (const name of group) {
      const reasons = judge(adapter.scenarios[name], bare[name], instrumented[name]);
      if (reasons.length === 0) passed += 1;
      else failures.push({ name, reasons });
    }
  }
  tally.passed += passed;
  tally.failed += failures.length;
  console.log(`${label}: ${passed} passed, ${failures.length} failed`);
  for (const { name, reasons } of failures)
    console.log(`  ${name}\n${reasons.map((reason) => `    ${reason}`).join('\n')}`);
}

async function runProgram({ adapter, program, node, format, provider }, names, kind) {
  const run = `${kind}-${(runs += 1)}`;
  const file = join(results, `${run}.json`);
  const scenario = adapter.scenarios[names[0]];
  const isIsolated = scenario.isolated === true;
  const preload = kind === 'spoor' ? ['--import', program.preload] : [];
  const child = spawn(
    node.path,
    [...(isIsolated ? (scenario.args ?? []) : []), ...preload, program[format]],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
        NODE_NO_WARNINGS: '1',
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

function describeNode(path) {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  return { path, version, major: Number(version.split('.')[0]) };
}

function isChosen(name, choice) {
  return choice === undefined || choice.split(',').includes(name);
}
