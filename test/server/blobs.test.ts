import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SpoorError } from '../../src/shared/errors.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { GIF, hashOf, JPEG, PNG, referenceOf, SVG, uniquePng, WEBP } from '../support/images.js';
import { traceRequestJson } from './otlp-payloads.js';
import { post, rawExchange, runTranslator } from './running.js';

function put(
  url: string,
  bytes: Uint8Array,
  hash: string = hashOf(bytes),
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/api/blobs/sha256/${hash}`, { method: 'PUT', body: Uint8Array.from(bytes), headers });
}

test('tells senders of spans that it takes images, and how large', async () => {
  const { url } = await runTranslator({ limits: { blobBytes: 1234 } });
  const answer = await post(`${url}/v1/traces`, traceRequestJson({}));
  expect([answer.status, answer.headers.get('spoor-blobs')]).toEqual([200, '1234']);
  expect((await post(`${url}/v1/logs`, '{}')).headers.get('spoor-blobs')).toBeNull();
  expect((await post(`${url}/v1/traces`, 'no json')).headers.get('spoor-blobs')).toBeNull();
});

describe('an image', () => {
  test.each([
    ['PNG', PNG, 'image/png'],
    ['JPEG', JPEG, 'image/jpeg'],
    ['WebP', WEBP, 'image/webp'],
    ['GIF', GIF, 'image/gif'],
  ])(
    '(%s) is kept under its hash and given back as what it is, with nothing that could run',
    async (_name, bytes, type) => {
      const { url } = await runTranslator();
      // What the sender calls it does not count.
      const kept = await put(url, bytes, hashOf(bytes), { 'content-type': 'text/html' });
      expect([kept.status, await kept.json()]).toEqual([
        201,
        { reference: referenceOf(bytes), mediaType: type, bytes: bytes.length },
      ]);
      const got = await fetch(`${url}/api/blobs/sha256/${hashOf(bytes)}`);
      expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
      expect([got.status, Object.fromEntries(got.headers)]).toEqual([
        200,
        expect.objectContaining({
          'content-type': type,
          'content-length': String(bytes.length),
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, max-age=31536000, immutable',
          'content-security-policy': "sandbox; default-src 'none'",
          'cross-origin-resource-policy': 'same-origin',
        }),
      ]);
    },
  );

  test('may be put again', async () => {
    const { url } = await runTranslator();
    expect((await put(url, PNG)).status).toBe(201);
    expect((await put(url, PNG)).status).toBe(200);
  });

  test('that is unknown is 404', async () => {
    const { url } = await runTranslator();
    const answer = await fetch(`${url}/api/blobs/sha256/${'0'.repeat(64)}`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: { code: 'SPOOR_NOT_FOUND', message: 'There is no image with this hash.' } },
    ]);
  });
});

describe('what is no such image', () => {
  test('is refused by its bytes', async () => {
    const { url } = await runTranslator();
    for (const bytes of [
      SVG,
      Buffer.from('<!doctype html><script>alert(1)</script>'),
      Buffer.alloc(0),
      Buffer.from('text'),
    ]) {
      const answer = await put(url, bytes, hashOf(bytes), { 'content-type': 'image/png' });
      expect([answer.status, await answer.json()]).toEqual([
        415,
        {
          error: { code: 'SPOOR_REQUEST_INVALID', message: 'Only PNG, JPEG, WebP and GIF images are kept.' },
        },
      ]);
      expect((await fetch(`${url}/api/blobs/sha256/${hashOf(bytes)}`)).status).toBe(404);
    }
  });

  test.each([
    ['SVG after a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), SVG])],
    ['SVG after a prolog', Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), SVG])],
    ['SVG that is packed', gzipSync(SVG)],
    ['a page that begins almost like an image', Buffer.from('GIF88a<script>alert(1)</script>')],
    ['an image after a page', Buffer.concat([Buffer.from('<html>'), PNG])],
    ['PDF', Buffer.from('%PDF-1.7\n')],
    ['RIFF that is no WebP', Buffer.from('RIFF\u0004\u0000\u0000\u0000AVI LIST')],
  ])('is refused: %s', async (_name, bytes) => {
    const { url } = await runTranslator();
    expect((await put(url, bytes, hashOf(bytes), { 'content-type': 'image/png' })).status).toBe(415);
  });

  test.each([
    ['a page behind a GIF', Buffer.concat([GIF, Buffer.from('<script>alert(1)</script>')]), 'image/gif'],
    ['a script that is a GIF', Buffer.from('GIF89a=1;alert(document.domain)//'), 'image/gif'],
    ['a page behind a PNG', Buffer.concat([PNG, Buffer.from('<html><body onload=alert(1)>')]), 'image/png'],
    ['an archive behind a JPEG', Buffer.concat([JPEG, Buffer.from('PK\u0003\u0004')]), 'image/jpeg'],
  ])('but begins as an image is given out as that image only: %s', async (_name, bytes, type) => {
    const { url } = await runTranslator();
    expect((await put(url, bytes, hashOf(bytes), { 'content-type': 'text/html' })).status).toBe(201);
    const { headers } = await fetch(`${url}/api/blobs/sha256/${hashOf(bytes)}`);
    expect({
      type: headers.get('content-type'),
      sniff: headers.get('x-content-type-options'),
      policy: headers.get('content-security-policy'),
      other: headers.get('cross-origin-resource-policy'),
    }).toEqual({
      type,
      sniff: 'nosniff',
      policy: "sandbox; default-src 'none'",
      other: 'same-origin',
    });
  });

  test('is refused when the hash is another', async () => {
    const { url } = await runTranslator();
    const answer = await put(url, PNG, hashOf(GIF));
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error: {
          code: 'SPOOR_REQUEST_INVALID',
          message: 'The bytes do not have the SHA-256 hash of the path.',
        },
      },
    ]);
    expect((await fetch(`${url}/api/blobs/sha256/${hashOf(GIF)}`)).status).toBe(404);
  });

  test.each(['ABCDEF', hashOf(PNG).toUpperCase(), `${hashOf(PNG)}0`, '..%2f..%2fetc%2fpasswd', '%00'])(
    'is refused when the hash is %s',
    async (hash) => {
      const { url } = await runTranslator();
      expect((await put(url, PNG, hash)).status).toBe(400);
      expect((await fetch(`${url}/api/blobs/sha256/${hash}`)).status).toBe(400);
    },
  );

  test('is refused when it is too large', async () => {
    const { url } = await runTranslator({ limits: { blobBytes: 1000 } });
    expect((await put(url, uniquePng('', 1000))).status).toBe(413);
    expect((await put(url, uniquePng('', 500))).status).toBe(201);
  });
});

describe('the guard', () => {
  test('holds for images as for everything else', async () => {
    const { url, port } = await runTranslator();
    expect((await put(url, PNG, hashOf(PNG), { origin: 'http://evil.example' })).status).toBe(403);
    const path = `/api/blobs/sha256/${hashOf(PNG)}`;
    const foreign = await rawExchange(
      port,
      `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    );
    expect(foreign).toMatch(/^HTTP\/1.1 403 /);
    const answer = await fetch(url + path, { method: 'POST', body: 'x' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PUT']);
  });
});

test('a full store says so, with a time to try again', async () => {
  const store = createMemoryStore();
  const full = {
    ...store,
    blobs: {
      ...store.blobs,
      put: async () => {
        throw new SpoorError('SPOOR_STORE_FULL', 'The disk is full.');
      },
    },
  };
  const { url } = await runTranslator({ store: full });
  const answer = await put(url, PNG);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
});
