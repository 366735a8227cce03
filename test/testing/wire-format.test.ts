import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLlmServer, type LlmServer, type Turn } from '../../src/testing/index.js';
import {
  eventsOf,
  followers,
  missingFrom,
  readRecordings,
  requiredOf,
  shapeOf,
  union,
  type Recording,
  type Shape,
  type ShapedEvent,
} from './wire-shapes.js';

const corpus = process.env['SPOOR_CORPUS'];

interface Feature {
  readonly name: string;
  readonly provider: 'openai' | 'anthropic';
  readonly path: string;
  readonly body: object;
  readonly turn: Turn;
  /** What the recorded request, and its answer, must contain. */
  readonly asks?: RegExp;
  readonly says?: RegExp;
  /** What neither may contain: other features that would widen the shape. */
  readonly not?: RegExp;
}

const messages = [{ role: 'user', content: 'Where is my order?' }];
const chat = { model: 'gpt-4o-mini', messages };
const ask = { model: 'claude-sonnet-4-6', max_tokens: 1024, messages };
const text = { text: 'It is on its way to you.', usage: { input: 30, output: 9, cacheRead: 8 } };
const call = { name: 'lookup_order', arguments: { order: 'A-17', with: ['parcel', 'refund'] } };
const thought = { reasoning: 'The order number is known, so look it up.', text: 'One moment.' };
const COUNTED = /"include_usage":true/;

