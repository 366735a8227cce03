import { describe, expect, it } from 'vitest';
import {
  readOutput,
  readResult,
  readUsage,
  readValueResult,
} from '../../../instrumentations/vercel-ai/response.js';

describe('readResult', () => {
  it('reads answers of each version of the model interface alike', () => {
    const response = { id: 'r1', modelId: 'm-1-x', timestamp: new Date(0) };
    const usage = { inputTokens: 20, outputTokens: 10, cachedInputTokens: 12, reasoningTokens: 4 };
    const nested = {
      inputTokens: { total: 20, noCache: 8, cacheRead: 12, cacheWrite: undefined },
      outputTokens: { total: 10, text: 6, reasoning: 4 },
    };
    const whole = {
      id: 'r1',
      model: 'm-1-x',
      finishReasons: ['tool_call'],
      usage: { inputTokens: 20, outputTokens: 10, cacheReadTokens: 12, reasoningTokens: 4 },
    };
    expect(readResult({ response, finishReason: 'tool-calls', usage })).toEqual(whole);
    const unified = { unified: 'tool-calls', raw: 'tool_calls' };
    expect(readResult({ response, finishReason: unified, usage: nested })).toEqual(whole);
  });

  it('leaves out what is not said', () => {
    expect(readResult({})).toEqual({});
    expect(readUsage({ inputTokens: undefined, outputTokens: { total: undefined } })).toBeUndefined();
  });
});

describe('readOutput', () => {
  it('keeps parts of every kind', () => {
    const content = [
      { type: 'reasoning', text: 'Think.' },
      { type: 'text', text: 'Done.' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{"x":1}' },
      { type: 'tool-call', toolCallId: 'b', toolName: 'search', input: '{"q":"a"}', providerExecuted: true },
      { type: 'tool-result', toolCallId: 'b', toolName: 'search', result: [{ title: 'A' }] },
      { type: 'file', mediaType: 'image/png', data: 'AQI=' },
      { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.org/' },
    ];
    expect(readOutput({ content, finishReason: 'stop' })).toEqual({
      messages: [
        {
          role: 'assistant',
          finish_reason: 'stop',
          parts: [
            { type: 'reasoning', content: 'Think.' },
            { type: 'text', content: 'Done.' },
            { type: 'tool_call', id: 'a', name: 'look', arguments: { x: 1 } },
            {
              type: 'server_tool_call',
              id: 'b',
              name: 'search',
              server_tool_call: { type: 'search', arguments: { q: 'a' } },
            },
            {
              type: 'server_tool_call_response',
              id: 'b',
              server_tool_call_response: { type: 'search', content: [{ title: 'A' }] },
            },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AQI=' },
            { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.org/' },
          ],
        },
      ],
    });
  });

  it('is empty for an answer without content', () => {
    expect(readOutput({})).toEqual({});
  });
});

describe('readValueResult', () => {
  it('reads the tokens of embeddings, and leaves out a count that is no number', () => {
    expect(readValueResult({ usage: { tokens: 5 } })).toEqual({ usage: { inputTokens: 5 } });
    expect(readValueResult({ usage: { tokens: Number.NaN } })).toEqual({});
  });
});
