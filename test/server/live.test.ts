import { expect, test } from 'vitest';
import type { LiveChange } from '../../src/server/api-types.js';
import { readServerSentEvents, type ServerSentEvent } from '../../src/client/server-sent-events.js';
import { traceRequestJson } from './otlp-payloads.js';
import { openSocket, post, runTranslator, until } from './running.js';

/** Collects what an event stream sends. */
async function listen(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ events: ServerSentEvent[]; stop: () => void; ended: Promise<void> }> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  const events: ServerSentEvent[] = [];
  const ended = (async () => {
    if (response.body === null) return;
    for await (const event of readServerSentEvents(response.body)) events.push(event);
  })().catch(() => {});
  return { events, stop: () => abort.abort(), ended };
}

function postSession(url: string, id: string, digit: string): Promise<Response> {
  const span = { traceId: digit.repeat(32), spanId: digit.repeat(16), attributes: { 'session.id': id } };
  return post(`${url}/v1/traces`, traceRequestJson(span));
}

function sessionIds(events: readonly ServerSentEvent[]): string[] {
  return events
    .filter(({ event }) => event === 'change')
    .flatMap(({ data }) => (JSON.parse(data) as LiveChange).sessions.map(({ id }) => id));
}

test('tells of sessions that change, with growing ids', async () => {
  const { url } = await runTranslator();
  const { events, stop } = await listen(`${url}/api/live`);
  await until(
    () => events.length,
    (count) => count === 1,
  );
  await postSession(url, 'one', '1');
  await until(
    () => sessionIds(events).join(),
    (ids) => ids === 'one',
  );
  await postSession(url, 'two', '2');
  await until(
    () => sessionIds(events).join(),
    (ids) => ids === 'one,two',
  );
  const ids = events.map(({ id }) => Number(id));
  expect(ids).toEqual([ids[0], Number(ids[0]) + 1, Number(ids[0]) + 2]);
  expect(JSON.parse(events[1]?.data ?? '') as LiveChange).toMatchObject({
    sessions: [{ id: 'one', observationCount: 1 }],
    traceIds: ['1'.repeat(32)],
  });
  stop();
});

test('tells a listener of one session about that one only', async () => {
  const { url } = await runTranslator();
  const { events, stop } = await listen(`${url}/api/live?session=two`);
  await postSession(url, 'one', '1');
  await postSession(url, 'two', '2');
  await until(
    () => sessionIds(events).join(),
    (ids) => ids !== '',
  );
  expect(sessionIds(events)).toEqual(['two']);
  stop();
});

test('tells one that comes back with its last id what it missed, in one event', async () => {
  const { url } = await runTranslator();
  const first = await listen(`${url}/api/live`);
  await postSession(url, 'one', '1');
  await until(
    () => sessionIds(first.events).join(),
    (ids) => ids === 'one',
  );
  first.stop();
  await first.ended;
  await postSession(url, 'two', '2');
  await postSession(url, 'three', '3');
  await postSession(url, 'two', '4');
  const second = await listen(`${url}/api/live`, { 'last-event-id': first.events.at(-1)?.id ?? '' });
  await until(
    () => sessionIds(second.events).join(),
    (ids) => ids !== '',
  );
  expect(sessionIds(second.events)).toEqual(['two', 'three']);
  expect(second.events.filter(({ event }) => event === 'reset')).toEqual([]);
  second.stop();
});

test.each([
  ['of an earlier process', () => '12'],
  ['of the future', (id: number) => String(id + 99)],
  ['that is no number', () => 'x'],
  ['that is too old', (id: number) => String(id)],
])('sends a reset to one that comes back with an id %s', async (_name, lastId) => {
  const { url } = await runTranslator({ limits: { liveHistory: 2 } });
  const first = await listen(`${url}/api/live`);
  await until(
    () => first.events.length,
    (count) => count === 1,
  );
  first.stop();
  for (const digit of '1234') await postSession(url, 'one', digit);
  const second = await listen(`${url}/api/live`, { 'last-event-id': lastId(Number(first.events[0]?.id)) });
  await until(
    () => second.events.length,
    (count) => count > 0,
  );
  expect(second.events[0]).toMatchObject({ event: 'reset', data: '{}' });
  second.stop();
});

test('sends signs of life', async () => {
  const { port } = await runTranslator({ limits: { heartbeatMs: 20 } });
  const socket = openSocket(port);
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
  socket.write(`GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await until(
    () => text,
    (all) => all.split(': alive\n\n').length > 3,
  );
});

test('drops a listener that does not read', async () => {
  const { url, port } = await runTranslator({ limits: { liveBacklogBytes: 20_000 } });
  const socket = openSocket(port);
  socket.write(`GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  const reader = await listen(`${url}/api/live`);
  // Kernel buffers hold a few megabytes before the server has to queue anything.
  const tag = 'x'.repeat(2_000_000);
  for (let at = 1; at < 9; at += 1) {
    await post(
      `${url}/v1/traces`,
      traceRequestJson({
        spanId: String(at).repeat(16),
        name: 'session big',
        scope: 'spoor',
        attributes: { 'session.id': 'big', 'spoor.session.task': tag },
      }),
    );
    await until(
      () => sessionIds(reader.events).length,
      (count) => count >= at,
    );
  }
  socket.resume();
  await closed;
  expect(sessionIds(reader.events).length).toBeGreaterThanOrEqual(8);
  reader.stop();
});

test('says 503 to one listener too many, and takes the next when one has gone', async () => {
  const { url } = await runTranslator({ limits: { liveClients: 2 } });
  const first = await listen(`${url}/api/live`);
  await listen(`${url}/api/live`);
  const refused = await fetch(`${url}/api/live`);
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
    503,
    '5',
    { error: { code: 'SPOOR_OVERLOADED', message: 'Too many listeners.' } },
  ]);
  first.stop();
  const ask = async (): Promise<number> => {
    const abort = new AbortController();
    const { status } = await fetch(`${url}/api/live`, { signal: abort.signal });
    abort.abort();
    return status;
  };
  await until(ask, (status) => status === 200);
});
