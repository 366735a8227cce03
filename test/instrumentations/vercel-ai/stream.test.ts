import { describe, expect, it } from 'vitest';
import { createStreamReducer } from '../../../instrumentations/vercel-ai/stream.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

function fold(chunks: readonly unknown[], keepContent = true): StreamReducer {
  const reducer = createStreamReducer(keepContent);
  for (const chunk of chunks) reducer.add(chunk);
  return reducer;
}

const METADATA = { type: 'response-metadata', id: 'r1', modelId: 'm-1-x' };
const FINISH = {
  type: 'finish',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: { inputTokens: { total: 20 }, outputTokens: { total: 10 } },
};
const FACTS = {
  id: 'r1',
  model: 'm-1-x',
  finishReasons: ['stop'],
  usage: { inputTokens: 20, outputTokens: 10 },
};
const TEXT = [
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Hel' },
  { type: 'text-delta', id: '0', delta: 'lo' },
  { type: 'text-end', id: '0' },
];

describe('createStreamReducer', () => {
  it('keeps parts that grow side by side apart', () => {
    const reducer = fold([
      { type: 'stream-start', warnings: [] },
      METADATA,
      { type: 'reasoning-start', id: '0' },
      { type: 'text-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'Think' },
      { type: 'text-delta', id: '0', delta: 'Hel' },
      { type: 'reasoning-delta', id: '0', delta: '.' },
      { type: 'text-delta', id: '0', delta: 'lo' },
      FINISH,
    ]);
    expect([reducer.response(), reducer.finished]).toEqual([FACTS, true]);
    expect(reducer.output()).toEqual({
      messages: [
        {
          role: 'assistant',
          finish_reason: 'stop',
          parts: [
            { type: 'reasoning', content: 'Think.' },
            { type: 'text', content: 'Hello' },
          ],
        },
      ],
    });
  });

  it('has a tool call once, whole or broken off, and those of the provider', () => {
    const reducer = fold([
      { type: 'tool-input-start', id: 'a', toolName: 'look' },
      { type: 'tool-input-start', id: 'b', toolName: 'look' },
      { type: 'tool-input-delta', id: 'a', delta: '{"x":' },
      { type: 'tool-input-delta', id: 'b', delta: '{"y":' },
      { type: 'tool-input-delta', id: 'a', delta: '1}' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{"x":1}' },
      { type: 'tool-call', toolCallId: 'c', toolName: 'look', input: '{}' },
    ]);
    expect(reducer.output()).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'a', name: 'look', arguments: { x: 1 } },
            { type: 'tool_call', id: 'b', name: 'look', arguments: '{"y":' },
            { type: 'tool_call', id: 'c', name: 'look', arguments: {} },
          ],
        },
      ],
    });
    expect(reducer.finished).toBe(false);
  });

  it('tells the first error of the stream', () => {
    const chunks = [
      ...TEXT,
      { type: 'error', error: new RangeError('Broken.') },
      { type: 'error', error: 'x' },
    ];
    expect(fold(chunks).response()).toEqual({ error: { type: 'RangeError', message: 'Broken.' } });
  });

  it('keeps no text when content is not wanted', () => {
    const reducer = fold([METADATA, ...TEXT, FINISH], false);
    expect([reducer.response(), reducer.output()]).toEqual([FACTS, {}]);
  });

  it('passes over what it does not know', () => {
    const reducer = fold([
      undefined,
      3,
      {},
      { type: 'of-tomorrow' },
      { type: 'text-delta', id: '9', delta: 'x' },
    ]);
    expect([reducer.response(), reducer.output()]).toEqual([{}, {}]);
  });
});
