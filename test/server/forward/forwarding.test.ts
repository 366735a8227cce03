import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { decodeLogsRequest, decodeTraceRequest } from '../../../src/otlp/decode.js';
import type { LogRecord, SpanRecord } from '../../../src/otlp/records.js';
import type { StatsResponse } from '../../../src/server/api-types.js';
import { traceRequestJson } from '../otlp-payloads.js';
import { post, runTranslator, until } from '../running.js';

interface Target {
  url: string;
  spans: SpanRecord[];
  logs: LogRecord[];
  requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A receiver that answers as it is told, and keeps what it accepted. */
async function runTarget(answer: (nth: number, res: ServerResponse) => void, port = 0): Promise<Target> {
  const spans: SpanRecord[] = [];
  const logs: LogRecord[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      requests.push(req);
      answer(requests.length, res);
      if (res.statusCode === 200) {
        const body = gunzipSync(Buffer.concat(chunks));
        if (req.url?.endsWith('/v1/logs') === true) logs.push(...decodeLogsRequest(body, 'protobuf').logs);
        else spans.push(...decodeTraceRequest(body, 'protobuf').spans);
      }
      res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${taken}`, spans, logs, requests, close };
}

const fine = (_nth: number, res: ServerResponse): void => void (res.statusCode = 200);

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-forward-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function call(id: string): string {
  return traceRequestJson({
    name: 'chat m-1',
    spanId: id.repeat(16),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm-1',
      'session.id': 's',
      'app.key': 'x',
    },
  });
}

const NOTHING = {
  waitingBytes: 0,
  sentSpans: 0,
  refusedSpans: 0,
  droppedSpans: 0,
  sentLogs: 0,
  refusedLogs: 0,
  droppedLogs: 0,
};

function logRequest(text: string): string {
  const record = {
    timeUnixNano: '1772357400000000001',
    observedTimeUnixNano: '1772357400000000002',
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'gen_ai.evaluation.result',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    flags: 1,
    droppedAttributesCount: 2,
    body: { kvlistValue: { values: [{ key: 'said', value: { stringValue: text } }] } },
    attributes: [
      { key: 'list', value: { arrayValue: { values: [{ intValue: '7' }, { boolValue: true }] } } },
    ],
  };
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [{ scope: { name: 'hand', version: '1' }, logRecords: [record] }],
      },
    ],
  });
}

async function statsOf(url: string): Promise<NonNullable<StatsResponse['forward']>> {
  return ((await (await fetch(`${url}/api/stats`)).json()) as StatsResponse).forward ?? [];
}

test('what is received is passed on as it is, and in another dialect, with the keys of each target', async () => {
  const same = await runTarget(fine);
  const other = await runTarget(fine);
  const { url, store } = await runTranslator({
    dataDir: await makeFolder(),
    forward: [same.url, `${other.url}=openinference`],
    forwardHeaders: `${new URL(same.url).host}/authorization=Bearer%20one,${new URL(other.url).host}/x-key=two`,
  });
  expect((await post(`${url}/v1/traces`, call('a'))).status).toBe(200);
  await until(
    () => same.spans.length + other.spans.length,
    (count) => count === 2,
  );
  const [kept] = await store.rawSpans('a'.repeat(32));
  expect(same.spans[0]).toEqual(kept);
  expect(other.spans[0]).toMatchObject({
    traceId: kept?.traceId,
    spanId: kept?.spanId,
    attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm-1', 'app.key': 'x' },
  });
  expect(same.requests[0]?.headers).toMatchObject({ authorization: 'Bearer one' });
  expect(other.requests[0]?.headers).toMatchObject({ 'x-key': 'two' });
  expect(other.requests[0]?.headers['authorization']).toBeUndefined();
  const stats = await until(
    () => statsOf(url),
    (all) => all.every(({ sentSpans }) => sentSpans === 1),
  );
  expect(stats).toEqual([
    { url: same.url, ...NOTHING, sentSpans: 1 },
    { url: other.url, dialect: 'openinference', ...NOTHING, sentSpans: 1 },
  ]);
});

test('a dead target takes nothing from ingest, and gets everything once it lives, over a restart too', async () => {
  const dataDir = await makeFolder();
  const reserved = await runTarget(fine);
  await reserved.close();
  const options = { dataDir, forward: [reserved.url] };
  const first = await runTranslator(options);
  for (const id of ['a', 'b', 'c']) expect((await post(`${first.url}/v1/traces`, call(id))).status).toBe(200);
  const [waiting] = await until(
    () => statsOf(first.url),
    ([stats]) => stats?.lastError !== undefined,
  );
  expect(waiting).toMatchObject({ lastError: 'ECONNREFUSED', sentSpans: 0, droppedSpans: 0 });
  expect(waiting?.waitingBytes).toBeGreaterThan(500);
  await first.close();
  const target = await runTarget(fine, Number(new URL(reserved.url).port));
  const second = await runTranslator(options);
  await until(
    () => target.spans.length,
    (count) => count === 3,
  );
  expect(target.spans.map(({ spanId }) => spanId[0])).toEqual(['a', 'b', 'c']);
  await until(
    () => statsOf(second.url),
    ([stats]) => stats?.waitingBytes === 0,
  );
  await second.close();
  // And what was sent is not sent again.
  const third = await runTranslator(options);
  await post(`${third.url}/v1/traces`, call('d'));
  await until(
    () => target.spans.length,
    (count) => count === 4,
  );
  expect(target.spans.at(-1)?.spanId[0]).toBe('d');
});

test('a target that asks for time gets it, and one that refuses a batch gets the next', async () => {
  const target = await runTarget((nth, res) => {
    if (nth === 1) res.writeHead(503, { 'retry-after': '1' });
    else res.statusCode = nth === 2 ? 400 : 200;
  });
  const lines: string[] = [];
  const { url } = await runTranslator({
    dataDir: await makeFolder(),
    forward: [target.url],
    log: (line) => lines.push(line),
  });
  const startMs = performance.now();
  await post(`${url}/v1/traces`, call('a'));
  await until(
    () => target.requests.length,
    (count) => count === 2,
  );
  expect(performance.now() - startMs).toBeGreaterThan(950);
  await post(`${url}/v1/traces`, call('b'));
  await until(
    () => target.spans.length,
    (count) => count === 1,
  );
  const [stats] = await until(
    () => statsOf(url),
    ([one]) => one?.sentSpans === 1,
  );
  expect(stats).toMatchObject({ refusedSpans: 1, sentSpans: 1, waitingBytes: 0 });
  expect(lines).toEqual([
    `spoor: forwarding to ${target.url}/v1/traces waits: it answered 503`,
    `spoor: ${target.url}/v1/traces refused 1 spans: it answered 400`,
    `spoor: forwarding to ${target.url}/v1/traces goes on`,
  ]);
});

test('a batch that is too large for the target is sent in parts: one large span costs itself only', async () => {
  const target = await runTarget((_nth, res) => {
    res.statusCode = Number(res.req.headers['content-length']) > 2000 ? 413 : 200;
  });
  const { url } = await runTranslator({ dataDir: await makeFolder(), forward: [target.url] });
  const large = randomBytes(4000).toString('hex');
  const spans = Array.from({ length: 9 }, (_, at) => ({
    spanId: `${at + 1}`.repeat(16),
    attributes: at === 4 ? { large } : { small: randomBytes(200).toString('hex') },
  }));
  await post(`${url}/v1/traces`, traceRequestJson(...spans));
  const [stats] = await until(
    () => statsOf(url),
    ([one]) => one?.refusedSpans === 1,
  );
  expect(stats).toEqual({ url: target.url, ...NOTHING, sentSpans: 8, refusedSpans: 1 });
  expect(
    target.spans
      .map(({ spanId }) => spanId[0])
      .toSorted((a = '', b = '') => a.localeCompare(b))
      .join(''),
  ).toBe('12346789');
});

test('a span that is open is passed on once it has ended', async () => {
  const target = await runTarget(fine);
  const { url, store } = await runTranslator({ dataDir: await makeFolder(), forward: [target.url] });
  const span = { name: 'session', spanId: 'a'.repeat(16), scope: 'spoor' };
  expect((await post(`${url}/v1/traces`, traceRequestJson({ ...span, isOpen: true }))).status).toBe(200);
  expect(await store.rawSpans('a'.repeat(32))).toHaveLength(1);
  expect((await post(`${url}/v1/traces`, traceRequestJson(span))).status).toBe(200);
  await until(
    () => target.spans.length,
    (count) => count === 1,
  );
  expect(target.spans.map(({ endTimeUnixNano }) => endTimeUnixNano > 0n)).toEqual([true]);
  expect(target.requests).toHaveLength(1);
});

test('a full queue drops what is new, and counts it', async () => {
  const lines: string[] = [];
  const { url } = await runTranslator({
    dataDir: await makeFolder(),
    forward: ['http://127.0.0.1:1'],
    limits: { forwardQueueBytes: 1000 },
    log: (line) => lines.push(line),
  });
  for (const id of ['a', 'b', 'c']) expect((await post(`${url}/v1/traces`, call(id))).status).toBe(200);
  const [stats] = await statsOf(url);
  expect(stats?.droppedSpans).toBeGreaterThan(0);
  expect(stats?.waitingBytes).toBeLessThanOrEqual(1000);
  expect(lines.filter((line) => line.includes('dropped'))).toEqual([
    'spoor: spans for http://127.0.0.1:1/v1/traces are dropped: its queue is full',
  ]);
});

test('log records are passed on as they are, and wait for a target that is dead, over a restart too', async () => {
  const dataDir = await makeFolder();
  const reserved = await runTarget(fine);
  await reserved.close();
  const options = { dataDir, forward: [`${reserved.url}=openinference`] };
  const first = await runTranslator(options);
  expect((await post(`${first.url}/v1/logs`, logRequest('one'))).status).toBe(200);
  expect((await post(`${first.url}/v1/logs`, logRequest('two'))).status).toBe(200);
  await first.close();
  const target = await runTarget(fine, Number(new URL(reserved.url).port));
  const second = await runTranslator(options);
  await until(
    () => target.logs.length,
    (count) => count === 2,
  );
  const expected = ['one', 'two'].flatMap(
    (text) => decodeLogsRequest(Buffer.from(logRequest(text)), 'json').logs,
  );
  expect(target.logs).toEqual(expected);
  expect(target.requests.map(({ url }) => url)).toEqual(['/v1/logs', '/v1/logs']);
  const [stats] = await until(
    () => statsOf(second.url),
    ([one]) => one?.sentLogs === 2,
  );
  expect(stats).toEqual({ url: target.url, dialect: 'openinference', ...NOTHING, sentLogs: 2 });
});

test('a target without a receiver of log records refuses them, and gets its spans', async () => {
  const target = await runTarget((_nth, res) => {
    res.statusCode = res.req.url === '/v1/logs' ? 404 : 200;
  });
  const { url } = await runTranslator({ dataDir: await makeFolder(), forward: [target.url] });
  await post(`${url}/v1/logs`, logRequest('one'));
  await post(`${url}/v1/traces`, call('a'));
  const [stats] = await until(
    () => statsOf(url),
    ([one]) => one?.sentSpans === 1 && one.refusedLogs === 1,
  );
  expect(stats).toEqual({ url: target.url, ...NOTHING, sentSpans: 1, refusedLogs: 1 });
});

test('an address with the path of one signal gets that one only', async () => {
  const traces = await runTarget(fine);
  const logs = await runTarget(fine);
  const { url } = await runTranslator({
    dataDir: await makeFolder(),
    forward: [`${traces.url}/v1/traces`, `${logs.url}/otel/v1/logs`],
  });
  await post(`${url}/v1/logs`, logRequest('one'));
  await post(`${url}/v1/traces`, call('a'));
  await until(
    () => statsOf(url),
    ([one, two]) => one?.sentSpans === 1 && two?.sentLogs === 1,
  );
  expect([traces.requests, logs.requests].map((all) => all.map((req) => req.url))).toEqual([
    ['/v1/traces'],
    ['/otel/v1/logs'],
  ]);
});

test('two translators over another store do not share the queues of one folder', async () => {
  const options = { dataDir: await makeFolder(), forward: ['http://127.0.0.1:1'] };
  const first = await runTranslator(options);
  await expect(runTranslator(options)).rejects.toMatchObject({ code: 'SPOOR_DATA_IN_USE' });
  await first.close();
  await runTranslator(options);
});

test('a dialect for all holds for the targets that name none, and needs a target', async () => {
  const common = await runTarget(fine);
  const own = await runTarget(fine);
  const { url } = await runTranslator({
    dataDir: await makeFolder(),
    forward: [common.url, `${own.url}=openinference`],
    forwardAs: 'langfuse',
  });
  expect((await post(`${url}/v1/traces`, call('a'))).status).toBe(200);
  await until(
    () => common.spans.length + own.spans.length,
    (count) => count === 2,
  );
  expect(common.spans[0]?.attributes).toMatchObject({ 'langfuse.observation.type': 'generation' });
  expect(own.spans[0]?.attributes).toMatchObject({ 'openinference.span.kind': 'LLM' });
  await expect(runTranslator({ dataDir: await makeFolder(), forwardAs: 'langfuse' })).rejects.toThrow(
    /no target to pass it on to/,
  );
});

test('another translator is a target like any other', async () => {
  const target = await runTranslator();
  const { url } = await runTranslator({ dataDir: await makeFolder(), forward: [`${target.url}=langfuse`] });
  await post(`${url}/v1/traces`, call('a'));
  await until(
    async () => (await target.store.stats()).dialects,
    (dialects) => dialects['langfuse'] === 1,
  );
});

test.each([
  [['nowhere'], '', /"nowhere" is no target/],
  [['http://a.example.com=zipkin'], '', /"zipkin" is no dialect to write/],
  [['http://a.example.com', 'http://a.example.com/'], '', /a.example.com is given twice/],
  [['http://a.example.com', 'http://a.example.com/v1/logs'], '', /given twice/],
  [['http://u:p@a.example.com'], '', /has a password in it/],
  [['http://a.example.com', 'http://b.example.com'], 'x-key=1', /must say whose it is: host\/x-key=value/],
  [['http://a.example.com'], 'c.example.com/x-key=1', /for "c.example.com", which is no target/],
])('%j with headers %j is refused', async (forward, forwardHeaders, message) => {
  await expect(runTranslator({ dataDir: await makeFolder(), forward, forwardHeaders })).rejects.toThrow(
    message,
  );
});
