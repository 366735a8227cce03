import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSocket, post, rawExchange, runTranslator, until } from './running.js';
import { traceRequestJson } from './otlp-payloads.js';

const SIGNALS = ['/v1/traces', '/v1/logs', '/v1/metrics'] as const;

function head(port: number, lines: string, path = '/api/stats', method = 'GET'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines}\r\n`;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function statuses(answers: string): number[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

describe('packed bodies', () => {
  test.each(SIGNALS)('%s unpacks once: gzip within gzip is no request', async (path) => {
    const { url } = await runTranslator();
    const packed = gzipSync(gzipSync(Buffer.alloc(1_000_000, 0x20)));
    expect((await post(url + path, packed, { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  test.each(['gzip, gzip', 'gzip,identity', 'br', 'deflate', 'zstd', 'x-gzip', '__proto__'])(
    'the encoding "%s" is refused',
    async (encoding) => {
      const { url } = await runTranslator();
      const answer = await post(`${url}/v1/traces`, deflateSync('{}'), { 'content-encoding': encoding });
      expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'gzip, identity']);
    },
  );

  test('many packed parts one after the other count together', async () => {
    const { url } = await runTranslator({ limits: { bodyBytes: 1_000_000 } });
    const part = gzipSync(Buffer.alloc(100_000, 0x20));
    const body = Buffer.concat(Array.from({ length: 200 }, () => part));
    expect((await post(`${url}/v1/traces`, body, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  test('fifty bombs at a time are all stopped, and give back what they held', async () => {
    const { url } = await runTranslator({ limits: { bodyBytes: 1_000_000, inFlightBytes: 4_000_000 } });
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answer = await post(`${url}/v1/traces`, bomb, { 'content-encoding': 'gzip' });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    expect(answers.filter((status) => status !== 413 && status !== 503)).toEqual([]);
    expect((await post(`${url}/v1/traces`, `{}${' '.repeat(900_000)}`)).status).toBe(200);
  });
});

describe('nesting', () => {
  test('spans that nest too deep are left out, in protobuf too', async () => {
    const { url, store } = await runTranslator();
    const body = inSpan(nested(100));
    const answer = await post(`${url}/v1/traces`, body, { 'content-type': 'application/x-protobuf' });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString()).toContain('nests deeper');
    expect((await store.stats()).spans).toBe(0);
  });

  test.each(SIGNALS)('%s: thousands of levels of protobuf are refused or left out', async (path) => {
    const { url } = await runTranslator();
    const types = { 'content-type': 'application/x-protobuf' };
    for (const body of [inSpan(nested(4000)), Buffer.alloc(1_000_000, 0x0b), repeatedField(4000)]) {
      expect([200, 400]).toContain((await post(url + path, body, types)).status);
    }
    expect((await post(url + path, Buffer.alloc(0), types)).status).toBe(200);
  });
});

describe('connections', () => {
  test('many that say nothing are ended, and the next is served', async () => {
    const limits = { connections: 20, headersTimeoutMs: 300, requestTimeoutMs: 600 };
    const { url, port } = await runTranslator({ limits });
    const idle = Array.from({ length: 20 }, () => openSocket(port));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    const refused = openSocket(port);
    refused.on('error', () => undefined);
    refused.write(head(port, ''));
    await closed(refused);
    await Promise.all(idle.map((socket) => closed(socket.resume())));
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
  });

  test('slow bodies on many do not keep others from being served', async () => {
    const { url, port } = await runTranslator({ limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 } });
    const answers = Array.from({ length: 30 }, () => {
      const socket = openSocket(port);
      socket.write(
        head(port, 'Content-Type: application/json\r\nContent-Length: 100000\r\n', '/v1/traces', 'POST'),
      );
      const drip = setInterval(() => socket.write(' '), 20);
      onTestFinished(() => clearInterval(drip));
      socket.on('error', () => undefined);
      return new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
    });
    expect((await post(`${url}/v1/traces`, traceRequestJson({}))).status).toBe(200);
    const all = await Promise.all(answers);
    expect(all.map((answer) => statuses(answer)[0])).toEqual(Array.from({ length: 30 }, () => 408));
  });

  test('requests in a row on one connection are answered in their order', async () => {
    const { port } = await runTranslator();
    const many = Array.from({ length: 32 }, (_, at) =>
      head(port, '', at % 2 === 0 ? '/api/stats' : '/api/no'),
    );
    const answers = await rawExchange(port, many.join(''), head(port, 'Connection: close\r\n'));
    expect(statuses(answers)).toEqual([...many.map((_, at) => (at % 2 === 0 ? 200 : 404)), 200]);
  });

  test('more of them than may wait are refused, and the connection is ended', async () => {
    const { url, port } = await runTranslator({ limits: { pipelined: 10 } });
    const answers = statuses(await rawExchange(port, head(port, '').repeat(2000)));
    expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(answers.slice(10))).toEqual(new Set([429]));
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
  });

  test.each([
    ['an extension of a chunk without end', `4;${'x'.repeat(100_000)}\r\n{}  \r\n0\r\n\r\n`],
    ['a trailer without end', `2\r\n{}\r\n0\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['trailers without end', `2\r\n{}\r\n0\r\n${'X: x\r\n'.repeat(20_000)}\r\n`],
    ['a chunk of a size that is none', 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk that is too large for a number', `${'f'.repeat(40)}\r\n{}\r\n0\r\n\r\n`],
  ])('%s is refused', async (_name, body) => {
    const { url, port } = await runTranslator();
    const lines = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n';
    const answer = await rawExchange(port, head(port, lines, '/v1/traces', 'POST'), body);
    expect(statuses(answer).every((status) => [400, 413, 431].includes(status))).toBe(true);
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
  });

  test.each([
    ['CONNECT', 'evil.example:443'],
    ['TRACE', '/api/stats'],
    ['BREW', '/'],
  ])('the method %s gets nothing', async (method, target) => {
    const { url, port } = await runTranslator();
    const answer = await rawExchange(port, head(port, 'Connection: close\r\n', target, method));
    expect(statuses(answer).every((status) => [400, 405].includes(status))).toBe(true);
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
  });

  test('a request to change the protocol is answered as if it had not asked', async () => {
    const { port } = await runTranslator();
    const lines = 'Connection: upgrade, close\r\nUpgrade: websocket\r\n';
    expect(statuses(await rawExchange(port, head(port, lines)))).toEqual([200]);
  });
});

