// Other libraries that trace LLM calls, each in a process of its own against a scripted provider: what they send is read by the
// dialect that ought to, and must say what was really said; then it is written in every dialect that can be written, and read
// again, by us and by what other products publish to read spans with.
// Options: --no-build  --only=<part of a name>  --sample (one emitter a dialect)  --cached (installs nothing of Python)
//          --keep=<folder> (what was sent; test/emitters/sent has that of the emitters of Python)
//          --write (docs/reference/dialects.md)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkExample } from '../test/emitters/check-example.js';
import { checkEmitter, writtenSpans } from '../test/emitters/check-emitter.js';
import { pageOf, tableOf, textOf } from '../test/emitters/dialects-page.js';
import { EXPECTATIONS } from '../test/emitters/expectations.js';
import { pythonEnvironment } from '../test/emitters/python-environment.js';
import { installPackages, readJson, runEmitter } from '../test/emitters/run-emitter.js';
import { writeSent } from '../test/emitters/sent.js';
import { faultsOfTold, isTelling } from '../test/readers/judge-told.js';
import { READERS, readWith } from '../test/readers/rivals.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const EMITTERS = join(ROOT, 'test/emitters');
const RIVALS = join(ROOT, 'test/readers');
const TARGETS = ['otel-genai', 'openinference', 'openllmetry', 'langfuse'];
const FAULTS_SHOWN = 12;
const { values: options } = parseArgs({
  options: {
    'no-build': { type: 'boolean' },
    sample: { type: 'boolean' },
    cached: { type: 'boolean' },
    only: { type: 'string', default: '' },
    keep: { type: 'string' },
    write: { type: 'boolean' },
  },
});

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
const kit = { targets: TARGETS, ...(await loadKit()) };
const tally = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
const sent = new Map();

installPackages(EMITTERS);
installPackages(RIVALS);
const libraries = await pythonEnvironment(join(EMITTERS, 'python/requirements.txt'), {
  cachedOnly: options.cached,
});
const rivals = await pythonEnvironment(join(RIVALS, 'python/requirements.txt'), {
  cachedOnly: options.cached,
});
for (const { fault } of [libraries, rivals]) if (fault !== undefined) count([fault]);

const rows = await checkAll(chosen());
const readers = options.only === '' ? await askRivals() : [];
if (options.only === '') {
  checkNames();
  for (const { name, faults } of await checkExample(kit)) {
    console.log(
      `the example agent, traced by ${name}: ${faults.length === 0 ? 'shown as' : 'not shown as'} by spoor`,
    );
    count(faults);
  }
}

console.log(`\n${textOf(tableOf(rows, TARGETS))}\n`);
for (const { title, target, count: asked, faults } of readers)
  console.log(`${title} read ${asked} of ${target}: ${faults.length} wrong`);
for (const { name, reason } of skipped) console.log(`${name}: skipped, ${reason}`);
if (options.write && tally.failed === 0) {
  const page = pageOf({ rows, readers, skipped, targets: TARGETS });
  const path = join(ROOT, 'docs/reference/dialects.md');
  writeFileSync(path, page);
  execFileSync(join(ROOT, 'node_modules/.bin/oxfmt'), [path]);
}
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);

async function loadKit() {
  const files = [
    'testing/index.js',
    'otlp/decode.js',
    'otlp/encode-protobuf.js',
    'translate/fold-sessions.js',
    'translate/log-events.js',
    'translate/rewrite-span.js',
    'translate/translate-span.js',
    'store/memory-store.js',
    'translator.js',
  ];
  const modules = await Promise.all(files.map((file) => import(`../dist/src/${file}`)));
  return Object.assign({}, ...modules);
}

function chosen() {
  const seen = new Set();
  return Object.entries(EXPECTATIONS).flatMap(([name, { dialect, skip: reason }]) => {
    if (!name.includes(options.only)) return [];
    const isMore = options.sample === true && (reason !== undefined || seen.has(dialect));
    seen.add(dialect);
    return isMore ? [] : [name];
  });
}

/** Two at a time: each of them waits more than it works. The rows keep the order of the names. */
async function checkAll(names) {
  const found = new Map();
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      found.set(name, await checkOne(name));
  };
  await Promise.all([work(), work()]);
  return names.flatMap((name) => found.get(name));
}

