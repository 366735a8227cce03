import { describe, expect, it } from 'vitest';
import { createStreamedOutput } from '../../../src/tracing/wrappers/streamed-output.js';

function joined(chunks: readonly unknown[], maxLength = 1000): string | undefined {
  const output = createStreamedOutput(maxLength);
  for (const chunk of chunks) output.add(chunk, undefined);
  return output.joined();
}

describe('the output of a stream', () => {
  it.each([
    ['nothing', [], undefined],
    ['text', ['a', 'b'], 'ab'],
    [
      'bytes of text, cut in the middle of a character',
      [...Buffer.from('né')].map((byte) => Buffer.of(byte)),
      'né',
    ],
    ['bytes that are no text', [Buffer.of(0x89, 0x50), Buffer.of(0xff)], '[3 bytes]'],
    ['anything else', [{ a: 1 }, 2, null], '[{"a":1},2,null]'],
    ['text before anything else', ['a', 'b', { c: 1 }, 'd'], '["ab",{"c":1},"d"]'],
  ])('of %s is joined', (_, chunks, expected) => {
    expect(joined(chunks)).toBe(expected);
  });

  it('is the text that the chunks hold, when they hold some', () => {
    const output = createStreamedOutput(1000);
    output.add({ role: 'assistant' }, undefined);
    output.add({ delta: 'Hel' }, 'Hel');
    output.add({ delta: 'lo' }, 'lo');
    output.add({ usage: 1 }, undefined);
    expect(output.joined()).toBe('Hello');
  });

  it('is cut to its limit and says how much there was', () => {
    const text = joined(
      Array.from({ length: 500 }, () => 'ab'),
      60,
    );
    expect(text).toMatch(/^[ab]+…\[cut, 1000 characters\]$/);
    expect(text?.length).toBeLessThanOrEqual(60);
    const list = joined(
      Array.from({ length: 500 }, (_, n) => ({ n })),
      200,
    ) as string;
    expect(list.length).toBeLessThanOrEqual(200);
    expect((JSON.parse(list) as unknown[]).at(-1)).toMatch(/^\[\d+ of 500 entries left out\]$/);
  });
});
