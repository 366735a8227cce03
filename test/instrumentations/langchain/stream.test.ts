import { describe, expect, it } from 'vitest';
import { chatReducer } from '../../../instrumentations/langchain/stream.js';

const chunk = (message: object, generationInfo: object = {}): object => ({
  text: '',
  message,
  generationInfo,
});
const call = (index: number, fields: object): object =>
  chunk({ content: '', tool_call_chunks: [{ index, ...fields }] });

describe('stream of a chat model', () => {
  it('joins text, keeps parallel tool calls apart and adds usage up', () => {
    const reducer = chatReducer(true);
    for (const one of [
      chunk({ id: 'msg_1', content: 'Hel', usage_metadata: { input_tokens: 20, output_tokens: 1 } }),
      chunk({ content: [{ type: 'text', text: 'lo' }] }),
      call(0, { id: 'a', name: 'look', args: '' }),
      call(1, { id: 'b', name: 'find', args: '{"n"' }),
      call(0, { args: '{"q":"x"}' }),
      call(1, { args: ':1}' }),
      chunk(
        { content: '', usage_metadata: { input_tokens: 0, output_tokens: 4 } },
        { finish_reason: 'tool_calls' },
      ),
    ]) {
      reducer.add(one);
    }
    expect(reducer.finished).toBe(true);
    expect(reducer.response()).toEqual({
      id: 'msg_1',
      finishReasons: ['tool_calls'],
      usage: { inputTokens: 20, outputTokens: 5 },
    });
    expect(reducer.output()).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Hello' },
            { type: 'tool_call', id: 'a', name: 'look', arguments: { q: 'x' } },
            { type: 'tool_call', id: 'b', name: 'find', arguments: { n: 1 } },
          ],
          finish_reason: 'tool_call',
        },
      ],
    });
  });

  it('keeps no text unless asked', () => {
    const reducer = chatReducer(false);
    reducer.add(chunk({ content: 'Secret.' }));
    reducer.add({ text: 'Secret.' });
    expect(reducer.output()).toEqual({});
  });

  it.each([undefined, null, 7, 'text', { message: null }])('passes over %o', (value) => {
    const reducer = chatReducer(true);
    reducer.add(value);
    expect(reducer.response()).toEqual({});
    expect(reducer.finished).toBe(false);
  });
});
