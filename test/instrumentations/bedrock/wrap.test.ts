import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import * as sdk from '@aws-sdk/client-bedrock-runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wrap } from '../../../instrumentations/bedrock/index.js';
import { definition } from '../../../instrumentations/bedrock/instrumentation.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { withCallsSuppressed } from '../../../src/instrument/suppress.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

const INPUT = {
  modelId: 'amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Where?' }] }],
};
const ANSWER = {
  output: { message: { role: 'assistant', content: [{ text: 'North.' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
};
const { prototype } = sdk.BedrockRuntimeClient;
const shared = Object.getPrototypeOf(prototype) as { send: unknown };
let server: Http2Server;
let spans: RecordedSpans;
const clients: sdk.BedrockRuntime[] = [];

beforeAll(async () => {
  // This SDK speaks HTTP/2.
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(ANSWER));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  setContentPolicy(true);
  spans = recordSpans();
});
afterEach(() => {
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});

function makeClient(): sdk.BedrockRuntime {
  const client = new sdk.BedrockRuntime({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  clients.push(client);
  return client;
}

const names = (): string[] => spans.all().map(({ name }) => name);

describe('a patch of the package', () => {
  it('gives the class of this client a send of its own and takes it back', async () => {
    const before = shared.send;
    const undo = definition.patchModule(sdk, '@aws-sdk/client-bedrock-runtime');
    expect([Object.hasOwn(prototype, 'send'), shared.send === before]).toEqual([true, true]);
    await makeClient().converse(INPUT);
    for (const unpatch of undo) unpatch();
    expect([Object.hasOwn(prototype, 'send'), prototype.send === before]).toEqual([false, true]);
    await makeClient().converse(INPUT);
    expect(names()).toEqual(['chat amazon.nova-lite-v1:0']);
  });

  it('passes by what has no known class', () => {
    const shapes = [{}, null, 7, { BedrockRuntimeClient: 7 }, { BedrockRuntimeClient: Date }];
    expect(shapes.map((shape) => definition.patchModule(shape, 'x'))).toEqual(shapes.map(() => []));
  });
});

describe('wrap', () => {
  it('returns the same client, traces each call once however often it is wrapped', async () => {
    const client = makeClient();
    expect(wrap(wrap(client))).toBe(client);
    expect((await client.converse(INPUT)).stopReason).toBe('end_turn');
    await withCallsSuppressed(() => client.converse(INPUT));
    expect(names()).toEqual(['chat amazon.nova-lite-v1:0']);
  });

  it('knows the server from the second call at the start', async () => {
    const client = wrap(makeClient());
    await client.converse(INPUT);
    await client.converse(INPUT);
    const { port } = server.address() as AddressInfo;
    const said = spans
      .all()
      .map(({ attributes }) => [attributes['server.address'], attributes['server.port']]);
    expect(said).toEqual([
      ['127.0.0.1', port],
      ['127.0.0.1', port],
    ]);
  });

  it('leaves clients of other services and what is no client alone', () => {
    class Shared {
      send(): void {}
    }
    class Other extends Shared {
      readonly config = { serviceId: 'S3' };
    }
    const other = new Other();
    expect(wrap(other)).toBe(other);
    expect(Object.hasOwn(Other.prototype, 'send')).toBe(false);
    expect([wrap(null), wrap('text'), wrap(undefined)]).toEqual([null, 'text', undefined]);
  });
});
