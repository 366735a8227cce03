import { once } from 'node:events';
import { COMMANDS } from './commands.js';
import { runCommandLine } from './run-command-line.js';

/** Runs the command line of this process and sets its exit code. Ctrl-C asks the command to end; a second one insists. */
export async function runProcess(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  // The reader of a pipe (`| head`) has what it wanted.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    stdin: () => process.stdin.setEncoding('utf8') as AsyncIterable<string>,
    columns: Math.max(process.stdout.columns ?? 80, 60),
    isColoured:
      process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
    env: process.env,
    stop: stop.signal,
  });
}
