import { gzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeTraceRequestJson } from '../../src/otlp/encode-json.js';
import { chat, span } from '../store/spans.js';
import { ExportTraceServiceRequestSchema } from './proto/trace-service.gen.js';
import { startIndependentCollector, type IndependentCollector } from './start-independent-collector.js';

let collector: IndependentCollector;
beforeEach(async () => {
  collector = await startIndependentCollector();
});
afterEach(() => collector.close());

const post = (
  contentType: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...headers },
    body: Uint8Array.from(body),
  });

it('reads JSON, protobuf and gzip', async () => {
  const sent = [span({ id: 1, flags: 257 }), chat({ id: 2, parent: 1 })];
  const json = Buffer.from(JSON.stringify(encodeTraceRequestJson(sent)));
  expect(await (await post('application/json; charset=utf-8', json)).json()).toEqual({});
  await post('application/json', gzipSync(json), { 'content-encoding': 'gzip' });
  const ids = { traceId: new Uint8Array(16).fill(1), spanId: new Uint8Array(8).fill(2), name: 'pb' };
  const request = create(ExportTraceServiceRequestSchema, {
    resourceSpans: [{ scopeSpans: [{ spans: [ids] }] }],
  });
  expect(
    (await post('application/x-protobuf', toBinary(ExportTraceServiceRequestSchema, request))).status,
  ).toBe(200);
  const spans = await collector.waitForSpans(5);
  expect(spans.slice(0, 2)).toEqual(sent);
  expect(spans.slice(2, 4)).toEqual(sent);
  expect(spans[4]).toMatchObject({ name: 'pb', traceId: '01'.repeat(16), spanId: '02'.repeat(8) });
  expect(collector.requests.map((received) => received.contentEncoding)).toEqual([
    undefined,
    'gzip',
    undefined,
  ]);
});

it('refuses what the official definitions do not know', async () => {
  expect((await post('application/json', Buffer.from('{"resourceSpans":3}'))).status).toBe(400);
  expect((await post('text/plain', Buffer.from('x'))).status).toBe(400);
  expect((await fetch(`${collector.url}/v1/logs`, { method: 'POST' })).status).toBe(400);
  await expect(collector.waitForSpans(1, 20)).rejects.toThrow('0 of 1 spans');
});
