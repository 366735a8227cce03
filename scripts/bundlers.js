// Wrapped clients in bundled apps: the same app as it is, and bundled by esbuild, rollup and webpack, as ESM and as CJS, with
// short names. What it sees and its spans must not differ. Run the build first, or leave out --no-build.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, inspect, parseArgs, promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TOOLS = join(ROOT, 'test/bundlers');
const CACHE = join(TOOLS, '.cache');
const { values: options } = parseArgs({ options: { 'no-build': { type: 'boolean' } } });

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
  cwd: TOOLS,
  stdio: 'inherit',
});
process.env.CONTRACT_SCRATCH = CACHE;
mkdirSync(CACHE, { recursive: true });
const { installPackage } = await import('../test/contracts/scratch.js');
const { startLlmServer } = await import('../dist/src/testing/index.js');
installPackage();
const ENTRY = join(CACHE, 'app.mjs');
cpSync(join(TOOLS, 'app.mjs'), ENTRY);

/** What an ESM bundle needs for packages that call `require`. */
const REQUIRE = `import { createRequire as _cr } from 'node:module'; const require = _cr(import.meta.url);`;
const tool = createRequire(join(TOOLS, 'package.json'));
const BUNDLERS = { esbuild: withEsbuild, rollup: withRollup, webpack: withWebpack };
const FORMATS = { esm: 'mjs', cjs: 'cjs' };

let failed = 0;
let passed = 0;
const expected = await runApp(ENTRY, 'unbundled');
console.log(`unbundled: ${expected.spans.length} spans`);
for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
  for (const [format, ending] of Object.entries(FORMATS)) {
    const file = join(CACHE, 'bundles', `${bundler}.${ending}`);
    const fault = await bundle(format, file).then(() => differenceOf(file, bundler), String);
    if (fault === undefined) passed += 1;
    else failed += 1;
    console.log(`${bundler} ${format.toUpperCase()}: ${fault ?? `the same ${expected.spans.length} spans`}`);
  }
}
if (expected.spans.length === 0) throw new Error('the app has no spans, so nothing was compared');
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, 0 skipped`);

async function withEsbuild(format, outfile) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    logLevel: 'error',
    ...(format === 'esm' ? { banner: { js: REQUIRE } } : { logOverride: { 'empty-import-meta': 'silent' } }),
  });
}

async function withRollup(format, file) {
  const { rollup } = tool('rollup');
  const plugins = [
    tool('@rollup/plugin-node-resolve').nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }),
    tool('@rollup/plugin-commonjs')({ ignoreDynamicRequires: true }),
    tool('@rollup/plugin-json')(),
    tool('@rollup/plugin-terser')(),
  ];
  const bundle = await rollup({ input: ENTRY, plugins, onwarn: () => {} });
  await bundle.write({ file, format, inlineDynamicImports: true });
  await bundle.close();
}

async function withWebpack(format, file) {
  const webpack = tool('webpack');
  const library = format === 'esm' ? { type: 'module' } : { type: 'commonjs2' };
  const compiler = webpack({
    mode: 'production',
    target: 'node20',
    context: CACHE,
    entry: ENTRY,
    experiments: { outputModule: format === 'esm' },
    output: { path: join(CACHE, 'bundles'), filename: file.split('/').at(-1), library, chunkFormat: false },
    optimization: { splitChunks: false },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
}

async function differenceOf(file, bundler) {
  const actual = await runApp(file, bundler);
  for (const what of ['seen', 'spans']) {
    const [left, right] = [expected[what], actual[what]];
    if (isDeepStrictEqual(left, right)) continue;
    const at = left.findIndex((item, index) => !isDeepStrictEqual(item, right[index]));
    return `${what} ${at} of ${right.length}: expected ${inspect(left[at], SHOWN)}, got ${inspect(right[at], SHOWN)}`;
  }
  return undefined;
}

const SHOWN = { depth: 5, breakLength: Infinity };

/** Runs the app in a process of its own, against a server of its own: two that were asked the same say the same. */
async function runApp(file, name) {
  const result = join(CACHE, `${name}.json`);
  const server = await startLlmServer({
    respond: () => ({ text: 'North.', usage: { input: 3, output: 2 } }),
  });
  try {
    const urls = [server.openaiBaseUrl, server.anthropicBaseUrl];
    const env = {
      PATH: process.env.PATH,
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
      SPOOR_JOURNAL_DIR: join(CACHE, 'journal'),
    };
    await promisify(execFile)(process.execPath, [file, ...urls, result], { env, timeout: 60_000 });
  } finally {
    await server.close();
  }
  return comparable(readFileSync(result, 'utf8'));
}

/** Without what differs between two runs of the same program: the port, and the time to the first chunk. */
function comparable(json) {
  const text = json
    .replaceAll(/("gen_ai\.response\.time_to_first_chunk":)[\d.e-]+/g, '$10')
    .replaceAll(/("server\.port":)\d+/g, '$10');
  return JSON.parse(text);
}
