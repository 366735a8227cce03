import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTranslator, type SessionResponse, type Translator } from '../../src/translator.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { normaliseSessions } from './normalise.js';
import { AGENT, AGENT_WITH_STEPS, nodeBinaries, ROOT, runAgent, type AgentRun } from './run-agent.js';

const PRELOAD = ['--import', 'spoor/register'];
const CJS_AGENT = join(ROOT, 'dist/.e2e/agent.cjs');

interface Trail {
  readonly run: AgentRun;
  readonly sessions: readonly SessionResponse[];
}

/** Runs an agent that sends its spans to a translator, and gives what the translator's API says about it. */
async function trailOf(file: string, flags: readonly string[], node?: string): Promise<Trail> {
  const store = createMemoryStore();
  const translator = await startTranslator({ port: 0, store });
  try {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: translator.url, OTEL_SERVICE_NAME: 'support-agent' };
    const run = await runAgent(file, { flags, env, ...(node === undefined ? {} : { node }) });
    return { run, sessions: await readSessions(translator) };
  } finally {
    await translator.close();
    await store.close();
  }
}

/** The agent has ended, so everything that it has to say is on its way: wait until the counts no longer change. */
async function readSessions(translator: Translator): Promise<SessionResponse[]> {
  const get = async <T>(path: string): Promise<T> => (await (await fetch(translator.url + path)).json()) as T;
  const deadline = Date.now() + 5000;
  for (;;) {
    const { items } = await get<{ items: { id: string; endMs?: number }[] }>('/api/sessions?limit=100');
    if (items.length > 0 && items.every((session) => session.endMs !== undefined)) {
      return Promise.all(
        items.map(({ id }) => get<SessionResponse>(`/api/sessions/${encodeURIComponent(id)}`)),
      );
    }
    if (Date.now() > deadline) throw new Error(`no ended session arrived: ${JSON.stringify(items)}`);
    await wait(20);
  }
}

/** Compares with a reviewed file; `UPDATE_GOLDEN=1` writes it anew. */
function expectGolden(file: string, value: unknown): void {
  const path = join(ROOT, 'test/e2e/golden', file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  expect(value).toEqual(JSON.parse(readFileSync(path, 'utf8')));
}

const seen = ({ code, stdout, unused }: AgentRun): object => ({ code, stdout, unused });

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
  it.each([
    ['an ES module', AGENT],
    ['CommonJS', CJS_AGENT],
  ])('runs as %s under the preload as it does without', async (_form, file) => {
    const plain = await runAgent(file, { node });
    expect(plain).toMatchObject({ code: 0, unused: [], stderr: '' });
    const { run, sessions } = await trailOf(file, PRELOAD, node);
    expect(seen(run)).toEqual(seen(plain));
    expect(run.stderr).toBe('');
    expectGolden('agent.json', normaliseSessions(sessions));
  });

  it('leaves one session with its steps when it names them', async () => {
    const plain = await runAgent(AGENT, { node });
    const { run, sessions } = await trailOf(AGENT_WITH_STEPS, PRELOAD, node);
    expect(seen(run)).toEqual(seen(plain));
    expectGolden('agent-with-steps.json', normaliseSessions(sessions));
  });

  it('runs the same with its steps named when nothing listens', async () => {
    const plain = await runAgent(AGENT, { node });
    const unheard = await runAgent(AGENT_WITH_STEPS, {
      node,
      flags: PRELOAD,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    });
    expect(seen(unheard)).toEqual(seen(plain));
    const off = await runAgent(AGENT_WITH_STEPS, {
      node,
      flags: PRELOAD,
      env: { OTEL_SDK_DISABLED: 'true' },
    });
    expect(seen(off)).toEqual(seen(plain));
  });
});
