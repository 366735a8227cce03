import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startCollector, startLlmServer } from '../../dist/src/testing/index.js';
import { SCRATCH } from './install-app.js';
import { startSentryServer } from './sentry-server.js';

const DEADLINE_MS = 120_000;
/** Long enough for a process that outlives the program to send what was left. */
const SETTLE_MS = 3000;

/**
 * Runs a program of an app in a child process, against servers of its own: a scripted model, a receiver for the app's
 * pipeline, one for spoor's.
 *
 * @param {{ command: string, args: string[], folder: string, env?: object, expectSpans?: number }} program
 * @returns {Promise<{ exitCode: number | null, signal: string | null, stdout: string, stderr: string, appSpans: object[],
 *   spoorSpans: object[], sentry: object[], requests: object[] }>}
 */
export async function runApp({ command, args, folder, env = {}, expectSpans = 0 }) {
  const llm = await startLlmServer({
    respond: () => ({ text: 'North.', usage: { input: 3, output: 2 } }),
  });
  const [app, spoor, sentry] = [await startCollector(), await startCollector(), await startSentryServer()];
  try {
    const child = await runChild(command, args, folder, {
      PATH: process.env.PATH,
      HOME: join(SCRATCH, 'home'),
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: llm.openaiBaseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: app.url,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      SENTRY_DSN: sentry.dsn,
      SPOOR_ENDPOINT: spoor.url,
      SPOOR_JOURNAL_DIR: join(SCRATCH, 'journal'),
      ...env,
    });
    await arrival(spoor, expectSpans);
    return {
      ...child,
      appSpans: [...app.spans],
      spoorSpans: [...spoor.spans],
      sentry: sentry.items,
      requests: llm.requests.map(({ path, headers }) => ({ path, headers })),
    };
  } finally {
    await Promise.all([llm.close(), app.close(), spoor.close(), sentry.close()]);
  }
}

async function arrival(collector, count) {
  if (count === 0 || collector.spans.length >= count) return;
  try {
    await collector.waitForSpans(count, { timeoutMs: SETTLE_MS });
  } catch {
    // What has not arrived is missed by whoever judges.
  }
}

function runChild(command, args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => (output[name] += text));
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal, ...output });
    });
  });
}
