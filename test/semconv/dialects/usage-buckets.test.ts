import { describe, expect, it } from 'vitest';
import { createAttributeReader } from '../../../semconv/dialects/attribute-reader.js';
import { bucketsOf, countsOf, readUsage, writeUsage } from '../../../semconv/dialects/usage-buckets.js';

describe('usage buckets', () => {
  it('take cached tokens out of the input and reasoning out of the output', () => {
    expect(
      bucketsOf({
        inputTokens: 1200,
        cacheReadTokens: 1000,
        cacheWriteTokens: 50,
        outputTokens: 90,
        reasoningTokens: 64,
      }),
    ).toEqual({ input: 150, cacheRead: 1000, cacheWrite: 50, output: 26, reasoning: 64 });
  });

  it('leave out what was not reported, and keep zeros', () => {
    expect(bucketsOf({})).toBeUndefined();
    expect(bucketsOf({ inputTokens: 0 })).toEqual({ input: 0 });
    expect(bucketsOf({ cacheReadTokens: 5 })).toEqual({ cacheRead: 5 });
  });

  it('are never negative: parts larger than their total stand beside it', () => {
    expect(
      bucketsOf({ inputTokens: 10, cacheReadTokens: 1000, outputTokens: 3, reasoningTokens: 40 }),
    ).toEqual({ input: 10, cacheRead: 1000, output: 3, reasoning: 40 });
    expect(bucketsOf({ inputTokens: -5, outputTokens: Number.NaN })).toBeUndefined();
  });

  it('add up to the reported totals again', () => {
    const counts = {
      inputTokens: 70,
      cacheReadTokens: 60,
      cacheWriteTokens: 0,
      outputTokens: 9,
      reasoningTokens: 9,
    };
    expect(countsOf(bucketsOf(counts) ?? {})).toEqual(counts);
  });

  it('are read under former names and written under current ones', () => {
    const usage = readUsage(
      createAttributeReader({
        'gen_ai.usage.prompt_tokens': '20',
        'gen_ai.usage.cache_creation.input_tokens': 8,
        'gen_ai.usage.completion_tokens': 5,
      }),
    );
    expect(usage).toEqual({ input: 12, cacheWrite: 8, output: 5 });
    expect(writeUsage(usage)).toEqual({
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.cache_write.input_tokens': 8,
      'gen_ai.usage.output_tokens': 5,
    });
  });
});
