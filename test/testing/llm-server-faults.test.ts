import { Anthropic } from '@anthropic-ai/sdk';
import { OpenAI } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { startLlmServer, type Fault, type LlmServer, type Turn } from '../../src/testing/index.js';

const messages = [{ role: 'user' as const, content: 'Hello' }];
const CHAT = { model: 'gpt-4o-mini', messages };
const ASK = { model: 'claude-sonnet-4-6', max_tokens: 64, messages };
const LONG = 'one two three four five six seven eight';

let server: LlmServer;
afterEach(() => server.close());

async function clients(
  script: readonly Turn[],
  maxRetries = 0,
): Promise<{ openai: OpenAI; anthropic: Anthropic }> {
  server = await startLlmServer({ script });
  const common = { apiKey: 'test-key', maxRetries };
  return {
    openai: new OpenAI({ baseURL: server.openaiBaseUrl, ...common }),
    anthropic: new Anthropic({ baseURL: server.anthropicBaseUrl, ...common }),
  };
}

/** What a call was rejected with; the test fails when it was not. */
async function rejection(call: PromiseLike<unknown>): Promise<Error> {
  const ended = await Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(ended instanceof Error)) throw new Error('The call was expected to fail and did not.');
  return ended;
}

const sent = (): number => server.requests[0]?.framesSent ?? 0;

async function drain(stream: PromiseLike<AsyncIterable<unknown>>): Promise<number> {
  let count = 0;
  for await (const _ of await stream) count += 1;
  return count;
}

describe('errors of the scripted server', () => {
  it.each([
    [400, OpenAI.BadRequestError, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, OpenAI.AuthenticationError, Anthropic.AuthenticationError, 'authentication_error'],
    [403, OpenAI.PermissionDeniedError, Anthropic.PermissionDeniedError, 'permission_error'],
    [404, OpenAI.NotFoundError, Anthropic.NotFoundError, 'not_found_error'],
    [429, OpenAI.RateLimitError, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, OpenAI.InternalServerError, Anthropic.InternalServerError, 'api_error'],
    [529, OpenAI.InternalServerError, Anthropic.InternalServerError, 'overloaded_error'],
  ])('are the SDK class of status %i', async (status, openaiClass, anthropicClass, type) => {
    const fault = { status, message: 'said by the script' };
    const { openai, anthropic } = await clients([{ fault, times: 2 }]);
    const first = await rejection(openai.chat.completions.create(CHAT));
    expect(first).toBeInstanceOf(openaiClass);
    expect(first.message).toBe(`${status} said by the script`);
    const second = await rejection(anthropic.messages.create(ASK));
    expect(second).toBeInstanceOf(anthropicClass);
    expect(second).toMatchObject({ status, type, error: { error: { message: 'said by the script' } } });
  });

  it('are tried again by the SDK after the time that the server names', async () => {
    const limited = { fault: { status: 429, retryAfterMs: 1 } };
    const { openai, anthropic } = await clients([limited, { text: 'first' }, limited, { text: 'second' }], 1);
    expect((await openai.chat.completions.create(CHAT)).choices[0]?.message.content).toBe('first');
    expect((await anthropic.messages.create(ASK)).content).toMatchObject([{ text: 'second' }]);
    expect(server.requests.map((request) => [request.turn, request.outcome])).toEqual([
      [0, 'finished'],
      [1, 'finished'],
      [2, 'finished'],
      [3, 'finished'],
    ]);
  });

  it('name the place in the script when it has run out, and are not tried again', async () => {
    const { openai, anthropic } = await clients([{ text: 'only one' }], 2);
    await openai.chat.completions.create(CHAT);
    const message =
      '500 The LLM script has run out after turn 1: nothing is left for request 2, openai.chat (model gpt-4o-mini).';
    const error = await rejection(openai.chat.completions.create(CHAT));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error.message).toBe(message);
    expect((await rejection(anthropic.messages.create(ASK))).message).toContain(
      'request 3, anthropic.messages',
    );
    expect(server.requests).toHaveLength(3);
  });

  it('answer an unknown path with 404 and a wrong key with 401', async () => {
    server = await startLlmServer({ apiKey: 'right', script: [{ text: 'in' }] });
    const wrong = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: 'wrong', maxRetries: 0 });
    expect(await rejection(wrong.chat.completions.create(CHAT))).toBeInstanceOf(OpenAI.AuthenticationError);
    const right = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: 'right', maxRetries: 0 });
    expect(await rejection(right.batches.list())).toBeInstanceOf(OpenAI.NotFoundError);
    expect((await right.chat.completions.create(CHAT)).choices[0]?.message.content).toBe('in');
  });
});

