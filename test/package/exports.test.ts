import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The package as others see it: by its own name, through its `exports`, from the build. */
const ROOT = join(import.meta.dirname, '../..');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { types: string; default: string }>;
  bin: Record<string, string>;
};
const SDKS = readdirSync(join(ROOT, 'dist/instrumentations'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const ENTRIES = Object.keys(MANIFEST.exports)
  .filter((entry) => entry !== './package.json')
  .flatMap((entry) => (entry.includes('*') ? SDKS.map((name) => entry.replace('*', name)) : [entry]))
  .map((entry) => entry.replace(/^\./, 'spoor'));

/** The Node that runs the tests, and the one that the machine has. */
const NODES = [process.execPath, systemNode()]
  .filter((path) => path !== undefined)
  .map((path) => ({ path, version: spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim() }));

function systemNode(): string | undefined {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path));
  return found === undefined || realpathSync(found) === realpathSync(process.execPath) ? undefined : found;
}

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

function runNode(node: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: ROOT,
    encoding: 'utf8',
    // Nothing is to be exported from here.
    env: { PATH: process.env['PATH'], OTEL_SDK_DISABLED: 'true' },
  });
  return { status, stdout, stderr };
}

describe('each entry point', () => {
  it('is there', () => {
    expect(SDKS.length).toBeGreaterThan(1);
    expect(ENTRIES.length).toBeGreaterThan(7);
  });

  it.each(ENTRIES)('exports what the snapshot says: %s', (entry) => {
    const script = `import(${JSON.stringify(entry)}).then((all) => console.log(JSON.stringify(Object.keys(all).sort())))`;
    const { status, stdout, stderr } = runNode(process.execPath, ['-e', script]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchSnapshot();
  });
});

describe.each(NODES)('with Node $version', ({ path: node }) => {
  it.each(ENTRIES)('%s loads with import', (entry) => {
    const outcome = runNode(node, [
      '--input-type=module',
      '-e',
      `import ${JSON.stringify(entry)}; console.log('loaded');`,
    ]);
    expect(outcome).toEqual({ status: 0, stdout: 'loaded\n', stderr: '' });
  });

  it.each(ENTRIES)('%s loads with require()', (entry) => {
    const outcome = runNode(node, [
      '--input-type=commonjs',
      '-e',
      `require(${JSON.stringify(entry)}); console.log('loaded');`,
    ]);
    expect(outcome).toEqual({ status: 0, stdout: 'loaded\n', stderr: '' });
  });

  it('starts as a preload', () => {
    const outcome = runNode(node, ['--import', 'spoor/register', '-e', "console.log('ran')"]);
    expect(outcome).toEqual({ status: 0, stdout: 'ran\n', stderr: '' });
  });

  it('has a command line that answers', () => {
    const { status, stdout, stderr } = runNode(node, [join(ROOT, MANIFEST.bin['spoor'] ?? ''), '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^\s+serve /m);
  });
});

describe('the packed package', () => {
  const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string; size: number }[] }];
  const paths = files.map((file) => file.path);

  it('has everything that the manifest points at', () => {
    const targets = Object.values(MANIFEST.exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : [target.types, target.default]))
      .flatMap((target) => (target.includes('*') ? SDKS.map((name) => target.replace('*', name)) : [target]))
      .concat(Object.values(MANIFEST.bin))
      .map((target) => target.replace(/^\.\//, ''));
    expect(targets.filter((target) => !paths.includes(target))).toEqual([]);
  });

  it('has the dashboard, the license, the readme and the changelog', () => {
    const wanted = ['index.html', 'app.js', 'app.css', 'icon.svg'].map(
      (name) => `dist/src/dashboard/${name}`,
    );
    expect(
      [...wanted, 'LICENSE', 'README.md', 'CHANGELOG.md'].filter((name) => !paths.includes(name)),
    ).toEqual([]);
  });

  it('has no test, no source, no build state and nothing outside dist but the documents', () => {
    const odd = paths.filter(
      (path) =>
        /(^|\/)(test|tests|fixtures|\.[^/]+)\//.test(path) ||
        /\.(tsbuildinfo|d\.ts\.map|test\.[jt]s)$/.test(path) ||
        (/\.tsx?$/.test(path) && !path.endsWith('.d.ts')) ||
        !/^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path),
    );
    expect(odd).toEqual([]);
    expect(paths.length).toBeGreaterThan(50);
  });

  it('is made of small files', () => {
    expect(files.filter((file) => file.size > 300_000)).toEqual([]);
  });
});
