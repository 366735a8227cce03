import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTranslator } from '../../src/translator.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { traceRequestJson } from './otlp-payloads.js';
import { openSocket, post, runTranslator, until } from './running.js';

test('keeps what it acknowledged in its folder, over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dataDir = join(folder, 'deep', '.spoor');
  const first = await startTranslator({ port: 0, dataDir });
  await post(`${first.url}/v1/traces`, traceRequestJson({ attributes: { 'session.id': 'run-1' } }));
  await first.close();
  const second = await startTranslator({ port: 0, dataDir });
  onTestFinished(() => second.close());
  expect(await (await fetch(`${second.url}/api/sessions`)).json()).toMatchObject({
    items: [{ id: 'run-1' }],
  });
});

test('says which port is taken', async () => {
  const { port } = await runTranslator();
  await expect(startTranslator({ port, store: createMemoryStore() })).rejects.toMatchObject({
    code: 'SPOOR_PORT_IN_USE',
    message: `Port ${port} on 127.0.0.1 is taken by another process. Stop it, or choose another port with --port.`,
  });
});

test.each([
  [{ prot: 1 }, 'SPOOR_OPTION_UNKNOWN', '"prot"'],
  [{ limits: { bodyByte: 1 } }, 'SPOOR_OPTION_UNKNOWN', '"limits.bodyByte"'],
  [{ port: -1 }, 'SPOOR_OPTION_INVALID', '"port"'],
  [{ port: '4318' }, 'SPOOR_OPTION_INVALID', '"port"'],
  [{ limits: { bodyBytes: 0 } }, 'SPOOR_OPTION_INVALID', '"limits.bodyBytes"'],
  [{ host: '127.0.0.1 ' }, 'SPOOR_BIND_REFUSED', '"127.0.0.1 "'],
])('refuses the options %j', async (options, code, named) => {
  await expect(startTranslator(options as object)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(named),
  });
});

test('answers the requests that come while it still opens its queues', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'spoor-early-'));
  const { port, close } = await runTranslator();
  await close();
  const firstAnswer = async (): Promise<number> => {
    for (;;) {
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/api/stats`, {
          signal: AbortSignal.timeout(4000),
        });
        return answer.status;
      } catch (cause) {
        // Nobody listens yet; anything else is what must not be.
        const { cause: inner } = cause as { cause?: { code?: unknown } };
        if (inner?.code !== 'ECONNREFUSED') throw cause;
      }
    }
  };
  const [status, translator] = await Promise.all([
    firstAnswer(),
    startTranslator({ port, dataDir, forward: ['http://127.0.0.1:1'], log: () => {} }),
  ]);
  onTestFinished(async () => {
    await translator.close();
    await rm(dataDir, { recursive: true });
  });
  expect(status).toBe(200);
});

test('listens on ::1 when asked', async () => {
  const { url, port } = await runTranslator({ host: '::1' });
  expect(url).toBe(`http://[::1]:${port}`);
  expect((await fetch(`${url}/api/stats`)).status).toBe(200);
});

test('close ends idle, streaming and half-open connections, and leaves the port free', async () => {
  const store = createMemoryStore();
  const { url, port, close } = await startTranslator({ port: 0, store });
  await (await fetch(`${url}/api/stats`)).text();
  const live = await fetch(`${url}/api/live`);
  const halfOpen = openSocket(port);
  const silent = openSocket(port);
  halfOpen.write(`POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`);
  const ended = [halfOpen, silent].map((socket) => {
    socket.on('error', () => {});
    socket.resume();
    return new Promise((resolve) => socket.once('close', resolve));
  });
  await Promise.all(
    [halfOpen, silent].map((socket) =>
      until(
        () => socket.readyState,
        (state) => state === 'open',
      ),
    ),
  );
  await until(
    async () => (await fetch(`${url}/api/stats`)).status,
    (status) => status === 200,
  );
  await Promise.all([close(), close()]);
  await Promise.all(ended);
  await expect(live.text()).rejects.toThrow();
  const again = createServer();
  await new Promise<void>((resolve, reject) => {
    again.once('error', reject);
    again.listen(port, '127.0.0.1', resolve);
  });
  expect((again.address() as AddressInfo).port).toBe(port);
  await new Promise((resolve) => again.close(resolve));
});

test('close lets a request under way finish', async () => {
  const store = createMemoryStore();
  let go: (() => void) | undefined;
  const translator = await startTranslator({
    port: 0,
    store: {
      ...store,
      async append(spans) {
        await new Promise<void>((resolve) => (go = resolve));
        return store.append(spans);
      },
    },
  });
  const posted = post(`${translator.url}/v1/traces`, traceRequestJson({}));
  await until(() => go !== undefined, Boolean);
  const closed = translator.close();
  go?.();
  expect((await posted).status).toBe(200);
  await closed;
  expect(await store.rawSpans('a'.repeat(32))).toHaveLength(1);
});
