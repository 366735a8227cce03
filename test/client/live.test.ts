import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../src/client/live.js';
import { SpoorClient } from '../../src/client/spoor-client.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { startTranslator } from '../../src/server/start-translator.js';
import { traceRequestJson } from '../server/otlp-payloads.js';
import { post, runTranslator, until } from '../server/running.js';

/** Follows a feed in the background. */
function follow(feed: AsyncIterable<LiveEvent>): { events: string[]; ended: Promise<unknown> } {
  const events: string[] = [];
  const ended = (async () => {
    for await (const event of feed) {
      events.push(
        event.type === 'change' ? `change ${event.sessions.map(({ id }) => id).join()}` : event.type,
      );
    }
  })().then(
    () => 'over',
    (error: unknown) => error,
  );
  return { events, ended };
}

function send(url: string, id: string, digit: string): Promise<Response> {
  const span = { traceId: digit.repeat(32), spanId: digit.repeat(16), attributes: { 'session.id': id } };
  return post(`${url}/v1/traces`, traceRequestJson(span));
}

const has = (word: string) => (events: readonly string[]) => events.includes(word);

describe('the live feed of a client', () => {
  it('tells what changes until the loop is left', async () => {
    const { url } = await runTranslator();
    const client = new SpoorClient({ baseUrl: url });
    for await (const event of client.live()) {
      if (event.type === 'open') await send(url, 'a', '1');
      if (event.type === 'change') {
        expect(event.sessions.map(({ id }) => id)).toEqual(['a']);
        break;
      }
    }
  });

  it('of one session tells of no other', async () => {
    const { url } = await runTranslator();
    const client = new SpoorClient({ baseUrl: url });
    const { events, ended } = follow(client.live({ sessionId: 'b' }));
    await until(() => events, has('open'));
    await send(url, 'a', '1');
    await send(url, 'b', '2');
    await until(() => events, has('change b'));
    client.close();
    expect([await ended, events]).toEqual(['over', ['open', 'change b']]);
  });

  it('ends with its signal, without an error', async () => {
    const { url } = await runTranslator();
    const abort = new AbortController();
    const { events, ended } = follow(new SpoorClient({ baseUrl: url }).live({ signal: abort.signal }));
    await until(() => events, has('open'));
    abort.abort();
    expect(await ended).toBe('over');
  });

  it('comes back after the translator did, and says when everything has to be read again', async () => {
    const store = createMemoryStore();
    const first = await startTranslator({ port: 0, store, log: () => {} });
    const { url, port } = first;
    const client = new SpoorClient({ baseUrl: url });
    const { events, ended } = follow(client.live());
    await until(() => events, has('open'));
    await send(url, 'a', '1');
    await until(() => events, has('change a'));
    await first.close();
    const second = await runTranslator({ port, store });
    await until(() => events, has('reset'));
    await send(second.url, 'b', '2');
    await until(() => events, has('change b'));
    client.close();
    expect([await ended, events]).toEqual(['over', ['open', 'change a', 'open', 'reset', 'change b']]);
  });

  it('fails when there is nobody at the first time', async () => {
    const { ended } = follow(new SpoorClient({ baseUrl: 'http://127.0.0.1:9' }).live());
    expect(await ended).toMatchObject({ code: 'SPOOR_TRANSLATOR_UNREACHABLE' });
  });
});
