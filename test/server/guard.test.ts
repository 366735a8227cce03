import { describe, expect, test } from 'vitest';
import { isLoopbackHost } from '../../src/server/guard.js';
import { startTranslator } from '../../src/server/start-translator.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openSocket, post, rawExchange, runTranslator } from './running.js';

function get(port: number, headers: string, path = '/api/stats'): Promise<string> {
  return rawExchange(port, `GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
}

function ours(port: number): string {
  return `Host: 127.0.0.1:${port}\r\n`;
}

function statusOf(answer: string): number {
  return Number(answer.slice(9, 12));
}

describe('the Host header', () => {
  test.each(['127.0.0.1:PORT', 'localhost:PORT', 'LOCALHOST:PORT', '[::1]:PORT'])(
    'serves %s',
    async (host) => {
      const { port } = await runTranslator();
      expect(statusOf(await get(port, `Host: ${host.replace('PORT', String(port))}\r\n`))).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    'localhost:1',
    'localhost:PORT.evil.example',
    'localhost.:PORT',
    '0.0.0.0:PORT',
    '',
  ])('refuses "%s"', async (host) => {
    const { port } = await runTranslator();
    const answer = await get(port, `Host: ${host.replace('PORT', String(port))}\r\n`);
    expect(statusOf(answer)).toBe(403);
    expect(answer).toContain(
      '{"error":{"code":"SPOOR_HOST_REFUSED","message":"This host name is not served here."}}',
    );
  });

  test('refuses two of them, and none', async () => {
    const { port } = await runTranslator();
    expect([400, 403]).toContain(statusOf(await get(port, `${ours(port)}Host: evil.example\r\n`)));
    expect(statusOf(await get(port, ''))).toBe(400);
  });

  test('serves what the options allow, with any port unless one is named', async () => {
    const { port } = await runTranslator({ allowedHosts: ['spoor.internal', 'proxy:8080'] });
    const hosts = [
      'spoor.internal',
      'spoor.internal:99',
      'proxy:8080',
      'proxy',
      'proxy:81',
      'other.internal',
    ];
    const answers = await Promise.all(hosts.map((host) => get(port, `Host: ${host}\r\n`)));
    expect(answers.map(statusOf)).toEqual([200, 200, 200, 403, 403, 403]);
  });
});

describe('the Origin header', () => {
  test.each([
    'http://evil.example',
    'null',
    'http://localhost:1',
    'https://localhost:PORT',
    'http://localhost:PORT.evil.example',
  ])('refuses %s, on the receiver too', async (origin) => {
    const { url, port, store } = await runTranslator();
    const headers = { origin: origin.replace('PORT', String(port)) };
    const [api, receiver, page] = await Promise.all([
      fetch(`${url}/api/sessions`, { headers }),
      post(`${url}/v1/traces`, '{}', headers),
      fetch(url, { headers }),
    ]);
    expect([api.status, receiver.status, page.status]).toEqual([403, 403, 403]);
    expect(api.headers.get('access-control-allow-origin')).toBeNull();
    expect(await receiver.json()).toEqual({
      code: 7,
      message: 'Pages of this origin may not send requests here.',
    });
    expect((await store.stats()).spans).toBe(0);
  });

  test('answers no preflight', async () => {
    const { url } = await runTranslator();
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const response = await fetch(`${url}/v1/traces`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(403);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('serves our own pages and those that the options allow', async () => {
    const { url, port } = await runTranslator({ allowedOrigins: ['http://localhost:3000'] });
    for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`, 'http://localhost:3000']) {
      expect((await fetch(`${url}/api/sessions`, { headers: { origin } })).status).toBe(200);
    }
  });
});

