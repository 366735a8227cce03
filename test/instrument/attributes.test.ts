import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { addResponseAttributes, requestAttributes, spanName } from '../../src/instrument/attributes.js';

describe('requestAttributes', () => {
  it('keeps zeros and leaves out what was not said', () => {
    const attributes = requestAttributes({
      operation: 'chat',
      provider: 'somebody',
      model: 'm',
      stream: undefined,
      parameters: { temperature: 0, topP: 0, maxTokens: undefined, seed: 0, stopSequences: [] },
      providerAttributes: { 'somebody.tier': undefined, 'somebody.flag': false },
    });
    expect(attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'somebody',
      'gen_ai.request.model': 'm',
      'gen_ai.request.temperature': 0,
      'gen_ai.request.top_p': 0,
      'gen_ai.request.seed': 0,
      'gen_ai.request.stop_sequences': [],
      'somebody.flag': false,
    });
  });
});

describe('addResponseAttributes', () => {
  it('keeps counts of zero', () => {
    const attributes: Attributes = {};
    addResponseAttributes(attributes, {
      id: 'r',
      usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
    });
    expect(attributes).toEqual({
      'gen_ai.response.id': 'r',
      'gen_ai.usage.input_tokens': 0,
      'gen_ai.usage.output_tokens': 0,
      'gen_ai.usage.cache_read.input_tokens': 0,
    });
  });
});

describe('spanName', () => {
  it('is the operation and the model, or the operation alone', () => {
    expect([
      spanName({ operation: 'chat', provider: 'p', model: 'm' }),
      spanName({ operation: 'embeddings', provider: 'p' }),
    ]).toEqual(['chat m', 'embeddings']);
  });
});
