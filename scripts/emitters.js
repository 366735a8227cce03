// Other libraries that trace LLM calls, each in a process of its own against a scripted provider: what they send is read by the
// dialect that ought to, and must say what was really said. Run the build first, or leave out --no-build.
// --only=<text> runs the emitters whose names contain it, --sample one of each dialect, --keep=<folder> keeps what they sent.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { EXPECTATIONS, lacks } from '../test/emitters/expectations.js';
import { faultsOf } from '../test/emitters/judge.js';
import { answerTo, CALLS } from '../test/emitters/truth.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDER = join(ROOT, 'test/emitters');
const { values: options } = parseArgs({
  options: {
    'no-build': { type: 'boolean' },
    sample: { type: 'boolean' },
    only: { type: 'string', default: '' },
    keep: { type: 'string' },
  },
});

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src'], { cwd: ROOT, stdio: 'inherit' });
}
install();
const { startCollector, startLlmServer } = await import('../dist/src/testing/index.js');
const { translateSpan } = await import('../dist/src/translate/translate-span.js');
const { foldSessions } = await import('../dist/src/translate/fold-sessions.js');

let passed = 0;
let failed = 0;
let skipped = 0;
const sampled = new Set();
for (const [name, expectation] of Object.entries(EXPECTATIONS)) {
  if (!name.includes(options.only)) continue;
  if (expectation.skip !== undefined) {
    skipped += 1;
    console.log(`${name}: skipped, ${expectation.skip}`);
    continue;
  }
  if (options.sample && sampled.has(expectation.dialect)) continue;
  sampled.add(expectation.dialect);
  const { spans, fault } = await runEmitter(name);
  const version = versionOf(expectation.package);
  for (const call of CALLS) {
    if (lacks(expectation, call, 'call')) continue;
    const faults = fault === undefined ? faultsOf(expectation, call, readingOf(spans, call)) : [fault];
    if (faults.length === 0) passed += 1;
    else failed += 1;
    const said = faults.length === 0 ? 'as it was' : `\n  ${faults.join('\n  ')}`;
    console.log(`${name} ${version}, ${call}, read by ${expectation.dialect}: ${said}`);
  }
}
if (passed + failed === 0) throw new Error('no emitter was run');
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

/** Once: what is there in the locked versions is used again. Optional dependencies are large, and none of them is called. */
function install() {
  const { dependencies } = readJson(join(FOLDER, 'package.json'));
  const wanted = readJson(join(FOLDER, 'package-lock.json')).packages;
  const isComplete = Object.keys(dependencies).every((name) => {
    const manifest = join(FOLDER, 'node_modules', name, 'package.json');
    return existsSync(manifest) && readJson(manifest).version === wanted[`node_modules/${name}`].version;
  });
  if (isComplete) return;
  execFileSync('npm', ['ci', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: FOLDER,
    stdio: 'inherit',
  });
}

/** Makes one emitter trace the calls; gives its spans, or why it could not. */
async function runEmitter(name) {
  const server = await startLlmServer({ respond: answerTo });
  const collector = await startCollector();
  const urls = [collector.url, server.openaiBaseUrl, server.anthropicBaseUrl];
  try {
    await promisify(execFile)(process.execPath, [join(FOLDER, 'child/child.mjs'), name, ...urls], {
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' },
      timeout: 60_000,
    });
    if (options.keep !== undefined) keep(name, collector.spans);
    return { spans: [...collector.spans] };
  } catch (error) {
    return { spans: [], fault: String(error.stderr || error.message).slice(0, 500) };
  } finally {
    await server.close();
    await collector.close();
  }
}

function keep(name, spans) {
  mkdirSync(options.keep, { recursive: true });
  const json = JSON.stringify(spans, (_, value) => (typeof value === 'bigint' ? String(value) : value), 1);
  writeFileSync(join(options.keep, `${name}.json`), json);
}

/** What the translator makes of the spans of one call. A call without a session of its own may have one for each trace. */
function readingOf(spans, call) {
  const own = spans.filter(({ attributes }) => attributes['truth.call'] === call);
  const folded = foldSessions(own.map((span) => translateSpan(span)));
  const observations = folded.flatMap((one) => one.observations).toSorted((a, b) => a.startMs - b.startMs);
  const usage = {};
  for (const { session } of folded) {
    for (const [bucket, tokens] of Object.entries(session.usage))
      usage[bucket] = (usage[bucket] ?? 0) + tokens;
  }
  return { observations, session: { ...folded[0]?.session, usage } };
}

function versionOf(name) {
  return readJson(join(FOLDER, 'node_modules', name, 'package.json')).version;
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
