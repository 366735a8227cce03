import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { post, runTranslator } from './running.js';

const CORPUS = process.env['SPOOR_CORPUS'];
const FOLDER = join(CORPUS ?? '', 'otlp');
const PATHS: Readonly<Record<string, string>> = {
  'logs.json': '/v1/logs',
  'events.json': '/v1/logs',
  'metrics.json': '/v1/metrics',
};

test.skipIf(CORPUS === undefined)('takes every recorded payload (needs SPOOR_CORPUS)', async () => {
  const { url, store } = await runTranslator();
  const names = await readdir(FOLDER);
  const answers = await Promise.all(
    names.map(async (name) => {
      const type = name.endsWith('.pb') ? 'application/x-protobuf' : 'application/json';
      const path = PATHS[name] ?? '/v1/traces';
      const response = await post(url + path, readFileSync(join(FOLDER, name)), { 'content-type': type });
      return [name, response.status, response.headers.get('content-type'), await response.text()];
    }),
  );
  expect(names.length).toBeGreaterThan(4);
  expect(answers).toEqual(
    names.map((name) =>
      name.endsWith('.pb')
        ? [name, 200, 'application/x-protobuf', '']
        : [name, 200, 'application/json', '{}'],
    ),
  );
  expect((await store.stats()).spans).toBeGreaterThan(2);
  const { items } = await store.traces({ limit: 50 });
  for (const { traceId } of items) {
    const raw = await (await fetch(`${url}/api/traces/${traceId}/spans`)).text();
    const again = await post(`${url}/v1/traces`, raw);
    expect([again.status, await again.text()]).toEqual([200, '{}']);
  }
});
