import { answer, ASK, ASKED, BODY, endedSpan, failed, messageSpan, MODEL, span } from './anthropic-spans.js';

/** Calls that are answered at once. */
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const LOOKUP = { name: 'get_weather', description: 'Weather of a city.', input_schema: SCHEMA };
const DEFINITION = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city.',
  parameters: SCHEMA,
};
const HELLO = messageSpan([answer('Hello there.')]);

export const scenarios = {
  plain: {
    async run({ makeClient, log, shape }) {
      const body = { ...BODY, system: 'Be short.', temperature: 0, top_k: 5, stop_sequences: ['END'] };
      const promise = makeClient('message').messages.create(body);
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.top_k': 5,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
      }),
    ],
  },
  'awaited twice is one call': {
    async run({ makeClient, log }) {
      const promise = makeClient('message').messages.create(BODY);
      const [first, second] = [await promise, await promise];
      log('same object', first === second);
      log('finally', await promise.finally(() => log('finally ran')));
    },
    spans: [HELLO],
  },
  withResponse: {
    async run({ makeClient, log }) {
      const { data, response } = await makeClient('message').messages.create(BODY).withResponse();
      log('data', data);
      log('response', [response.status, response.bodyUsed]);
    },
    spans: [HELLO],
  },
  asResponse: {
    async run({ makeClient, log }) {
      const response = await makeClient('message').messages.create(BODY).asResponse();
      log('unread', response.bodyUsed);
      log('body', await response.json());
    },
    spans: [endedSpan('completed')],
  },
  'arguments are frozen and stay the same': {
    async run({ makeClient, log }) {
      const body = deepFreeze({ ...BODY, messages: [...ASK], tools: [LOOKUP], metadata: { user_id: 'b' } });
      const options = deepFreeze({ headers: { 'x-mine': '1' } });
      await makeClient('message').messages.create(body, options);
      log('body', body);
      log('options', options);
    },
    spans: [messageSpan([answer('Hello there.')], { 'gen_ai.tool.definitions': [DEFINITION] })],
  },
  'beta create': {
    async run({ makeClient, log }) {
      const { beta } = makeClient('message');
      log('answer', await beta.messages.create({ ...BODY, betas: ['some-2026-01-01'] }));
    },
    spans: [HELLO],
  },
  'token count': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('count').messages.countTokens({ model: MODEL, messages: ASK }));
    },
    spans: [
      span({
        'gen_ai.operation.name': 'count_tokens',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': MODEL,
        'server.address': '127.0.0.1',
        'server.port': 'PORT',
        'gen_ai.input.messages': ASKED,
        'anthropic.message.count_tokens.input_tokens': 14,
        'spoor.outcome': 'completed',
      }),
    ],
  },
  'blocks of every kind': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('blocks').messages.create(BODY));
    },
    spans: [
      messageSpan([
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Think first.' },
            {
              type: 'server_tool_call',
              id: 'srvtoolu_1',
              name: 'web_search',
              server_tool_call: { type: 'web_search', arguments: { query: 'spoor' } },
            },
            {
              type: 'server_tool_call_response',
              id: 'srvtoolu_1',
              server_tool_call_response: {
                type: 'web_search_tool_result',
                content: [{ type: 'web_search_result', url: 'https://example.org/', title: 'Spoor' }],
              },
            },
            {
              type: 'text',
              content: 'Done.',
              citations: [{ type: 'web_search_result_location', url: 'https://example.org/' }],
            },
            { type: 'block_of_tomorrow', colour: 'red' },
          ],
          finish_reason: 'stop',
        },
      ]),
    ],
  },
  'body of a broken answer': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('malformed').messages.create(BODY));
    },
    spans: [failed('ANY', 'ANY')],
  },
  'error in a 200 answer': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('errorBody').messages.create(BODY));
    },
    spans: [failed('overloaded_error', 'Overloaded.')],
  },
  'too many requests': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('tooMany').messages.create(BODY));
    },
    spans: [failed('RateLimitError', 'ANY')],
  },
  'bad request, caught by catch': {
    async run({ makeClient, log }) {
      await makeClient('badRequest')
        .messages.create(BODY)
        .catch((error) => log('caught', error));
    },
    spans: [failed('BadRequestError', 'ANY')],
  },
  'bad request of asResponse and withResponse': {
    async run({ makeClient, attempt }) {
      const client = makeClient('badRequest');
      await attempt('raw', () => client.messages.create(BODY).asResponse());
      await attempt('both', () => client.messages.create(BODY).withResponse());
    },
    spans: [failed('BadRequestError', 'ANY'), failed('BadRequestError', 'ANY')],
  },
  'second try after a 500': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('retry', { maxRetries: 1 }).messages.create(BODY));
    },
    spans: [messageSpan([answer('Second time.')])],
  },
  timeout: {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('hang').messages.create(BODY, { timeout: 80 }));
    },
    spans: [failed('APIConnectionTimeoutError', 'Request timed out.')],
  },
  'abort before the call': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('hang').messages.create(BODY, { signal: AbortSignal.abort() }));
    },
    spans: [endedSpan('cancelled')],
  },
  'abort during the call': {
    async run({ makeClient, attempt, awaitEvent }) {
      const controller = new AbortController();
      const call = attempt('call', () =>
        makeClient('hang').messages.create(BODY, { signal: controller.signal }),
      );
      await awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [endedSpan('cancelled')],
  },
  'connection refused': {
    async run({ makeClient, attempt }) {
      const client = makeClient('message', { baseURL: 'http://127.0.0.1:9' });
      await attempt('call', () => client.messages.create(BODY));
    },
    spans: [failed('APIConnectionError', 'Connection error.')],
  },
  'a call that nobody awaits': {
    async run({ makeClient, awaitEvent, delay }) {
      makeClient('message').messages.create(BODY);
      await awaitEvent('request');
      await delay(30);
    },
    spans: [endedSpan('abandoned')],
  },
  'a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      makeClient('badRequest').messages.create(BODY);
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('BadRequestError', 'ANY')],
  },
  'process.exit in the middle of a call': {
    isolated: true,
    async run({ makeClient, awaitEvent }) {
      makeClient('hang')
        .messages.create(BODY)
        .catch(() => {});
      await awaitEvent('request');
      process.exit(7);
    },
    spans: [endedSpan('abandoned')],
  },
  'parallel calls': {
    async run({ makeClient, log }) {
      const client = makeClient('message');
      const asked = (content) => client.messages.create({ ...BODY, messages: [{ role: 'user', content }] });
      log('answers', (await Promise.all(['a', 'b', 'c'].map(asked))).length);
    },
    isUnordered: true,
    spans: ['a', 'b', 'c'].map((content) =>
      messageSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content }] }],
      }),
    ),
  },
  'a big image in the result of a tool': {
    async run({ makeClient, log }) {
      const source = {
        type: 'base64',
        media_type: 'image/png',
        data: Buffer.alloc(1_000_000, 7).toString('base64'),
      };
      const content = [
        { type: 'image', source },
        { type: 'tool_result', tool_use_id: 'toolu_a', content: [{ type: 'image', source }] },
      ];
      log(
        'answer',
        await makeClient('message').messages.create({ ...BODY, messages: [{ role: 'user', content }] }),
      );
    },
    isBodyLarge: true,
    spans: [
      messageSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [
          {
            role: 'user',
            parts: [
              { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 1_000_000 },
              {
                type: 'tool_call_response',
                id: 'toolu_a',
                response: [
                  {
                    type: 'blob',
                    modality: 'image',
                    mime_type: 'image/png',
                    sha256: 'HASH',
                    bytes: 1_000_000,
                  },
                ],
              },
            ],
          },
        ],
      }),
    ],
  },
  'content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log, attempt }) {
      const body = { ...BODY, system: 'Be short.', tools: [LOOKUP] };
      log('answer', await makeClient('message').messages.create(body));
      await attempt('failing', () => makeClient('badRequest').messages.create(body));
    },
    spans: [
      messageSpan(undefined, { 'gen_ai.input.messages': undefined }),
      endedSpan(
        'failed',
        { 'gen_ai.input.messages': undefined, 'error.type': 'BadRequestError' },
        { code: 2 },
      ),
    ],
  },
  'a client of a subclass': {
    async run({ sdk, baseURL, log }) {
      class Mine extends sdk.Anthropic {}
      const client = new Mine({ apiKey: 'test', baseURL: baseURL('message'), maxRetries: 0 });
      log('answer', await client.messages.create(BODY));
      log('class', [client.constructor.name, client instanceof sdk.Anthropic]);
    },
    spans: [HELLO],
  },
  'methods keep their names and lengths': {
    async run({ sdk, log }) {
      const { prototype } = sdk.Anthropic.Messages;
      for (const method of ['create', 'stream', 'countTokens']) {
        log(method, [prototype[method].name, prototype[method].length, Object.keys(prototype[method])]);
      }
      log('prototype', Reflect.ownKeys(prototype).map(String));
    },
    spans: [],
  },
};

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