describe('faults in a stream', () => {
  it('cut the connection after the frames that were asked for', async () => {
    const { openai, anthropic } = await clients([{ text: LONG, fault: { cutAfterChunks: 3 }, times: 2 }]);
    const seen: unknown[] = [];
    const stream = await openai.chat.completions.create({ ...CHAT, stream: true });
    const reading = (async () => {
      for await (const chunk of stream) seen.push(chunk.choices[0]?.delta.content);
    })();
    expect(await rejection(reading)).toMatchObject({ message: 'terminated' });
    expect(seen).toEqual(['', 'one', ' two']);
    await rejection(anthropic.messages.stream(ASK).finalMessage());
    expect(server.requests.map(({ outcome, framesSent }) => [outcome, framesSent])).toEqual([
      ['cut', 3],
      ['cut', 3],
    ]);
  });

  it('send an error event inside a stream that began with 200', async () => {
    const fault: Fault = { errorAfterChunks: 3, message: 'out of capacity' };
    const { openai, anthropic } = await clients([{ text: LONG, fault, times: 3 }]);
    const chat = await rejection(drain(openai.chat.completions.create({ ...CHAT, stream: true })));
    expect(chat).toBeInstanceOf(OpenAI.APIError);
    expect(chat).toMatchObject({ error: { message: 'out of capacity', type: 'server_error' } });
    const responses = await openai.responses.create({ model: 'gpt-5-mini', input: 'Hello', stream: true });
    const types: string[] = [];
    const failed = await rejection(
      (async () => {
        for await (const event of responses) types.push(event.type);
        throw new Error(types.at(-1));
      })(),
    );
    expect(failed.message).toMatch(/out of capacity|^error$/);
    const claude = await rejection(drain(anthropic.messages.create({ ...ASK, stream: true })));
    expect(claude).toBeInstanceOf(Anthropic.APIError);
    expect(claude.message).toContain('out of capacity');
  });

  it('send a frame that is not JSON', async () => {
    const { openai, anthropic } = await clients([{ text: LONG, fault: { invalidJson: true }, times: 2 }]);
    expect(await rejection(drain(openai.chat.completions.create({ ...CHAT, stream: true })))).toBeInstanceOf(
      SyntaxError,
    );
    expect((await rejection(drain(anthropic.messages.create({ ...ASK, stream: true })))).message).toMatch(
      /JSON/,
    );
  });

  it('see the caller leave, while it hangs or waits', async () => {
    const { openai } = await clients([
      { text: LONG, fault: { hangAfterChunks: 2 } },
      { text: LONG, fault: { chunkDelayMs: 20_000 } },
      { fault: { hang: true } },
    ]);
    for (let call = 0; call < 2; call += 1) {
      const stream = await openai.chat.completions.create({ ...CHAT, stream: true });
      for await (const _ of stream) break;
    }
    const late = openai.chat.completions.create(CHAT, { timeout: 50 });
    expect(await rejection(late)).toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    await expect
      .poll(() => server.requests.map((request) => request.outcome))
      .toEqual(['aborted', 'aborted', 'aborted']);
  });
});

describe('a stream without faults', () => {
  it('goes at the pace of its reader', async () => {
    const { openai } = await clients([{ text: 'word '.repeat(100_000) }]);
    const stream = await openai.chat.completions.create({ ...CHAT, stream: true });
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    let before = -1;
    const isWaiting = (): boolean => {
      const same = sent() === before;
      before = sent();
      return same;
    };
    await expect.poll(isWaiting, { interval: 200 }).toBe(true);
    expect(sent()).toBeLessThan(90_000);
    stream.controller.abort();
    await expect.poll(() => server.requests[0]?.outcome).toBe('aborted');
  });
});

describe('paths of the scripted server', () => {
  it.each([
    '/openai/deployments/my-gpt/chat/completions?api-version=2025-01-01-preview',
    '/gateway/openai/v1/chat/completions',
    '/v1/messages?beta=true',
  ])('include %s', async (path) => {
    server = await startLlmServer({ script: [{ text: 'found' }] });
    const body = JSON.stringify({ model: 'm', messages });
    const response = await fetch(server.url + path, { method: 'POST', body });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('found')]);
  });
});

describe('faults in a plain answer', () => {
  it('send a body without choices, half a body, or no JSON', async () => {
    const { openai } = await clients([
      { fault: { withoutChoices: true, message: 'upstream is down' } },
      { text: LONG, fault: { cutAfterChunks: 0 } },
      { text: LONG, fault: { invalidJson: true } },
      { raw: { body: { id: 'raw', choices: [] } } },
    ]);
    expect(await openai.chat.completions.create(CHAT)).toEqual({
      error: { message: 'upstream is down', code: 502 },
    });
    expect((await rejection(openai.chat.completions.create(CHAT))).message).toMatch(/terminated|Connection/);
    expect(await rejection(openai.chat.completions.create(CHAT))).toBeInstanceOf(SyntaxError);
    expect(await openai.chat.completions.create(CHAT)).toEqual({ id: 'raw', choices: [] });
  });

  it('wait before the first byte', async () => {
    const { openai } = await clients([{ text: 'late', fault: { delayMs: 60 } }]);
    const started = performance.now();
    await openai.chat.completions.create(CHAT);
    expect(performance.now() - started).toBeGreaterThan(55);
  });
});
