import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TranslatorOptions } from '../../src/server/options.js';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { createMemoryStore } from '../../src/store/memory-store.js';

/** A translator on a free port with a store in memory, closed when the test ends. */
export async function runTranslator(options: TranslatorOptions = {}): Promise<Translator> {
  const translator = await startTranslator({
    port: 0,
    store: createMemoryStore(),
    log: () => {},
    ...options,
  });
  onTestFinished(() => translator.close());
  return translator;
}

/** Posts a body; JSON unless told otherwise. */
export function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** Sends bytes on a raw socket, and resolves to all that came back until the server ended the connection. */
export function rawExchange(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = openSocket(port);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? undefined : reject(error),
    );
    for (const part of parts) socket.write(part);
  });
}

export function openSocket(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

/** Waits until a condition holds; fails after 5 s. */
export async function until<T>(read: () => T | Promise<T>, isTrue: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const value = await read();
    if (isTrue(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after 5 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
