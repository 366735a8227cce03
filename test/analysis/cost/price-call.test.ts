import { calcPrice, findProvider } from '@pydantic/genai-prices';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../semconv/model/observation.js';
import { amountOf } from '../../../src/analysis/cost/amount-of.js';
import { createPricer, type PricerOptions } from '../../../src/analysis/cost/price-call.js';

const SUMMER = Date.UTC(2026, 6, 1);

function call(facts: Partial<Observation>): Observation {
  return {
    id: '00000000000000aa',
    traceId: '000000000000000000000000000000aa',
    type: 'GENERATION',
    name: 'chat',
    dialect: 'spoor',
    startMs: SUMMER,
    endMs: SUMMER + 10,
    status: 'unset',
    ...facts,
  };
}

/** In millionths of a dollar, so that a bill can be computed by hand. */
function micros(facts: Partial<Observation>, options: PricerOptions = {}): number | string | undefined {
  const { cost, why } = createPricer(options).priceOf(call(facts)) ?? {};
  return cost === undefined ? why : Math.round(cost * 1e9) / 1e3;
}

describe('bills computed by hand', () => {
  it('takes cached input at its own price: OpenAI', () => {
    const usage = { input: 600, cacheRead: 400, output: 200 };
    expect(micros({ provider: 'openai', responseModel: 'gpt-4o-2024-08-06', usage })).toBe(
      600 * 2.5 + 400 * 1.25 + 200 * 10,
    );
  });

  it('takes the price of the day, and reasoning as output: OpenAI', () => {
    const facts = {
      provider: 'openai',
      responseModel: 'o3',
      usage: { input: 1000, output: 200, reasoning: 300 },
    };
    expect(micros({ ...facts, startMs: Date.UTC(2025, 4, 1) })).toBe(1000 * 10 + 500 * 40);
    expect(micros({ ...facts, startMs: Date.UTC(2025, 6, 1) })).toBe(1000 * 2 + 500 * 8);
  });

  it('tells five minutes of cache from an hour: Anthropic', () => {
    const usage = {
      input: 100,
      cacheWrite: 1000,
      cacheRead: 5000,
      output: 300,
      reported: { cache_creation: { ephemeral_5m_input_tokens: 600, ephemeral_1h_input_tokens: 400 } },
    };
    const facts = { provider: 'anthropic', responseModel: 'claude-sonnet-4-5-20250929', usage };
    expect(micros(facts)).toBe(100 * 3 + 600 * 3.75 + 400 * 6 + 5000 * 0.3 + 300 * 15);
  });

  it('takes half for a batch: Anthropic, OpenAI', () => {
    const tier = { service_tier: 'batch' };
    const usage = { input: 1000, output: 100, reported: tier };
    expect(micros({ provider: 'anthropic', responseModel: 'claude-sonnet-4-5', usage })).toBe(
      (1000 * 3 + 100 * 15) / 2,
    );
    const attributes = { 'openai.response.service_tier': 'flex' };
    const flex = {
      provider: 'openai',
      responseModel: 'gpt-4.1',
      usage: { input: 1000, output: 100 },
      attributes,
    };
    expect(micros(flex)).toBe((1000 * 2 + 100 * 8) / 2);
  });

  it('takes the higher tier of a long prompt: Gemini', () => {
    const facts = { provider: 'gcp.gemini', responseModel: 'gemini-2.5-pro' };
    expect(micros({ ...facts, usage: { input: 1000, output: 1000 } })).toBe(1000 * 1.25 + 1000 * 10);
    expect(micros({ ...facts, usage: { input: 250_000, output: 1000 } })).toBe(250_000 * 2.5 + 1000 * 15);
  });

  it('takes audio at its own price: Gemini, OpenAI', () => {
    const promptTokensDetails = [
      { modality: 'TEXT', tokenCount: 700 },
      { modality: 'AUDIO', tokenCount: 300 },
    ];
    const usage = { input: 1000, output: 100, reported: { promptTokensDetails } };
    expect(micros({ provider: 'gcp.gemini', responseModel: 'gemini-2.5-flash', usage })).toBe(
      700 * 0.3 + 300 * 1 + 100 * 2.5,
    );
    const realtime = {
      input: 800,
      cacheRead: 200,
      output: 500,
      reported: {
        input_token_details: {
          audio_tokens: 600,
          cached_tokens_details: { text_tokens: 100, audio_tokens: 100 },
        },
        output_token_details: { audio_tokens: 400 },
      },
    };
    expect(micros({ provider: 'openai', responseModel: 'gpt-realtime', usage: realtime })).toBe(
      300 * 4 + 500 * 32 + 100 * 0.4 + 100 * 0.4 + 100 * 16 + 400 * 64,
    );
  });

  it('takes cached input and thoughts: Gemini', () => {
    const usage = { input: 600, cacheRead: 400, output: 100, reasoning: 300 };
    expect(micros({ provider: 'gcp.vertex_ai', responseModel: 'gemini-2.5-flash', usage })).toBe(
      600 * 0.3 + 400 * 0.03 + 400 * 2.5,
    );
  });

  it('takes half of everything for a batch: OpenAI with cache and reasoning', () => {
    const usage = {
      input: 600,
      cacheRead: 400,
      output: 100,
      reasoning: 300,
      reported: { service_tier: 'batch' },
    };
    expect(micros({ provider: 'openai', responseModel: 'o3', usage })).toBe(
      (600 * 2 + 400 * 0.5 + 400 * 8) / 2,
    );
  });

  it('takes audio in and out: OpenAI', () => {
    const usage = {
      input: 500,
      output: 300,
      reported: {
        prompt_tokens_details: { audio_tokens: 400, cached_tokens: 0 },
        completion_tokens_details: { audio_tokens: 250, reasoning_tokens: 0 },
      },
    };
    expect(micros({ provider: 'openai', responseModel: 'gpt-audio', usage })).toBe(
      100 * 2.5 + 400 * 32 + 50 * 10 + 250 * 64,
    );
  });

  it('takes seconds where seconds are billed: Whisper', () => {
    const usage = { reported: { type: 'duration', seconds: 60 } };
    expect(micros({ provider: 'openai', requestModel: 'whisper-1', usage })).toBe((0.36 * 1e6) / 60);
  });

  it('knows the names of Bedrock and Mistral', () => {
    const usage = { input: 1000, cacheRead: 500, output: 100 };
    expect(micros({ provider: 'aws.bedrock', requestModel: 'us.amazon.nova-pro-v1:0', usage })).toBe(
      1000 * 0.8 + 500 * 0.2 + 100 * 3.2,
    );
    expect(
      micros({
        provider: 'mistral_ai',
        requestModel: 'mistral-large',
        usage: { input: 1000, output: 100 },
      }),
    ).toBe(1000 * 2 + 100 * 6);
  });
});

