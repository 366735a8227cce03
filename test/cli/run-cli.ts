import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface CliOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Another copy of the package than the built one. */
  main?: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** What it printed so far. */
  out(): string;
  err(): string;
  /** Resolves to the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts the built command line as its own process; it is killed when the test ends. */
export function startCli(
  args: readonly string[],
  { env = {}, cwd, main = MAIN }: CliOptions = {},
): RunningCli {
  const { SPOOR_URL: _url, NO_COLOR: _noColor, FORCE_COLOR: _force, ...rest } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...rest, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, out: () => out, err: () => err, ended };
}

/** Runs the built command line to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<{ code: number | NodeJS.Signals | null; out: string; err: string }> {
  const running = startCli(args, options);
  const code = await running.ended;
  return { code, out: running.out(), err: running.err() };
}
