import { describe, expect, it } from 'vitest';
import { createCompletionReducer, createMessageReducer } from '../../../instrumentations/anthropic/stream.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

const START = {
  type: 'message_start',
  message: {
    id: 'msg_01',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content: [],
    stop_reason: null,
    usage: {
      input_tokens: 13,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 100,
      output_tokens: 1,
    },
  },
};

function start(index: number, block: object): object {
  return { type: 'content_block_start', index, content_block: block };
}

function delta(index: number, piece: object): object {
  return { type: 'content_block_delta', index, delta: piece };
}

function fold(reducer: StreamReducer, events: readonly unknown[]): StreamReducer {
  for (const event of events) reducer.add(event);
  return reducer;
}

describe('createMessageReducer', () => {
  const TWO_TOOLS = [
    START,
    start(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'Two ' }),
    delta(0, { type: 'thinking_delta', thinking: 'cities.' }),
    delta(0, { type: 'signature_delta', signature: 'c2ln' }),
    { type: 'content_block_stop', index: 0 },
    { type: 'ping' },
    start(1, { type: 'tool_use', id: 'toolu_a', name: 'get_weather', input: {} }),
    start(2, { type: 'tool_use', id: 'toolu_b', name: 'get_time', input: {} }),
    delta(1, { type: 'input_json_delta', partial_json: '{"city":' }),
    delta(2, { type: 'input_json_delta', partial_json: '' }),
    delta(1, { type: 'input_json_delta', partial_json: '"Outjo"}' }),
    delta(2, { type: 'input_json_delta', partial_json: '{"zone":"CAT"}' }),
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 42 } },
    { type: 'message_stop' },
  ];

  it('keeps parallel tool calls apart by index', () => {
    const reducer = fold(createMessageReducer(true), TWO_TOOLS);
    expect(reducer.output()).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Two cities.' },
            { type: 'tool_call', id: 'toolu_a', name: 'get_weather', arguments: { city: 'Outjo' } },
            { type: 'tool_call', id: 'toolu_b', name: 'get_time', arguments: { zone: 'CAT' } },
          ],
          finish_reason: 'tool_call',
        },
      ],
    });
    expect(reducer.response()).toEqual({
      id: 'msg_01',
      model: 'claude-sonnet-4-5-20250929',
      finishReasons: ['tool_call'],
      usage: { inputTokens: 313, outputTokens: 42, cacheReadTokens: 200, cacheWriteTokens: 100 },
      providerAttributes: { 'anthropic.message.stop_reason': 'tool_use' },
    });
    expect(reducer.finished).toBe(true);
  });

  it('keeps no content when none is wanted', () => {
    const reducer = fold(createMessageReducer(false), TWO_TOOLS);
    expect(reducer.output()).toEqual({});
    expect(reducer.response().usage).toEqual({
      inputTokens: 313,
      outputTokens: 42,
      cacheReadTokens: 200,
      cacheWriteTokens: 100,
    });
  });

  it('keeps what came of a stream that was broken off, without the placeholder of the output count', () => {
    const reducer = fold(createMessageReducer(true), [
      START,
      start(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'Hal' }),
      start(1, { type: 'tool_use', id: 'toolu_a', name: 'get_weather', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '{"ci' }),
    ]);
    expect(reducer.output()).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Hal' },
            { type: 'tool_call', id: 'toolu_a', name: 'get_weather', arguments: '{"ci' },
          ],
        },
      ],
    });
    expect(reducer.response()).toEqual({
      id: 'msg_01',
      model: 'claude-sonnet-4-5-20250929',
      usage: { inputTokens: 313, cacheReadTokens: 200, cacheWriteTokens: 100 },
    });
    expect(reducer.finished).toBe(false);
  });

  it('takes arguments and results that come whole with the start of their block', () => {
    const reducer = fold(createMessageReducer(true), [
      START,
      start(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'dunes' } }),
      start(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ url: 'u' }] }),
      start(2, { type: 'text', text: 'Red', citations: [{ url: 'u' }] }),
      delta(2, { type: 'citations_delta', citation: { url: 'v' } }),
      delta(2, { type: 'text_delta', text: ' dunes' }),
      start(3, { type: 'compaction', content: null }),
      delta(3, { type: 'compaction_delta', content: 'So far' }),
      start(4, { type: 'block_of_tomorrow', colour: 'red' }),
      delta(4, { type: 'delta_of_tomorrow', shade: 1 }),
    ]);
    expect(reducer.output().messages?.[0]?.parts).toEqual([
      {
        type: 'server_tool_call',
        id: 'srvtoolu_1',
        name: 'web_search',
        server_tool_call: { type: 'web_search', arguments: { query: 'dunes' } },
      },
      {
        type: 'server_tool_call_response',
        id: 'srvtoolu_1',
        server_tool_call_response: { type: 'web_search_tool_result', content: [{ url: 'u' }] },
      },
      { type: 'text', content: 'Red dunes', citations: [{ url: 'u' }, { url: 'v' }] },
      { type: 'compaction', content: 'So far' },
      { type: 'block_of_tomorrow', colour: 'red' },
    ]);
  });

  it('lets later counts replace earlier ones, but not with null', () => {
    const reducer = fold(createMessageReducer(true), [
      START,
      {
        type: 'message_delta',
        delta: {},
        usage: { input_tokens: 20, cache_read_input_tokens: null, output_tokens: 5 },
      },
    ]);
    expect(reducer.response().usage).toEqual({
      inputTokens: 320,
      outputTokens: 5,
      cacheReadTokens: 200,
      cacheWriteTokens: 100,
    });
  });

  it('is not misled by a reader that grows the objects of the events in place', () => {
    const reducer = createMessageReducer(true);
    const block = { type: 'text', text: '', citations: [] as unknown[] };
    reducer.add(start(0, block));
    block.text += 'North.';
    block.citations.push({ url: 'u' });
    reducer.add(delta(0, { type: 'text_delta', text: 'North.' }));
    reducer.add(delta(0, { type: 'citations_delta', citation: { url: 'u' } }));
    expect(reducer.output().messages?.[0]?.parts).toEqual([
      { type: 'text', content: 'North.', citations: [{ url: 'u' }] },
    ]);
  });

  it('reads an error event', () => {
    const reducer = fold(createMessageReducer(true), [
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ]);
    expect(reducer.response()).toEqual({
      error: { type: 'overloaded_error', message: 'Overloaded' },
    });
  });

  it('survives events of any shape', () => {
    const reducer = createMessageReducer(true);
    const odd = [
      undefined,
      null,
      7,
      'text',
      {},
      { type: 'message_start' },
      { type: 'message_delta' },
      { type: 'content_block_start' },
      { type: 'content_block_start', index: 0 },
      { type: 'content_block_delta', index: 0 },
      { type: 'content_block_delta', index: 9, delta: { type: 'text_delta', text: 'lost' } },
    ];
    expect(() => fold(reducer, odd)).not.toThrow();
    expect(reducer.response()).toEqual({});
  });
});

describe('createCompletionReducer', () => {
  it('joins the pieces', () => {
    const reducer = fold(createCompletionReducer(true), [
      { type: 'completion', id: 'compl_1', completion: ' Hi', stop_reason: null, model: 'claude-2.1' },
      { type: 'completion', id: 'compl_1', completion: '!', stop_reason: 'max_tokens', model: 'claude-2.1' },
    ]);
    expect(reducer.output()).toEqual({
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: ' Hi!' }], finish_reason: 'length' }],
    });
    expect(reducer.response()).toEqual({
      id: 'compl_1',
      model: 'claude-2.1',
      finishReasons: ['length'],
      providerAttributes: { 'anthropic.message.stop_reason': 'max_tokens' },
    });
    expect(reducer.finished).toBe(true);
    expect(fold(createCompletionReducer(false), [{ completion: 'x' }]).output()).toEqual({});
  });
});