describe('what is not known', () => {
  const usage = { input: 1000, output: 100 };

  it('stays unknown, with the reason', () => {
    expect(micros({ provider: 'openai', responseModel: 'house-model-7', usage })).toBe(
      'no price is known for house-model-7',
    );
    expect(micros({ provider: 'nobody', responseModel: 'gpt-4o', usage })).toBe(
      'no price is known for gpt-4o',
    );
    expect(micros({ provider: 'openai', usage })).toBe('the call does not name its model');
  });

  it('is not priced as something else', () => {
    const attributes = { 'openai.response.service_tier': 'priority' };
    expect(micros({ provider: 'openai', responseModel: 'gpt-4o', usage, attributes })).toBe(
      'no price is known for the service tier priority',
    );
    const audio = { ...usage, reported: { prompt_tokens_details: { audio_tokens: 900 } } };
    expect(micros({ provider: 'openai', responseModel: 'gpt-4o-audio-preview', usage: audio })).toBe(
      'no price is known for the input audio tokens of gpt-4o-audio-preview',
    );
  });

  it('falls back on the model that was asked for', () => {
    expect(micros({ provider: 'openai', responseModel: 'deployment-1', requestModel: 'gpt-4o', usage })).toBe(
      1000 * 2.5 + 100 * 10,
    );
  });

  it('is nothing where nothing was used', () => {
    expect(createPricer().priceOf(call({ responseModel: 'gpt-4o' }))).toBeUndefined();
    expect(createPricer().priceOf(call({ responseModel: 'gpt-4o', usage: { input: 0 } }))).toBeUndefined();
  });

  it('leaves out a part that is larger than its whole', () => {
    const odd = { ...usage, reported: { prompt_tokens_details: { audio_tokens: 5000 } } };
    expect(micros({ provider: 'openai', responseModel: 'gpt-4o', usage: odd })).toBe(1000 * 2.5 + 100 * 10);
  });
});

describe("the user's own word", () => {
  const facts = {
    provider: 'openai',
    responseModel: 'gpt-4o-2024-08-06',
    usage: { input: 1000, output: 100 },
  };

  it('counts more than the table', () => {
    expect(createPricer().priceOf(call({ ...facts, cost: 0.5 }))).toEqual({ source: 'given', cost: 0.5 });
  });

  it('may be a price: the closest name, then the latest day', () => {
    const overrides = [
      { model: 'gpt-*', input: 1, output: 1 },
      { model: 'gpt-4o*', input: 2, output: 2 },
      { model: 'gpt-4o*', input: 3, output: 3, from: '2026-01-01' },
      { model: 'gpt-4o*', input: 9, output: 9, from: '2030-01-01' },
      { model: 'gpt-4o*', provider: 'azure.ai.openai', input: 7, output: 7 },
    ];
    expect(micros(facts, { overrides })).toBe(1000 * 3 + 100 * 3);
    expect(micros({ ...facts, startMs: Date.UTC(2025, 0, 1) }, { overrides })).toBe(1000 * 2 + 100 * 2);
    expect(micros({ ...facts, responseModel: 'gpt-x' }, { overrides })).toBe(1000 + 100);
    expect(createPricer({ overrides }).priceOf(call(facts))?.pricedAs).toBe('own: gpt-4o*');
  });
});

describe('amountOf', () => {
  it('says what the library says', () => {
    const { models = [] } = findProvider({ providerId: 'openai' }) ?? {};
    const model = models.find(({ id }) => id === 'gpt-4o');
    if (model === undefined || Array.isArray(model.prices)) throw new Error('gpt-4o has no plain price.');
    const { prices } = model;
    const count = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(count, fc.nat(1_000_000), count, (input, cached, output) => {
        const units = {
          input_tokens: input + cached,
          ...(cached > 0 ? { cache_read_tokens: cached } : {}),
          output_tokens: output,
        };
        const said = calcPrice(units, 'gpt-4o', { providerId: 'openai' })?.total_price ?? 0;
        expect(amountOf(units, prices)).toBeCloseTo(said, 9);
      }),
      { numRuns: 50 },
    );
  });
});
