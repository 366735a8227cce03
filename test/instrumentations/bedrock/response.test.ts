import { describe, expect, it } from 'vitest';
import { readInvoke, readInvokeOutput } from '../../../instrumentations/bedrock/model-response.js';
import {
  finishReason,
  readConverse,
  readConverseOutput,
} from '../../../instrumentations/bedrock/response.js';

const said = (content: string, reason?: string): object => ({
  role: 'assistant',
  parts: [{ type: 'text', content }],
  ...(reason === undefined ? {} : { finish_reason: reason }),
});

describe('readConverse', () => {
  const ANSWER = {
    output: { message: { role: 'assistant', content: [{ text: 'North.' }] } },
    stopReason: 'max_tokens',
    usage: {
      inputTokens: 5,
      outputTokens: 0,
      totalTokens: 105,
      cacheReadInputTokens: 80,
      cacheWriteInputTokens: 20,
    },
    trace: { promptRouter: { invokedModelId: 'amazon.nova-lite-v1:0' } },
  };

  it('adds what the cache has to the input, and keeps zeros', () => {
    expect(readConverse(ANSWER)).toEqual({
      model: 'amazon.nova-lite-v1:0',
      finishReasons: ['length'],
      usage: { inputTokens: 105, outputTokens: 0, cacheReadTokens: 80, cacheWriteTokens: 20 },
    });
    expect(readConverseOutput(ANSWER)).toEqual({ messages: [said('North.', 'length')] });
  });

  it('takes an answer of another shape', () => {
    expect([readConverse({}), readConverseOutput({}), readConverseOutput({ output: null })]).toEqual([
      {},
      {},
      {},
    ]);
  });

  it('knows the words of the API and of the models', () => {
    const words = [
      'end_turn',
      'COMPLETE',
      'LENGTH',
      'tool_use',
      'guardrail_intervened',
      'malformed_tool_use',
    ];
    expect(words.map(finishReason)).toEqual([
      'stop',
      'stop',
      'length',
      'tool_call',
      'content_filter',
      'malformed_tool_use',
    ]);
  });
});

describe('readInvoke', () => {
  it.each([
    [
      'claude',
      {
        id: 'msg_1',
        model: 'claude',
        role: 'assistant',
        content: [{ type: 'text', text: 'North.' }],
        stop_reason: 'end_turn',
        usage: {
          input_tokens: 5,
          output_tokens: 2,
          cache_read_input_tokens: 80,
          cache_creation_input_tokens: 20,
        },
      },
      {
        id: 'msg_1',
        model: 'claude',
        finishReasons: ['stop'],
        usage: { inputTokens: 105, outputTokens: 2, cacheReadTokens: 80, cacheWriteTokens: 20 },
      },
      [said('North.', 'stop')],
    ],
    [
      'claude, older',
      { completion: 'North.', stop_reason: 'stop_sequence' },
      { finishReasons: ['stop'] },
      [said('North.', 'stop')],
    ],
    [
      'nova',
      {
        output: { message: { role: 'assistant', content: [{ text: 'North.' }] } },
        stopReason: 'end_turn',
        usage: {
          inputTokens: 5,
          outputTokens: 2,
          cacheReadInputTokenCount: 80,
          cacheWriteInputTokenCount: 0,
        },
      },
      {
        finishReasons: ['stop'],
        usage: { inputTokens: 85, outputTokens: 2, cacheReadTokens: 80, cacheWriteTokens: 0 },
      },
      [said('North.', 'stop')],
    ],
    [
      'titan text',
      {
        inputTextTokenCount: 5,
        results: [
          { tokenCount: 2, outputText: 'North.', completionReason: 'FINISH' },
          { tokenCount: 3, outputText: 'South.', completionReason: 'LENGTH' },
        ],
      },
      { finishReasons: ['stop', 'length'], usage: { inputTokens: 5, outputTokens: 5 } },
      [said('North.', 'stop'), said('South.', 'length')],
    ],
    [
      'llama',
      { generation: 'North.', prompt_token_count: 5, generation_token_count: 2, stop_reason: 'stop' },
      { finishReasons: ['stop'], usage: { inputTokens: 5, outputTokens: 2 } },
      [said('North.', 'stop')],
    ],
    [
      'mistral text',
      { outputs: [{ text: 'North.', stop_reason: 'length' }] },
      { finishReasons: ['length'] },
      [said('North.', 'length')],
    ],
    [
      'deepseek',
      { choices: [{ text: 'North.', stop_reason: 'length' }] },
      { finishReasons: ['length'] },
      [said('North.', 'length')],
    ],
    [
      'the chat-completions form',
      {
        id: 'c_1',
        model: 'jamba',
        choices: [
          {
            message: {
              role: 'assistant',
              content: null,
              reasoning_content: 'Hm.',
              tool_calls: [{ id: 'a', function: { name: 'look', arguments: '{}' } }],
            },
            finish_reason: 'tool_calls',
          },
        ],
        usage: { prompt_tokens: 85, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 80 } },
      },
      {
        id: 'c_1',
        model: 'jamba',
        finishReasons: ['tool_call'],
        usage: { inputTokens: 85, outputTokens: 2, cacheReadTokens: 80 },
      },
      [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Hm.' },
            { type: 'tool_call', id: 'a', name: 'look', arguments: {} },
          ],
          finish_reason: 'tool_call',
        },
      ],
    ],
    [
      'command',
      { id: 'g_1', generations: [{ text: 'North.', finish_reason: 'COMPLETE' }] },
      { id: 'g_1', finishReasons: ['stop'] },
      [said('North.', 'stop')],
    ],
    [
      'command r',
      {
        generation_id: 'g_1',
        text: 'Look.',
        finish_reason: 'COMPLETE',
        tool_calls: [{ name: 'look', parameters: { at: 1 } }],
      },
      { id: 'g_1', finishReasons: ['stop'] },
      [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Look.' },
            { type: 'tool_call', id: null, name: 'look', arguments: { at: 1 } },
          ],
          finish_reason: 'stop',
        },
      ],
    ],
    [
      'jurassic',
      { id: 1, completions: [{ data: { text: 'North.' }, finishReason: { reason: 'endoftext' } }] },
      { finishReasons: ['stop'] },
      [said('North.', 'stop')],
    ],
    ['embeddings', { embedding: [0.5], inputTextTokenCount: 4 }, { usage: { inputTokens: 4 } }, undefined],
    [
      'images',
      { images: ['AgM='] },
      {},
      [{ role: 'assistant', parts: [{ type: 'blob', modality: 'image', content: 'AgM=' }] }],
    ],
    ['nothing that is known', { colour: 'red' }, {}, undefined],
  ])('reads the form of %s', (_name, body, response, messages) => {
    expect(readInvoke(body as Record<string, unknown>)).toEqual(response);
    expect(readInvokeOutput(body as Record<string, unknown>).messages).toEqual(messages);
  });
});
