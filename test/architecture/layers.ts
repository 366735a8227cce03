/**
 * The layers, as a table of pairs. A file belongs to the longest matching prefix. `may` lists the layers it may import,
 * `types` those of which it may import types only, `packages` the packages ("node:" stands for every built-in module).
 */
export interface Layer {
  prefix: string;
  may: readonly string[];
  types?: readonly string[];
  packages?: readonly string[];
}

const BASE = ['semconv', 'shared'] as const;
const READ_SIDE = [...BASE, 'config', 'otlp', 'translate', 'analysis', 'store'] as const;

/** Built-in modules that do neither I/O nor tell the time. */
const PURE_BUILT_INS = ['node:buffer', 'node:crypto', 'node:util'] as const;

export const LAYERS: Readonly<Record<string, Layer>> = {
  semconv: { prefix: 'semconv/', may: [], packages: ['zod'] },
  shared: { prefix: 'src/shared/', may: [], packages: ['node:'] },
  config: { prefix: 'src/config/', may: BASE, packages: ['node:', 'zod'] },
  otlp: { prefix: 'src/otlp/', may: [...BASE, 'config'], packages: PURE_BUILT_INS },
  tracing: { prefix: 'src/tracing/', may: [...BASE, 'config'], packages: ['node:', '@opentelemetry/api'] },
  instrument: {
    prefix: 'src/instrument/',
    may: [...BASE, 'config', 'tracing'],
    packages: ['node:', '@opentelemetry/api', '@opentelemetry/instrumentation'],
  },
  sdk: {
    prefix: 'src/sdk/',
    may: [...BASE, 'config', 'tracing'],
    packages: [
      'node:',
      '@opentelemetry/api',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-node',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/otlp-transformer',
    ],
  },
  translate: { prefix: 'src/translate/', may: BASE, types: ['otlp'], packages: PURE_BUILT_INS },
  analysis: {
    prefix: 'src/analysis/',
    may: BASE,
    types: ['otlp'],
    packages: [...PURE_BUILT_INS, 'zod', '@pydantic/genai-prices'],
  },
  store: { prefix: 'src/store/', may: [...BASE, 'translate', 'otlp'], packages: ['node:'] },
  server: { prefix: 'src/server/', may: READ_SIDE, packages: ['node:', 'zod'] },
  dashboard: {
    prefix: 'src/dashboard/',
    may: ['semconv'],
    types: ['server'],
    packages: ['preact'],
  },
  testing: { prefix: 'src/testing/', may: [...BASE, 'otlp'], packages: ['node:'] },
  client: { prefix: 'src/client/', may: [...BASE, 'otlp'], types: ['server', 'store'], packages: ['node:'] },
  cli: {
    prefix: 'src/cli/',
    may: ['client', ...READ_SIDE, 'server', 'tracing', 'instrument', 'sdk', 'instrumentations'],
    packages: ['node:'],
  },
  instrumentations: { prefix: 'instrumentations/', may: ['semconv', 'instrument'], packages: ['node:'] },
  entries: {
    prefix: 'src/',
    may: [
      ...READ_SIDE,
      'tracing',
      'instrument',
      'sdk',
      'server',
      'client',
      'testing',
      'cli',
      'instrumentations',
    ],
    packages: ['node:', '@opentelemetry/api', '@opentelemetry/instrumentation'],
  },
};

/** Layers that nobody imports. */
export const NEVER_IMPORTED: readonly string[] = ['entries', 'cli', 'dashboard'];

/** Single imports that the table would refuse, each with its reason. */
export const IMPORT_EXCEPTIONS: readonly { from: string; target: string; reason: string }[] = [];

/** The layer of a file, or undefined outside the layers (tests, scripts, examples). */
export function layerOf(path: string): string | undefined {
  let best: string | undefined;
  for (const [name, layer] of Object.entries(LAYERS)) {
    if (
      path.startsWith(layer.prefix) &&
      layer.prefix.length > (best ? (LAYERS[best]?.prefix.length ?? 0) : 0)
    )
      best = name;
  }
  return best;
}
