/**
 * `npm run demo`: runs the support agent of `examples` under the preload against scripted models, and shows its trail.
 * `--once` ends after that and counts the agents whose trail is whole; exit code 1 and a reason when one is not.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startLlmServer } from 'spoor/testing';
import { startTranslator } from 'spoor/translator';
import { MODELS, SCRIPT } from '../examples/support-agent/script.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIRST_PORT = 4318;
const PORTS_TRIED = 10;
const ARRIVAL_MS = 5000;
const AGENTS = [
  // Knows nothing of tracing: the variable makes the run one session.
  { file: 'examples/support-agent/agent.js', env: { SPOOR_SESSION: 'support agent' } },
  // Names its session, its steps and its tools.
  { file: 'examples/support-agent/agent-with-steps.js', env: {} },
];

const isOnce = process.argv.includes('--once');
const tally = { passed: 0, failed: 0 };

/** Takes the usual port, or the next one that is free. */
async function openTranslator(dataDir) {
  for (let port = FIRST_PORT; ; port += 1) {
    try {
      const translator = await startTranslator({ port, dataDir });
      if (port !== FIRST_PORT) console.log(`Port ${FIRST_PORT} is taken: using ${port}.`);
      return translator;
    } catch (error) {
      if (error.code !== 'SPOOR_PORT_IN_USE' || port >= FIRST_PORT + PORTS_TRIED) throw error;
    }
  }
}

/** Runs a script of the example under the preload; gives the number of model calls that it made. */
async function runAgent({ file, env }, translator) {
  const llm = await startLlmServer({ script: SCRIPT, models: MODELS });
  try {
    const given = Object.entries(env).map(([key, value]) => `${key}="${value}" `);
    console.log(`\n$ ${given.join('')}node --import spoor/register ${file}`);
    const code = await run(['--import', 'spoor/register', file], {
      OPENAI_API_KEY: 'demo',
      OPENAI_BASE_URL: llm.openaiBaseUrl,
      ANTHROPIC_API_KEY: 'demo',
      ANTHROPIC_BASE_URL: llm.anthropicBaseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: translator.url,
      OTEL_SERVICE_NAME: 'support-agent',
      ...env,
    });
    if (code !== 0) throw new Error(`${file} ended with exit code ${code}.`);
    const generations = llm.requests.filter(({ endpoint }) => /chat|messages/.test(endpoint));
    const retried = SCRIPT.filter((turn) => turn.fault !== undefined).length;
    return generations.length - retried;
  } finally {
    await llm.close();
  }
}

async function run(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}

/** Waits for the sessions that were not there before, until they hold so many model calls. */
async function arrived(translator, known, calls) {
  const deadline = Date.now() + ARRIVAL_MS;
  for (;;) {
    const { items } = await translator.store.sessions({ limit: 100 });
    const sessions = items.filter(({ id }) => !known.has(id));
    const seen = sessions.reduce((sum, session) => sum + session.generationCount, 0);
    if (seen >= calls && sessions.every((session) => session.endMs !== undefined)) return sessions;
    if (Date.now() > deadline) {
      throw new Error(`Of ${calls} model calls ${seen} arrived at the translator within ${ARRIVAL_MS} ms.`);
    }
    await wait(25);
  }
}

/** Prints what arrived, by the command line that users have. */
async function show(session, translator) {
  console.log(`\n$ npx spoor show ${session.id}`);
  const cli = join(ROOT, 'dist/src/cli/main.js');
  const code = await run([cli, 'show', session.id, '--url', translator.url]);
  if (code !== 0) throw new Error(`spoor show ended with exit code ${code}.`);
}

async function trail(translator) {
  const known = new Set();
  for (const agent of AGENTS) {
    const calls = await runAgent(agent, translator);
    const sessions = await arrived(translator, known, calls);
    if (sessions.length !== 1)
      throw new Error(`${agent.file} left ${sessions.length} sessions instead of one.`);
    await show(sessions[0], translator);
    known.add(sessions[0].id);
    tally.passed += 1;
  }
  return [...known].at(-1);
}

async function main() {
  const dataDir = await mkdtemp(join(tmpdir(), 'spoor-demo-'));
  const translator = await openTranslator(dataDir);
  try {
    console.log(`Translator and dashboard: ${translator.url}`);
    const last = await trail(translator);
    console.log(`\nDashboard: ${translator.url}/`);
    console.log(`This session: ${translator.url}/sessions/${encodeURIComponent(last)}`);
    if (!isOnce) {
      console.log('Press Ctrl-C to end.');
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    }
  } finally {
    await translator.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

main()
  .catch((error) => {
    console.error(`The demo failed: ${error.message}`);
    tally.failed += 1;
    process.exitCode = 1;
  })
  .finally(() => {
    if (isOnce) console.log(`${tally.passed} passed, ${tally.failed} failed`);
  });
