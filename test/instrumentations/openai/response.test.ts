import { describe, expect, it } from 'vitest';
import {
  chatOutput,
  chatResponse,
  responsesOutput,
  responsesResponse,
} from '../../../instrumentations/openai/response.js';

const said = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('chatResponse', () => {
  it('keeps usage as it was reported, zeros included', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 0,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
    expect(said(chatResponse({ usage }).usage)).toEqual({
      inputTokens: 10,
      outputTokens: 0,
      cacheReadTokens: 0,
      reasoningTokens: 0,
    });
    expect(chatResponse({}).usage).toBeUndefined();
  });

  it('sees an error in a 200 answer', () => {
    expect(chatResponse({ error: { message: 'Busy.', code: 502 } }).error).toEqual({
      type: '502',
      message: 'Busy.',
    });
    expect(chatResponse({ error: 'Busy.' }).error).toEqual({ type: '_OTHER', message: 'Busy.' });
  });

  it.each([undefined, null, 'text', 5, [], {}, { choices: null }, { choices: [null] }])(
    'has nothing to say of %j',
    (value) => {
      expect(said(chatResponse(value))).toEqual({ providerAttributes: {} });
    },
  );
});

describe('chatOutput', () => {
  it('keeps choices apart, with audio, refusals and the older function call', () => {
    const value = {
      choices: [
        {
          finish_reason: 'stop',
          message: { content: null, audio: { id: 'a1', data: 'AAAA', transcript: 'Hi.' } },
        },
        {
          finish_reason: 'function_call',
          message: { content: '', function_call: { name: 'old', arguments: '{}' } },
        },
        { finish_reason: 'content_filter', message: { refusal: 'No.' } },
        { message: { content: 'Still going' } },
      ],
    };
    expect(said(chatOutput(value).messages)).toEqual([
      {
        role: 'assistant',
        finish_reason: 'stop',
        parts: [
          { type: 'text', content: 'Hi.' },
          { type: 'blob', modality: 'audio', content: 'AAAA' },
        ],
      },
      {
        role: 'assistant',
        finish_reason: 'tool_call',
        parts: [{ type: 'tool_call', id: null, name: 'old', arguments: {} }],
      },
      { role: 'assistant', finish_reason: 'content_filter', parts: [{ type: 'refusal', content: 'No.' }] },
      { role: 'assistant', parts: [{ type: 'text', content: 'Still going' }] },
    ]);
  });
});

describe('responses', () => {
  it('says why an answer is incomplete, and that one failed', () => {
    expect(
      said(responsesResponse({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })),
    ).toMatchObject({ status: 'incomplete', finishReasons: ['max_output_tokens'] });
    expect(responsesResponse({ status: 'failed', error: { code: 'x', message: 'y' } }).error).toEqual({
      type: 'x',
      message: 'y',
    });
  });

  it('keeps tools of the provider, custom tools and images apart from text', () => {
    const output = [
      { type: 'code_interpreter_call', id: 'ci', code: '1+1' },
      { type: 'custom_tool_call', call_id: 'c1', name: 'shell', input: 'ls' },
      { type: 'image_generation_call', id: 'ig', result: 'AAAA', output_format: 'webp' },
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ];
    expect(said(responsesOutput({ output }).messages)).toEqual([
      {
        role: 'assistant',
        parts: [
          {
            type: 'server_tool_call',
            id: 'ci',
            name: 'code_interpreter',
            server_tool_call: { type: 'code_interpreter', id: 'ci', code: '1+1' },
          },
          { type: 'tool_call', id: 'c1', name: 'shell', arguments: 'ls' },
          { type: 'blob', modality: 'image', mime_type: 'image/webp', content: 'AAAA' },
          { type: 'refusal', content: 'No.' },
        ],
      },
    ]);
  });
});
