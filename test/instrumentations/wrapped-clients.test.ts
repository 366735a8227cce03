import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wrap as wrapGoogle } from '../../instrumentations/google-genai/index.js';
import { wrap as wrapMistral } from '../../instrumentations/mistral/index.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { recordSpans } from '../support/recorded-spans.js';

/** SDKs that are no dependency of this package: they are there when the contract suite has been run. */
interface Sdk {
  entry: string;
  answer: object;
  wrap: (client: unknown) => unknown;
  connect(sdk: never, origin: string): { client: unknown; ask: () => Promise<unknown> };
}
type Ask = (params: object) => Promise<unknown>;

const SDKS: Readonly<Record<string, Sdk>> = {
  'google-genai': {
    entry: 'google3/dist/node/index.mjs',
    answer: { candidates: [{ content: { parts: [{ text: 'North.' }] }, finishReason: 'STOP' }] },
    wrap: wrapGoogle,
    connect: (
      sdk: { GoogleGenAI: new (options: object) => { models: { generateContent: Ask } } },
      origin,
    ) => {
      const client = new sdk.GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: origin } });
      return { client, ask: () => client.models.generateContent({ model: 'm', contents: 'Where to?' }) };
    },
  },
  mistral: {
    entry: 'mistral2/esm/index.js',
    answer: {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      usage: {},
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'North.' } }],
    },
    wrap: wrapMistral,
    connect: (sdk: { Mistral: new (options: object) => { chat: { complete: Ask } } }, origin) => {
      const client = new sdk.Mistral({ apiKey: 'none', serverURL: origin });
      const params = { model: 'm', messages: [{ role: 'user', content: 'Where to?' }] };
      return { client, ask: () => client.chat.complete(params) };
    },
  },
};

describe.each(Object.entries(SDKS))('a client of %s', (_name, { entry, answer, wrap, connect }) => {
  const url = new URL(`../sdks/node_modules/${entry}`, import.meta.url);
  if (!existsSync(url)) {
    it.skip('is traced once wrapped (the SDKs of the contract suite are not installed)', () => undefined);
    return;
  }
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => setProviderStarter(undefined));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is traced once wrapped, once for each call, and stays the same client', async () => {
    const { port } = server.address() as AddressInfo;
    const spans = recordSpans();
    const { client, ask } = connect((await import(url.href)) as never, `http://127.0.0.1:${port}`);
    await ask();
    expect(spans.all()).toEqual([]);
    expect(wrap(wrap(client))).toBe(client);
    await ask();
    expect(spans.all().map(({ attributes }) => attributes['gen_ai.response.finish_reasons'])).toEqual([
      ['stop'],
    ]);
  });

  it('may be anything: what is no client is left alone', () => {
    expect([wrap(null), wrap('text'), wrap({})]).toEqual([null, 'text', {}]);
  });
});
