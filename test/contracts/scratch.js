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
/** Where programs and the packed package are put. */
export const SCRATCH = process.env.CONTRACT_SCRATCH ?? join(ROOT, 'test/contracts/.cache');

/**
 * Versions of the SDKs, by alias: `openai4` … Installs them when they are missing. SDKs of one package are aliases in
 * `test/sdks/package.json`. A framework of several packages that know each other by name has a folder of its own there, named
 * by the alias, whose package.json names the main package under `contract`, and under `entry` what to import when the package
 * itself cannot be.
 */
export function installSdks() {
  const { dependencies } = install(SDKS);
  const single = Object.keys(dependencies).map((alias) => {
    const { name, version, engines } = readManifest(alias);
    return { alias, module: name, version, engine: engines?.node };
  });
  const families = readdirSync(SDKS)
    .filter((alias) => existsSync(join(SDKS, alias, 'package.json')))
    .map((alias) => {
      const folder = join(SDKS, alias);
      const { contract: module, entry } = install(folder);
      const { version, engines } = readJson(join(folder, 'node_modules', module, 'package.json'));
      const modules = join(folder, 'node_modules');
      return { alias, module, entry, version, engine: engines?.node, modules };
    });
  return [...single, ...families];
}

function install(folder) {
  const manifest = readJson(join(folder, 'package.json'));
  const isComplete = Object.keys(manifest.dependencies).every((name) =>
    existsSync(join(folder, 'node_modules', name)),
  );
  if (!isComplete) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  return manifest;
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
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
  if (sdk.modules === undefined) copySdk(sdk, folder);
  else linkFamily(sdk, folder);
  const runner = new URL('child/run.mjs', import.meta.url).href;
  const entry = sdk.entry ?? sdk.module;
  writeFileSync(
    join(folder, 'program.mjs'),
    [
      `import { createRequire } from 'node:module';`,
      `import * as sdk from '${entry}';`,
      `import { run } from '${runner}';`,
      `const load = (name) => import(name);`,
      `await run(sdk, '${adapterUrl}', async () => createRequire(import.meta.url)('${entry}'), load);\n`,
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'program.cjs'),
    [
      `const sdk = require('${entry}');`,
      `const other = () => import('${entry}');`,
      `const load = async (name) => require(name);`,
      `import('${runner}').then(({ run }) => run(sdk, '${adapterUrl}', other, load));\n`,
    ].join('\n'),
  );
  return {
    esm: join(folder, 'program.mjs'),
    cjs: join(folder, 'program.cjs'),
    preload: join(SCRATCH, 'preload.mjs'),
  };
}

function copySdk(sdk, folder) {
  const copy = join(folder, 'node_modules', sdk.module);
  if (!existsSync(copy) || readJson(join(copy, 'package.json')).version !== sdk.version) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(SDKS, 'node_modules', sdk.alias), copy, { recursive: true });
  }
  linkDependencies(sdk.alias, folder);
}

function linkFamily(sdk, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(sdk.modules, join(folder, 'node_modules'));
}

/**
 * What the SDK depends on, and what a program may install beside it, but not the OpenTelemetry API: an app has one copy of
 * it.
 */
function linkDependencies(alias, folder) {
  const { dependencies, peerDependencies } = readManifest(alias);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
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
