import { describe, expect, it } from 'vitest';
import { responsesReducer } from '../../../instrumentations/openai/responses-stream.js';
import { chatReducer, completionReducer } from '../../../instrumentations/openai/stream.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

const said = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function folded(reducer: StreamReducer, chunks: readonly unknown[]): StreamReducer {
  for (const chunk of chunks) reducer.add(chunk);
  return reducer;
}

const delta = (fields: object, index = 0): object => ({
  choices: [{ index, delta: fields, finish_reason: null }],
});
const end = (reason: string, index = 0): object => ({
  choices: [{ index, delta: {}, finish_reason: reason }],
});

describe('chatReducer', () => {
  it('keeps parallel tool calls apart by index, however they are cut', () => {
    const call = (index: number, fields: object): object => delta({ tool_calls: [{ index, ...fields }] });
    const reducer = folded(chatReducer(true), [
      call(0, { id: 'a', function: { name: 'one', arguments: '' } }),
      call(1, { id: 'b', function: { name: 'two', arguments: '{"y"' } }),
      delta({
        tool_calls: [
          { index: 0, function: { arguments: '{"x":1}' } },
          { index: 1, function: { arguments: ':2}' } },
        ],
      }),
      end('tool_calls'),
    ]);
    expect(said(reducer.output().messages)).toEqual([
      {
        role: 'assistant',
        finish_reason: 'tool_call',
        parts: [
          { type: 'tool_call', id: 'a', name: 'one', arguments: { x: 1 } },
          { type: 'tool_call', id: 'b', name: 'two', arguments: { y: 2 } },
        ],
      },
    ]);
    expect(reducer.response().finishReasons).toEqual(['tool_calls']);
  });

  it('tells calls apart by id where the index is missing', () => {
    const reducer = folded(chatReducer(true), [
      delta({ tool_calls: [{ id: 'a', function: { name: 'one', arguments: '{}' } }] }),
      delta({ tool_calls: [{ id: 'b', function: { name: 'two', arguments: '{' } }] }),
      delta({ tool_calls: [{ function: { arguments: '}' } }] }),
    ]);
    expect(said(reducer.output().messages)).toMatchObject([
      { parts: [{ name: 'one' }, { name: 'two', arguments: {} }] },
    ]);
  });

  it('keeps choices, reasoning and refusals apart', () => {
    const reducer = folded(chatReducer(true), [
      delta({ reasoning_content: 'Hm' }),
      delta({ reasoning: '.' }),
      delta({ content: 'Yes' }),
      delta({ refusal: 'No' }, 1),
      end('stop'),
    ]);
    expect(said(reducer.output().messages)).toEqual([
      {
        role: 'assistant',
        finish_reason: 'stop',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'text', content: 'Yes' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'refusal', content: 'No' }] },
    ]);
    expect(reducer.finished).toBe(false);
    expect(folded(reducer, [end('length', 1)]).finished).toBe(true);
  });

  it.each([
    ['in a chunk of its own', { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }],
    [
      'beside the last choice',
      { choices: [{ index: 0, finish_reason: 'stop', usage: { prompt_tokens: 1, completion_tokens: 2 } }] },
    ],
    [
      'in a field of the provider',
      {
        choices: [{ index: 0, finish_reason: 'stop' }],
        x_groq: { usage: { prompt_tokens: 1, completion_tokens: 2 } },
      },
    ],
  ])('finds the usage %s', (_where, chunk) => {
    expect(said(folded(chatReducer(false), [delta({ content: 'a' }), chunk]).response().usage)).toEqual({
      inputTokens: 1,
      outputTokens: 2,
    });
  });

  it('keeps no text when content is off', () => {
    expect(folded(chatReducer(false), [delta({ content: 'secret' })]).output()).toEqual({ messages: [] });
  });

  it('does not throw on chunks that it does not know', () => {
    const reducer = folded(chatReducer(true), [
      {},
      { choices: null },
      { choices: [{}] },
      { choices: [{ delta: null }] },
    ]);
    expect(said(reducer.output().messages)).toEqual([{ role: 'assistant', parts: [] }]);
  });
});

describe('completionReducer', () => {
  it('folds the text of the older call', () => {
    const reducer = folded(completionReducer(true), [
      { id: 'c', choices: [{ index: 0, text: 'a' }] },
      { id: 'c', choices: [{ index: 0, text: 'b', finish_reason: 'stop' }] },
    ]);
    expect(said(reducer.output().messages)).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'ab' }], finish_reason: 'stop' },
    ]);
  });
});

const added = (index: number, item: object): object => ({
  type: 'response.output_item.added',
  output_index: index,
  item,
});

describe('responsesReducer', () => {
  it('takes the whole response of the last event', () => {
    const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'All.' }] }];
    const reducer = folded(responsesReducer(true), [
      { type: 'response.created', response: { id: 'r' } },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output } },
    ]);
    expect([reducer.finished, said(reducer.output().messages)]).toEqual([
      true,
      [{ role: 'assistant', parts: [{ type: 'text', content: 'All.' }] }],
    ]);
  });

  it('puts the pieces together when the last event never came', () => {
    const reducer = folded(responsesReducer(true), [
      { type: 'response.created', response: { id: 'r', model: 'm', status: 'in_progress' } },
      added(0, { type: 'reasoning', id: 'rs', summary: [] }),
      { type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'Hm.' },
      added(1, { type: 'function_call', call_id: 'c1', name: 'find', arguments: '' }),
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{"q":' },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '1}' },
      added(2, { type: 'message', role: 'assistant', content: [] }),
      { type: 'response.output_text.delta', output_index: 2, delta: 'Part' },
    ]);
    expect([reducer.finished, said(reducer.response()), said(reducer.output().messages)]).toEqual([
      false,
      { id: 'r', model: 'm', status: 'in_progress', providerAttributes: {} },
      [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Hm.' },
            { type: 'tool_call', id: 'c1', name: 'find', arguments: { q: 1 } },
            { type: 'text', content: 'Part' },
          ],
        },
      ],
    ]);
  });

  it('sees an error event', () => {
    expect(
      folded(responsesReducer(false), [{ type: 'error', code: 'x', message: 'y' }]).response().error,
    ).toEqual({
      type: 'x',
      message: 'y',
    });
  });
});
