import { expect, test } from 'vitest';
import { API_OPERATIONS } from '../../src/server/api-operations.js';
import { apiRoutes } from '../../src/server/api-routes.js';
import { blobRoutes } from '../../src/server/blob-routes.js';
import { openApiDocument } from '../../src/server/openapi.js';
import { receiverRoutes } from '../../src/server/receiver.js';
import type { Route } from '../../src/server/router.js';
import { sessionRoutes } from '../../src/server/session-routes.js';
import { sqlRoutes } from '../../src/server/sql-routes.js';
import { runTranslator } from './running.js';

/** Every route but the files of the dashboard. What they need is not touched: none is called. */
function routes(): Route[] {
  const nothing = {} as never;
  return [
    ...apiRoutes(nothing),
    ...sessionRoutes(nothing),
    ...sqlRoutes(nothing),
    ...blobRoutes(nothing),
    ...receiverRoutes({ limits: {} } as never),
  ];
}

test('describes every route, and no other', () => {
  const described = API_OPERATIONS.map(({ method, path }) => `${method} ${path}`);
  expect(described.toSorted()).toEqual(
    routes()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
  );
  expect(new Set(API_OPERATIONS.map(({ id }) => id)).size).toBe(described.length);
});

test('is served by the translator, with its version and without a reference that leads nowhere', async () => {
  const { url } = await runTranslator();
  const response = await fetch(`${url}/api/openapi.json`);
  const document = (await response.json()) as ReturnType<typeof openApiDocument>;
  expect(document).toEqual(
    JSON.parse(JSON.stringify(openApiDocument((document['info'] as { version: string }).version))),
  );
  const text = JSON.stringify(document);
  const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name as string);
  const { schemas } = document['components'] as { schemas: object };
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
  expect(text).not.toMatch(/"\$(?:defs|id|schema)"/);
});

test('says of each operation which parameters its path has', () => {
  const { paths } = openApiDocument('1.2.3') as {
    paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
  };
  for (const [path, operations] of Object.entries(paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters = [] } of Object.values(operations))
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
  }
});
