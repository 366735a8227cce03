import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { constants, homedir, setPriority } from 'node:os';
import { join } from 'node:path';

/** The program of a back end, or why there is none: what is skipped is not there to be had, what failed should have worked. */
export type Installed = { readonly program: string } | { readonly skip: string } | { readonly fault: string };

/** `cachedOnly`: builds and downloads nothing. */
export type Install = (options: { cachedOnly: boolean }) => Promise<Installed>;

/** Where what was built stays: `$XDG_CACHE_HOME/spoor-backends`, else `~/.cache/spoor-backends`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'spoor-backends');
}

const SHOW_EVERY_MS = 15_000;
/** What Go and pip say when Go is too old, or a registry cannot be reached or does not have a version. */
const UNREACHABLE =
  /requires go >=|dial tcp|no such host|i\/o timeout|TLS handshake|connection refused|\b40[34] (Forbidden|Not Found)|module lookup disabled|NewConnectionError|Connection refused|No matching distribution|Network is unreachable/;

/** A program in Go. `module` has a `go.mod` and a `go.sum` that fix every version. */
export function goProgram(options: {
  name: string;
  version: string;
  module: string;
  /** The package to build, as `go build` takes it. */
  target: string;
  ldflags?: string;
}): Install {
  const { name, version, module, target, ldflags = '' } = options;
  return async ({ cachedOnly }) => {
    const folder = join(cacheFolder(), `${name}-${version}-${digestOf(module)}`);
    const program = join(folder, name);
    if (existsSync(program)) return { program };
    if (cachedOnly) return { skip: 'not built yet: npm run backends' };
    const go = await run('go', ['version'], {});
    if (go.fault !== undefined) return { skip: `go cannot be run: ${go.fault}` };
    mkdirSync(folder, { recursive: true });
    const built = `${program}.${process.pid}`;
    const args = [
      'build',
      '-v',
      '-mod=readonly',
      '-buildvcs=false',
      '-trimpath',
      '-ldflags',
      `-s -w ${ldflags}`,
      '-o',
      built,
    ];
    const { fault, output } = await run('go', [...args, target], { title: name, cwd: module });
    if (fault !== undefined) {
      rmSync(folder, { recursive: true, force: true });
      return failed('go build', fault, output);
    }
    renameSync(built, program);
    return { program };
  };
}

/** A program of a Python package, in an environment of its own. `constraints` fixes the versions of what it needs. */
export function pythonProgram(options: {
  name: string;
  package: string;
  version: string;
  constraints: string;
}): Install {
  const { name, version, constraints } = options;
  return async ({ cachedOnly }) => {
    const folder = join(cacheFolder(), `${name}-${version}-${digestOf(constraints)}`);
    const program = join(folder, 'bin', name);
    if (existsSync(join(folder, 'complete'))) return { program };
    if (cachedOnly) return { skip: 'not installed yet: npm run backends' };
    // An environment has its own path in it, so it is made where it stays, and marked when it is complete.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(cacheFolder(), { recursive: true });
    const made = await run('python3', ['-m', 'venv', folder], {});
    if (made.fault !== undefined) return { skip: `python3 -m venv cannot be run: ${made.fault}` };
    const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--only-binary=:all:'];
    const { fault, output } = await run(
      join(folder, 'bin/python'),
      [...args, '-c', join(constraints, 'constraints.txt'), `${options.package}==${version}`],
      { title: name },
    );
    if (fault !== undefined) {
      rmSync(folder, { recursive: true, force: true });
      return failed('pip install', fault, output);
    }
    mkdirSync(join(folder, 'complete'));
    return { program };
  };
}

function failed(step: string, fault: string, output: string): Installed {
  const lines = output.trim().split('\n');
  const unreachable = lines.find((line) => UNREACHABLE.test(line));
  if (unreachable !== undefined) return { skip: `${step}: ${unreachable.trim()}` };
  return { fault: `${step}: ${fault}\n${lines.slice(-10).join('\n')}` };
}

/** Of the files that fix what is built: another list of versions is another program. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).toSorted())
    hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 8);
}

/** Runs a step to its end, behind everything else on the machine. With a title it says how far it is. */
async function run(
  command: string,
  args: readonly string[],
  { title, cwd }: { title?: string; cwd?: string },
): Promise<{ fault?: string; output: string }> {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GOFLAGS: '' },
  });
  let output = '';
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const show = setInterval(() => {
    if (title === undefined) return;
    const last = output.trim().split('\n').at(-1)?.slice(0, 100) ?? '';
    console.log(`${title}: ${seconds()}${last === '' ? '' : `, ${last}`}`);
  }, SHOW_EVERY_MS);
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has already ended, or the system does not let us: then it runs like everything else.
  }
  const fault = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${code ?? signal}`));
  });
  clearInterval(show);
  if (title !== undefined && fault === undefined) console.log(`${title}: ready after ${seconds()}`);
  return fault === undefined ? { output } : { fault, output };
}
