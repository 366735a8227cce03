import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTranslator, type SessionResponse, type Translator } from '../../src/translator.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { expectGolden } from './golden.js';
import { normaliseSessions } from './normalise.js';
import { AGENT, AGENT_WITH_STEPS, nodeBinaries, ROOT, runAgent, type AgentRun } from './run-agent.js';

const PRELOAD = ['--import', 'spoor/register'];
const execute = promisify(execFile);
/** Answered with 429: the SDK asks again, within the same call. */
const RETRIED_TURN = 8;
const CJS_AGENT = join(ROOT, 'dist/.e2e/agent.cjs');

interface Trail {
  readonly run: AgentRun;
  readonly sessions: readonly SessionResponse[];
}

/** Runs an agent that sends its spans to a translator, and gives what the translator then knows of it. */
async function trailOf(
  file: string,
  flags: readonly string[],
  node: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Trail> {
  const store = createMemoryStore();
  const translator = await startTranslator({ port: 0, store });
  try {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: translator.url, OTEL_SERVICE_NAME: 'support-agent', ...more };
    const run = await runAgent(file, { node, flags, env });
    const ids = await endedSessions(translator, run);
    return { run, sessions: await read(ids, translator) };
  } finally {
    await translator.close();
    await store.close();
  }
}

/** Waits until every model call has arrived, in sessions that have ended. */
async function endedSessions(translator: Translator, { requests }: AgentRun): Promise<string[]> {
  const answered = requests.filter(({ turn }) => turn !== RETRIED_TURN).length;
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { items } = await translator.store.sessions({ limit: 100 });
    const observed = items.reduce((sum, session) => sum + session.observationCount, 0);
    if (observed >= answered && items.every((session) => session.endMs !== undefined))
      return items.map(({ id }) => id);
    if (Date.now() > deadline)
      throw new Error(`${observed} of ${answered} calls arrived: ${JSON.stringify(items)}`);
    await wait(20);
  }
}

/** By the command line for a single session, which is the same answer and far slower to get. */
async function read(ids: readonly string[], translator: Translator): Promise<SessionResponse[]> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return [await show(only, translator)];
  const responses = await Promise.all(
    ids.map((id) => fetch(`${translator.url}/api/sessions/${encodeURIComponent(id)}`)),
  );
  return Promise.all(responses.map((response) => response.json() as Promise<SessionResponse>));
}

async function show(id: string, translator: Translator): Promise<SessionResponse> {
  const args = [join(ROOT, 'dist/src/cli/main.js'), 'show', id, '--json', '--url', translator.url];
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 2 ** 26 });
  const shown: SessionResponse = JSON.parse(stdout);
  return shown;
}

const seen = ({ code, stdout, stderr, unused }: AgentRun): object => ({ code, stdout, stderr, unused });

beforeAll(() => {
  mkdirSync(join(ROOT, 'dist/.e2e'), { recursive: true });
  buildSync({
    entryPoints: [AGENT],
    outfile: CJS_AGENT,
    format: 'cjs',
    platform: 'node',
    bundle: true,
    packages: 'external',
  });
});

describe.each(nodeBinaries())('the support agent on Node $version', ({ path: node }) => {
  let plain: AgentRun;
  beforeAll(async () => {
    plain = await runAgent(AGENT, { node });
    expect(plain).toMatchObject({ code: 0, unused: [], stderr: '' });
  });

  it.each([
    ['an ES module under --import', AGENT, PRELOAD],
    ['CommonJS under --import', CJS_AGENT, PRELOAD],
    ['CommonJS under --require', CJS_AGENT, ['--require', 'spoor/register']],
  ])('runs as %s as it does without', async (_form, file, flags) => {
    const { run, sessions } = await trailOf(file, flags, node, { SPOOR_SESSION: 'support agent' });
    expect(seen(run)).toEqual(seen(plain));
    expectGolden('agent.json', normaliseSessions(sessions));
  });

  it('leaves one implicit session a trace when nobody names a session', async () => {
    const { run, sessions } = await trailOf(AGENT, PRELOAD, node);
    expect(seen(run)).toEqual(seen(plain));
    expectGolden('agent-unnamed.json', normaliseSessions(sessions));
  });

  it('leaves one session with its steps when it names them', async () => {
    const { run, sessions } = await trailOf(AGENT_WITH_STEPS, PRELOAD, node);
    expect(seen(run)).toEqual(seen(plain));
    expectGolden('agent-with-steps.json', normaliseSessions(sessions));
  });

  it.each([
    ['nothing listens', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }],
    ['tracing is off', { OTEL_SDK_DISABLED: 'true' }],
  ])('runs the same with its steps named when %s', async (_case, env) => {
    const run = await runAgent(AGENT_WITH_STEPS, { node, flags: PRELOAD, env });
    expect(seen(run)).toEqual(seen(plain));
  });
});
