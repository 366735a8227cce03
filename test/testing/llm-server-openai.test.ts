import { OpenAI } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { startLlmServer, type LlmServer, type LlmServerOptions } from '../../src/testing/index.js';

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Where is my order?' }] };
const CALLS = [
  { name: 'lookup_order', arguments: { order: 'A-17' } },
  { name: 'track_parcel', arguments: { parcel: 'P-9', carrier: 'post' }, id: 'call_given' },
];
const usage = (input: number, output: number, cached = 0, reasoning = 0): object => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: reasoning,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

const withoutIds = (output: unknown): string =>
  JSON.stringify(output, (key, value: unknown) =>
    key.endsWith('id') ? 0 : key.startsWith('parsed') ? undefined : value,
  );

let server: LlmServer;
afterEach(() => server.close());

async function client(options: LlmServerOptions): Promise<OpenAI> {
  server = await startLlmServer(options);
  return new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: 'test-key', maxRetries: 0 });
}

describe('the scripted server, asked by the openai SDK', () => {
  it('answers a chat completion whole', async () => {
    const openai = await client({
      script: [{ text: 'On its way.', usage: { input: 12, output: 4, cacheRead: 8, reasoning: 1 } }],
      models: { 'gpt-4o-mini': 'gpt-4o-mini-2024-07-18' },
    });
    const { data, request_id } = await openai.chat.completions.create(CHAT).withResponse();
    expect(data).toEqual({
      id: 'chatcmpl-dC1VszSmWIaxyfDUQOVJQnewrGkYb',
      object: 'chat.completion',
      created: 1_767_225_600,
      model: 'gpt-4o-mini-2024-07-18',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'On its way.', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: usage(12, 4, 8, 1),
      service_tier: 'default',
      system_fingerprint: 'fp_5f0c2e1a9b',
    });
    expect(request_id).toMatch(/^req_01\w{22}$/);
  });

  it('streams text and parallel tool calls that the SDK puts together again', async () => {
    const openai = await client({
      script: [{ text: 'Let me look that up.', toolCalls: CALLS, usage: { input: 30, output: 20 } }],
    });
    const stream = openai.chat.completions.stream({ ...CHAT, stream_options: { include_usage: true } });
    const kinds: string[] = [];
    stream.on('chunk', (chunk) => {
      const [choice] = chunk.choices;
      kinds.push(
        choice === undefined
          ? 'usage'
          : (choice.finish_reason ??
              (choice.delta.tool_calls ? 'call' : choice.delta.role ? 'role' : 'text')),
      );
    });
    const completion = await stream.finalChatCompletion();
    expect([...new Set(kinds)]).toEqual(['role', 'text', 'call', 'tool_calls', 'usage']);
    expect(kinds.filter((kind) => kind === 'usage')).toEqual(['usage']);
    expect(completion.usage).toEqual(usage(30, 20));
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message).toEqual({
      role: 'assistant',
      content: 'Let me look that up.',
      parsed: null,
      refusal: null,
      tool_calls: [
        {
          id: expect.stringMatching(/^call_\w{24}$/),
          type: 'function',
          function: { name: 'lookup_order', arguments: '{"order":"A-17"}' },
        },
        {
          id: 'call_given',
          type: 'function',
          function: {
            name: 'track_parcel',
            arguments: '{"parcel":"P-9","carrier":"post"}',
          },
        },
      ],
    });
  });

  it('sends usage in a stream only when it is asked for', async () => {
    const openai = await client({ script: [{ text: 'a b c', times: 2 }] });
    const last = async (counted: boolean): Promise<unknown[]> => {
      const options = counted ? { stream_options: { include_usage: true } } : {};
      const stream = await openai.chat.completions.create({ ...CHAT, stream: true, ...options });
      const seen: unknown[] = [];
      for await (const chunk of stream) seen.push(chunk.usage);
      return seen;
    };
    expect(await last(false)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(await last(true)).toEqual([null, null, null, null, null, usage(12, 2)]);
  });

  it('keeps the choices of a request with n above 1 apart', async () => {
    const openai = await client({
      script: [
        { text: 'one', alternatives: [{ text: 'two', finishReason: 'length' }] },
        { text: 'red blue', alternatives: [{ refusal: 'I cannot help with that.' }] },
      ],
    });
    const plain = await openai.chat.completions.create({ ...CHAT, n: 2 });
    expect(
      plain.choices.map((choice) => [choice.index, choice.message.content, choice.finish_reason]),
    ).toEqual([
      [0, 'one', 'stop'],
      [1, 'two', 'length'],
    ]);
    const streamed = await openai.chat.completions.stream({ ...CHAT, n: 2 }).finalChatCompletion();
    expect(streamed.choices.map((choice) => [choice.message.content, choice.message.refusal])).toEqual([
      ['red blue', null],
      [null, 'I cannot help with that.'],
    ]);
  });

  it('answers responses with reasoning, text and calls, plain and streamed alike', async () => {
    const turn = {
      reasoning: 'The order is needed first.',
      text: 'I will check.',
      toolCalls: CALLS,
      usage: { input: 50, output: 40, cacheRead: 10, reasoning: 25 },
    };
    const openai = await client({ script: [turn, turn, { text: 'cut', finishReason: 'length' }] });
    const request = { model: 'gpt-5-mini', input: 'Where is my order?', temperature: 0 };
    const plain = await openai.responses.create(request);
    expect(plain).toMatchObject({
      object: 'response',
      status: 'completed',
      temperature: 0,
      output_text: 'I will check.',
      usage: {
        input_tokens: 50,
        input_tokens_details: { cached_tokens: 10 },
        output_tokens: 40,
        output_tokens_details: { reasoning_tokens: 25 },
        total_tokens: 90,
      },
    });
    expect(plain.output.map((item) => item.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ]);

    const numbers: number[] = [];
    const stream = openai.responses.stream(request);
    stream.on('event', (event) => numbers.push(event.sequence_number));
    const streamed = await stream.finalResponse();
    expect(numbers).toEqual(numbers.map((_, at) => at));
    expect(withoutIds(streamed.output)).toBe(withoutIds(plain.output));

    const events: string[] = [];
    for await (const event of await openai.responses.create({ ...request, stream: true }))
      events.push(event.type);
    expect(events.at(-1)).toBe('response.incomplete');
  });

  it('answers text completions, embeddings and the list of models', async () => {
    const openai = await client({
      script: [{ text: 'Once upon a time', times: 2 }, { embeddings: [[0.5, -0.25]] }, {}],
      models: { 'gpt-4o-mini': 'gpt-4o-mini-2024-07-18' },
    });
    const prompt = { model: 'gpt-3.5-turbo-instruct', prompt: 'Tell a tale.' };
    const plain = await openai.completions.create(prompt);
    expect(plain.choices).toEqual([
      { text: 'Once upon a time', index: 0, logprobs: null, finish_reason: 'stop' },
    ]);
    let text = '';
    for await (const chunk of await openai.completions.create({ ...prompt, stream: true })) {
      text += chunk.choices[0]?.text ?? '';
    }
    expect(text).toBe('Once upon a time');
    const given = await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'x' });
    expect(given.data).toEqual([{ object: 'embedding', index: 0, embedding: [0.5, -0.25] }]);
    const invented = await openai.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 3,
    });
    expect(invented.data.map(({ embedding }) => Math.hypot(...embedding).toFixed(4))).toEqual([
      '1.0000',
      '1.0000',
    ]);
    expect((await openai.models.list()).data.map((model) => model.id)).toEqual(['gpt-4o-mini']);
  });

  it('parses structured output', async () => {
    const openai = await client({ script: [{ text: '{"urgent":true}' }] });
    const format = {
      type: 'json_schema' as const,
      json_schema: { name: 'triage', schema: { type: 'object' }, strict: true },
    };
    const completion = await openai.chat.completions.parse({ ...CHAT, response_format: format });
    expect(completion.choices[0]?.message.content).toBe('{"urgent":true}');
  });
});
