import { describe, expect, it } from 'vitest';
import { chatOutput, chatResponse } from '../../../instrumentations/langchain/response.js';

const answer = {
  generations: [
    {
      text: 'Hi.',
      generationInfo: { finish_reason: 'tool_calls' },
      message: {
        _getType: () => 'ai',
        id: 'run-1',
        content: 'Hi.',
        tool_calls: [{ id: 'c1', name: 'look', args: {} }],
        response_metadata: { model_name: 'large-1', id: 'msg_1' },
        usage_metadata: {
          input_tokens: 20,
          output_tokens: 0,
          input_token_details: { cache_read: 12, cache_creation: 3 },
          output_token_details: { reasoning: 0 },
        },
      },
    },
  ],
  llmOutput: { estimatedTokenUsage: { promptTokens: 99 } },
};

describe('answer of a chat model', () => {
  it('keeps usage as it was reported, zeros included, and no estimate', () => {
    expect(chatResponse(answer)).toEqual({
      id: 'msg_1',
      model: 'large-1',
      finishReasons: ['tool_calls'],
      usage: {
        inputTokens: 20,
        outputTokens: 0,
        cacheReadTokens: 12,
        cacheWriteTokens: 3,
        reasoningTokens: 0,
      },
    });
    expect(chatResponse({ generations: [], llmOutput: answer.llmOutput }).usage).toBeUndefined();
  });

  it('reads the usage of a completion model', () => {
    const value = {
      generations: [[{ text: 'a' }], [{ text: 'b' }]],
      llmOutput: { tokenUsage: { promptTokens: 2, completionTokens: 3 } },
    };
    expect(chatResponse(value).usage).toEqual({ inputTokens: 2, outputTokens: 3 });
    expect(chatOutput(value)).toEqual({
      messages: [
        { role: 'assistant', parts: [{ type: 'text', content: 'a' }] },
        { role: 'assistant', parts: [{ type: 'text', content: 'b' }] },
      ],
    });
  });

  it('writes the message with the reason why it ended', () => {
    expect(chatOutput(answer)).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Hi.' },
            { type: 'tool_call', id: 'c1', name: 'look', arguments: {} },
          ],
          finish_reason: 'tool_call',
        },
      ],
    });
  });

  it.each([undefined, null, 'text', {}, { generations: [null] }])('reads nothing from %o', (value) => {
    expect(chatResponse(value).usage).toBeUndefined();
  });
});
