import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SpoorClient } from '../../src/client/spoor-client.js';
import { createApiKey, parseApiKeys, type KeyScope } from '../../src/server/api-keys.js';
import { assertBind } from '../../src/server/guard.js';
import { resolveOptions } from '../../src/server/options.js';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { hashOf, PNG } from '../support/images.js';
import { traceRequestJson, traceRequestProtobuf } from './otlp-payloads.js';
import { post, rawExchange, runTranslator } from './running.js';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spoor-access-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function makeKey(scopes: readonly KeyScope[], project?: string): { secret: string; entry: string } {
  return createApiKey({ scopes, project });
}

function bearer(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}

/** A translator in a folder, with a key for each of two projects and one for any. */
async function runProjects(): Promise<{
  url: string;
  keys: Record<string, string>;
  translator: Translator;
  dataDir: string;
}> {
  const dataDir = makeFolder();
  const made = {
    shop: makeKey(['ingest', 'read'], 'shop'),
    bank: makeKey(['ingest', 'read'], 'bank'),
    any: makeKey(['ingest', 'read']),
  };
  const translator = await startTranslator({
    port: 0,
    dataDir,
    apiKeys: Object.values(made).map(({ entry }) => entry),
    log: () => {},
  });
  onTestFinished(() => translator.close());
  const keys = Object.fromEntries(Object.entries(made).map(([name, { secret }]) => [name, secret]));
  return { url: translator.url, keys, translator, dataDir };
}

describe('a translator with keys', () => {
  const reader = makeKey(['read']);
  const sender = makeKey(['ingest']);
  const entries = [reader.entry, sender.entry];

  test.each([
    ['no key', {}],
    ['a wrong key', bearer(makeKey(['read', 'ingest', 'write']).secret)],
    ['the hash of a key', bearer(reader.entry.split('=')[0] ?? '')],
    ['a key with more behind it', bearer(`${reader.secret}x`)],
    ['half a key', bearer(reader.secret.slice(0, -1))],
    ['another scheme', { authorization: `Basic ${reader.secret}` }],
    ['a key without a scheme', { authorization: reader.secret }],
    ['an empty header', { authorization: '' }],
  ] as [string, Record<string, string>][])('answers %s with 401 everywhere', async (_name, headers) => {
    const { url, store } = await runTranslator({ apiKeys: entries });
    const api = await fetch(`${url}/api/sessions`, { headers });
    expect([api.status, api.headers.get('www-authenticate'), await api.json()]).toEqual([
      401,
      'Bearer realm="spoor"',
      { error: { code: 'SPOOR_KEY_REFUSED', message: expect.any(String) as string } },
    ]);
    const json = await post(`${url}/v1/traces`, traceRequestJson({}), headers);
    expect([json.status, await json.json()]).toEqual([
      401,
      { code: 16, message: expect.any(String) as string },
    ]);
    const protobuf = await post(`${url}/v1/traces`, traceRequestProtobuf({}), {
      ...headers,
      'content-type': 'application/x-protobuf',
    });
    const bytes = Buffer.from(await protobuf.arrayBuffer());
    expect([protobuf.status, protobuf.headers.get('content-type'), bytes[0], bytes[1]]).toEqual([
      401,
      'application/x-protobuf',
      0x08,
      16,
    ]);
    const others = [
      '/api/stats',
      '/api/live',
      '/%61pi/stats',
      '/api/nothing',
      `/api/blobs/sha256/${'0'.repeat(64)}`,
    ];
    for (const path of others) expect((await fetch(url + path, { headers })).status, path).toBe(401);
    for (const path of ['/v1/logs', '/v1/metrics'])
      expect((await post(url + path, '{}', headers)).status).toBe(401);
    expect((await store.stats()).spans).toBe(0);
  });

  test('lets a key do what its scopes say, and nothing else', async () => {
    const { url } = await runTranslator({ apiKeys: entries });
    const image = { method: 'PUT', body: Uint8Array.from(PNG) };
    const imagePath = `${url}/api/blobs/sha256/${hashOf(PNG)}`;
    const answers = await Promise.all(
      [sender, reader].map(async ({ secret }) => {
        const headers = bearer(secret);
        const requests = [
          post(`${url}/v1/traces`, traceRequestJson({}), headers),
          post(`${url}/v1/logs`, '{}', headers),
          fetch(imagePath, { ...image, headers }),
          fetch(`${url}/api/sessions`, { headers }),
          fetch(`${url}/api/stats`, { headers, method: 'HEAD' }),
          fetch(`${url}/api/sessions`, { headers, method: 'POST' }),
        ];
        return (await Promise.all(requests)).map(({ status }) => status);
      }),
    );
    expect(answers).toEqual([
      [200, 200, 201, 403, 403, 403],
      [403, 403, 403, 200, 200, 403],
    ]);
    const refused = await fetch(`${url}/api/sessions`, { headers: bearer(sender.secret) });
    expect(await refused.json()).toEqual({
      error: { code: 'SPOOR_SCOPE_MISSING', message: 'This key has no scope "read".' },
    });
    const status = await post(`${url}/v1/traces`, '{}', bearer(reader.secret));
    expect(await status.json()).toEqual({ code: 7, message: 'This key has no scope "ingest".' });
  });

  test('serves the dashboard itself without one: it holds no records', async () => {
    const { url } = await runTranslator({ apiKeys: entries });
    expect((await fetch(`${url}/`)).status).toBe(200);
    expect((await fetch(`${url}/sessions/x`)).status).toBe(200);
  });

  test('refuses secrets of any length and kind, and near misses', async () => {
    const { port } = await runTranslator({ apiKeys: entries });
    const { secret } = reader;
    const others = [
      'x',
      'x'.repeat(10_000),
      secret.slice(0, -1),
      `${secret}x`,
      secret.toUpperCase(),
      `${secret.slice(0, -1)}\u00e9`,
      `${secret} ${secret}`,
      '',
    ];
    for (const other of others) {
      const answer = await rawExchange(
        port,
        Buffer.from(
          `GET /api/stats HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${other}\r\nConnection: close\r\n\r\n`,
          'latin1',
        ),
      );
      expect([other.slice(0, 60), answer.slice(9, 12)]).toEqual([other.slice(0, 60), '401']);
    }
  });

  test('refuses two keys in one request', async () => {
    const { port } = await runTranslator({ apiKeys: entries });
    const lines = [reader, reader].map(({ secret }) => `Authorization: Bearer ${secret}\r\n`).join('');
    const answer = await rawExchange(
      port,
      `GET /api/stats HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines}Connection: close\r\n\r\n`,
    );
    expect(answer.slice(9, 12)).toBe('401');
  });

  test('checks Host and Origin before the key', async () => {
    const { url } = await runTranslator({ apiKeys: entries });
    const headers = { ...bearer(reader.secret), origin: 'http://evil.example' };
    expect((await fetch(`${url}/api/stats`, { headers })).status).toBe(403);
  });

  test('is reached by the client with a key, given or from the environment', async () => {
    const { url } = await runTranslator({ apiKeys: entries });
    expect(await new SpoorClient({ baseUrl: url, apiKey: reader.secret }).sessions.list()).toEqual({
      items: [],
    });
    await expect(new SpoorClient({ baseUrl: url }).health()).rejects.toMatchObject({
      code: 'SPOOR_KEY_REFUSED',
    });
    const score = { name: 'good', value: true, target: { kind: 'session', id: 's' } } as const;
    await expect(
      new SpoorClient({ baseUrl: url, apiKey: reader.secret }).scores.create(score),
    ).rejects.toMatchObject({
      code: 'SPOOR_REQUEST_INVALID',
      message: expect.stringContaining('403') as string,
    });
  });
});

