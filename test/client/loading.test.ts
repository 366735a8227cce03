import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';

let app: InstalledApp;
beforeAll(() => {
  app = createInstalledApp();
  app.write(
    'watch.mjs',
    `import { registerHooks } from 'node:module';
     globalThis.loaded = [];
     registerHooks({ load: (url, context, next) => (globalThis.loaded.push(url), next(url, context)) });`,
  );
});
afterAll(() => app.remove());

async function packagesLoadedBy(entry: string): Promise<string[]> {
  app.write(
    'app.mjs',
    `const { SpoorClient } = await import('${entry}');
     new SpoorClient({ baseUrl: 'http://127.0.0.1:9' }).close();
     const packages = globalThis.loaded.flatMap((url) => /node_modules\\/(@[^/]+|[^/]+)\\/(?!.*node_modules)/.exec(url)?.[1] ?? []);
     console.log(JSON.stringify([...new Set(packages)].sort()));`,
  );
  const result = await app.run('app.mjs', { nodeArgs: ['--import', './watch.mjs'] });
  expect([result.code, result.stderr]).toEqual([0, '']);
  return JSON.parse(result.stdout) as string[];
}

it('the entry of the client loads no OpenTelemetry and no zod', async () => {
  // What the main entry loads shows that loading is seen at all.
  expect(await packagesLoadedBy('spoor')).toContain('@opentelemetry');
  expect(await packagesLoadedBy('spoor/client')).toEqual(['spoor']);
});
