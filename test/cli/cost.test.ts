import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { traceRequestJson, type SpanFields } from '../server/otlp-payloads.js';
import { post, runTranslator } from '../server/running.js';
import { runCli } from './run-cli.js';

function call(spanId: string, model: string, outputTokens: number): SpanFields {
  return {
    name: `chat ${model}`,
    spanId: spanId.repeat(16),
    attributes: {
      'session.id': 'run-1',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.usage.input_tokens': '1000',
      'gen_ai.usage.output_tokens': String(outputTokens),
    },
  };
}

async function runCost(...args: string[]): ReturnType<typeof runCli> {
  const { url } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson(call('a', 'gpt-4o', 250), call('b', 'house-model', 500)));
  return runCli(['cost', ...args], { env: { SPOOR_URL: url } });
}

async function priceFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-prices-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'prices.json');
  await writeFile(path, content);
  return path;
}

describe('spoor cost', () => {
  test('says what is known, and how much is not', async () => {
    const { out, err } = await runCost();
    expect(err).toBe('');
    expect(out.split('\n').slice(0, 6)).toEqual([
      '$0.0050  2 calls, 2.8k tokens',
      'not in it: 1 call without a known price, 55 % of the tokens',
      '',
      'MODEL               CALLS  TOKENS  COST',
      'openai gpt-4o           1    1.3k  $0.0050',
      'openai house-model      1    1.5k  unknown: no price is known for house-model',
    ]);
  });

  test('takes own prices', async () => {
    const path = await priceFile('{"prices":[{"model":"house-*","input":10,"output":20}]}');
    const { out } = await runCost('--prices', path, '--json');
    expect(JSON.parse(out)).toMatchObject({ total: { cost: 0.025, calls: 2, unpricedCalls: 0 } });
  });

  test('says what is wrong with own prices', async () => {
    const path = await priceFile('{"prices":[{"model":"house-*","input":"10"}]}');
    const { code, err } = await runCost('--prices', path);
    expect(code).not.toBe(0);
    expect(err).toContain(path);
    expect(err).toMatch(/input/);
  });
});
