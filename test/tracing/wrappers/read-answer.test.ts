import { describe, expect, it } from 'vitest';
import { chunkText } from '../../../src/tracing/wrappers/chunk-text.js';
import { mergeFacts, readAnswer, type AnswerFacts } from '../../../src/tracing/wrappers/read-answer.js';

describe('facts of an answer', () => {
  it.each<[string, unknown, AnswerFacts]>([
    [
      'a chat completion',
      {
        id: 'c1',
        model: 'm-1',
        choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 5,
          total_tokens: 15,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
      {
        id: 'c1',
        model: 'm-1',
        finishReasons: ['stop'],
        usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4, reasoningTokens: 2 },
      },
    ],
    [
      'a list of items',
      {
        id: 'r1',
        model: 'm-1',
        output: [],
        incomplete_details: { reason: 'max_output_tokens' },
        usage: {
          input_tokens: 10,
          output_tokens: 5,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens_details: { reasoning_tokens: 3 },
        },
      },
      {
        id: 'r1',
        model: 'm-1',
        finishReasons: ['max_output_tokens'],
        usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, reasoningTokens: 3 },
      },
    ],
    [
      'a message whose cached input is counted apart',
      {
        id: 'm1',
        model: 'm-1',
        role: 'assistant',
        stop_reason: 'end_turn',
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 100,
          cache_creation_input_tokens: 20,
          output_tokens: 5,
        },
      },
      {
        id: 'm1',
        model: 'm-1',
        finishReasons: ['end_turn'],
        usage: { inputTokens: 130, outputTokens: 5, cacheReadTokens: 100, cacheWriteTokens: 20 },
      },
    ],
    [
      'candidates',
      {
        responseId: 'g1',
        modelVersion: 'm-1',
        candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'hi' }] } }],
        usageMetadata: {
          promptTokenCount: 10,
          toolUsePromptTokenCount: 1,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 3,
          cachedContentTokenCount: 4,
        },
      },
      {
        id: 'g1',
        model: 'm-1',
        finishReasons: ['STOP'],
        usage: { inputTokens: 11, outputTokens: 8, cacheReadTokens: 4, reasoningTokens: 3 },
      },
    ],
    [
      'candidates inside a response',
      {
        response: {
          candidates: [{ finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 },
        },
      },
      { finishReasons: ['STOP'], usage: { inputTokens: 1, outputTokens: 2 } },
    ],
    [
      'a conversation turn with camel-case counts',
      {
        stopReason: 'end_turn',
        output: { message: {} },
        usage: {
          inputTokens: 10,
          outputTokens: 5,
          totalTokens: 15,
          cacheReadInputTokens: 3,
          cacheWriteInputTokens: 0,
        },
      },
      {
        finishReasons: ['end_turn'],
        usage: { inputTokens: 13, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 0 },
      },
    ],
    [
      'a completion in camel case',
      {
        id: 'x1',
        model: 'm-1',
        choices: [{ finishReason: 'length' }],
        usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 },
      },
      { id: 'x1', model: 'm-1', finishReasons: ['length'], usage: { inputTokens: 10, outputTokens: 5 } },
    ],
    [
      'the steps of a framework',
      {
        steps: [
          {},
          {
            finishReason: 'tool-calls',
            response: { id: 'ignored', modelId: 'ignored' },
            usage: { inputTokens: 1, outputTokens: 1 },
          },
        ],
        totalUsage: {
          inputTokens: 10,
          outputTokens: 5,
          inputTokenDetails: { cacheReadTokens: 4, cacheWriteTokens: 1 },
          outputTokenDetails: { reasoningTokens: 2 },
        },
      },
      {
        finishReasons: ['tool-calls'],
        usage: {
          inputTokens: 10,
          outputTokens: 5,
          cacheReadTokens: 4,
          cacheWriteTokens: 1,
          reasoningTokens: 2,
        },
      },
    ],
    [
      'a message of a framework',
      {
        id: 'run-1',
        usage_metadata: {
          input_tokens: 10,
          output_tokens: 5,
          input_token_details: { cache_read: 4 },
          output_token_details: { reasoning: 2 },
        },
        response_metadata: { model_name: 'm-1', finish_reason: 'stop' },
      },
      {
        id: 'run-1',
        model: 'm-1',
        finishReasons: ['stop'],
        usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4, reasoningTokens: 2 },
      },
    ],
    [
      'counts with parts',
      { usage: { inputTokens: { total: 10, cacheRead: 4 }, outputTokens: { total: 5, reasoning: 2 } } },
      { usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4, reasoningTokens: 2 } },
    ],
    [
      'counts on the answer itself',
      { model: 'm-1', message: { content: 'hi' }, prompt_eval_count: 10, eval_count: 5 },
      { model: 'm-1', usage: { inputTokens: 10, outputTokens: 5 } },
    ],
    ['a text', 'hi', {}],
    ['nothing', undefined, {}],
  ])('of the shape of %s', (_, answer, facts) => {
    expect(readAnswer(answer)).toEqual(facts);
  });

  it('are read without touching a getter or a proxy', () => {
    const answer = {
      get usage(): never {
        throw new Error('the stream would be read');
      },
      response: new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('touched');
          },
          ownKeys: () => {
            throw new Error('touched');
          },
        },
      ),
      model: 'm-1',
    };
    expect(readAnswer(answer)).toEqual({ model: 'm-1' });
  });

  it('of chunks are merged, the newest counts winning', () => {
    const facts: AnswerFacts = {};
    for (const chunk of [
      {
        type: 'message_start',
        message: { id: 'm1', model: 'm-1', usage: { input_tokens: 7, output_tokens: 1 } },
      },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hi' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    ]) {
      mergeFacts(facts, readAnswer(chunk));
    }
    expect(facts).toEqual({
      id: 'm1',
      model: 'm-1',
      finishReasons: ['end_turn'],
      usage: { inputTokens: 7, outputTokens: 9 },
    });
  });
});

describe('text of a chunk', () => {
  it.each<[unknown, string | undefined]>([
    [{ choices: [{ delta: { content: 'a' } }] }, 'a'],
    [{ data: { choices: [{ delta: { content: 'a' } }] } }, 'a'],
    [{ choices: [{ delta: { tool_calls: [] } }] }, undefined],
    [{ choices: [{ text: 'a' }] }, 'a'],
    [{ type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } }, 'a'],
    [{ type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{' } }, undefined],
    [{ type: 'response.output_text.delta', delta: 'a' }, 'a'],
    [{ type: 'response.reasoning_text.delta', delta: 'a' }, undefined],
    [{ candidates: [{ content: { parts: [{ text: 'a' }, { text: 'b' }] } }] }, 'ab'],
    [{ candidates: [{ content: { parts: [{ text: 'a', thought: true }] } }] }, undefined],
    [{ contentBlockDelta: { delta: { text: 'a' } } }, 'a'],
    [{ type: 'text-delta', text: 'a' }, 'a'],
    [{ type: 'text-delta', textDelta: 'a' }, 'a'],
    [{ type: 'reasoning-delta', text: 'a' }, undefined],
    ['a', undefined],
  ])('%j is %s', (chunk, text) => {
    expect(chunkText(chunk)).toBe(text);
  });
});
