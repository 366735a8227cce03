import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';

const ROOT = join(import.meta.dirname, '../..');

/** Names of the packages that a program has loaded at the end, by the hooks of Node. */
function packagesOf(program: string): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({
      load(url, context, next) {
        const found = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url);
        if (found) seen.add(found[1]);
        return next(url, context);
      },
    });
    const spoor = await import('spoor');
    ${program}
    console.log(JSON.stringify([...seen].sort()));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[];
}

describe('importing spoor', () => {
  it('loads the API of OpenTelemetry and no other package', () => {
    expect(packagesOf('')).toEqual(['@opentelemetry/api']);
  });

  it('loads the schema library when options are to be checked, not before', () => {
    expect(
      packagesOf("spoor.tool((a) => a)(1); spoor.init({ storage: 'none', instrumentations: {} });"),
    ).toContain('zod');
    expect(packagesOf('spoor.init(); spoor.currentSession();')).not.toContain('zod');
  });
});

describe('what is loaded later', () => {
  it('is given to bundles, all of it', () => {
    const asked = globSync('src/**/*.ts', { cwd: ROOT }).flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\blateModule<[^(]*>\(\s*'([^']+)'/g)].map(
        (match) => basename(match[1] ?? '', '.js'),
      ),
    );
    const given = ['late-modules', 'bundled'].flatMap((entry) => {
      const call =
        /provideLate\(\{([^}]*)\}\)/.exec(readFileSync(join(ROOT, `src/${entry}.ts`), 'utf8'))?.[1] ?? '';
      return [...call.matchAll(/^\s*'?([\w-]+)'?[:,]/gm), ...call.matchAll(/^ (\w+) $/g)].map(
        (match) => match[1],
      );
    });
    expect(asked.length).toBeGreaterThan(10);
    expect(new Set(given)).toEqual(new Set(asked));
    expect(given.length).toBe(asked.length);
  });

  it('makes no difference to what the entry names', async () => {
    const [entry, whole] = await Promise.all(
      ['index', 'whole'].map(
        async (name) => (await import(join(ROOT, `dist/src/${name}.js`))) as Record<string, unknown>,
      ),
    );
    expect({ ...whole }).toEqual({ ...entry });
  });
});

describe('with files of the package gone', () => {
  const PROGRAM = `
    import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
    import { getCurrentContext, init, instrument, score, SpoorSpanProcessor, startObservation, tool, withFlush, withSession, withStep } from 'spoor';
    const exporter = new InMemorySpanExporter();
    new NodeTracerProvider({
      spanProcessors: [new SpoorSpanProcessor(), new SimpleSpanProcessor(exporter)],
    }).register();
    init();
    const results = withSession({ name: 'secret-name' }, () => [
      tool((a) => a + 1)(1),
      tool({ name: 't' }, (a) => a + 2)(1),
      tool({ name: 't' })((a) => a + 3)(1),
      withStep({ goal: 'secret-goal', screenshot: 'none' }, () => 5),
      instrument({ name: 'secret-trace' }, () => 6),
      withFlush((a) => a)(7),
      score({ name: 'secret-score', value: 1 }) ?? 8,
    ]);
    startObservation({ name: 'secret-part', metadata: { 'secret-key': 'secret-value' } }).end();
    getCurrentContext();
    console.log(JSON.stringify({ results, spans: exporter.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, ofEvents: events.map((event) => event.attributes ?? {}), eventNames: events.map((event) => event.name) })) }));`;
  const RESULTS = [2, 3, 4, 5, 6, 7, 8];
  let app: InstalledApp;
  beforeAll(() => {
    app = createInstalledApp();
    app.write('app.mjs', PROGRAM);
  });
  afterAll(() => app.remove());

  interface Seen {
    results: unknown;
    spans: { name: string; attributes: object; ofEvents: object[]; eventNames: string[] }[];
  }

  async function run(): Promise<Seen> {
    const { code, stdout, stderr } = await app.run('app.mjs', { nodeArgs: [] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Seen;
  }

  it('lets no text out without the masks, and every program run on', async () => {
    const before = await run();
    expect(before.results).toEqual(RESULTS);
    expect(JSON.stringify(before.spans)).toContain('secret-');
    const count = before.spans.length;

    rmSync(join(app.folder, 'node_modules/spoor/dist/src/sdk/mask-in-place.js'));
    const unmasked = await run();
    expect(unmasked.results).toEqual(RESULTS);
    expect(unmasked.spans.length).toBe(count);
    for (const { name, attributes, ofEvents, eventNames } of unmasked.spans) {
      const texts = new Set([name, ...eventNames]);
      expect([...texts]).toEqual(['[masked: the mask failed]']);
      expect([attributes, ...ofEvents]).toEqual([{}, ...ofEvents.map(() => ({}))]);
    }

    const gone = [
      'wrappers/observation-wrappers',
      'screenshots',
      'instrument-scope',
      'current-context',
      'score',
    ];
    for (const name of gone) rmSync(join(app.folder, `node_modules/spoor/dist/src/tracing/${name}.js`));
    rmSync(join(app.folder, 'node_modules/spoor/dist/src/sdk/with-flush.js'));
    expect((await run()).results).toEqual(RESULTS);
  });
});
