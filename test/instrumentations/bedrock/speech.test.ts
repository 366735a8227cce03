import { createHash } from 'node:crypto';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import * as sdk from '@aws-sdk/client-bedrock-runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wrap } from '../../../instrumentations/bedrock/index.js';
import { createSpeechReducer } from '../../../instrumentations/bedrock/speech-stream.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { eventFrame } from './event-frame.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

const SHA256 = createHash('sha256').update('spoor').digest('hex');
const BLOB = { type: 'blob', modality: 'audio', sha256: SHA256, bytes: 5 };
const FINAL = '{"generationStage":"FINAL"}';
const SPECULATIVE = '{"generationStage":"SPECULATIVE"}';

/** What a model says: it heard something, tells what it will say, says it, and tells what it has said. */
const EVENTS: readonly object[] = [
  { completionStart: { completionId: 'completion_1' } },
  { contentStart: { contentId: 'a', type: 'TEXT', role: 'USER', additionalModelFields: FINAL } },
  { textOutput: { contentId: 'a', role: 'USER', content: 'Where to?' } },
  { contentEnd: { contentId: 'a', stopReason: 'PARTIAL_TURN' } },
  { contentStart: { contentId: 'b', type: 'TEXT', role: 'ASSISTANT', additionalModelFields: SPECULATIVE } },
  { textOutput: { contentId: 'b', role: 'ASSISTANT', content: 'North, I think.' } },
  { contentStart: { contentId: 'c', type: 'AUDIO', role: 'ASSISTANT' } },
  { audioOutput: { contentId: 'c', content: 'c3Bv' } },
  { audioOutput: { contentId: 'c', content: 'b3I=' } },
  { contentStart: { contentId: 'd', type: 'TEXT', role: 'ASSISTANT', additionalModelFields: FINAL } },
  { textOutput: { contentId: 'd', role: 'ASSISTANT', content: 'North.' } },
  { usageEvent: { totalInputTokens: 7, totalOutputTokens: 0 } },
  { usageEvent: { totalInputTokens: 9, totalOutputTokens: 4 } },
  { contentEnd: { contentId: 'd', stopReason: 'END_TURN' } },
  { completionEnd: { stopReason: 'END_TURN' } },
];
const MESSAGES = [
  { role: 'user', parts: [{ type: 'text', content: 'Where to?' }] },
  { role: 'assistant', parts: [BLOB, { type: 'text', content: 'North.' }] },
];
const chunk = (event: object): object => ({ chunk: { bytes: Buffer.from(JSON.stringify({ event })) } });

describe('a conversation in speech', () => {
  it('keeps what was heard and what was said, once, and sound as a hash', () => {
    const reducer = createSpeechReducer(true);
    for (const event of EVENTS) reducer.add(chunk(event));
    expect([reducer.finished, reducer.response(), reducer.output()]).toEqual([
      true,
      { id: 'completion_1', usage: { inputTokens: 9, outputTokens: 4 }, finishReasons: ['stop'] },
      { messages: MESSAGES },
    ]);
  });

  it('has the calls of tools, and no end when it was broken off', () => {
    const reducer = createSpeechReducer(true);
    reducer.add(chunk({ toolUse: { contentId: 't', toolUseId: 'u', toolName: 'look', content: '{"q":1}' } }));
    reducer.add(chunk({ contentEnd: { contentId: 't', stopReason: 'TOOL_USE', type: 'TOOL' } }));
    expect([reducer.finished, reducer.response(), reducer.output().messages]).toEqual([
      false,
      { finishReasons: ['tool_call'] },
      [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'u', name: 'look', arguments: { q: 1 } }] }],
    ]);
  });

  it('keeps no content when it may not, and takes any event', () => {
    const reducer = createSpeechReducer(false);
    for (const event of [undefined, null, 7, {}, chunk({}), ...EVENTS.map(chunk)]) reducer.add(event);
    expect(reducer.output()).toEqual({});
  });
});

describe('the bidirectional command', () => {
  let server: Http2Server;
  let spans: RecordedSpans;
  const sessions = new Set<ServerHttp2Session>();
  beforeAll(async () => {
    server = createServer();
    server.on('session', (session) => sessions.add(session));
    server.on('stream', (stream) => {
      stream.resume();
      stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
      for (const event of EVENTS) {
        const bytes = Buffer.from(JSON.stringify({ event })).toString('base64');
        stream.write(eventFrame('chunk', { bytes }));
      }
      stream.end();
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
    // One that the program broke off stays open.
    for (const session of sessions) session.destroy();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });

  async function talk(read: (body: AsyncIterable<unknown>) => Promise<void>): Promise<void> {
    const client = wrap(
      new sdk.BedrockRuntimeClient({
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      }),
    );
    const body = (async function* (): AsyncGenerator<sdk.InvokeModelWithBidirectionalStreamInput> {
      yield { chunk: { bytes: Buffer.from('{"event":{"sessionStart":{}}}') } };
    })();
    const command = new sdk.InvokeModelWithBidirectionalStreamCommand({
      modelId: 'amazon.nova-sonic-v1:0',
      body,
    });
    const answer = await client.send(command);
    await read(answer.body as AsyncIterable<unknown>);
    client.destroy();
  }

  it('is one call, read as the program reads it', async () => {
    let seen = 0;
    await talk(async (body) => {
      for await (const _event of body) seen += 1;
    });
    expect(seen).toBe(EVENTS.length);
    const [span, ...others] = spans.all();
    const { 'gen_ai.output.messages': said, ...attributes } = span?.attributes ?? {};
    expect([span?.name, others, JSON.parse(String(said))]).toEqual([
      'chat amazon.nova-sonic-v1:0',
      [],
      MESSAGES,
    ]);
    expect(attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'aws.bedrock',
      'gen_ai.request.model': 'amazon.nova-sonic-v1:0',
      'gen_ai.request.stream': true,
      'gen_ai.output.type': 'speech',
      'server.address': '127.0.0.1',
      'server.port': (server.address() as AddressInfo).port,
      'gen_ai.response.id': 'completion_1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.input_tokens': 9,
      'gen_ai.usage.output_tokens': 4,
      'spoor.stream.chunk_count': EVENTS.length,
      'spoor.outcome': 'completed',
    });
  });

  it('is cancelled when the program stops listening', async () => {
    await talk(async (body) => {
      for await (const _event of body) break;
    });
    expect(spans.all().map(({ attributes }) => attributes['spoor.outcome'])).toEqual(['cancelled']);
  });
});
