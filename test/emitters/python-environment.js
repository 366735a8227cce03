/** Libraries of Python in an environment of their own in the user's cache, made anew when the list of versions changes. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INTERPRETERS = ['python3.11', 'python3.12', 'python3.13', 'python3'];
const AT_LEAST = 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
/** What pip says when the registry cannot be reached, or has no wheel for this machine. */
const NOT_TO_BE_HAD =
  /No matching distribution|NewConnectionError|Connection refused|Network is unreachable|40[34] /;

/**
 * The interpreter of the environment with what `requirements` lists, or why there is none: `skip` when it is not to be had on
 * this machine, `fault` when it should have worked. `cachedOnly` installs nothing.
 */
export async function pythonEnvironment(requirements, { cachedOnly = false } = {}) {
  const list = readFileSync(requirements);
  const digest = createHash('sha256').update(list).digest('hex').slice(0, 8);
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(base, 'spoor-dialects', digest);
  const python = join(folder, 'bin/python');
  if (existsSync(join(folder, 'complete'))) return { python };
  if (cachedOnly) return { skip: 'the libraries of Python are not installed yet: npm run dialects' };
  const interpreter = await findInterpreter();
  if (interpreter === undefined) return { skip: 'there is no Python 3.10 or later' };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log(`installing ${requirements}`);
  try {
    await run(interpreter, ['-m', 'venv', folder]);
    const args = ['--disable-pip-version-check', '--no-input', '--only-binary=:all:', '--no-deps', '-q'];
    await run(python, ['-m', 'pip', 'install', ...args, '-r', requirements], { maxBuffer: 2 ** 26 });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const words = String(error.stderr || error.message).trim();
    return NOT_TO_BE_HAD.test(words)
      ? { skip: `pip install: ${words.split('\n').at(-1)}` }
      : { fault: words };
  }
  writeFileSync(join(folder, 'complete'), '');
  return { python };
}

async function findInterpreter() {
  for (const name of INTERPRETERS) {
    try {
      await run(name, ['-c', AT_LEAST]);
      return name;
    } catch {
      // Not there, or too old: the next one.
    }
  }
  return undefined;
}
