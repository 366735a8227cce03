import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SpoorError } from '../../src/shared/errors.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { readStatusProtobuf, traceRequestJson, traceRequestProtobuf } from './otlp-payloads.js';
import { openSocket, post, rawExchange, runTranslator, until } from './running.js';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const GZIP = { 'content-encoding': 'gzip' };
const TRACE_ID = 'a'.repeat(32);

async function answerOf(response: Response): Promise<{ status: number; type: string | null; body: string }> {
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

describe('what is accepted', () => {
  const json = traceRequestJson({ name: 'one' });
  const protobuf = traceRequestProtobuf({ name: 'one' });
  test.each([
    ['JSON', json, {}, 'application/json', '{}'],
    [
      'JSON with a charset',
      json,
      { 'content-type': 'Application/JSON; charset=utf-8' },
      'application/json',
      '{}',
    ],
    ['JSON in gzip', gzipSync(json), GZIP, 'application/json', '{}'],
    ['protobuf', protobuf, PROTOBUF, 'application/x-protobuf', ''],
    ['protobuf in gzip', gzipSync(protobuf), { ...PROTOBUF, ...GZIP }, 'application/x-protobuf', ''],
  ])('%s, answered in kind and kept', async (_name, body, headers, type, answer) => {
    const { url, store } = await runTranslator();
    expect(await answerOf(await post(`${url}/v1/traces`, body, headers))).toEqual({
      status: 200,
      type,
      body: answer,
    });
    expect((await store.rawSpans(TRACE_ID)).map(({ name }) => name)).toEqual(['one']);
  });

  test.each([
    ['an empty JSON request', '{}', {}, '{}'],
    ['an empty protobuf request', Buffer.alloc(0), PROTOBUF, ''],
    ['empty envelopes', '{"resourceSpans":[{"scopeSpans":[{}]}]}', {}, '{}'],
  ])('%s', async (_name, body, headers, answer) => {
    const { url } = await runTranslator();
    const response = await post(`${url}/v1/traces`, body, headers);
    expect([response.status, await response.text()]).toEqual([200, answer]);
  });

  test.each(['/v1/logs', '/v1/metrics'])(
    '%s: an empty request in both encodings, and no other body',
    async (path) => {
      const { url } = await runTranslator();
      expect(await answerOf(await post(url + path, '{"resourceLogs":[]}'))).toEqual({
        status: 200,
        type: 'application/json',
        body: '{}',
      });
      expect(await answerOf(await post(url + path, Buffer.alloc(0), PROTOBUF))).toEqual({
        status: 200,
        type: 'application/x-protobuf',
        body: '',
      });
      expect((await post(url + path, Buffer.from([1, 2]), PROTOBUF)).status).toBe(400);
      expect((await post(url + path, 'no')).status).toBe(400);
      const stats = (await (await fetch(`${url}/api/stats`)).json()) as { received: Record<string, number> };
      expect(stats.received).toMatchObject({
        logRequests: path === '/v1/logs' ? 2 : 0,
        metricRequests: path === '/v1/metrics' ? 2 : 0,
        rejectedRequests: 2,
      });
    },
  );

  test('a request of which one span cannot be kept: the others are kept, and the sender is told', async () => {
    const { url, store } = await runTranslator();
    const body = traceRequestJson({ name: 'good' }, { name: 'bad', spanId: 'xyz' });
    const response = await post(`${url}/v1/traces`, body);
    expect([response.status, await response.json()]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('spanId') } },
    ]);
    expect((await store.rawSpans(TRACE_ID)).map(({ name }) => name)).toEqual(['good']);
  });
});

