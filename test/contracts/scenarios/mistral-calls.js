import { answer, ASK, endedSpan, failed, messageSpan, MODEL, ownSpan, PARAMS } from './mistral-spans.js';

/** Calls that are answered at once. */
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const LOOKUP = {
  type: 'function',
  function: { name: 'get_weather', description: 'Weather of a city.', parameters: SCHEMA },
};
const HELLO = messageSpan([answer('Hello there.')]);
const user = (content) => ({ role: 'user', parts: [{ type: 'text', content }] });
const BLOB = { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 1_000_000 };
const NO_CACHE = { 'gen_ai.usage.cache_read.input_tokens': undefined };

/** The span that the SDK makes by itself, as far as it matters here. */
const OWN = ownSpan();

export const scenarios = {
  plain: {
    async run({ makeClient, log, shape }) {
      const params = {
        ...PARAMS,
        messages: [{ role: 'system', content: 'Be short.' }, ...ASK],
        temperature: 0,
        topP: 0.5,
        maxTokens: 64,
        randomSeed: 0,
        stop: 'END',
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseFormat: { type: 'json_object' },
      };
      const promise = makeClient('message').chat.complete(params);
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.top_p': 0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 0,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.presence_penalty': 0.1,
        'gen_ai.request.frequency_penalty': 0.2,
        'gen_ai.output.type': 'json',
        'gen_ai.input.messages': [
          { role: 'system', parts: [{ type: 'text', content: 'Be short.' }] },
          user('Say hello.'),
        ],
      }),
    ],
  },
  'arguments are frozen and stay the same': {
    async run({ makeClient, log }) {
      const params = deepFreeze({ ...PARAMS, tools: [LOOKUP] });
      const options = deepFreeze({ headers: { 'x-mine': '1' } });
      await makeClient('message').chat.complete(params, options);
      log('params', params);
      log('options', options);
    },
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.tool.definitions': [{ type: 'function', ...LOOKUP.function }],
      }),
    ],
  },
  'thoughts beside text': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('chunks').chat.complete(PARAMS));
    },
    spans: [
      messageSpan([
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Think first.' },
            { type: 'text', content: 'Done.' },
          ],
          finish_reason: 'stop',
        },
      ]),
    ],
  },
  'a round of tools': {
    async run({ makeClient, log }) {
      const client = makeClient('tools');
      const { choices } = await client.chat.complete({ ...PARAMS, tools: [LOOKUP] });
      log('choices', choices);
      const { message } = choices[0];
      const messages = [...ASK, message, { role: 'tool', toolCallId: 'call_a', content: 'sunny' }];
      await client.chat.complete({ model: MODEL, messages });
    },
    spans: [{}, { messages: true }].map(({ messages }) => {
      const called = {
        type: 'tool_call',
        id: 'call_a',
        name: 'get_weather',
        arguments: { city: 'Rome' },
      };
      return messageSpan([{ role: 'assistant', parts: [called], finish_reason: 'tool_call' }], {
        'gen_ai.response.finish_reasons': ['tool_call'],
        ...(messages
          ? {
              'gen_ai.input.messages': [
                user('Say hello.'),
                { role: 'assistant', parts: [called] },
                { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_a', response: 'sunny' }] },
              ],
            }
          : { 'gen_ai.tool.definitions': [{ type: 'function', ...LOOKUP.function }] }),
      });
    }),
  },
  'an agent': {
    async run({ makeClient, log }) {
      const params = { agentId: 'ag_1', messages: ASK };
      log('answer', await makeClient('message').agents.complete(params));
    },
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.request.model': undefined,
        'gen_ai.agent.id': 'ag_1',
      }),
    ],
  },
  'fill in the middle': {
    async run({ makeClient, log }) {
      const params = { model: MODEL, prompt: 'def f(', suffix: 'return a' };
      log('answer', await makeClient('message').fim.complete(params));
    },
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.operation.name': 'text_completion',
        'gen_ai.input.messages': [
          {
            role: 'user',
            parts: [
              { type: 'text', content: 'def f(' },
              { type: 'text', content: 'return a' },
            ],
          },
        ],
      }),
    ],
  },
  embeddings: {
    async run({ makeClient, log }) {
      const params = { model: MODEL, inputs: ['One.', 'Two.'], outputDimension: 2 };
      log('answer', await makeClient('embeddings').embeddings.create(params));
    },
    spans: [
      messageSpan(undefined, {
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.embeddings.dimension.count': 2,
        'gen_ai.input.messages': [user('One.'), user('Two.')],
        'gen_ai.response.id': 'embd_1',
        'gen_ai.response.finish_reasons': undefined,
        'gen_ai.usage.input_tokens': 9,
        'gen_ai.usage.output_tokens': 0,
        ...NO_CACHE,
      }),
    ],
  },
  'an image in the request': {
    async run({ makeClient, log }) {
      const imageUrl = `data:image/png;base64,${Buffer.alloc(1_000_000, 7).toString('base64')}`;
      const content = [
        { type: 'image_url', imageUrl },
        { type: 'text', text: 'What is it?' },
      ];
      const params = { model: MODEL, messages: [{ role: 'user', content }] };
      log('answer', await makeClient('message').chat.complete(params));
    },
    isBodyLarge: true,
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [{ role: 'user', parts: [BLOB, { type: 'text', content: 'What is it?' }] }],
      }),
    ],
  },
  'body of a broken answer': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('malformed').chat.complete(PARAMS));
    },
    spans: [failed('ANY', 'ANY')],
  },
  'an answer of another shape': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('unexpected').chat.complete(PARAMS));
    },
    spans: [failed('ResponseValidationError', 'ANY')],
  },
  'too many requests': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('tooMany').chat.complete(PARAMS));
    },
    spans: [failed('429', 'ANY')],
  },
  'bad request, caught by catch': {
    async run({ makeClient, log }) {
      await makeClient('badRequest')
        .chat.complete(PARAMS)
        .catch((error) => log('caught', error));
    },
    spans: [failed('400', 'ANY')],
  },
  'a call that the SDK refuses': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('message').chat.complete({ model: 7, messages: ASK }));
    },
    spans: [failed('SDKValidationError', 'ANY', { 'gen_ai.request.model': undefined })],
  },
  timeout: {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('hang').chat.complete(PARAMS, { timeoutMs: 400 }));
    },
    spans: [failed('RequestTimeoutError', 'ANY')],
  },
  'abort before the call': {
    async run({ makeClient, attempt }) {
      const options = { fetchOptions: { signal: AbortSignal.abort() } };
      await attempt('call', () => makeClient('hang').chat.complete(PARAMS, options));
    },
    spans: [endedSpan('cancelled')],
  },
  'abort during the call': {
    async run({ makeClient, attempt, awaitEvent }) {
      const controller = new AbortController();
      const options = { fetchOptions: { signal: controller.signal } };
      const call = attempt('call', () => makeClient('hang').chat.complete(PARAMS, options));
      await awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [endedSpan('cancelled')],
  },
  'connection refused': {
    async run({ makeClient, attempt }) {
      const client = makeClient('message', { serverURL: 'http://127.0.0.1:9' });
      await attempt('call', () => client.chat.complete(PARAMS));
    },
    spans: [failed('ConnectionError', 'ANY')],
  },
  'a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      makeClient('badRequest').chat.complete(PARAMS);
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('400', 'ANY')],
  },
  'process.exit in the middle of a call': {
    isolated: true,
    async run({ makeClient, awaitEvent }) {
      makeClient('hang')
        .chat.complete(PARAMS)
        .catch(() => {});
      await awaitEvent('request');
      process.exit(7);
    },
    spans: [endedSpan('abandoned')],
  },
  'parallel calls': {
    async run({ makeClient, log }) {
      const client = makeClient('message');
      const asked = (content) =>
        client.chat.complete({ model: MODEL, messages: [{ role: 'user', content }] });
      log('answers', (await Promise.all(['a', 'b', 'c'].map(asked))).length);
    },
    isUnordered: true,
    spans: ['a', 'b', 'c'].map((content) =>
      messageSpan([answer('Hello there.')], { 'gen_ai.input.messages': [user(content)] }),
    ),
  },
  'content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log, attempt }) {
      const params = { ...PARAMS, tools: [LOOKUP] };
      log('answer', await makeClient('message').chat.complete(params));
      await attempt('failing', () => makeClient('badRequest').chat.complete(params));
    },
    spans: [
      messageSpan(undefined, { 'gen_ai.input.messages': undefined }),
      endedSpan('failed', { 'gen_ai.input.messages': undefined, 'error.type': '400' }, { code: 2 }),
    ],
  },
  "the SDK's own tracing, asked for: its span alone": {
    isolated: true,
    since: '2.7.0',
    env: { MISTRAL_SDK_TELEMETRY: 'global' },
    async run({ makeClient, log }) {
      log('answer', await makeClient('message').chat.complete(PARAMS));
    },
    spans: [OWN],
  },
  "the SDK's own tracing, by a provider for all clients: its span alone": {
    isolated: true,
    since: '2.7.0',
    async run({ makeClient, load, log }) {
      const { trace } = await load('@opentelemetry/api');
      const { registerTracerProvider } = await load('@mistralai/mistralai/extra/observability');
      registerTracerProvider(trace.getTracerProvider());
      log('answer', await makeClient('message').chat.complete(PARAMS));
    },
    spans: [OWN],
  },
  "the SDK's own tracing, by a provider for one client: its span alone": {
    isolated: true,
    since: '2.7.0',
    async run({ makeClient, load, log }) {
      const { trace } = await load('@opentelemetry/api');
      const { setTracerProvider } = await load('@mistralai/mistralai/extra/observability');
      const client = makeClient('message');
      await setTracerProvider(client, trace.getTracerProvider());
      log('answer', await client.chat.complete(PARAMS));
    },
    spans: [OWN],
  },
  'a client of a subclass': {
    async run({ sdk, baseURL, log }) {
      class Mine extends sdk.Mistral {}
      const client = new Mine({ apiKey: 'test', serverURL: baseURL('message') });
      log('answer', await client.chat.complete(PARAMS));
      log('class', [client.constructor.name, client instanceof sdk.Mistral]);
    },
    spans: [HELLO],
  },
  'resources and methods keep their names': {
    async run({ sdk, makeClient, log }) {
      for (const resource of ['chat', 'embeddings']) {
        const { get, set, enumerable } = Object.getOwnPropertyDescriptor(sdk.Mistral.prototype, resource);
        log(resource, [get.name, get.length, set, enumerable]);
      }
      const client = makeClient('message');
      log('same resource', client.chat === client.chat);
      const { complete } = Object.getPrototypeOf(client.chat);
      log('complete', [complete.name, complete.length, Object.keys(complete)]);
      log('client', Object.keys(client));
    },
    spans: [],
  },
};

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
