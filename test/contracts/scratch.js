import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SDKS = join(ROOT, 'test/sdks');
const SCRATCH = join(ROOT, 'test/contracts/.cache');

/** Versions of the SDKs, by alias: `openai4` … Installs them when they are missing. */
export function installSdks() {
  const { dependencies } = JSON.parse(readFileSync(join(SDKS, 'package.json'), 'utf8'));
  const isComplete = Object.keys(dependencies).every((alias) =>
    existsSync(join(SDKS, 'node_modules', alias)),
  );
  if (!isComplete) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], SDKS);
  return Object.keys(dependencies).map((alias) => {
    const { name, version, engines } = readManifest(alias);
    return { alias, module: name, version, major: Number(alias.match(/\d+$/)[0]), node: engines?.node };
  });
}

function readManifest(alias) {
  return JSON.parse(readFileSync(join(SDKS, 'node_modules', alias, 'package.json'), 'utf8'));
}

/** Packs what is built and unpacks it as npm would, so that the paths in it are those a user has. */
export function installPackage() {
  mkdirSync(join(SCRATCH, 'node_modules'), { recursive: true });
  // Without a package of its own, the folder would belong to this one, and its name would mean the checkout.
  writeFileSync(join(SCRATCH, 'package.json'), '{ "name": "app", "private": true }\n');
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', SCRATCH], ROOT),
  );
  const target = join(SCRATCH, 'node_modules/spoor');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  run('tar', ['-xzf', join(SCRATCH, filename), '-C', target, '--strip-components=1'], SCRATCH);
  rmSync(join(SCRATCH, filename));
  cpSync(join(ROOT, 'test/contracts/child/preload.mjs'), join(SCRATCH, 'preload.mjs'));
  return target;
}

/**
 * A folder with a program that loads one version of an SDK under its real name. The SDK is a copy, because a link would be
 * resolved to the name of the alias.
 */
export function makeProgram(sdk, adapterUrl) {
  const folder = join(SCRATCH, sdk.alias);
  const copy = join(folder, 'node_modules', sdk.module);
  if (!existsSync(copy) || readVersion(copy) !== sdk.version) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(SDKS, 'node_modules', sdk.alias), copy, { recursive: true });
    linkDependencies(sdk.alias, folder);
  }
  const runner = new URL('child/run.mjs', import.meta.url).href;
  writeFileSync(
    join(folder, 'program.mjs'),
    [
      `import { createRequire } from 'node:module';`,
      `import * as sdk from '${sdk.module}';`,
      `import { run } from '${runner}';`,
      `await run(sdk, '${adapterUrl}', async () => createRequire(import.meta.url)('${sdk.module}'));\n`,
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'program.cjs'),
    [
      `const sdk = require('${sdk.module}');`,
      `const other = () => import('${sdk.module}');`,
      `import('${runner}').then(({ run }) => run(sdk, '${adapterUrl}', other));\n`,
    ].join('\n'),
  );
  return {
    esm: join(folder, 'program.mjs'),
    cjs: join(folder, 'program.cjs'),
    preload: join(SCRATCH, 'preload.mjs'),
  };
}

function readVersion(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** What the SDK depends on, but not the OpenTelemetry API: an app has one copy of it. */
function linkDependencies(alias, folder) {
  for (const name of Object.keys(readManifest(alias).dependencies ?? {})) {
    if (name.startsWith('@opentelemetry/')) continue;
    const source = join(SDKS, 'node_modules', name);
    const target = join(folder, 'node_modules', name);
    if (!existsSync(source) || existsSync(target)) continue;
    mkdirSync(join(target, '..'), { recursive: true });
    symlinkSync(source, target);
  }
}

export function clearResults() {
  const folder = join(SCRATCH, 'results');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function adapters() {
  const folder = new URL('scenarios/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => /^[a-z]+\.js$/.test(file))
    .map((file) => new URL(file, folder).href);
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
