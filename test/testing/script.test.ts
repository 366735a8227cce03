import { describe, expect, it } from 'vitest';
import { createScript, type LlmRequest } from '../../src/testing/script.js';
import { startLlmServer } from '../../src/testing/index.js';

const request = (fields: Partial<LlmRequest>): LlmRequest => ({
  index: 0,
  method: 'POST',
  path: '/v1/chat/completions',
  headers: {},
  body: {},
  stream: false,
  framesSent: 0,
  outcome: 'open',
  ...fields,
});

const ask = async (url: string, words: readonly string[]): Promise<string[]> => {
  const answers: string[] = [];
  for (const word of words) {
    const body = JSON.stringify({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: word }],
    });
    answers.push(await (await fetch(`${url}/v1/messages`, { method: 'POST', body })).text());
  }
  return answers.toSorted();
};

describe('a script', () => {
  it('gives each request the first turn that is left and fits', () => {
    const take = createScript([
      { name: 'order', when: { includes: 'order "7"', model: 'small' } },
      { name: 'any', times: 2 },
      { name: 'claude', when: ({ endpoint }) => endpoint === 'anthropic.messages' },
      { name: 'streamed', when: { stream: true, endpoint: 'openai.chat' } },
    ]);
    const name = (fields: Partial<LlmRequest>): string | undefined => take(request(fields))?.turn.name;
    expect([
      name({ model: 'small', body: { prompt: 'order "7"' } }),
      name({ model: 'small', body: { prompt: 'order "7"' } }),
      name({ endpoint: 'anthropic.messages' }),
      name({ endpoint: 'anthropic.messages' }),
      name({ endpoint: 'openai.chat' }),
      name({ endpoint: 'openai.chat', stream: true }),
      name({ endpoint: 'openai.chat', stream: true }),
    ]).toEqual(['order', 'any', 'any', 'claude', undefined, 'streamed', undefined]);
  });

  it('gives the same bytes in every run, whatever the order of arrival', async () => {
    const script = [
      { text: 'first', when: { includes: 'one' } },
      { text: 'second', when: { includes: 'two' } },
    ];
    const runs = await Promise.all(
      [
        ['one', 'two'],
        ['two', 'one'],
      ].map(async (words) => {
        const server = await startLlmServer({ script });
        const answers = await ask(server.url, words);
        expect(server.unusedTurns()).toEqual([]);
        await server.close();
        return answers;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
  });

  it('can be a function of the request', async () => {
    const server = await startLlmServer({ respond: ({ model }) => ({ text: `I am ${model}` }) });
    const response = await fetch(`${server.openaiBaseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-4o', messages: [] }),
    });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'I am gpt-4o' } }] });
    await server.close();
  });
});
