import { createRequire } from 'node:module';
import type * as openaiModule from 'openai';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OpenAIInstrumentation, wrap } from '../../../instrumentations/openai/index.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { instrumentLoaded } from '../../../src/instrument/loaded-modules.js';
import { startLlmServer, type LlmServer } from '../../../src/testing/index.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

const BODY = { model: 'gpt-test', messages: [{ role: 'user' as const, content: 'Where to?' }] };
let server: LlmServer;
let spans: RecordedSpans;

beforeAll(async () => {
  server = await startLlmServer({ respond: () => ({ text: 'North.', usage: { input: 3, output: 2 } }) });
});
beforeEach(() => {
  setContentPolicy(true);
  spans = recordSpans();
});
afterEach(() => {
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});
afterAll(() => server.close());

const options = (): { baseURL: string; apiKey: string } => ({ baseURL: server.openaiBaseUrl, apiKey: 'any' });

describe('a copy that was loaded before', () => {
  const loaded = createRequire(import.meta.url)('openai') as typeof openaiModule;

  it('is found in the module cache, traced, and put back', async () => {
    const before = loaded.OpenAI.Chat.Completions.prototype.create;
    const instrumentation = new OpenAIInstrumentation({ enabled: false });
    expect(instrumentLoaded(instrumentation, 'openai')).toBe(1);
    expect(instrumentLoaded(instrumentation, 'openai')).toBe(1);
    await new loaded.OpenAI(options()).chat.completions.create(BODY);
    expect(spans.all().map(({ name }) => name)).toEqual(['chat gpt-test']);
    instrumentation.unpatch();
    expect(loaded.OpenAI.Chat.Completions.prototype.create).toBe(before);
  });
});

describe('wrap', () => {
  it('returns the same client, traces each call once however often it is wrapped', async () => {
    const client = new OpenAI(options());
    expect(wrap(wrap(client))).toBe(client);
    const answer = await client.chat.completions.create(BODY);
    expect(answer.choices[0]?.message.content).toBe('North.');
    expect(
      spans.all().map(({ name, attributes }) => [name, attributes['gen_ai.usage.input_tokens']]),
    ).toEqual([['chat gpt-test', 3]]);
  });

  it('leaves what is no client alone', () => {
    expect([wrap(null), wrap('text'), wrap(undefined)]).toEqual([null, 'text', undefined]);
  });
});
