import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What the published package depends on, and its peer. */
const DEPENDENCIES = ['@opentelemetry', '@pydantic', 'zod'];

export interface RunResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  ms: number;
}

export interface RunOptions {
  env?: Record<string, string>;
  nodeArgs?: readonly string[];
  /** Another Node than the one that runs the tests. */
  node?: string;
  /** After which it is killed. Default 25,000. */
  limitMs?: number;
  /** Called once the program printed this line. */
  onLine?: Record<string, (child: ChildProcess) => void>;
}

export interface InstalledApp {
  folder: string;
  write(name: string, text: string): string;
  /** Another package that the app depends on. */
  link(name: string): void;
  run(file: string, options?: RunOptions): Promise<RunResult>;
  remove(): void;
}

/** A program's folder with the built package in its node_modules, as an install leaves it: copied, not linked. */
export function createInstalledApp(): InstalledApp {
  if (!existsSync(join(ROOT, 'dist/src/register.js')))
    throw new Error('build first: dist/src/register.js is missing');
  const folder = mkdtempSync(join(tmpdir(), 'spoor-app-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'spoor'), { recursive: true });
  cpSync(join(ROOT, 'dist'), join(modules, 'spoor/dist'), {
    recursive: true,
    filter: (path) => !/\.tsbuildinfo|\.test-types|dist\/src\/dashboard|dist\/test/.test(path),
  });
  cpSync(join(ROOT, 'package.json'), join(modules, 'spoor/package.json'));
  for (const name of DEPENDENCIES) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  // `import-in-the-middle` and others are found through the real paths of the linked packages.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'the-app', private: true }));
  return {
    folder,
    write: (name, text) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    link: (name) => symlinkSync(join(ROOT, 'node_modules', name), join(modules, name)),
    run: (file, options = {}) => run(folder, file, options),
    remove: () =>
      // A process that outlives the program may still be at work in it.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

function run(folder: string, file: string, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:OTEL_|SPOOR_|NODE_OPTIONS|VITEST|NODE_ENV)/.test(name),
    ),
  );
  const child = spawn(
    options.node ?? process.execPath,
    [...(options.nodeArgs ?? ['--import', 'spoor/register']), file],
    {
      cwd: folder,
      env: { ...env, SPOOR_JOURNAL_DIR: join(folder, 'journal'), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  const pending = new Map(Object.entries(options.onLine ?? {}));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const [line, act] of pending) {
      if (!stdout.includes(`${line}\n`)) continue;
      pending.delete(line);
      act(child);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? 25_000);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, ms: performance.now() - started });
    });
  });
}
