import { describe, expect, it } from 'vitest';
import { createCompletionReducer } from '../../../instrumentations/mistral/stream.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

function fold(events: readonly unknown[], keepContent = true): StreamReducer {
  const reducer = createCompletionReducer(keepContent);
  for (const event of events) reducer.add(event);
  return reducer;
}
const piece = (delta: object, rest: object = {}): object => ({
  data: { id: 'c', model: 'm', choices: [{ index: 0, delta, finishReason: null, ...rest }] },
});
const called = (id: string, name: string, args: unknown, index = 0): object => ({
  toolCalls: [{ id, index, function: { name, arguments: args } }],
});

const partsOf = (deltas: object[]): unknown =>
  fold(deltas.map((delta) => piece(delta))).output().messages?.[0]?.parts;

describe('a streamed answer', () => {
  it('joins text and thoughts, choices apart, and ends with its usage', () => {
    const reducer = fold([
      piece({ role: 'assistant', content: '' }),
      piece({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
      piece({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: '.' }] }] }),
      piece({ content: 'Hel' }),
      piece({ content: 'Other' }, { index: 1, finishReason: 'length' }),
      piece({ content: [{ type: 'text', text: 'lo' }] }, { finishReason: 'stop' }),
      { data: { id: 'd', choices: [], usage: { promptTokens: 9, completionTokens: 2 } } },
    ]);
    expect(reducer.finished).toBe(true);
    expect(reducer.response()).toEqual({
      id: 'c',
      model: 'm',
      finishReasons: ['stop', 'length'],
      usage: { inputTokens: 9, outputTokens: 2 },
    });
    expect(reducer.output().messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'text', content: 'Hello' },
        ],
        finish_reason: 'stop',
      },
      { role: 'assistant', parts: [{ type: 'text', content: 'Other' }], finish_reason: 'length' },
    ]);
  });

  it('keeps parallel calls apart, by index or, where the API gave none, by id', () => {
    const expected = [
      { type: 'tool_call', id: 'a', name: 'look', arguments: { at: 'sky' } },
      { type: 'tool_call', id: 'b', name: 'hear', arguments: { at: 'sea' } },
    ];
    expect(
      partsOf([
        called('a', 'look', '{"at"', 0),
        called('b', 'hear', '{"at":"sea"}', 1),
        called('a', '', ':"sky"}', 0),
      ]),
    ).toEqual(expected);
    expect(partsOf([called('a', 'look', '{"at":"sky"}'), called('b', 'hear', { at: 'sea' })])).toEqual(
      expected,
    );
  });

  it('keeps no content unasked, and bears events of any shape', () => {
    const reducer = fold(
      [null, 7, {}, { data: null }, { data: { choices: [null] } }, piece({ content: 'x' })],
      false,
    );
    expect(reducer.output()).toEqual({});
    expect(reducer.finished).toBe(false);
    expect(reducer.response()).toEqual({ id: 'c', model: 'm' });
  });
});
