import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createAccess } from '../../src/server/access.js';
import { API_OPERATIONS } from '../../src/server/api-operations.js';
import { createApiKey, KEY_SCOPES, parseApiKeys, type ApiKey } from '../../src/server/api-keys.js';
import { SQL_PATH } from '../../src/server/sql-routes.js';
import { hashOf, PNG } from '../support/images.js';
import { post, rawExchange, runTranslator } from './running.js';

const TRACE = 'a'.repeat(32);
const IDS: Readonly<Record<string, string>> = { traceId: TRACE, spanId: 'b'.repeat(16), hash: hashOf(PNG) };
/** Every route of the API, and those of the dashboard. */
const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ...API_OPERATIONS.map(
    ({ method, path }) =>
      [method, path.replaceAll(/:(\w+)/g, (_, name: string) => IDS[name] ?? 's')] as const,
  ),
  ['GET', '/'],
  ['GET', '/sessions/s'],
  ['GET', '/app.js'],
  // Whatever is added later is behind the same door: it is asked for before the path is looked at.
  ['GET', '/api/not/there'],
  ['PATCH', '/api/sessions/s'],
  ['OPTIONS', '/v1/traces'],
  ['HEAD', '/'],
];

function statusOf(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('on every route', () => {
  test('there are some', () => {
    expect(ROUTES.length).toBeGreaterThan(20);
  });

  test('a key is asked for, and the scope that the document of the API names', async () => {
    const keys = KEY_SCOPES.map((scope) => ({ scope, ...createApiKey({ scopes: [scope] }) }));
    const { port } = await runTranslator({ apiKeys: keys.map(({ entry }) => entry) });
    for (const [at, { method, scope: needed }] of API_OPERATIONS.entries()) {
      const [, path = ''] = ROUTES[at] ?? [];
      expect(await statusOf(port, method, path, {}), `${method} ${path}`).toBe(401);
      for (const { scope, secret } of keys.filter(({ scope: own }) => own !== needed)) {
        const status = await statusOf(port, method, path, { authorization: `Bearer ${secret}` });
        expect(status, `${method} ${path} with ${scope}`).toBe(403);
      }
      const right = keys.find(({ scope }) => scope === needed)?.secret ?? '';
      // A `SPOOR_SQL_OFF` is a 403 too: the door is open, the room is closed.
      if (path === SQL_PATH) continue;
      const status = await statusOf(port, method, path, { authorization: `Bearer ${right}` });
      expect([401, 403], `${method} ${path} with ${needed}`).not.toContain(status);
    }
  });

  test('a foreign host name is refused', async () => {
    const { port } = await runTranslator();
    for (const [method, path] of ROUTES) {
      expect(await statusOf(port, method, path, { host: 'evil.example' }), `${method} ${path}`).toBe(403);
    }
  });

  test('a page of another origin is refused', async () => {
    const { port } = await runTranslator();
    for (const [method, path] of ROUTES) {
      for (const origin of ['http://evil.example', 'null']) {
        expect(await statusOf(port, method, path, { origin }), `${method} ${path}`).toBe(403);
      }
    }
  });

  test('no answer lets another origin read it', async () => {
    const { url, port } = await runTranslator({ allowedOrigins: ['http://localhost:3000'] });
    for (const origin of [`http://127.0.0.1:${port}`, 'http://localhost:3000', 'http://evil.example']) {
      for (const [method, path] of ROUTES.filter(([, route]) => route !== '/api/live')) {
        const { headers } = await fetch(url + path, { method, headers: { origin } });
        const names = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect([names, headers.get('cross-origin-resource-policy')], `${method} ${path}`).toEqual([
          [],
          'same-origin',
        ]);
      }
    }
  });
});

describe('hostile bodies', () => {
  test.each(['/v1/traces', '/v1/logs', '/v1/metrics'])('%s refuses a zip bomb at the limit', async (path) => {
    const { url } = await runTranslator({ limits: { bodyBytes: 1024 * 1024 } });
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    const answer = await post(url + path, bomb, { 'content-encoding': 'gzip' });
    expect([answer.status, ((await answer.json()) as { code: number }).code]).toEqual([413, 8]);
  });

  test('an image that unpacks beyond the limit is refused', async () => {
    const { url } = await runTranslator({ limits: { blobBytes: 100_000 } });
    const body = Uint8Array.from(gzipSync(Buffer.alloc(8 * 1024 * 1024)));
    const headers = { 'content-encoding': 'gzip' };
    const answer = await fetch(`${url}/api/blobs/sha256/${'0'.repeat(64)}`, { method: 'PUT', body, headers });
    expect(answer.status).toBe(413);
  });

  test.each(['/v1/traces', '/v1/logs', '/v1/metrics'])('%s refuses JSON without a bottom', async (path) => {
    const { url } = await runTranslator();
    for (const deep of ['['.repeat(1_000_000), '{"a":'.repeat(200_000)]) {
      const answer = await post(url + path, deep);
      expect([answer.status, ((await answer.json()) as { code: number }).code]).toEqual([400, 3]);
    }
  });

  test('log records that nest too deep are left out, in protobuf too', async () => {
    const { url, store } = await runTranslator();
    let value: Buffer = Buffer.from([0x0a, 1, 0x78]);
    for (let depth = 0; depth < 100; depth++) {
      const inner = lengthField(1, value);
      value = lengthField(5, inner);
    }
    const body = lengthField(1, lengthField(2, lengthField(2, lengthField(5, value))));
    const answer = await post(`${url}/v1/logs`, body, { 'content-type': 'application/x-protobuf' });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString()).toContain('nests deeper');
    expect((await store.stats()).logs).toBe(0);
  });

  test('text that is not UTF-8 is kept with replacement characters, and can be read', async () => {
    const { url } = await runTranslator();
    const json = Buffer.concat([
      Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}}]}]}]}'),
    ]);
    expect((await post(`${url}/v1/logs`, json)).status).toBe(200);
    const text = Buffer.from([0x61, 0xc3, 0x28, 0xff]);
    const protobuf = lengthField(1, lengthField(2, lengthField(2, lengthField(5, lengthField(1, text)))));
    const type = { 'content-type': 'application/x-protobuf' };
    expect((await post(`${url}/v1/logs`, protobuf, type)).status).toBe(200);
    const stats = (await (await fetch(`${url}/api/stats`)).json()) as { logs: number };
    // Both say the same, so they are one record.
    expect(stats.logs).toBe(1);
  });

  test.each([
    ['99999999999999999999999999', [400, 413]],
    ['-1', [400]],
    ['0x10', [400]],
    ['1e3', [400]],
  ])('a length of %s is refused', async (length, statuses) => {
    const { port } = await runTranslator();
    const head = `POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n{}`;
    expect(statuses).toContain(Number((await rawExchange(port, head)).slice(9, 12)));
  });

  test.each([
    'limit=99999999999999999999',
    'limit=0',
    'limit=-1',
    'limit=1e3x',
    'cursor=eyJ9',
    'span=a&span=b',
    '__proto__=1',
  ])('the query %s is refused', async (query) => {
    const { url } = await runTranslator();
    expect((await fetch(`${url}/api/traces/${TRACE}/logs?${query}`)).status).toBe(400);
  });
});

test('every key is compared, wherever the right one stands', () => {
  const made = Array.from({ length: 5 }, () => createApiKey({ scopes: ['read'] }));
  const reads: number[] = [];
  const keys = made.map(({ entry }, at): ApiKey => {
    const [key] = parseApiKeys(entry, 'here') as [ApiKey];
    return {
      scopes: key.scopes,
      get hash() {
        reads.push(at);
        return key.hash;
      },
    };
  });
  const access = createAccess(keys);
  const check = (secret: string): number[] => {
    reads.length = 0;
    const req = {
      url: '/api/stats',
      method: 'GET',
      headersDistinct: { authorization: [`Bearer ${secret}`] },
    };
    try {
      access.check(req as unknown as Parameters<typeof access.check>[0]);
    } catch {
      // Compared all the same.
    }
    return [...reads];
  };
  for (const secret of [made[0]?.secret, made[4]?.secret, 'wrong']) {
    expect(check(secret ?? '')).toEqual([0, 1, 2, 3, 4]);
  }
});

function lengthField(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest % 128) | 128);
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}
