import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SpoorClient } from '../../src/client/spoor-client.js';
import type { ClientOptions } from '../../src/client/options.js';
import { VERSION } from '../../src/shared/version.js';
import { traceRequestJson } from '../server/otlp-payloads.js';
import { post, runTranslator } from '../server/running.js';
import { PNG, referenceOf, SVG } from '../support/images.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface Exchange {
  url: string;
  requests: { method: string; path: string; headers: IncomingHttpHeaders }[];
}
type Answer = { status: number; body?: string; headers?: Record<string, string> } | 'hang' | 'reset';

/** A server that gives these answers, then 200 with an empty page. */
async function startScripted(...answers: Answer[]): Promise<Exchange> {
  const requests: Exchange['requests'] = [];
  const server = createServer((req, res) => {
    requests.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers });
    req.resume();
    req.on('end', () => {
      const answer = answers.shift() ?? { status: 200, body: '{"items":[]}' };
      if (answer === 'reset') req.socket.destroy();
      else if (answer !== 'hang') {
        res
          .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
          .end(answer.body ?? '{}');
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function clientOf(url: string, options: ClientOptions = {}): SpoorClient {
  return new SpoorClient({ baseUrl: url, ...options });
}

const TRACE = '1'.repeat(32);
const span = (id: string, digit: string): string =>
  traceRequestJson({ traceId: digit.repeat(32), spanId: digit.repeat(16), attributes: { 'session.id': id } });

describe('a client of a translator', () => {
  it('lists, pages and gets sessions, observations and traces', async () => {
    const { url } = await runTranslator();
    const client = clientOf(`${url}/`);
    for (const [index, id] of ['a', 'b', 'c'].entries())
      await post(`${url}/v1/traces`, span(id, String(index + 1)));
    const page = await client.sessions.list({ limit: 2 });
    expect(page.items.map(({ id }) => id)).toEqual(['c', 'b']);
    const all: string[] = [];
    for await (const { id } of client.sessions.all({ limit: 1 })) all.push(id);
    expect(all).toEqual(['c', 'b', 'a']);
    const session = await client.sessions.get('a');
    expect([session?.session.id, session?.observations.length]).toEqual(['a', 1]);
    expect(await client.sessions.get('nobody/../else')).toBeUndefined();
    const observation = await client.observations.get(TRACE, '1'.repeat(16));
    expect([observation?.sessionId, observation?.traceId]).toEqual(['a', TRACE]);
    expect(await client.observations.get(TRACE, '9'.repeat(16))).toBeUndefined();
    expect((await client.traces.list()).items).toHaveLength(3);
    expect((await client.traces.spans(TRACE))?.resourceSpans).toHaveLength(1);
    expect(await client.traces.spans('9'.repeat(32))).toBeUndefined();
    expect(await client.health()).toMatchObject({ version: VERSION, sessions: 3, spans: 3 });
  });

  it('passes queries on and says what the translator refuses', async () => {
    const { url } = await runTranslator();
    const client = clientOf(url);
    await post(`${url}/v1/traces`, span('a', '1'));
    expect((await client.sessions.list({ status: 'error', text: 'x y', sinceMs: 5 })).items).toEqual([]);
    await expect(client.sessions.list({ cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'SPOOR_REQUEST_INVALID',
      message: expect.stringContaining('answered 400'),
    });
  });

  it('makes scores of every target, which are read as such', async () => {
    const { url } = await runTranslator();
    const client = clientOf(url);
    await post(`${url}/v1/traces`, span('a', '1'));
    await client.scores.create({
      name: 'tone',
      value: 4,
      explanation: 'friendly',
      rubric: 'manners',
      criterion: 'tone',
      target: { kind: 'session', id: 'a' },
    });
    await client.scores.create({
      name: 'right',
      value: true,
      source: 'model',
      target: { kind: 'observation', id: '1'.repeat(16), traceId: TRACE, sessionId: 'a' },
    });
    await client.scores.create({
      name: 'step',
      value: 'good',
      target: { kind: 'step', id: 'x', sessionId: 'a' },
    });
    await client.scores.create({
      name: 'trace',
      value: 1,
      target: { kind: 'trace', id: TRACE, sessionId: 'a' },
    });
    const found = await client.sessions.get('a');
    const judged = found?.observations
      .filter(({ type }) => type === 'EVALUATION')
      .flatMap((observation) => observation.scores ?? []);
    expect(judged?.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      {
        name: 'right',
        value: true,
        source: 'model',
        target: { kind: 'observation', id: '1'.repeat(16) },
      },
      { name: 'step', value: 'good', label: 'good', source: 'human', target: { kind: 'step', id: 'x' } },
      {
        name: 'tone',
        value: 4,
        explanation: 'friendly',
        rubric: 'manners',
        criterion: 'tone',
        source: 'human',
        target: { kind: 'session', id: 'a' },
      },
      { name: 'trace', value: 1, source: 'human', target: { kind: 'trace', id: TRACE } },
    ]);
    const wrong = { name: 'x', target: { kind: 'observation', id: '1'.repeat(16) } } as const;
    await expect(client.scores.create(wrong)).rejects.toMatchObject({ code: 'SPOOR_OPTION_INVALID' });
  });

  it('puts images and gets them back', async () => {
    const { url } = await runTranslator();
    const client = clientOf(url);
    const kept = await client.blobs.put(PNG);
    expect(kept).toEqual({ reference: referenceOf(PNG), mediaType: 'image/png', bytes: PNG.length });
    const got = await client.blobs.get(kept.reference);
    expect([got?.mediaType, Buffer.from(got?.bytes ?? []).equals(PNG)]).toEqual(['image/png', true]);
    expect(await client.blobs.get(referenceOf(SVG))).toBeUndefined();
    await expect(client.blobs.put(SVG)).rejects.toMatchObject({ code: 'SPOOR_REQUEST_INVALID' });
    await expect(client.blobs.get('../stats')).rejects.toMatchObject({ code: 'SPOOR_REQUEST_INVALID' });
  });
});

describe('a request', () => {
  it.each<[string, Answer]>([
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['500', { status: 500 }],
    ['503', { status: 503, headers: { 'retry-after': '0' } }],
    ['a lost connection', 'reset'],
  ])('is made again after %s', async (_what, answer) => {
    const { url, requests } = await startScripted(answer, answer);
    expect(await clientOf(url).sessions.list()).toEqual({ items: [] });
    expect(requests).toHaveLength(3);
  });

  it('is made again only as often as was asked for, then says why it failed', async () => {
    const busy: Answer = {
      status: 503,
      headers: { 'retry-after': '0' },
      body: '{"error":{"code":"SPOOR_OVERLOADED","message":"The store is full."}}',
    };
    const { url, requests } = await startScripted(busy, busy, busy);
    await expect(clientOf(url, { retries: 1 }).sessions.list()).rejects.toMatchObject({
      code: 'SPOOR_OVERLOADED',
      message: expect.stringContaining('The store is full.'),
    });
    expect(requests).toHaveLength(2);
  });

  it('that was refused for good is not made again', async () => {
    const { url, requests } = await startScripted({ status: 400 });
    await expect(clientOf(url).sessions.list()).rejects.toMatchObject({
      code: 'SPOOR_TRANSLATOR_UNREACHABLE',
    });
    expect(requests).toHaveLength(1);
  });

  it('of one score is one span, however often it is made', async () => {
    const bodies: string[] = [];
    const server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        bodies.push(body);
        res.writeHead(bodies.length === 1 ? 503 : 200, { 'retry-after': '0' }).end('{}');
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await client.scores.create({ name: 'x', value: 1, target: { kind: 'session', id: 's' } });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('carries the key and the project', async () => {
    const { url, requests } = await startScripted();
    await clientOf(url, { apiKey: 'secret', project: 'shop' }).sessions.list();
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'spoor-project': 'shop' });
  });

  it('has an end in time', async () => {
    const { url } = await startScripted('hang', 'hang');
    await expect(clientOf(url, { timeoutMs: 50, retries: 1 }).sessions.list()).rejects.toMatchObject({
      code: 'SPOOR_TIMEOUT',
      message: `The translator at ${url} did not answer within 50 ms.`,
    });
  });

  it('ends with its signal, with the reason of the signal', async () => {
    const { url } = await startScripted('hang');
    const abort = new AbortController();
    const waiting = clientOf(url).sessions.list({}, { signal: abort.signal });
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(clientOf(url).health({ signal: abort.signal })).rejects.toBe(reason);
  });

  it('ends with its client, and a pause before the next try does too', async () => {
    const { url } = await startScripted('hang', { status: 503, headers: { 'retry-after': '9' } });
    const client = clientOf(url);
    const waiting = [client.sessions.list(), client.health()];
    client.close();
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'SPOOR_CLIENT_CLOSED' });
    await expect(client.sessions.list()).rejects.toMatchObject({ code: 'SPOOR_CLIENT_CLOSED' });
  });

  it('to nobody, or to something else, says so', async () => {
    const { url } = await startScripted({ status: 404 }, { status: 200, body: '<html>' });
    const client = clientOf(url);
    await expect(client.sessions.list()).rejects.toMatchObject({
      code: 'SPOOR_TRANSLATOR_UNREACHABLE',
      message: `No translator answers at ${url} (it has no /api/sessions).`,
    });
    await expect(client.sessions.list()).rejects.toMatchObject({
      message: `No translator answers at ${url} (its answer is not JSON).`,
    });
    await expect(clientOf('http://127.0.0.1:9', { retries: 0 }).health()).rejects.toMatchObject({
      code: 'SPOOR_TRANSLATOR_UNREACHABLE',
    });
  });
});

function make(options: object): () => SpoorClient {
  return () => new SpoorClient(options);
}

describe('the options', () => {
  it('are checked as a whole', () => {
    expect(make({ base_url: 'http://localhost:1', api_key: 'k', timeout_ms: 5 })).not.toThrow();
    expect(make({ baseURL: 'http://localhost:1' })).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OPTION_UNKNOWN',
        message: expect.stringContaining('`baseUrl`'),
      }),
    );
    for (const wrong of [
      { baseUrl: 'localhost' },
      { baseUrl: 'ftp://x' },
      { timeoutMs: 0 },
      { retries: -1 },
      { apiKey: 'two\nlines' },
      { project: 7 },
    ]) {
      expect(make(wrong)).toThrow(expect.objectContaining({ code: 'SPOOR_OPTION_INVALID' }));
    }
    expect(() => new SpoorClient({ apiKey: 'two\nlines' })).not.toThrow(/two/);
  });
});
