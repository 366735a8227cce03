import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface RunningProcess {
  /** Asks it to end, and ends it when it does not. */
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
const LOOK_EVERY_MS = 100;
const LINES_SHOWN = 15;

/** Starts a server and waits until `isReady` holds. Throws with its last words when it ends before that, or takes too long. */
export async function startProcess(options: {
  command: string;
  args: readonly string[];
  folder: string;
  env?: Record<string, string>;
  isReady: () => Promise<boolean>;
  timeoutMs?: number;
}): Promise<RunningProcess> {
  const { command, args, folder, env = {}, isReady, timeoutMs = 120_000 } = options;
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
  });
  let words = '';
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-20_000);
    });
  }
  const end = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      ended = error.message;
      resolve();
    });
    child.on('close', (code, signal) => {
      ended = `ended with ${code ?? signal}`;
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await end;
    clearTimeout(timer);
  };
  const last = (): string => words.trim().split('\n').slice(-LINES_SHOWN).join('\n');
  const deadline = performance.now() + timeoutMs;
  while (!(await isReady().catch(() => false))) {
    if (ended !== undefined) throw new Error(`${command} ${ended}\n${last()}`);
    if (performance.now() > deadline) {
      await stop();
      throw new Error(`${command} was not ready after ${timeoutMs} ms\n${last()}`);
    }
    await wait(LOOK_EVERY_MS);
  }
  return { stop };
}

/** Ports of the loopback that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Looks until there are enough, then once more is not needed: the caller compares the count. Gives what there is at the end. */
export async function until<T>(
  look: () => Promise<readonly T[]>,
  count: number,
  timeoutMs = 60_000,
): Promise<readonly T[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found.length >= count || performance.now() > deadline) return found;
    await wait(LOOK_EVERY_MS);
  }
}

/** Whether an address answers at all with what it should. */
export async function answers(url: string, init?: RequestInit): Promise<boolean> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2000) });
  await response.arrayBuffer();
  return response.ok;
}
