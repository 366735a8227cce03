import { describe, expect, it } from 'vitest';
import { completionOutput, completionResponse } from '../../../instrumentations/mistral/response.js';

describe('the facts of an answer', () => {
  it('have the usage under every name that it comes by', () => {
    const choices = [{ finishReason: 'tool_calls' }, { finishReason: 'model_length' }, {}];
    const usage = { promptTokens: 9, completionTokens: 0 };
    const facts = { id: 'c', model: 'm', finishReasons: ['tool_call', 'length'] };
    const counted = { inputTokens: 9, outputTokens: 0, cacheReadTokens: 4, reasoningTokens: 2 };
    const details = {
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    for (const given of [
      { ...usage, ...details },
      { ...usage, additionalProperties: details },
      { ...usage, num_cached_tokens: 4, completion_tokens_details: { reasoning_tokens: 2 } },
    ]) {
      expect(completionResponse({ id: 'c', model: 'm', choices, usage: given })).toEqual({
        ...facts,
        usage: counted,
      });
    }
  });

  it('are none for an answer of another shape', () => {
    expect(completionResponse({ choices: 'no', usage: null })).toEqual({});
    expect(completionOutput({ choices: [null, {}] })).toEqual({});
  });
});

describe('the content of an answer', () => {
  it('is one message a choice, thoughts apart from text', () => {
    const thinking = [
      { type: 'text', text: 'Think ' },
      { type: 'text', text: 'first.' },
    ];
    const content = [
      { type: 'thinking', thinking },
      { type: 'text', text: 'Done.' },
      { type: 'chunk_of_tomorrow', colour: 'red' },
    ];
    const choices = [
      { message: { content }, finishReason: 'stop' },
      { message: { role: 'assistant', content: 'Two' }, finishReason: 'length' },
    ];
    expect(completionOutput({ choices }).messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Think first.' },
          { type: 'text', content: 'Done.' },
          { type: 'chunk_of_tomorrow', colour: 'red' },
        ],
        finish_reason: 'stop',
      },
      { role: 'assistant', parts: [{ type: 'text', content: 'Two' }], finish_reason: 'length' },
    ]);
  });
});
