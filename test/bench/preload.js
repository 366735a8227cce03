/**
 * What a preload costs a program that does nothing. Every number is the processor time of a child process, told by the child
 * itself. The floor preloads a file that sets up the OpenTelemetry SDK with its OTLP exporter. Prints its rows as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { median, medianDifference } from './interleave.js';

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 5 : 11;
const ROOT = path.join(import.meta.dirname, '..', '..');
const REGISTER = path.join(ROOT, 'dist', 'src', 'register.js');
// Below the repository, so that the floor finds the OpenTelemetry packages.
const folder = mkdtempSync(path.join(ROOT, 'dist', 'bench-'));

const APP = `const first = process.cpuUsage();
process.on('exit', () => {
  const whole = process.cpuUsage();
  process.stdout.write(JSON.stringify({ first: first.user + first.system, whole: whole.user + whole.system }));
});`;
const SET_UP = `new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();`;
const FILES = {
  'app.mjs': `import process from 'node:process';\n${APP}`,
  'app.cjs': APP,
  'openai.mjs': `import process from 'node:process';\nimport 'openai';\n${APP}`,
  'openai.cjs': `require('openai');\n${APP}`,
  'floor.mjs': `import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
${SET_UP}`,
  'floor.cjs': `const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
${SET_UP}`,
};
for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
const file = (name) => path.join(folder, name);
const imported = (name) => pathToFileURL(name).href;

const program = (app, floor, spoor) => ({
  bare: [file(app)],
  floor: [...floor, file(app)],
  spoor: [...spoor, file(app)],
});
const ESM = [
  ['--import', imported(file('floor.mjs'))],
  ['--import', imported(REGISTER)],
];
const CJS = [
  ['--require', file('floor.cjs')],
  ['--require', REGISTER],
];
const PROGRAMS = {
  'ESM app': program('app.mjs', ...ESM),
  'CJS app': program('app.cjs', ...CJS),
  'ESM app with openai': program('openai.mjs', ...ESM),
  'CJS app with openai': program('openai.cjs', ...CJS),
};

async function run(args) {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (printed += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}.`);
  return JSON.parse(printed);
}

async function bench(app) {
  const variants = PROGRAMS[app];
  const names = Object.keys(variants);
  const times = Object.fromEntries(names.map((name) => [name, { first: [], whole: [] }]));
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      const { first, whole } = await run(variants[name]);
      times[name].first.push(first / 1000);
      times[name].whole.push(whole / 1000);
    }
  }
  const row = (until, what) => ({
    name: `preload, ${app}, ${what}`,
    unit: 'ms',
    base: median(times.bare[until]),
    floor: medianDifference(times.floor[until], times.bare[until]),
    spoor: medianDifference(times.spoor[until], times.bare[until]),
  });
  return [row('first', 'until its first line'), row('whole', 'whole run')];
}

try {
  const rows = [];
  for (const app of Object.keys(PROGRAMS)) rows.push(...(await bench(app)));
  console.log(JSON.stringify(rows));
} finally {
  rmSync(folder, { recursive: true });
}
