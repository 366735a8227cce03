import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { startTranslator, type SessionResponse, type Translator } from '../../src/translator.js';
import { ROOT } from './run-agent.js';

const execute = promisify(execFile);
const DEADLINE_MS = 10_000;

/** Runs `send` against a translator of its own, and gives what `read` finds there once so many spans have arrived. */
export async function withTranslator<Sent, Found>(
  count: number,
  send: (url: string) => Promise<Sent>,
  read: (translator: Translator) => Promise<Found>,
): Promise<{ sent: Sent; found: Found }> {
  const store = createMemoryStore();
  const translator = await startTranslator({ port: 0, store });
  try {
    const sent = await send(translator.url);
    await arrival(translator, count);
    return { sent, found: await read(translator) };
  } finally {
    await translator.close();
    await store.close();
  }
}

/** Every session, as the command line shows it. */
export async function shownSessions({ store, url }: Translator): Promise<SessionResponse[]> {
  const { items } = await store.sessions({ limit: 100 });
  return Promise.all(items.map(({ id }) => show(id, url)));
}

async function show(id: string, url: string): Promise<SessionResponse> {
  const args = [join(ROOT, 'dist/src/cli/main.js'), 'show', id, '--json', '--url', url];
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 2 ** 26 });
  const shown: SessionResponse = JSON.parse(stdout);
  return shown;
}

async function arrival(translator: Translator, count: number): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const arrived = await spanCount(translator.url);
    if (arrived >= count) return;
    if (Date.now() > deadline) throw new Error(`${arrived} of ${count} spans arrived`);
    await wait(20);
  }
}

async function spanCount(url: string): Promise<number> {
  const response = await fetch(`${url}/api/traces?limit=100`);
  const { items } = (await response.json()) as { items: { spanCount: number }[] };
  return items.reduce((sum, trace) => sum + trace.spanCount, 0);
}
