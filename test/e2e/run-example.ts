import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanEnvironment, ROOT } from './run-agent.js';

/** What a program left behind for whoever started it. */
export interface ProgramRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs an example by the command line that its README names. */
export function runExample(name: string, options: ProgramOptions = {}): Promise<ProgramRun> {
  return runNode(argumentsOf(name), options);
}

/** Runs a program in the root of the repository. Variables that could steer the run are not handed on. */
export async function runNode(
  args: readonly string[],
  { node = process.execPath, env = {} }: ProgramOptions,
): Promise<ProgramRun> {
  const child = spawn(node, args, {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await exit;
  return { code: child.exitCode, stdout, stderr };
}

function argumentsOf(name: string): string[] {
  const readme = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8');
  const command = /^node (.+)$/m.exec(readme)?.[1];
  if (command === undefined) throw new Error(`examples/${name}/README.md names no command`);
  return command.split(' ');
}
