import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYERS, layerOf } from './layers.js';
import { type SourceModule, ROOT, parseModule, readModules } from './modules.js';
import {
  forbiddenImports,
  importCycles,
  loadedAtOnce,
  missingTargets,
  providerNames,
  sdkImportsOutsideSdk,
  styleComplaints,
  tooLong,
  unlikeFolders,
} from './rules.js';

const LIMITS = { source: 300, test: 600 };

let sources: SourceModule[] = [];
let tests: SourceModule[] = [];

beforeAll(async () => {
  sources = await readModules(['semconv', 'src', 'instrumentations']);
  tests = await readModules(['test', 'examples']);
  console.log(`architecture: ${sources.length} sources and ${tests.length} tests and examples looked at`);
});

describe('the sources', () => {
  it('were found, in every layer of the table', () => {
    const seen = new Set(sources.map((module) => layerOf(module.path)));
    const empty = Object.keys(LAYERS).filter((name) => !seen.has(name));
    expect(empty).toEqual([]);
    expect(sources.length).toBeGreaterThan(50);
    expect(tests.length).toBeGreaterThan(20);
  });

  it('import only what the table of layers allows', () => {
    expect(forbiddenImports(sources)).toEqual([]);
  });

  it('import no file in a circle', () => {
    expect(importCycles([...sources, ...tests])).toEqual([]);
  });

  it('import files that exist', () => {
    expect(missingTargets([...sources, ...tests], (path) => existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('know an OpenTelemetry SDK in src/sdk only', () => {
    expect(sdkImportsOutsideSdk(sources)).toEqual([]);
  });

  it('let the preload bring no package before the program loads an SDK', () => {
    const loaded = [...loadedAtOnce(sources, 'src/register.ts')];
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter((path) => !path.includes('.ts') && !path.startsWith('node:'))).toEqual([]);
    expect(loaded.filter((path) => /^instrumentations\/[^/]+\//.test(path))).toEqual([]);
  });

  it('let `import spoor` bring the API of OpenTelemetry and no other package', () => {
    const loaded = [...loadedAtOnce(sources, 'src/index.ts')];
    expect(loaded.length).toBeGreaterThan(50);
    expect(loaded.filter((path) => !path.includes('.ts') && !path.startsWith('node:'))).toEqual([
      '@opentelemetry/api',
    ]);
  });

  it('name a provider in its own folder only', () => {
    expect(providerNames(sources)).toEqual([]);
  });

  it('name every export, have no default export and are named in kebab-case', () => {
    const withoutConfigs = tests.filter((module) => !/reporter|\.config\.ts$/.test(module.path));
    expect(styleComplaints([...sources, ...withoutConfigs])).toEqual([]);
  });

  it('are short enough to read at once', () => {
    expect(tooLong([...sources, ...tests], LIMITS)).toEqual([]);
  });
});

describe('the folders of instrumentations', () => {
  it('have the same set of files', () => {
    const files = globSync('instrumentations/**/*.{ts,md}', { cwd: ROOT }).map((file) =>
      file.replaceAll('\\', '/'),
    );
    expect(files.length).toBeGreaterThan(7);
    expect(unlikeFolders(files)).toEqual([]);
  });
});

describe('the project references', () => {
  it('point only where the table of layers allows', () => {
    const complaints: string[] = [];
    let looked = 0;
    for (const [name, layer] of Object.entries(LAYERS)) {
      const file = join(ROOT, layer.prefix, 'tsconfig.json');
      const config = JSON.parse(readFileSync(file, 'utf8')) as { references?: { path: string }[] };
      for (const { path } of config.references ?? []) {
        looked += 1;
        const target = layerOf(`${join(layer.prefix, path).replaceAll('\\', '/')}/x.ts`);
        const allowed = target !== undefined && [...layer.may, ...(layer.types ?? [])].includes(target);
        if (!allowed) complaints.push(`${name} references ${target}`);
      }
    }
    expect(looked).toBeGreaterThan(30);
    expect(complaints).toEqual([]);
  });
});

describe('the rules themselves', () => {
  it('refuse an import against the direction of the layers', () => {
    const module = parseModule('src/tracing/a.ts', "import { open } from '../store/store.js';\n");
    expect(forbiddenImports([module])).toEqual([
      'src/tracing/a.ts (tracing) must not import src/store/store.ts',
    ]);
  });

  it('refuse an SDK at run time and let its types pass', () => {
    const module = parseModule(
      'instrumentations/acme/a.ts',
      "import type { A } from 'acme';\nimport { b } from 'acme';\n",
    );
    expect(forbiddenImports([module])).toHaveLength(1);
  });

  it('refuse one instrumentation that sees another', () => {
    const module = parseModule('instrumentations/acme/a.ts', "import { b } from '../other/b.js';\n");
    expect(forbiddenImports([module])).toHaveLength(1);
  });

  it('see dynamic imports and require()', () => {
    const module = parseModule(
      'semconv/a.ts',
      "export const a = (): unknown => [import('left'), require('right')];\n",
    );
    expect(forbiddenImports([module])).toHaveLength(2);
  });

  it('find a circle of three files', () => {
    const circle = ['b', 'c', 'a'].map((next, index) =>
      parseModule(`src/shared/${'abc'[index]}.ts`, `export { x } from './${next}.js';\n`),
    );
    expect(importCycles(circle)).toEqual([
      'src/shared/a.ts → src/shared/b.ts → src/shared/c.ts → src/shared/a.ts',
    ]);
  });

  it('let two files know each other by type', () => {
    const pair = ['b', 'a'].map((next, index) =>
      parseModule(`src/shared/${'ab'[index]}.ts`, `import type { X } from './${next}.js';\n`),
    );
    expect(importCycles(pair)).toEqual([]);
  });

  it('find a missing file, an SDK import, a provider, a long file and each matter of style', () => {
    const module = parseModule(
      'src/store/UpperCase.ts',
      "export * from './gone.js';\nexport default 1;\nimport '@opentelemetry/sdk-trace-node'; // OpenAI\n",
    );
    expect(missingTargets([module], () => false)).toHaveLength(1);
    expect(sdkImportsOutsideSdk([module])).toHaveLength(1);
    expect(providerNames([module])).toEqual(['src/store/UpperCase.ts names openai']);
    expect(styleComplaints([module])).toHaveLength(3);
    expect(tooLong([module], { source: 2, test: 2 })).toHaveLength(1);
  });

  it('find a folder of an instrumentation that is not like the others', () => {
    expect(unlikeFolders(['instrumentations/acme/index.ts', 'instrumentations/acme/odd.ts'])).toHaveLength(7);
  });
});