describe('projects', () => {
  test('keep apart what their keys send, even under the same ids', async () => {
    const { url, keys } = await runProjects();
    const sent: [string, string][] = [
      ['shop', 'of the shop'],
      ['bank', 'of the bank'],
      ['any', 'of nobody'],
    ];
    for (const [key, name] of sent) {
      const body = traceRequestJson({ name, attributes: { 'session.id': 's' } });
      expect((await post(`${url}/v1/traces`, body, bearer(keys[key] ?? ''))).status).toBe(200);
      const log = { traceId: 'a'.repeat(32), body: { stringValue: name } };
      const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] });
      expect((await post(`${url}/v1/logs`, logs, bearer(keys[key] ?? ''))).status).toBe(200);
    }
    for (const [key, name] of sent) {
      const client = new SpoorClient({ baseUrl: url, apiKey: keys[key] ?? '' });
      const found = await client.sessions.get('s');
      expect(found?.observations.map((observation) => observation.name)).toEqual([name]);
      expect((await client.sessions.list()).items).toHaveLength(1);
      expect((await client.traces.list()).items.map((trace) => trace.name)).toEqual([name]);
      expect((await client.sessions.logs('s')).items.map(({ body }) => body)).toEqual([name]);
      expect(await client.health()).toMatchObject({ spans: 1, logs: 1, received: { spans: 1 } });
    }
  });

  test('keep their images and their changes apart', async () => {
    const { url, keys } = await runProjects();
    const shop = new SpoorClient({ baseUrl: url, apiKey: keys['shop'] ?? '' });
    const bank = new SpoorClient({ baseUrl: url, apiKey: keys['bank'] ?? '' });
    const { reference } = await shop.blobs.put(PNG);
    expect([(await shop.blobs.get(reference))?.mediaType, await bank.blobs.get(reference)]).toEqual([
      'image/png',
      undefined,
    ]);
    const seen: string[] = [];
    for await (const event of bank.live()) {
      if (event.type === 'open') {
        for (const key of ['shop', 'bank']) {
          const body = traceRequestJson({ attributes: { 'session.id': `of ${key}` } });
          await post(`${url}/v1/traces`, body, bearer(keys[key] ?? ''));
        }
      } else if (event.type === 'change') {
        seen.push(...event.sessions.map(({ id }) => id));
        break;
      }
    }
    expect(seen).toEqual(['of bank']);
  });

  test('are named by a header only where the key leaves it open', async () => {
    const { url, keys } = await runProjects();
    const send = (key: string, project: string): Promise<Response> =>
      post(`${url}/v1/traces`, traceRequestJson({ attributes: { 'session.id': `by ${key}` } }), {
        ...bearer(keys[key] ?? ''),
        'spoor-project': project,
      });
    expect((await send('any', 'bank')).status).toBe(200);
    expect((await send('shop', 'bank')).status).toBe(200);
    const idsOf = async (key: string, project?: string): Promise<string[]> => {
      const options = {
        baseUrl: url,
        apiKey: keys[key] ?? '',
        ...(project === undefined ? {} : { project }),
      };
      return (await new SpoorClient(options).sessions.list()).items.map(({ id }) => id);
    };
    expect(await idsOf('bank')).toEqual(['by any']);
    expect(await idsOf('shop')).toEqual(['by shop']);
    expect(await idsOf('any')).toEqual([]);
    expect(await idsOf('any', 'shop')).toEqual(['by shop']);
    expect(await idsOf('shop', 'bank')).toEqual(['by shop']);
    for (const project of ['../shop', 'Shop', '.', 'a/b', '__proto__', '']) {
      expect((await send('any', project)).status, project).toBe(400);
    }
  });

  test('are there again after a restart', async () => {
    const { url, keys, translator, dataDir } = await runProjects();
    await post(
      `${url}/v1/traces`,
      traceRequestJson({ attributes: { 'session.id': 's' } }),
      bearer(keys['shop'] ?? ''),
    );
    await translator.close();
    const key = makeKey(['read'], 'shop');
    const again = await startTranslator({ port: 0, dataDir, apiKeys: [key.entry], log: () => {} });
    onTestFinished(() => again.close());
    const found = await new SpoorClient({ baseUrl: again.url, apiKey: key.secret }).sessions.list();
    expect(found.items.map(({ id }) => id)).toEqual(['s']);
  });

  test('without keys there are none: the header changes nothing', async () => {
    const { url, store } = await runTranslator();
    await post(`${url}/v1/traces`, traceRequestJson({}), { 'spoor-project': 'shop' });
    expect((await store.stats()).spans).toBe(1);
  });
});

