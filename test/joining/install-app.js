import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const APPS = fileURLToPath(new URL('apps/', import.meta.url));
/** Where the apps are installed and run. */
export const SCRATCH = process.env.JOINING_SCRATCH ?? fileURLToPath(new URL('.cache/', import.meta.url));

const NPM = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

/** Packs what is built. Returns the path of the tarball. */
export function packSpoor() {
  const folder = join(SCRATCH, 'tarball');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return join(folder, JSON.parse(packed)[0].filename);
}

/**
 * Installs an app as its author would: `npm ci` by its lock, then `npm i <tarball>`. What npm made is kept, and only the
 * package itself is replaced, as long as the app's lock and what the package asks for are the same.
 *
 * @returns {Promise<{ folder: string, fault: string | undefined }>} `fault` is npm's error, if it ended with one.
 */
export async function installApp(name, tarball) {
  const source = join(APPS, name);
  const folder = join(SCRATCH, name);
  const stampFile = join(folder, 'node_modules/.joining');
  const stamp = stampOf(source);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    copyProgram(source, folder);
    replacePackage(folder, tarball);
    return { folder, fault: undefined };
  }
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  for (const args of [
    ['ci', ...NPM],
    ['i', ...NPM, tarball],
  ]) {
    const { code, output } = await npm(args, folder);
    if (code !== 0) return { folder, fault: `npm ${args[0]} ended with ${code}: ${firstError(output)}` };
    if (/npm (error|ERR!)[^\n]*ERESOLVE/.test(output)) return { folder, fault: 'npm reported ERESOLVE' };
  }
  writeFileSync(stampFile, stamp);
  return { folder, fault: undefined };
}

/** What decides what npm installs. */
function stampOf(source) {
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  return createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .update(JSON.stringify({ dependencies, peerDependencies, optionalDependencies }))
    .digest('hex');
}

/** The app's own files, without the package.json that npm has added to. */
function copyProgram(source, folder) {
  for (const entry of readdirSync(source)) {
    if (entry === 'node_modules' || /^package(-lock)?\.json$/.test(entry)) continue;
    cpSync(join(source, entry), join(folder, entry), { recursive: true });
  }
}

function replacePackage(folder, tarball) {
  const target = join(folder, 'node_modules/spoor');
  const dependencies = join(target, 'node_modules');
  const aside = join(folder, 'node_modules/.spoor-dependencies');
  // Dependencies that npm could not share are inside.
  if (existsSync(dependencies)) cpSync(dependencies, aside, { recursive: true });
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  if (existsSync(aside)) {
    cpSync(aside, dependencies, { recursive: true });
    rmSync(aside, { recursive: true });
  }
}

function npm(args, cwd) {
  return new Promise((resolve) => {
    const options = { cwd, encoding: 'utf8', maxBuffer: 50_000_000 };
    execFile('npm', args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 1), output: stdout + stderr });
    });
  });
}

function firstError(output) {
  return output.split('\n').find((line) => line.startsWith('npm error')) ?? output.trim().slice(0, 300);
}