describe('keys that are names of the language', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then'];

  test('are attributes like any other, of spans, resources and lists of pairs', async () => {
    const { url } = await runTranslator();
    const pairs = NAMES.map((key) => ({ key, value: { stringValue: `v ${key}` } }));
    const nestedPairs = { key: 'nested', value: { kvlistValue: { values: pairs } } };
    const span = JSON.parse(traceRequestJson({ attributes: { 'session.id': '__proto__' } })) as {
      resourceSpans: [
        { resource: { attributes: object[] }; scopeSpans: [{ spans: [{ attributes: object[] }] }] },
      ];
    };
    const [resourceSpans] = span.resourceSpans;
    resourceSpans.resource.attributes.push(...pairs);
    resourceSpans.scopeSpans[0].spans[0].attributes.push(...pairs, nestedPairs);
    // And as keys of the JSON itself, where JSON.parse makes them own properties.
    const body = JSON.stringify(span).replace('{', '{"__proto__":{"polluted":1},"constructor":{"a":1},');
    expect((await post(`${url}/v1/traces`, body)).status).toBe(200);
    const trace = await fetch(`${url}/api/traces/${'a'.repeat(32)}/spans`);
    const text = await trace.text();
    for (const key of NAMES) expect(text.split(`{"key":"${key}","value"`)).toHaveLength(4);
    const session = (await (await fetch(`${url}/api/sessions/__proto__`)).json()) as {
      session: { id: string };
    };
    expect(session.session.id).toBe('__proto__');
    expect('polluted' in {}).toBe(false);
  });

  test('are attributes of log records too', async () => {
    const { url } = await runTranslator();
    const attributes = NAMES.map((key) => ({ key, value: { stringValue: `v ${key}` } }));
    const record = { traceId: 'a'.repeat(32), body: { stringValue: 'x' }, attributes };
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
    expect((await post(`${url}/v1/logs`, body)).status).toBe(200);
    const page = await (await fetch(`${url}/api/traces/${'a'.repeat(32)}/logs`)).text();
    for (const key of NAMES) expect(page).toContain(`"${key}":"v ${key}"`);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    '__proto__[polluted]=1',
    'constructor.prototype.polluted=1',
    'limit[__proto__]=1',
    'toString=1',
    'limit=1&limit=2',
  ])('the query %s is refused', async (query) => {
    const { url } = await runTranslator();
    expect((await fetch(`${url}/api/sessions?${query}`)).status).toBe(400);
    expect('polluted' in {}).toBe(false);
  });
});