describe('keys as they are given', () => {
  test('are kept by their hash alone', () => {
    const { secret, entry } = makeKey(['ingest', 'read'], 'shop');
    const hash = createHash('sha256').update(secret).digest('hex');
    expect(secret).toMatch(/^spoor_[\w-]{43}$/);
    expect(entry).toBe(`sha256:${hash}=ingest+read@shop`);
    const expected = { hash: Buffer.from(hash, 'hex'), scopes: new Set(['ingest', 'read']), project: 'shop' };
    expect(parseApiKeys(`${secret}=ingest+read@shop, ${entry}`, 'here')).toEqual([expected, expected]);
    expect(JSON.stringify(resolveOptions({ apiKeys: [secret] }))).not.toContain(secret);
  });

  test('come from a file too, with comments, and never unhashed', () => {
    const file = join(makeFolder(), 'keys');
    const key = makeKey(['read']);
    writeFileSync(file, `# the dashboard\n${key.entry} # of Ann\n\n`);
    expect(resolveOptions({ apiKeysFile: file }).keys).toHaveLength(1);
    writeFileSync(file, key.secret);
    const refused = (): unknown => resolveOptions({ apiKeysFile: file });
    expect(refused).toThrow(/is not hashed/);
    expect(refused).not.toThrow(new RegExp(key.secret));
    expect(() => resolveOptions({ apiKeysFile: `${file}.none` })).toThrow(/cannot be read/);
  });

  test.each([
    ['short', /fewer than 24 characters/],
    [`${'k'.repeat(30)}=everything`, /scopes/],
    [`${'k'.repeat(30)}=read@Shop`, /project/],
    [`${'k'.repeat(30)}=read@../x`, /project/],
    [`${'k'.repeat(30)}=read@a@b`, /of the form/],
  ])('are refused when they are %s, and not repeated', (entry, message) => {
    const parse = (): unknown => parseApiKeys(entry, 'the option "apiKeys"');
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ code: 'SPOOR_OPTION_INVALID' }));
    expect(parse).not.toThrow(/kkkk/);
  });

  test('open the way to other machines', () => {
    expect(() => assertBind('0.0.0.0', 1)).not.toThrow();
    expect(() => assertBind('0.0.0.0', 0)).toThrow(expect.objectContaining({ code: 'SPOOR_BIND_REFUSED' }));
    expect(() => assertBind('127.0.0.1', 0)).not.toThrow();
  });
});
