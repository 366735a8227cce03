import { describe, expect, it } from 'vitest';
import {
  countResponse,
  embedResponse,
  generateOutput,
  generateResponse,
} from '../../../instrumentations/google-genai/response.js';

describe('the facts of an answer', () => {
  it('count what tools put into the prompt as input, and thoughts as output', () => {
    const usageMetadata = {
      promptTokenCount: 12,
      toolUsePromptTokenCount: 3,
      candidatesTokenCount: 0,
      thoughtsTokenCount: 7,
      cachedContentTokenCount: 4,
    };
    const answer = {
      responseId: 'r',
      modelVersion: 'm',
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata,
    };
    expect(generateResponse(answer)).toEqual({
      id: 'r',
      model: 'm',
      finishReasons: ['stop'],
      usage: { inputTokens: 15, outputTokens: 7, cacheReadTokens: 4, reasoningTokens: 7 },
    });
  });

  it('leave out counts that were not reported', () => {
    expect(generateResponse({ usageMetadata: { promptTokenCount: 12 } })).toEqual({
      usage: { inputTokens: 12 },
    });
  });

  it('keep the own word of a filter', () => {
    const candidates = [{ finishReason: 'SAFETY' }, { finishReason: 'MALFORMED_FUNCTION_CALL' }];
    expect(generateResponse({ candidates })).toEqual({
      finishReasons: ['content_filter', 'error'],
      providerAttributes: { 'gcp.gen_ai.response.finish_reasons': ['SAFETY', 'MALFORMED_FUNCTION_CALL'] },
    });
  });

  it('say that a prompt was blocked', () => {
    expect(generateResponse({ promptFeedback: { blockReason: 'BLOCKLIST' } })).toEqual({
      finishReasons: ['content_filter'],
      providerAttributes: { 'gcp.gen_ai.response.block_reason': 'BLOCKLIST' },
    });
  });

  it('are none for an answer of another shape', () => {
    expect(generateResponse({ candidates: 'no' })).toEqual({});
    expect(generateOutput({ candidates: [null, {}] })).toEqual({});
  });
});

describe('the content of an answer', () => {
  it('is one message a candidate', () => {
    const candidates = [
      { content: { role: 'model', parts: [{ text: 'One.' }] }, finishReason: 'STOP' },
      { content: { parts: [{ text: 'Two' }] }, finishReason: 'MAX_TOKENS' },
    ];
    expect(generateOutput({ candidates }).messages).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'One.' }], finish_reason: 'stop' },
      { role: 'assistant', parts: [{ type: 'text', content: 'Two' }], finish_reason: 'length' },
    ]);
  });

  it('leaves out a part that is only a signature, and keeps one that is not known', () => {
    const parts = [
      { thoughtSignature: 'c2ln' },
      { partOfTomorrow: { colour: 'red' }, thoughtSignature: 'c2ln' },
    ];
    expect(generateOutput({ candidates: [{ content: { parts } }] }).messages).toEqual([
      { role: 'assistant', parts: [{ type: 'partOfTomorrow', partOfTomorrow: { colour: 'red' } }] },
    ]);
  });
});

describe('other answers', () => {
  it('give the tokens of embeddings: of all, or of each', () => {
    expect(embedResponse({ usageMetadata: { promptTokenCount: 9 } })).toEqual({ usage: { inputTokens: 9 } });
    const embeddings = [{ statistics: { tokenCount: 4 } }, { statistics: { tokenCount: 5 } }, {}];
    expect(embedResponse({ embeddings })).toEqual({ usage: { inputTokens: 9 } });
    expect(embedResponse({ embeddings: [{ values: [1] }] })).toEqual({});
  });

  it('give a count of tokens, which is no usage', () => {
    expect(countResponse({ totalTokens: 0 })).toEqual({
      providerAttributes: { 'gcp.gen_ai.count_tokens.total_tokens': 0 },
    });
    expect(countResponse({})).toEqual({});
  });
});