describe('what is refused, with a google.rpc.Status in the encoding of the request', () => {
  const json = traceRequestJson({});
  const asObject = json.replace('"attributes":[]', '"attributes":{"a":1}');
  test.each([
    ['broken JSON', '/v1/traces', '{"resourceSpans":', {}, 400, 3, 'The body is not JSON'],
    ['attributes as an object', '/v1/traces', asObject, {}, 400, 3, 'attributes is an object'],
    ['spans without ids', '/v1/traces', json.replace('"spanId"', '"id"'), {}, 400, 3, 'no spanId'],
    ['a body that is no gzip', '/v1/traces', json, GZIP, 400, 3, 'unpacked as gzip'],
    ['gzip that breaks off', '/v1/traces', gzipSync(json).subarray(0, 40), GZIP, 400, 3, 'unpacked as gzip'],
    ['another content type', '/v1/traces', json, { 'content-type': 'text/plain' }, 415, 3, 'content type'],
    ['another content encoding', '/v1/traces', json, { 'content-encoding': 'br' }, 415, 3, 'encoding'],
    ['an unknown signal', '/v1/profiles', json, {}, 404, 12, 'nothing at this path'],
  ])('%s', async (_name, path, body, headers, status, code, said) => {
    const { url, store } = await runTranslator();
    const response = await post(url + path, body, headers);
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      status,
      'application/json',
      { code, message: expect.stringContaining(said) },
    ]);
    expect(await store.rawSpans(TRACE_ID)).toEqual([]);
  });

  test('broken protobuf', async () => {
    const { url } = await runTranslator();
    const response = await post(`${url}/v1/traces`, Buffer.from([0x0a, 0xff, 0x01]), PROTOBUF);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/x-protobuf']);
    expect(readStatusProtobuf(new Uint8Array(await response.arrayBuffer()))).toEqual({
      code: 3,
      message: expect.stringMatching(/^The body/),
    });
  });

  test('a missing content type', async () => {
    const { url, port } = await runTranslator();
    const head = `POST /v1/traces HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n`;
    expect(await rawExchange(port, `${head}Content-Length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 415 /);
  });

  test('a method that is not POST', async () => {
    const { url } = await runTranslator();
    const response = await fetch(`${url}/v1/traces`);
    expect([response.status, response.headers.get('allow'), await response.json()]).toEqual([
      405,
      'POST',
      { code: 12, message: 'This path takes POST only.' },
    ]);
  });

  test('JSON that nests without end, before anything recursive sees it', async () => {
    const { url } = await runTranslator();
    const deep = `{"resourceSpans":${'['.repeat(2_000_000)}`;
    expect(await (await post(`${url}/v1/traces`, deep)).json()).toEqual({
      code: 3,
      message: 'The JSON nests deeper than 512 levels.',
    });
    const quoted = JSON.stringify({ unknown: `${'['.repeat(10_000)}\\"${'{'.repeat(10_000)}` });
    expect((await post(`${url}/v1/traces`, quoted)).status).toBe(200);
  });
});

describe('limits', () => {
  const limits = { bodyBytes: 10_000 };
  const tooLarge = { code: 8, message: 'A body may have 10000 bytes after unpacking.' };

  test('refuses a body that announces too much, without reading it', async () => {
    const { url, port } = await runTranslator({ limits });
    const socket = openSocket(port);
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\nContent-Length: 10001\r\n\r\n{`,
    );
    const text = await new Promise<string>((resolve) =>
      socket.once('data', (bytes) => resolve(String(bytes))),
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain(JSON.stringify(tooLarge));
  });

  test('refuses a body in pieces once it is too long, and serves the next request', async () => {
    const { url } = await runTranslator({ limits });
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 100; at += 1) controller.enqueue(Buffer.alloc(1_000, 0x20));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/traces`, { method: 'POST', body, headers, duplex: 'half' });
    expect([response.status, await response.json()]).toEqual([413, tooLarge]);
    expect((await post(`${url}/v1/traces`, '{}')).status).toBe(200);
  });

  test('stops a zip bomb at the limit', async () => {
    const { url } = await runTranslator({ limits: { bodyBytes: 1_000_000 } });
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage().rss;
    const response = await post(`${url}/v1/traces`, bomb, GZIP);
    expect(response.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test('takes a body of exactly the limit', async () => {
    const { url } = await runTranslator({ limits });
    expect((await post(`${url}/v1/traces`, '{}'.padEnd(10_000))).status).toBe(200);
    expect((await post(`${url}/v1/traces`, '{}'.padEnd(10_001))).status).toBe(413);
  });

  test('says 503 with Retry-After while too many bytes are held, and gives them back', async () => {
    const { url, port } = await runTranslator({ limits: { bodyBytes: 10_000, inFlightBytes: 10_000 } });
    const head = `POST /v1/traces HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\n`;
    const holder = openSocket(port);
    holder.write(`${head}Content-Length: 9000\r\n\r\n${' '.repeat(8_000)}`);
    const ask = (): Promise<Response> => post(`${url}/v1/traces`, '{}'.padEnd(5_000));
    const refused = await until(ask, ({ status }) => status !== 200);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '1',
      { code: 14, message: 'Too many request bodies are held.' },
    ]);
    holder.destroy();
    await until(ask, ({ status }) => status === 200);
  });
});

function storeThatFails(failures: unknown[]): Store {
  const store = createMemoryStore();
  return {
    ...store,
    async append(spans) {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return store.append(spans);
    },
  };
}

describe('a store that cannot write', () => {
  test.each([
    ['full', new SpoorError('SPOOR_STORE_FULL', 'The disk is full.'), 503, '30'],
    ['out of disk', Object.assign(new Error('no space'), { code: 'ENOSPC' }), 503, '5'],
    ['busy', Object.assign(new Error('busy'), { code: 'ERR_SQLITE_ERROR' }), 503, '5'],
    ['faulty', new TypeError('secret inside story'), 500, null],
  ])(
    '%s: the sender is told, and nothing of the inside story',
    async (_name, failure, status, retryAfter) => {
      const lines: string[] = [];
      const { url, store } = await runTranslator({
        store: storeThatFails([failure]),
        log: (line) => lines.push(line),
      });
      const body = traceRequestJson({});
      const response = await post(`${url}/v1/traces`, body);
      expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
      expect(await response.text()).not.toMatch(/secret|TypeError|\.ts|node:/);
      expect(lines).toEqual([expect.stringContaining(failure.message)]);
      expect((await post(`${url}/v1/traces`, body)).status).toBe(200);
      expect(await store.rawSpans(TRACE_ID)).toHaveLength(1);
    },
  );

  test('one request that cannot be stored does not fail those that share its transaction', async () => {
    const store = createMemoryStore();
    let first: (() => void) | undefined;
    let appends = 0;
    const picky: Store = {
      ...store,
      async append(spans) {
        appends += 1;
        // The first transaction stays open until the other requests wait.
        if (appends === 1) await new Promise<void>((resolve) => (first = resolve));
        if (spans.some(({ name }) => name === 'poison')) throw new TypeError('poison');
        return store.append(spans);
      },
    };
    const { url } = await runTranslator({ store: picky });
    const names = ['first', 'a', 'poison', 'b'];
    const requests = names.map((name, at) =>
      post(`${url}/v1/traces`, traceRequestJson({ name, spanId: String(at + 1).repeat(16) })),
    );
    await until(
      async () =>
        ((await (await fetch(`${url}/api/stats`)).json()) as { received: { requests: number } }).received,
      () => first !== undefined,
    );
    // All four bodies have been read once an extra request behind them is answered.
    await post(`${url}/v1/traces`, '{}');
    first?.();
    expect((await Promise.all(requests)).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 500,
    ]);
    expect(await store.rawSpans(TRACE_ID)).toHaveLength(3);
  });

  test('200 comes after the commit, not before', async () => {
    const store = createMemoryStore();
    let commit: (() => void) | undefined;
    const slow: Store = {
      ...store,
      async append(spans) {
        await new Promise<void>((resolve) => (commit = resolve));
        return store.append(spans);
      },
    };
    const { url } = await runTranslator({ store: slow });
    let status: number | undefined;
    const posted = post(`${url}/v1/traces`, traceRequestJson({})).then(
      (response) => (status = response.status),
    );
    await until(() => commit !== undefined, Boolean);
    // A whole exchange on another connection: an answer that did not wait would have come meanwhile.
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
    expect(status).toBeUndefined();
    commit?.();
    expect(await posted).toBe(200);
  });
});