describe('numbers and text that no program expects', () => {
  const HUGE = '9'.repeat(400);
  test.each([
    ['a whole number of 400 digits', withAttribute(wholeNumber(HUGE))],
    ['the same as text', withAttribute(wholeNumber(`"${HUGE}"`))],
    ['one below all', withAttribute(wholeNumber(`-${HUGE}`))],
    ['a number that overflows', withAttribute('{"key":"n","value":{"doubleValue":1e999}}')],
    ['a fraction as a whole number', withAttribute(wholeNumber('1.5'))],
    [
      'a time of 400 digits',
      traceRequestJson({}).replace(/"startTimeUnixNano":"\d+"/, `"startTimeUnixNano":"${HUGE}"`),
    ],
    [
      'a time below zero',
      traceRequestJson({}).replace(/"startTimeUnixNano":"\d+"/, '"startTimeUnixNano":"-1"'),
    ],
    ['a kind that is none', traceRequestJson({}).replace('"kind":1', '"kind":1e300')],
    ['half a surrogate', withAttribute('{"key":"\\ud800","value":{"stringValue":"\\udfff x"}}')],
    ['a zero byte', withAttribute('{"key":"a\\u0000b","value":{"stringValue":"\\u0000"}}')],
  ])('%s: kept or refused, and all can be read', async (_name, body) => {
    const { url } = await runTranslator();
    expect([200, 400]).toContain((await post(`${url}/v1/traces`, body)).status);
    expect((await post(`${url}/v1/traces`, traceRequestJson({ spanId: 'c'.repeat(16) }))).status).toBe(200);
    const page = await fetch(`${url}/api/sessions`);
    const { items } = (await page.json()) as { items: { id: string }[] };
    expect(items).toHaveLength(1);
    const session = await fetch(`${url}/api/sessions/${encodeURIComponent(items[0]?.id ?? '')}`);
    // Only text that is UTF-8 gets through this.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await session.arrayBuffer());
    expect(JSON.parse(text)).toHaveProperty('session');
  });

  test.each([
    ['a varint of eleven bytes', Buffer.from([0x08, ...Array.from({ length: 11 }, () => 0xff), 1])],
    ['a length beyond the body', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['a length of 2^63', Buffer.from([0x0a, ...Array.from({ length: 9 }, () => 0xff), 0x01])],
    ['field number zero', Buffer.from([0x02, 0x00])],
    ['a wire type that is none', Buffer.from([0x0f])],
  ])('protobuf with %s is refused', async (_name, body) => {
    const { url } = await runTranslator();
    for (const path of SIGNALS) {
      const answer = await post(url + path, body, { 'content-type': 'application/x-protobuf' });
      expect([answer.status, Buffer.from(await answer.arrayBuffer())[0]], path).toEqual([400, 0x08]);
    }
  });

  test('bytes that are no UTF-8 in names and keys become replacement characters', async () => {
    const { url } = await runTranslator();
    const broken = Buffer.from([0x61, 0xc3, 0x28, 0xff, 0xed, 0xa0, 0x80]);
    const pair = Buffer.concat([lengthField(1, broken), lengthField(2, lengthField(1, broken))]);
    const span = Buffer.concat([
      lengthField(1, Buffer.alloc(16, 0xaa)),
      lengthField(2, Buffer.alloc(8, 0xbb)),
      lengthField(5, broken),
      lengthField(9, pair),
    ]);
    const body = lengthField(1, lengthField(2, lengthField(2, span)));
    const answer = await post(`${url}/v1/traces`, body, { 'content-type': 'application/x-protobuf' });
    expect(answer.status).toBe(200);
    const trace = await (await fetch(`${url}/api/traces/${'a'.repeat(32)}/spans`)).text();
    expect(trace).toContain('"name":"a\ufffd(\ufffd\ufffd\ufffd\ufffd"');
  });
});

describe('files', () => {
  test('that were not there at the start, or lie beside the folder, are not served', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spoor-files-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'app.js'), '1;');
    const { url, port } = await runTranslator({ dashboardDir: folder });
    writeFileSync(join(folder, 'later.js'), 'secret');
    expect((await fetch(`${url}/app.js`)).status).toBe(200);
    for (const path of [
      '/later.js',
      '/app.js/',
      '/app.js%00',
      '/./app.js',
      '/x/../app.js',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/%252e%252e/etc/passwd',
      '/..%5c..%5cetc%5cpasswd',
      '/..\\..\\etc\\passwd',
      '/app.js::$DATA',
      '/constructor',
      '/sessions/../app.js',
    ]) {
      const [status] = statuses(await rawExchange(port, head(port, 'Connection: close\r\n', path)));
      expect([path, status]).toEqual([path, 404]);
    }
  });

  test('carry the policy, whatever they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spoor-files-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of ['index.html', 'other.html', 'icon.svg', 'app.js', 'a.json']) {
      writeFileSync(join(folder, name), '<!doctype html>');
    }
    const { url } = await runTranslator({ dashboardDir: folder });
    for (const path of [
      '/',
      '/sessions/x',
      '/index.html',
      '/other.html',
      '/icon.svg',
      '/app.js',
      '/a.json',
    ]) {
      const { status, headers } = await fetch(url + path);
      expect([path, status, headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff']);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    }
  });
});

