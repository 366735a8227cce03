import { describe, expect, it } from 'vitest';
import { createInvokeReducer } from '../../../instrumentations/bedrock/model-stream.js';
import { createConverseReducer } from '../../../instrumentations/bedrock/stream.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

const fold = (reducer: StreamReducer, events: readonly unknown[]): StreamReducer => {
  for (const event of events) reducer.add(event);
  return reducer;
};
const begin = (contentBlockIndex: number, start: object): object => ({
  contentBlockStart: { contentBlockIndex, start },
});
const grow = (contentBlockIndex: number, delta: object): object => ({
  contentBlockDelta: { contentBlockIndex, delta },
});
const chunk = (body: object): object => ({
  chunk: { bytes: new TextEncoder().encode(JSON.stringify(body)) },
});
const said = (content: string, reason?: string): object => ({
  role: 'assistant',
  parts: [{ type: 'text', content }],
  ...(reason === undefined ? {} : { finish_reason: reason }),
});

describe('createConverseReducer', () => {
  const TOOLS = [
    { messageStart: { role: 'assistant' } },
    grow(0, { reasoningContent: { text: 'Two ' } }),
    grow(0, { reasoningContent: { text: 'tools.' } }),
    grow(0, { reasoningContent: { signature: 'c2ln' } }),
    begin(2, { toolUse: { toolUseId: 'b', name: 'time' } }),
    begin(1, { toolUse: { toolUseId: 'a', name: 'look' } }),
    grow(1, { toolUse: { input: '{"at"' } }),
    grow(2, { toolUse: { input: '' } }),
    grow(1, { toolUse: { input: ':1}' } }),
    { messageStop: { stopReason: 'tool_use' } },
    { metadata: { usage: { inputTokens: 5, outputTokens: 2, cacheReadInputTokens: 80 } } },
  ];

  it('keeps parallel tools apart and in the order of their index', () => {
    const reducer = fold(createConverseReducer(true), TOOLS);
    expect(reducer.output().messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Two tools.' },
          { type: 'tool_call', id: 'a', name: 'look', arguments: { at: 1 } },
          { type: 'tool_call', id: 'b', name: 'time' },
        ],
        finish_reason: 'tool_call',
      },
    ]);
    expect(reducer.response()).toEqual({
      finishReasons: ['tool_call'],
      usage: { inputTokens: 85, outputTokens: 2, cacheReadTokens: 80 },
    });
  });

  it('keeps facts and no text without leave', () => {
    const reducer = fold(createConverseReducer(false), TOOLS);
    expect([reducer.output(), reducer.response().finishReasons]).toEqual([{}, ['tool_call']]);
  });

  it('is finished when the provider says so, and has what came until then', () => {
    const reducer = fold(createConverseReducer(true), TOOLS.slice(0, 7));
    expect(reducer.finished).toBe(false);
    expect(reducer.output().messages?.[0]?.parts[1]).toEqual({
      type: 'tool_call',
      id: 'a',
      name: 'look',
      arguments: '{"at"',
    });
    expect(fold(reducer, TOOLS.slice(7)).finished).toBe(true);
  });

  it('reads redacted thoughts, citations, and tools of the provider', () => {
    const reducer = fold(createConverseReducer(true), [
      grow(0, { reasoningContent: { redactedContent: new Uint8Array([1]) } }),
      begin(1, { toolUse: { toolUseId: 's', name: 'search', type: 'server_tool_use' } }),
      grow(1, { toolUse: { input: '{"q":1}' } }),
      begin(2, { toolResult: { toolUseId: 's', type: 'found' } }),
      grow(2, { toolResult: [{ text: 'Here.' }] }),
      grow(3, { text: 'See ' }),
      grow(3, { citation: { title: 'A' } }),
      grow(3, { text: 'this.' }),
      grow(4, { $unknown: ['text', ' Bye.'] }),
    ]);
    expect(reducer.output().messages?.[0]?.parts).toEqual([
      { type: 'reasoning', content: '', redacted: true },
      {
        type: 'server_tool_call',
        id: 's',
        name: 'search',
        server_tool_call: { type: 'search', arguments: { q: 1 } },
      },
      {
        type: 'server_tool_call_response',
        id: 's',
        server_tool_call_response: { type: 'found', content: [{ type: 'text', content: 'Here.' }] },
      },
      { type: 'text', content: 'See this.', citations: [{ title: 'A' }] },
      { type: 'text', content: ' Bye.' },
    ]);
  });

  it('takes any event', () => {
    const reducer = fold(createConverseReducer(true), [null, 7, {}, { messageStart: null }, grow(0, {})]);
    expect([reducer.response(), reducer.output()]).toEqual([{}, {}]);
  });
});