async function checkOne(name) {
  const expectation = EXPECTATIONS[name];
  const isPython = name.startsWith('py-');
  const reason = expectation.skip ?? (isPython ? (libraries.skip ?? libraries.fault) : undefined);
  if (reason !== undefined) {
    skip(name, reason);
    return [];
  }
  const { calls, fault } = await runEmitter(name, { kit, python: libraries.python });
  if (fault !== undefined) {
    console.log(`${name}: it could not be run`);
    count([fault]);
    return [];
  }
  sent.set(name, calls);
  if (options.keep !== undefined) keep(name, calls);
  const checks = checkEmitter(expectation, calls, kit);
  if (checks.length === 0) count([`${name}: it made no call`]);
  for (const { call, target, fields } of checks) {
    const faults = Object.values(fields).flatMap((some) => some ?? []);
    const where = target === undefined ? `read by ${expectation.dialect}` : `as ${target}, read again`;
    count(faults.map((text) => `${name}, ${call}, ${where}: ${text}`));
  }
  console.log(`${name}: ${Object.keys(calls).length} calls`);
  return [{ name, version: versionOf(expectation.package, isPython), dialect: expectation.dialect, checks }];
}

/** A check for each reader, dialect and emitter. */
async function askRivals() {
  const asked = Object.entries(READERS).flatMap(([name, reader]) =>
    reader.reads.map((target) => ({ name, reader, target })),
  );
  const rivalRows = [];
  for (const { name, reader, target } of asked) {
    const title = reader.python === true || reader.package.startsWith('@') ? `\`${reader.package}\`` : name;
    if (reader.python === true && rivals.python === undefined) {
      skip(`${name}, ${target}`, rivals.skip ?? rivals.fault);
      continue;
    }
    const told = rows.flatMap(({ name: emitter }) =>
      writtenSpans(sent.get(emitter), target, kit)
        .filter(({ facts }) => isTelling(facts) && (reader.takes?.(facts) ?? true))
        .map((one) => ({ emitter, ...one })),
    );
    const read = await readWith(
      name,
      told.map(({ span }) => span),
      { python: rivals.python, encode: kit.encodeTraceRequestProtobuf },
    );
    const tells = Array.isArray(reader.tells) ? reader.tells : reader.tells[target];
    const all = [];
    for (const emitter of new Set(told.map((one) => one.emitter))) {
      const faults = told.flatMap((one, at) =>
        one.emitter === emitter ? faultsOfTold(one.facts, read[at], tells) : [],
      );
      count(faults.map((text) => `${emitter} as ${target}, read by ${name}: ${text}`));
      all.push(...faults);
    }
    rivalRows.push({ title, target, count: told.length, faults: all });
  }
  return rivalRows;
}

/** The names that we write, against the lists of names that the others publish. */
function checkNames() {
  const bin = (name) => join(ROOT, 'node_modules/.bin', name);
  execFileSync(bin('tsc'), ['-p', 'test/readers'], { cwd: ROOT, stdio: 'inherit' });
  const { stdout } = spawnSync(bin('vitest'), ['run', '--config', 'test/readers/vitest.config.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const [, passed = 0, failed = 1] = /(\d+) passed, (\d+) failed, \d+ skipped\s*$/.exec(stdout) ?? [];
  if (Number(failed) > 0) console.log(stdout);
  tally.passed += Number(passed);
  tally.failed += Number(failed);
}

function count(faults) {
  if (faults.length === 0) tally.passed += 1;
  else tally.failed += 1;
  for (const text of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${text}`);
}

function skip(name, reason) {
  tally.skipped += 1;
  skipped.push({ name, reason });
}

function keep(name, calls) {
  mkdirSync(options.keep, { recursive: true });
  writeSent(join(options.keep, `${name}.jsonl`), calls);
}

function versionOf(name, isPython) {
  if (!isPython) return readJson(join(EMITTERS, 'node_modules', name, 'package.json')).version;
  const list = readFileSync(join(EMITTERS, 'python/requirements.txt'), 'utf8');
  return new RegExp(`^${name}==(.*)$`, 'm').exec(list)?.[1] ?? '';
}
