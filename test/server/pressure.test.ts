import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { traceRequestJson } from './otlp-payloads.js';
import { post, runTranslator, until } from './running.js';

const MIB = 1024 * 1024;

/** A store behind a disk that stands still until `open` is called. */
function stalledStore(): { store: Store; open: () => void } {
  const store = createMemoryStore();
  let release: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  return {
    store: {
      ...store,
      async append(spans) {
        await gate;
        return store.append(spans);
      },
      async appendLogs(logs) {
        await gate;
        return store.appendLogs(logs);
      },
    },
    open: () => release?.(),
  };
}

/** A request of about a quarter of a MiB, many small attributes of it: what is decoded is larger than what came. */
function largeRequest(nth: number): string {
  const attributes = Object.fromEntries(
    Array.from({ length: 2000 }, (_, at) => [`attribute.${at}`, `${nth} ${'x'.repeat(60)}`]),
  );
  return traceRequestJson({ spanId: nth.toString(16).padStart(16, '0'), attributes });
}

function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

describe('while the store stands still', () => {
  test('senders get 503 with Retry-After once enough waits; what waits is kept, and all is well again afterwards', async () => {
    const { store, open } = stalledStore();
    const { url } = await runTranslator({ store, limits: { waitingBytes: 2 * MIB } });
    const answers: { status: number; retryAfter: string | null }[] = [];
    const sent: Promise<unknown>[] = [];
    const send = async (nth: number): Promise<void> => {
      const response = await post(`${url}/v1/traces`, largeRequest(nth));
      await response.arrayBuffer();
      answers.push({ status: response.status, retryAfter: response.headers.get('retry-after') });
    };
    for (let nth = 1; nth <= 30; nth += 1) {
      const before = answers.length;
      const done = send(nth);
      sent.push(done);
      // The first ones wait; each of the others is answered before the next is sent.
      if (nth > 12)
        await until(
          () => answers.length,
          (count) => count > before,
        );
    }
    const refused = answers.length;
    expect(refused).toBeGreaterThan(15);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ status: 503, retryAfter: '1' })]),
    );
    // Reading goes on meanwhile.
    expect((await fetch(`${url}/api/stats`)).status).toBe(200);
    open();
    await Promise.all(sent);
    const kept = answers.filter(({ status }) => status === 200).length;
    expect([kept, kept + refused]).toEqual([30 - refused, 30]);
    expect((await store.stats()).spans).toBe(kept);
    expect((await post(`${url}/v1/traces`, largeRequest(99))).status).toBe(200);
  });

  test('memory stays where it is, however many go on to send', async () => {
    const { store, open } = stalledStore();
    const { url } = await runTranslator({ store, limits: { waitingBytes: MIB } });
    const body = largeRequest(1);
    const sent: Promise<unknown>[] = [];
    let answered = 0;
    const flood = async (requests: number): Promise<void> => {
      for (let at = 0; at < requests; at += 20) {
        for (let nth = 0; nth < 20; nth += 1) {
          const done = post(`${url}/v1/traces`, body).then((response) => response.arrayBuffer());
          const told = done.then(() => (answered += 1));
          // Should the test fail before its end, that says enough.
          told.catch(() => undefined);
          sent.push(told);
        }
        // All but the few that wait for the disk are answered before more are sent.
        await until(
          () => answered,
          (count) => count >= sent.length - 5,
        );
      }
    };
    await flood(60);
    const before = memoryInUse();
    await flood(240);
    // The senders are in this process too: what they leave behind goes with the next turns of the loop.
    await until(
      () => memoryInUse() - before,
      (growth) => growth < 12 * MIB,
    );
    open();
    await Promise.all(sent);
    expect((await store.stats()).spans).toBe(1);
  });

  test('a request larger than what may wait is taken when nothing else waits', async () => {
    const { url } = await runTranslator({ limits: { waitingBytes: 1000 } });
    expect((await post(`${url}/v1/traces`, largeRequest(1))).status).toBe(200);
  });
});
