import { describe, expect, it } from 'vitest';
import { createGenerateReducer } from '../../../instrumentations/google-genai/stream.js';
import { putArguments } from '../../../instrumentations/google-genai/stream-arguments.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

function fold(chunks: readonly unknown[], keepContent = true): StreamReducer {
  const reducer = createGenerateReducer(keepContent);
  for (const chunk of chunks) reducer.add(chunk);
  return reducer;
}
const piece = (part: object, rest: object = {}): object => ({
  candidates: [{ content: { parts: [part] }, ...rest }],
});

describe('a streamed answer', () => {
  it('joins texts and thoughts, each with their own kind, and candidates apart', () => {
    const reducer = fold([
      piece({ text: 'Hm', thought: true }),
      piece({ text: '.', thought: true }),
      piece({ text: 'Hel' }),
      { candidates: [{ index: 1, content: { parts: [{ text: 'Other' }] }, finishReason: 'MAX_TOKENS' }] },
      piece({ text: 'lo' }, { finishReason: 'STOP' }),
      piece({ text: '' }),
    ]);
    expect(reducer.finished).toBe(true);
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

  it('keeps the last of each count', () => {
    const reducer = fold([
      { usageMetadata: { promptTokenCount: 5, thoughtsTokenCount: 2 }, responseId: 'a', modelVersion: 'm' },
      { usageMetadata: { candidatesTokenCount: 1 }, responseId: 'b' },
      { usageMetadata: { candidatesTokenCount: 4, promptTokenCount: null } },
    ]);
    expect(reducer.finished).toBe(false);
    expect(reducer.response()).toEqual({
      id: 'a',
      model: 'm',
      usage: { inputTokens: 5, outputTokens: 6, reasoningTokens: 2 },
    });
  });

  it('is over when the prompt was blocked', () => {
    expect(fold([{ promptFeedback: { blockReason: 'SAFETY' } }]).finished).toBe(true);
  });

  it('keeps no content unasked, and bears chunks of any shape', () => {
    const reducer = fold([null, 7, 'x', { candidates: [null] }, piece({ text: 'secret' })], false);
    expect(JSON.stringify(reducer)).not.toContain('secret');
    expect(reducer.output()).toEqual({});
  });

  it('puts a call together whose arguments come in pieces, and does not touch the chunks', () => {
    const first = { functionCall: { name: 'plan', args: { by: 'rail' }, willContinue: true } };
    const next = (partialArgs: object[]): object =>
      piece({ functionCall: { partialArgs, willContinue: true } });
    const reducer = fold([
      piece(first),
      next([{ jsonPath: '$.stops[0]', stringValue: 'Ro' }]),
      next([{ jsonPath: '$.stops[0]', stringValue: 'me' }]),
      piece({ functionCall: {} }),
      piece({ functionCall: { name: 'other', args: {} } }),
    ]);
    expect(first.functionCall.args).toEqual({ by: 'rail' });
    expect(reducer.output().messages?.[0]?.parts).toEqual([
      { type: 'tool_call', name: 'plan', arguments: { by: 'rail', stops: ['Rome'] } },
      { type: 'tool_call', name: 'other', arguments: {} },
    ]);
  });
});

describe('pieces of arguments', () => {
  it('have values of every kind', () => {
    expect(
      putArguments(undefined, [
        { jsonPath: '$.a', numberValue: 0 },
        { jsonPath: "$['b c'].d", boolValue: false },
        { jsonPath: '$.e', nullValue: 'NULL_VALUE' },
        { jsonPath: '$.f[1].g', stringValue: 'x' },
      ]),
    ).toEqual({ a: 0, 'b c': { d: false }, e: null, f: [undefined, { g: 'x' }] });
  });

  it('never reach a prototype', () => {
    putArguments({}, [{ jsonPath: '$.__proto__.polluted', stringValue: 'yes' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