const FEATURES: readonly Feature[] = [
  {
    name: 'chat, text',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: chat,
    turn: text,
    not: /tool_calls|"audio":\{/,
  },
  {
    name: 'chat, tool calls',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: chat,
    turn: { toolCalls: [call, call] },
    says: /"finish_reason":"tool_calls"/,
  },
  {
    name: 'chat, text streamed',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: { ...chat, stream: true },
    turn: text,
    not: COUNTED,
  },
  {
    name: 'chat, text streamed with usage',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: { ...chat, stream: true, stream_options: { include_usage: true } },
    turn: text,
    asks: COUNTED,
    not: /"tool_calls"/,
  },
  {
    name: 'chat, tool calls streamed',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: { ...chat, stream: true },
    turn: { toolCalls: [call, call] },
    says: /"tool_calls":\[\{"index":1/,
  },
  {
    name: 'responses, text',
    provider: 'openai',
    path: '/v1/responses',
    body: { model: 'gpt-5-mini', input: 'Where is my order?' },
    turn: text,
    says: /"type":"message"/,
  },
  {
    name: 'responses, reasoning and calls',
    provider: 'openai',
    path: '/v1/responses',
    body: { model: 'gpt-5-mini', input: 'Where is my order?', reasoning: { summary: 'auto' } },
    turn: { reasoning: thought.reasoning, toolCalls: [call] },
    says: /"type":"(reasoning|function_call)"/,
  },
  {
    name: 'responses, text streamed',
    provider: 'openai',
    path: '/v1/responses',
    body: { model: 'gpt-5-mini', input: 'Where is my order?', stream: true },
    turn: text,
    says: /response\.output_text\.delta/,
    not: /web_search|code_interpreter|mcp|file_search|image_generation/,
  },
  {
    name: 'responses, reasoning and text streamed',
    provider: 'openai',
    path: '/v1/responses',
    body: {
      model: 'gpt-5-mini',
      input: 'Where is my order?',
      stream: true,
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'low', summary: 'auto' },
    },
    turn: thought,
    says: /response\.reasoning_summary_text\.delta/,
  },
  {
    name: 'responses, calls streamed',
    provider: 'openai',
    path: '/v1/responses',
    body: { model: 'gpt-5-mini', input: 'Where is my order?', stream: true },
    turn: { toolCalls: [call] },
    says: /response\.function_call_arguments\.delta/,
  },
  {
    name: 'completions, text',
    provider: 'openai',
    path: '/v1/completions',
    body: { model: 'davinci-002', prompt: 'Tell a tale.' },
    turn: text,
  },
  {
    name: 'completions, text streamed',
    provider: 'openai',
    path: '/v1/completions',
    body: { model: 'davinci-002', prompt: 'Tell a tale.', stream: true },
    turn: text,
    not: COUNTED,
  },
  {
    name: 'embeddings',
    provider: 'openai',
    path: '/v1/embeddings',
    body: { model: 'text-embedding-3-small', input: ['a', 'b'], encoding_format: 'float' },
    turn: {},
    not: /"encoding_format":"base64"/,
  },
  {
    name: 'messages, text',
    provider: 'anthropic',
    path: '/v1/messages',
    body: ask,
    turn: text,
    says: /"type":"text"/,
  },
  {
    name: 'messages, tool calls',
    provider: 'anthropic',
    path: '/v1/messages',
    body: ask,
    turn: { text: 'One moment.', toolCalls: [call, call] },
    says: /"type":"(tool_use|text)"/,
  },
  {
    name: 'messages, thinking',
    provider: 'anthropic',
    path: '/v1/messages',
    body: ask,
    turn: thought,
    says: /"type":"thinking"/,
  },
  {
    name: 'messages, text streamed',
    provider: 'anthropic',
    path: '/v1/messages',
    body: { ...ask, stream: true },
    turn: text,
    says: /text_delta/,
  },
  {
    name: 'messages, thinking, text and calls streamed',
    provider: 'anthropic',
    path: '/v1/messages',
    body: { ...ask, stream: true },
    turn: { ...thought, toolCalls: [call, call] },
    says: /thinking_delta|input_json_delta/,
  },
  {
    name: 'count_tokens',
    provider: 'anthropic',
    path: '/v1/messages/count_tokens',
    body: { model: 'claude-sonnet-4-6', messages },
    turn: {},
  },
  {
    name: 'complete, text',
    provider: 'anthropic',
    path: '/v1/complete',
    body: { model: 'claude-2.1', prompt: '\n\nHuman: Hi\n\nAssistant:', max_tokens_to_sample: 9 },
    turn: text,
  },
  {
    name: 'complete, text streamed',
    provider: 'anthropic',
    path: '/v1/complete',
    body: { model: 'claude-2.1', prompt: '\n\nHuman: Hi\n\nAssistant:', stream: true },
    turn: { ...text, finishReason: 'length' },
  },
  {
    name: 'an unknown model',
    provider: 'anthropic',
    path: '/v1/messages',
    body: ask,
    turn: { fault: { status: 404 } },
  },
  {
    name: 'a wrong key',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: chat,
    turn: { fault: { status: 401 } },
  },
  {
    name: 'a bad request',
    provider: 'openai',
    path: '/v1/chat/completions',
    body: chat,
    turn: { fault: { status: 400 } },
  },
];

/** Recorded pairs that show the same feature. */
function pairsOf(feature: Feature, recordings: readonly Recording[]): Recording[] {
  const status = feature.turn.fault?.status ?? 200;
  const streamed = 'stream' in feature.body;
  return recordings.filter(({ request, response, ...pair }) => {
    const asked = JSON.stringify(request.body);
    const said = response.text ?? JSON.stringify(response.json ?? '');
    return (
      pair.status === status &&
      request.path.split('?')[0] === feature.path &&
      (streamed ? isStreamOf(feature.path, { request, response, ...pair }) : response.json !== undefined) &&
      (feature.asks?.test(asked) ?? true) &&
      (feature.says?.test(said) ?? true) &&
      !feature.not?.test(asked + said)
    );
  });
}

/** Some recorders dropped the blank lines between events: those streams tell nothing about the format. */
function isStreamOf(path: string, { request, response, status }: Recording): boolean {
  return status === 200 && request.path.split('?')[0] === path && /\r?\n\r?\n/.test(response.text ?? '');
}

describe.skipIf(corpus === undefined)(
  'the wire format (SPOOR_CORPUS names the folder of recorded traffic)',
  () => {
    const recordings: Partial<Record<Feature['provider'], Recording[]>> = {};
    let server: LlmServer;
    let turn: Turn = {};

    beforeAll(async () => {
      recordings.openai = readRecordings(corpus ?? '', 'openai');
      recordings.anthropic = readRecordings(corpus ?? '', 'anthropic');
      server = await startLlmServer({ respond: () => turn });
    });
    afterAll(() => server.close());

    const say = async (feature: Feature): Promise<Response> => {
      turn = feature.turn;
      const headers = {
        'content-type': 'application/json',
        ...(feature.provider === 'anthropic' && { 'anthropic-version': '2023-06-01' }),
      };
      return fetch(server.url + feature.path, {
        method: 'POST',
        headers,
        body: JSON.stringify(feature.body),
      });
    };

    it.each(FEATURES.filter((feature) => !('stream' in feature.body)))(
      'has the recorded keys: $name',
      async (feature) => {
        const pairs = pairsOf(feature, recordings[feature.provider] ?? []);
        expect(pairs.length).toBeGreaterThan(0);
        const recorded = pairs.map((pair) => shapeOf(pair.response.json));
        const said = shapeOf(await (await say(feature)).json());
        expect(missingFrom(union(recorded), said), 'keys that no recording has').toEqual([]);
        expect(missingFrom(said, requiredOf(recorded, said)), 'keys that every recording has').toEqual([]);
      },
    );

    it.each(FEATURES.filter((feature) => 'stream' in feature.body))(
      'has the recorded events: $name',
      async (feature) => {
        const pairs = pairsOf(feature, recordings[feature.provider] ?? []);
        expect(pairs.length).toBeGreaterThan(0);
        const recorded = pairs.map((pair) => eventsOf(pair.response.text ?? ''));
        const said = eventsOf(await (await say(feature)).text());
        // The events of an endpoint and their order are the same for every feature.
        const streams = (recordings[feature.provider] ?? [])
          .filter((pair) => isStreamOf(feature.path, pair))
          .map((pair) => eventsOf(pair.response.text ?? ''));
        expect(
          missingFrom(union(streams.map(followers)), followers(said)),
          'orders that no recording has',
        ).toEqual([]);
        for (const kind of new Set(said.map((event) => event.kind))) {
          const ofKind = (events: readonly ShapedEvent[]): Shape[] =>
            events.filter((event) => event.kind === kind).map((event) => event.shape);
          const shape = union(ofKind(said));
          expect(
            missingFrom(union(streams.flatMap(ofKind)), shape),
            `keys of ${kind} that no recording has`,
          ).toEqual([]);
          const required = requiredOf(recorded.flatMap(ofKind), shape);
          expect(missingFrom(shape, required), `keys of ${kind} that every recording has`).toEqual([]);
        }
      },
    );
  },
);
