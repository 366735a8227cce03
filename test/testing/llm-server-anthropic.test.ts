import { Anthropic } from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { startLlmServer, type LlmServer, type LlmServerOptions } from '../../src/testing/index.js';

const ASK = {
  model: 'claude-sonnet-4-6',
  max_tokens: 1024,
  messages: [{ role: 'user' as const, content: 'Where is my order?' }],
};

let server: LlmServer;
afterEach(() => server.close());

async function client(options: LlmServerOptions): Promise<Anthropic> {
  server = await startLlmServer(options);
  return new Anthropic({ baseURL: server.anthropicBaseUrl, apiKey: 'test-key', maxRetries: 0 });
}

describe('the scripted server, asked by the Anthropic SDK', () => {
  it('says the same message at once and in pieces', async () => {
    const turn = {
      reasoning: 'They want the parcel, so the order comes first.',
      text: 'Let me look.',
      toolCalls: [
        { name: 'lookup_order', arguments: { order: 'A-17' }, id: 'toolu_a' },
        { name: 'track_parcel', arguments: { parcel: 'P-9' }, id: 'toolu_b' },
      ],
      usage: { input: 40, output: 30, cacheRead: 10, cacheWrite: 5, reasoning: 12 },
    };
    const anthropic = await client({ script: [turn, turn] });
    const { data: plain, request_id } = await anthropic.messages.create(ASK).withResponse();
    expect(plain).toEqual({
      model: 'claude-sonnet-4-6',
      id: expect.stringMatching(/^msg_01\w{22}$/),
      type: 'message',
      role: 'assistant',
      content: [
        {
          type: 'thinking',
          thinking: 'They want the parcel, so the order comes first.',
          signature: expect.stringMatching(/==$/),
        },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'toolu_a', name: 'lookup_order', input: { order: 'A-17' } },
        { type: 'tool_use', id: 'toolu_b', name: 'track_parcel', input: { parcel: 'P-9' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 25,
        cache_creation_input_tokens: 5,
        cache_read_input_tokens: 10,
        output_tokens: 30,
        output_tokens_details: { thinking_tokens: 12 },
        cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 0 },
        service_tier: 'standard',
        inference_geo: 'not_available',
      },
    });
    expect(request_id).toMatch(/^req_01/);

    const events: string[] = [];
    const stream = anthropic.messages.stream(ASK);
    stream.on('streamEvent', (event) => events.push(event.type));
    const streamed = await stream.finalMessage();
    expect(streamed.content.map((block) => JSON.stringify({ ...block, signature: 0 }))).toEqual(
      plain.content.map((block) => JSON.stringify({ ...block, signature: 0 })),
    );
    expect(streamed.stop_reason).toBe('tool_use');
    expect(streamed.usage.output_tokens).toBe(30);
    expect(events.join(' ').replaceAll(/(content_block_delta ?)+/g, 'deltas ')).toBe(
      `message_start ${'content_block_start deltas content_block_stop '.repeat(4)}message_delta message_stop`,
    );
  });

  it('names each end of an answer as the provider does', async () => {
    const anthropic = await client({
      script: [{ text: 'a' }, { text: 'a', finishReason: 'length' }, { refusal: 'No.' }],
    });
    const reasons: unknown[] = [];
    for (let call = 0; call < 3; call += 1) reasons.push((await anthropic.messages.create(ASK)).stop_reason);
    expect(reasons).toEqual(['end_turn', 'max_tokens', 'refusal']);
  });

  it('counts tokens, lists models and answers the old text API', async () => {
    const anthropic = await client({
      script: [{ usage: { input: 641 } }, { text: ' Hi there', times: 2 }],
      models: { 'claude-sonnet-4-6': 'claude-sonnet-4-6-20250929' },
    });
    const { model, messages } = ASK;
    expect(await anthropic.messages.countTokens({ model, messages })).toEqual({ input_tokens: 641 });
    expect((await anthropic.models.list()).data.map((entry) => entry.id)).toEqual(['claude-sonnet-4-6']);
    const old = await anthropic.post<{ completion: string }>('/v1/complete', {
      body: { model: 'claude-2.1', prompt: '\n\nHuman: Hi\n\nAssistant:', max_tokens_to_sample: 5 },
    });
    expect(old.completion).toBe(' Hi there');
    const response = await fetch(`${server.url}/v1/complete`, {
      method: 'POST',
      body: JSON.stringify({ model: 'claude-2.1', prompt: 'x', stream: true }),
    });
    expect((await response.text()).match(/^event: \w+/gm)).toEqual([
      'event: completion',
      'event: ping',
      'event: completion',
    ]);
  });
});
