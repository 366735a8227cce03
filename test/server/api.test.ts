import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SessionResponse } from './session-response.js';
import { traceRequestJson } from './otlp-payloads.js';
import { post, runTranslator } from './running.js';

const TRACE_ID = 'a'.repeat(32);
const SPAN_ID = 'b'.repeat(16);

async function getJson(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

test('serves the session that a posted span belongs to, in the shapes of the model', async () => {
  const { url } = await runTranslator();
  await post(
    `${url}/v1/traces`,
    traceRequestJson({
      name: 'work',
      attributes: { 'session.id': 'run/1 ü', 'gen_ai.operation.name': 'chat' },
    }),
  );
  const list = await getJson(`${url}/api/sessions`);
  expect(list).toMatchObject({ status: 200, body: { items: [{ id: 'run/1 ü', traceIds: [TRACE_ID] }] } });
  const one = await getJson(`${url}/api/sessions/${encodeURIComponent('run/1 ü')}`);
  expect(one.status).toBe(200);
  const trail = SessionResponse.parse(one.body);
  expect(trail.observations.map(({ id, name, type }) => ({ id, name, type }))).toEqual([
    { id: SPAN_ID, name: 'work', type: 'GENERATION' },
  ]);
  expect(await getJson(`${url}/api/observations/${TRACE_ID}/${SPAN_ID}`)).toEqual({
    status: 200,
    body: trail.observations[0],
  });
  expect(await getJson(`${url}/api/traces`)).toMatchObject({
    status: 200,
    body: { items: [{ traceId: TRACE_ID, name: 'work', spanCount: 1, serviceName: 'shop' }] },
  });
});

test('gives raw spans back as OTLP/JSON that the receiver takes again', async () => {
  const { url, store } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson({ attributes: { key: 'value' } }));
  const before = await store.rawSpans(TRACE_ID);
  const { body } = await getJson(`${url}/api/traces/${TRACE_ID}/spans`);
  const other = await runTranslator();
  expect((await post(`${other.url}/v1/traces`, JSON.stringify(body))).status).toBe(200);
  expect(await other.store.rawSpans(TRACE_ID)).toEqual(before);
});

test('counts what it received', async () => {
  const before = Date.now();
  const { url } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson({}, { spanId: 'c'.repeat(16) }, { spanId: 'x' }));
  await post(`${url}/v1/traces`, 'no');
  const { body } = await getJson(`${url}/api/stats`);
  expect(body).toEqual({
    spans: 2,
    logs: 0,
    sessions: 1,
    bytes: 0,
    dialects: expect.any(Object),
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    startedMs: expect.any(Number),
    received: {
      requests: 1,
      spans: 2,
      rejectedRequests: 1,
      rejectedSpans: 1,
      logRequests: 0,
      logs: 0,
      rejectedLogs: 0,
      metricRequests: 0,
      metricPoints: 0,
    },
  });
  expect((body as { startedMs: number }).startedMs).toBeGreaterThanOrEqual(before);
});

test('pages through sessions with a cursor', async () => {
  const { url } = await runTranslator();
  for (const digit of '123') {
    await post(
      `${url}/v1/traces`,
      traceRequestJson({ traceId: digit.repeat(32), attributes: { 'session.id': `run-${digit}` } }),
    );
  }
  const ids: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page = (
      await getJson(
        `${url}/api/sessions?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
    ).body as { items: { id: string }[]; nextCursor?: string };
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(ids.toSorted()).toEqual(['run-1', 'run-2', 'run-3']);
});

test.each([
  ['/api/sessions?limit=0', 'limit'],
  ['/api/sessions?limit=501', 'limit'],
  ['/api/sessions?limit=many', 'limit'],
  ['/api/sessions?limit=1&limit=2', 'limit'],
  ['/api/sessions?status=fine', 'status'],
  ['/api/sessions?since=yesterday', 'since'],
  ['/api/sessions?lmit=1', 'lmit'],
  ['/api/sessions?__proto__=1', '__proto__'],
  ['/api/sessions?cursor=%00', 'cursor'],
  ['/api/traces?status=ok', 'status'],
  ['/api/live?sesion=1', 'sesion'],
])('refuses %s with the name of the parameter', async (path, parameter) => {
  const { url } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson({}));
  expect(await getJson(url + path)).toEqual({
    status: 400,
    body: { error: { code: 'SPOOR_REQUEST_INVALID', message: expect.stringContaining(parameter) } },
  });
});

test('takes every parameter of the session list', async () => {
  const { url } = await runTranslator();
  for (const since of ['1772357400000', '2026-03-01T09:30:00Z', '2026-03-01T10:30:00%2B01:00']) {
    const query = `limit=5&status=ok&agent=a&user=u&tag=t&since=${since}&q=words`;
    expect(await getJson(`${url}/api/sessions?${query}`)).toEqual({ status: 200, body: { items: [] } });
  }
});

test.each([
  '/api/sessions/none',
  `/api/observations/${TRACE_ID}/${SPAN_ID}`,
  `/api/traces/${TRACE_ID}/spans`,
])('answers 404 for %s', async (path) => {
  const { url } = await runTranslator();
  expect(await getJson(url + path)).toEqual({
    status: 404,
    body: {
      error: { code: 'SPOOR_NOT_FOUND', message: expect.stringMatching(/^There is no \w+ with this id\.$/) },
    },
  });
});

test('answers 405 for a method that the API does not have', async () => {
  const { url } = await runTranslator();
  const response = await fetch(`${url}/api/sessions`, { method: 'DELETE' });
  expect([response.status, response.headers.get('allow'), await response.json()]).toEqual([
    405,
    'GET',
    { error: { code: 'SPOOR_REQUEST_INVALID', message: 'This path takes GET only.' } },
  ]);
});

test('answers HEAD without a body', async () => {
  const { url } = await runTranslator();
  const response = await fetch(`${url}/api/sessions`, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
    200,
    '12',
    '',
  ]);
});

test('serves the files of the dashboard, and no others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-dashboard-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>spoor</title>');
  await writeFile(join(folder, 'assets', 'app.js'), 'export {};');
  await writeFile(join(folder, 'secret.ts'), 'no');
  const { url } = await runTranslator({ dashboardDir: folder });
  const page = ['200', 'text/html; charset=utf-8', '<!doctype html><title>spoor</title>'];
  const read = async (path: string): Promise<(string | null)[]> => {
    const response = await fetch(url + path);
    return [String(response.status), response.headers.get('content-type'), await response.text()];
  };
  expect(await read('/')).toEqual(page);
  expect(await read('/sessions/any%20id')).toEqual(page);
  expect(await read('/assets/app.js')).toEqual(['200', 'text/javascript; charset=utf-8', 'export {};']);
  expect((await read('/secret.ts'))[0]).toBe('404');
  expect((await read('/assets/'))[0]).toBe('404');
});

test('says so when the dashboard is not built', async () => {
  const { url } = await runTranslator({ dashboardDir: join(tmpdir(), 'spoor-no-such-folder') });
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'text/plain; charset=utf-8',
    'The translator runs. Its dashboard is not built: `npm run build` in the package builds it.\n',
  ]);
});