test('an event stream carries the policy, and counts as one request of its connection', async () => {
  const { url } = await runTranslator();
  const stop = new AbortController();
  const stream = await fetch(`${url}/api/live`, { signal: stop.signal });
  expect([stream.status, stream.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
  expect(stream.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  stop.abort();
  await until(
    async () => (await fetch(`${url}/api/stats`)).status,
    (status) => status === 200,
  );
});

function wholeNumber(raw: string): string {
  return `{"key":"n","value":{"intValue":${raw}}}`;
}

/** A span with this attribute, as it stands there. */
function withAttribute(attribute: string): string {
  return traceRequestJson({ attributes: { n: 'here' } }).replace(
    '{"key":"n","value":{"stringValue":"here"}}',
    attribute,
  );
}

/** AnyValue → array → AnyValue → … */
function nested(levels: number): Buffer {
  let value: Buffer = Buffer.from([0x0a, 1, 0x78]);
  for (let level = 0; level < levels; level++) value = lengthField(5, lengthField(1, value));
  return value;
}

function inSpan(value: Buffer): Buffer {
  const pair = Buffer.concat([lengthField(1, Buffer.from('deep')), lengthField(2, value)]);
  const span = Buffer.concat([
    lengthField(1, Buffer.alloc(16, 1)),
    lengthField(2, Buffer.alloc(8, 2)),
    lengthField(9, pair),
  ]);
  return lengthField(1, lengthField(2, lengthField(2, span)));
}

/** Field 1 within field 1 within field 1. */
function repeatedField(levels: number): Buffer {
  let value: Buffer = Buffer.alloc(0);
  for (let level = 0; level < levels; level++) value = lengthField(1, value);
  return value;
}

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