describe('what is not a proper request', () => {
  test('more header lines than allowed', async () => {
    const { port } = await runTranslator();
    const lines = Array.from({ length: 120 }, (_, at) => `X-${at}: 1\r\n`).join('');
    expect(statusOf(await get(port, `${ours(port)}${lines}`))).toBe(431);
  });

  test('an Origin hidden behind many header lines', async () => {
    const { port } = await runTranslator({ limits: { headerLines: 5_000 } });
    const lines = Array.from({ length: 2_500 }, () => 'a:\r\n').join('');
    expect(statusOf(await get(port, `${ours(port)}${lines}Origin: http://evil.example\r\n`))).toBe(403);
  });

  test('a header without end', async () => {
    const { port } = await runTranslator();
    const answer = await get(port, `${ours(port)}X: ${'x'.repeat(20_000)}\r\n`);
    expect(statusOf(answer)).toBe(431);
    expect(answer).toContain('{"code":3,"message":"The header of the request is too large."}');
  });

  test.each(['nonsense\r\n\r\n', '\u0016\u0003\u0001\u0002\u0000', 'GET / HTTP/9.9\r\n\r\n'])(
    '%j',
    async (bytes) => {
      const { port } = await runTranslator();
      expect(statusOf(await rawExchange(port, bytes))).toBe(400);
    },
  );

  test('a length that contradicts itself', async () => {
    const { port } = await runTranslator();
    const head = `POST /v1/traces HTTP/1.1\r\n${ours(port)}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(statusOf(await rawExchange(port, head))).toBe(400);
  });

  test.each([
    ['/%zz', 400],
    ['http://evil.example/api/stats', 400],
    ['*', 400],
    ['/api', 404],
    ['/api/nothing', 404],
    ['/../package.json', 404],
    ['/..%2f..%2fpackage.json', 404],
    ['/%2e%2e/%2e%2e/package.json', 404],
    ['//etc/passwd', 404],
    ['/__proto__', 404],
  ])('the target %s', async (target, status) => {
    const { port } = await runTranslator();
    const answer = await get(port, ours(port), target);
    expect([statusOf(answer), answer.includes('node:') || answer.includes('.ts')]).toEqual([status, false]);
  });
});

describe('slow senders', () => {
  const limits = { headersTimeoutMs: 200, requestTimeoutMs: 400 };

  test('ends a header that never ends', async () => {
    const { url, port } = await runTranslator({ limits });
    const slow = Array.from({ length: 20 }, () => {
      const socket = openSocket(port);
      socket.write(`GET /api/stats HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-`);
      return new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
    });
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
    expect((await Promise.all(slow)).map(statusOf)).toEqual(Array.from({ length: 20 }, () => 408));
  });

  test('ends a body that never ends', async () => {
    const { port } = await runTranslator({ limits });
    const head = `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const answer = await rawExchange(port, head);
    expect(statusOf(answer)).toBe(408);
    expect(answer).toContain('{"code":3,"message":"The request did not arrive in time."}');
  });
});

describe('the bind', () => {
  test.each(['0.0.0.0', '::', '192.168.1.10', 'example.com', '127.0.0.1.evil.example'])(
    'refuses %s',
    async (host) => {
      await expect(startTranslator({ host, port: 0, store: createMemoryStore() })).rejects.toMatchObject({
        code: 'SPOOR_BIND_REFUSED',
        message: expect.stringContaining(`"${host}"`),
      });
    },
  );

  test('tells loopback hosts from others', () => {
    expect(['localhost', '127.0.0.1', '127.1.2.3', '::1', 'LOCALHOST'].map(isLoopbackHost)).toEqual(
      Array.from({ length: 5 }, () => true),
    );
    expect(['1.127.0.0', '127.evil.example', '::2', ''].map(isLoopbackHost)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});

test('every answer carries the security headers', async () => {
  const { url } = await runTranslator();
  for (const path of ['/', '/api/stats', '/api/nothing', '/nothing', '/v1/traces']) {
    const { headers } = await fetch(url + path);
    expect({
      csp: headers.get('content-security-policy'),
      nosniff: headers.get('x-content-type-options'),
      referrer: headers.get('referrer-policy'),
      coop: headers.get('cross-origin-opener-policy'),
      corp: headers.get('cross-origin-resource-policy'),
    }).toEqual({
      csp: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      nosniff: 'nosniff',
      referrer: 'no-referrer',
      coop: 'same-origin',
      corp: 'same-origin',
    });
  }
});