describe('createInvokeReducer', () => {
  const METRICS = {
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: 5,
      outputTokenCount: 9,
      cacheReadInputTokenCount: 80,
    },
  };

  it('takes the counts of the service where the model has none', () => {
    const reducer = fold(createInvokeReducer(true), [
      chunk({ outputs: [{ text: 'Nor', stop_reason: null }] }),
      chunk({ outputs: [{ text: 'th.', stop_reason: 'stop' }], ...METRICS }),
    ]);
    expect(reducer.output().messages).toEqual([said('North.', 'stop')]);
    expect(reducer.response()).toEqual({
      finishReasons: ['stop'],
      usage: { inputTokens: 85, outputTokens: 9, cacheReadTokens: 80 },
    });
  });

  it('reads the events of Claude, whose own counts go first', () => {
    const reducer = fold(createInvokeReducer(true), [
      chunk({
        type: 'message_start',
        message: {
          id: 'msg_1',
          model: 'claude',
          role: 'assistant',
          usage: { input_tokens: 5, output_tokens: 1 },
        },
      }),
      chunk({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } }),
      chunk({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } }),
      chunk({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }),
      chunk({
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'a', name: 'look', input: {} },
      }),
      chunk({
        type: 'content_block_delta',
        index: 2,
        delta: { type: 'input_json_delta', partial_json: '{"at":1}' },
      }),
      chunk({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Look.' } }),
      chunk({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 3 } }),
      chunk({
        type: 'message_stop',
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 5, outputTokenCount: 9 },
      }),
    ]);
    expect(reducer.output().messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'text', content: 'Look.' },
          { type: 'tool_call', id: 'a', name: 'look', arguments: { at: 1 } },
        ],
        finish_reason: 'tool_call',
      },
    ]);
    expect(reducer.response()).toEqual({
      id: 'msg_1',
      model: 'claude',
      finishReasons: ['tool_call'],
      usage: { inputTokens: 5, outputTokens: 3 },
    });
  });

  it('joins the pieces of Nova, each of which has an index of its own', () => {
    const reducer = fold(createInvokeReducer(true), [
      chunk({ messageStart: { role: 'assistant' } }),
      chunk(grow(0, { text: 'Nor' })),
      chunk({ contentBlockStop: { contentBlockIndex: 0 } }),
      chunk(grow(1, { text: 'th.' })),
      chunk(begin(2, { toolUse: { toolUseId: 'a', name: 'look' } })),
      chunk(grow(2, { toolUse: { input: '{}' } })),
      chunk(grow(3, { text: 'Bye.' })),
      chunk({ messageStop: { stopReason: 'end_turn' } }),
      chunk({
        metadata: { usage: { inputTokens: 5, outputTokens: 2, cacheReadInputTokenCount: 80 } },
        ...METRICS,
      }),
    ]);
    expect(reducer.output().messages?.[0]?.parts).toEqual([
      { type: 'text', content: 'North.' },
      { type: 'tool_call', id: 'a', name: 'look', arguments: {} },
      { type: 'text', content: 'Bye.' },
    ]);
    expect(reducer.response().usage).toEqual({ inputTokens: 85, outputTokens: 2, cacheReadTokens: 80 });
  });

  it.each([
    [
      'claude, older',
      [
        { type: 'completion', completion: 'Nor' },
        { type: 'completion', completion: 'th.', stop_reason: 'stop_sequence' },
      ],
      { finishReasons: ['stop'] },
    ],
    [
      'llama',
      [
        { generation: 'Nor', prompt_token_count: 5, generation_token_count: 1, stop_reason: null },
        { generation: 'th.', prompt_token_count: null, generation_token_count: 2, stop_reason: 'length' },
      ],
      { finishReasons: ['length'], usage: { inputTokens: 5, outputTokens: 2 } },
    ],
    [
      'titan text',
      [
        { outputText: 'Nor', index: 0, inputTextTokenCount: 5, totalOutputTextTokenCount: null },
        { outputText: 'th.', index: 0, totalOutputTextTokenCount: 2, completionReason: 'FINISH' },
      ],
      { finishReasons: ['stop'], usage: { inputTokens: 5, outputTokens: 2 } },
    ],
    [
      'command r',
      [
        { event_type: 'text-generation', text: 'Nor' },
        { event_type: 'text-generation', text: 'th.' },
        {
          event_type: 'stream-end',
          response: { generation_id: 'g_1', text: 'North.', finish_reason: 'COMPLETE' },
        },
      ],
      { id: 'g_1', finishReasons: ['stop'] },
    ],
  ])('reads the chunks of %s', (_name, bodies, response) => {
    const reducer = fold(createInvokeReducer(true), bodies.map(chunk));
    expect(reducer.output().messages).toEqual([said('North.', response.finishReasons[0])]);
    expect(reducer.response()).toEqual(response);
  });

  it('reads the chat-completions form, choices and calls apart', () => {
    const reducer = fold(createInvokeReducer(true), [
      chunk({ id: 'c_1', choices: [{ index: 1, delta: { content: 'South.' } }] }),
      chunk({ choices: [{ index: 0, delta: { reasoning_content: 'Hm.', content: '' } }] }),
      chunk({
        choices: [{ index: 0, delta: { tool_calls: [{ index: 1, id: 'b', function: { name: 'time' } }] } }],
      }),
      chunk({
        choices: [
          {
            index: 0,
            delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '{"at"' } }] },
          },
        ],
      }),
      chunk({
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }],
      }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }),
      chunk({
        choices: [{ index: 1, delta: {}, finish_reason: 'stop' }],
        usage: { prompt_tokens: 5, completion_tokens: 2 },
      }),
    ]);
    expect(reducer.output().messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'tool_call', id: 'a', name: 'look', arguments: { at: 1 } },
          { type: 'tool_call', id: 'b', name: 'time' },
        ],
        finish_reason: 'tool_call',
      },
      said('South.', 'stop'),
    ]);
    expect(reducer.response()).toEqual({
      id: 'c_1',
      finishReasons: ['tool_call', 'stop'],
      usage: { inputTokens: 5, outputTokens: 2 },
    });
  });

  it('takes chunks that are no JSON', () => {
    const reducer = fold(createInvokeReducer(true), [
      null,
      {},
      { chunk: { bytes: new Uint8Array([123]) } },
      chunk({}),
    ]);
    expect([reducer.response(), reducer.output(), reducer.finished]).toEqual([{}, {}, false]);
  });
});
