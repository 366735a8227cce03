import { answer, ASK, chatSpan, endedSpan, REQUEST, span } from './openai-spans.js';

/** Calls that are answered at once. */
const MODEL = 'gpt-4o';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const LOOKUP = {
  type: 'function',
  function: { name: 'get_weather', description: 'Weather of a city.', parameters: SCHEMA },
};

/** In the bare run there is no tracer, and so no span. */
const inSpan = (name, fn) =>
  globalThis.contractTracer === undefined
    ? fn()
    : globalThis.contractTracer.startActiveSpan(name, async (parent) => {
        const result = await fn();
        parent.end();
        return result;
      });

const fetching = (...args) => {
  globalThis.contractTracer?.startSpan('http').end();
  return fetch(...args);
};

export const scenarios = {
  plain: {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('chat').chat.completions.create({
        model: MODEL,
        messages: ASK,
        temperature: 0,
        seed: 0,
        stop: 'END',
      });
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      chatSpan([answer('Hello there.')], {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.seed': 0,
        'gen_ai.request.stop_sequences': ['END'],
      }),
    ],
  },
  'awaited twice is one call': {
    async run({ makeClient, log }) {
      const promise = makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK });
      const [first, second] = [await promise, await promise];
      log('same object', first === second);
      log('by then', await promise.then((value) => value === first));
      log('finally', await promise.finally(() => log('finally ran')));
    },
    spans: [chatSpan([answer('Hello there.')])],
  },
  withResponse: {
    async run({ makeClient, log }) {
      const {
        data,
        response,
        request_id: id,
      } = await makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK }).withResponse();
      log('data', data);
      log('response', [response.status, response.bodyUsed, id]);
    },
    spans: [chatSpan([answer('Hello there.')])],
  },
  asResponse: {
    async run({ makeClient, log }) {
      const response = await makeClient('chat')
        .chat.completions.create({ model: MODEL, messages: ASK })
        .asResponse();
      log('unread', response.bodyUsed);
      log('body', await response.json());
    },
    spans: [endedSpan('completed')],
  },
  'order of events': {
    async run({ makeClient, log }) {
      const order = [];
      const promise = makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK });
      order.push('called');
      const settled = promise.then(() => order.push('then'));
      queueMicrotask(() => order.push('microtask'));
      await settled;
      log('order', order);
    },
    spans: [chatSpan([answer('Hello there.')])],
  },
  'arguments are frozen and stay the same': {
    async run({ makeClient, log }) {
      const body = deepFreeze({ model: MODEL, messages: [...ASK], tools: [LOOKUP], metadata: { a: 'b' } });
      const options = deepFreeze({ headers: { 'x-mine': '1' } });
      await makeClient('chat').chat.completions.create(body, options);
      log('body', body);
      log('options', options);
    },
    spans: [
      chatSpan([answer('Hello there.')], {
        'gen_ai.tool.definitions': [
          { type: 'function', name: 'get_weather', description: 'Weather of a city.', parameters: SCHEMA },
        ],
      }),
    ],
  },
  parse: {
    async run({ makeClient, log }) {
      const client = makeClient('json');
      const completions = client.chat.completions.parse
        ? client.chat.completions
        : client.beta.chat.completions;
      const promise = completions.parse({ model: MODEL, messages: ASK, response_format: parseable() });
      log('parsed', await promise);
    },
    spans: [chatSpan([answer('{"city":"Rome"}')], { 'gen_ai.output.type': 'json' })],
  },
  'parse of what is no JSON': {
    async run({ makeClient, log, attempt }) {
      const client = makeClient('notJson');
      const completions = client.chat.completions.parse
        ? client.chat.completions
        : client.beta.chat.completions;
      await attempt('parse', () =>
        completions.parse({ model: MODEL, messages: ASK, response_format: parseable() }),
      );
      log('done');
    },
    spans: [chatSpan([answer('no json here')], { 'gen_ai.output.type': 'json' })],
  },
  'parallel calls': {
    async run({ makeClient, log }) {
      const client = makeClient('chat');
      const asked = (text) =>
        client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: text }] });
      const answers = await Promise.all(['a', 'b', 'c'].map(asked));
      log('answers', answers.length);
    },
    isUnordered: true,
    spans: ['a', 'b', 'c'].map((content) =>
      chatSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content }] }],
      }),
    ),
  },
  'parents of calls in generators and callbacks': {
    async run({ makeClient, log }) {
      const client = makeClient('chat');
      const ask = () => client.chat.completions.create({ model: MODEL, messages: ASK });
      async function* asking() {
        yield await ask();
        yield await ask();
      }
      await inSpan('outer', async () => {
        for await (const item of asking()) log('item', item.id);
        await new Promise((resolve) => setTimeout(() => ask().then(resolve), 1));
      });
      await ask();
    },
    spans: [
      { ...chatSpan([answer('Hello there.')]), parent: 'outer' },
      { ...chatSpan([answer('Hello there.')]), parent: 'outer' },
      { ...chatSpan([answer('Hello there.')]), parent: 'outer' },
      span({}, { name: 'outer', kind: 0, scope: 'app' }),
      chatSpan([answer('Hello there.')]),
    ],
  },
  'two choices': {
    async run({ makeClient, log }) {
      log(
        'answer',
        await makeClient('choices').chat.completions.create({ model: MODEL, messages: ASK, n: 2 }),
      );
    },
    spans: [
      chatSpan([answer('One.'), answer('Two.', 'length')], { 'gen_ai.request.choice.count': 2 }, [
        'stop',
        'length',
      ]),
    ],
  },
  refusal: {
    async run({ makeClient, log }) {
      log('answer', await makeClient('refusal').chat.completions.create({ model: MODEL, messages: ASK }));
    },
    spans: [
      chatSpan([
        { role: 'assistant', parts: [{ type: 'refusal', content: 'I cannot.' }], finish_reason: 'stop' },
      ]),
    ],
  },
  reasoning: {
    async run({ makeClient, log }) {
      log(
        'answer',
        await makeClient('reasoning').chat.completions.create({
          model: MODEL,
          messages: ASK,
          reasoning_effort: 'low',
        }),
      );
    },
    spans: [
      chatSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Think first.' },
              { type: 'text', content: 'Hi.' },
            ],
            finish_reason: 'stop',
          },
        ],
        { 'gen_ai.request.reasoning.level': 'low' },
      ),
    ],
  },
  'a big image': {
    async run({ makeClient, log }) {
      const url = `data:image/png;base64,${Buffer.alloc(1_000_000, 7).toString('base64')}`;
      const content = [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url } },
      ];
      log(
        'answer',
        await makeClient('chat').chat.completions.create({
          model: MODEL,
          messages: [{ role: 'user', content }],
        }),
      );
    },
    isBodyLarge: true,
    spans: [
      chatSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [
          {
            role: 'user',
            parts: [
              { type: 'text', content: 'What is it?' },
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
      }),
    ],
  },
  'content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log, attempt }) {
      log(
        'answer',
        await makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK, tools: [LOOKUP] }),
      );
      await attempt('failing', () =>
        makeClient('badRequest').chat.completions.create({ model: MODEL, messages: ASK }),
      );
    },
    spans: [
      chatSpan(undefined, { 'gen_ai.input.messages': undefined }),
      endedSpan(
        'failed',
        { 'gen_ai.input.messages': undefined, 'error.type': 'BadRequestError' },
        { code: 2 },
      ),
    ],
  },
  'an Azure client': {
    async run({ sdk, baseURL, log }) {
      const client = new sdk.AzureOpenAI({
        apiKey: 'test',
        apiVersion: '2024-10-21',
        endpoint: baseURL('chat'),
        deployment: 'mine',
        maxRetries: 0,
      });
      log('answer', await client.chat.completions.create({ model: MODEL, messages: ASK }));
      log('class', [client.constructor.name, client instanceof sdk.OpenAI]);
    },
    spans: [chatSpan([answer('Hello there.')], { 'gen_ai.provider.name': 'azure.ai.openai' })],
  },
  'a client of a subclass, with a resource of its own': {
    async run({ sdk, baseURL, log }) {
      class Mine extends sdk.OpenAI {}
      const client = new Mine({ apiKey: 'test', baseURL: `${baseURL('chat')}/v1` }).withOptions?.({
        maxRetries: 0,
      });
      const used = client ?? new Mine({ apiKey: 'test', baseURL: `${baseURL('chat')}/v1` });
      log('answer', await used.chat.completions.create({ model: MODEL, messages: ASK }));
      log('class', used.constructor.name);
    },
    spans: [chatSpan([answer('Hello there.')])],
  },
  'the older completion call': {
    async run({ makeClient, log }) {
      log(
        'answer',
        await makeClient('completion').completions.create({
          model: 'gpt-3.5-turbo-instruct',
          prompt: 'Once',
          max_tokens: 3,
        }),
      );
    },
    spans: [
      span({
        'gen_ai.operation.name': 'text_completion',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-3.5-turbo-instruct',
        'gen_ai.request.max_tokens': 3,
        'server.address': '127.0.0.1',
        'server.port': 'PORT',
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Once' }] }],
        'gen_ai.response.id': 'cmpl-1',
        'gen_ai.response.model': 'gpt-3.5-turbo-instruct',
        'gen_ai.response.finish_reasons': ['length'],
        'gen_ai.usage.input_tokens': 2,
        'gen_ai.usage.output_tokens': 3,
        'gen_ai.output.messages': [answer(' upon a time', 'length')],
        'spoor.outcome': 'completed',
      }),
    ],
  },
  embeddings: {
    async run({ makeClient, log }) {
      const client = makeClient('embeddings');
      log('decoded', await client.embeddings.create({ model: 'text-embedding-3-small', input: 'A text.' }));
      log(
        'floats',
        await client.embeddings.create({
          model: 'text-embedding-3-small',
          input: ['A text.'],
          encoding_format: 'float',
          dimensions: 3,
        }),
      );
    },
    spans: [
      embeddingsSpan({}),
      embeddingsSpan({
        'gen_ai.request.encoding_formats': ['float'],
        'gen_ai.embeddings.dimension.count': 3,
      }),
    ],
  },
  'two copies of the SDK in one process': {
    async run({ sdk, makeClient, loadOtherCopy, baseURL, log }) {
      const other = await loadOtherCopy();
      log('other classes', other.OpenAI !== sdk.OpenAI);
      const client = new other.OpenAI({ apiKey: 'test', baseURL: `${baseURL('chat')}/v1`, maxRetries: 0 });
      const answers = [
        await client.chat.completions.create({ model: MODEL, messages: ASK }),
        await makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK }),
      ];
      log('answers', answers);
    },
    spans: [chatSpan([answer('Hello there.')]), chatSpan([answer('Hello there.')])],
  },
  'what the SDK does runs inside the span': {
    async run({ makeClient, log }) {
      log(
        'answer',
        await makeClient('chat', { fetch: fetching }).chat.completions.create({
          model: MODEL,
          messages: ASK,
        }),
      );
    },
    spans: [
      span({}, { name: 'http', kind: 0, scope: 'app', parent: 'chat gpt-4o' }),
      chatSpan([answer('Hello there.')]),
    ],
  },
  'method keeps its name and length': {
    async run({ sdk, log }) {
      const { create } = sdk.OpenAI.Chat.Completions.prototype;
      log('create', [create.name, create.length, Object.keys(create)]);
      log('prototype', Reflect.ownKeys(sdk.OpenAI.Chat.Completions.prototype).map(String));
      log('module', Object.keys(sdk).toSorted());
    },
    spans: [],
  },
};

function embeddingsSpan(extra) {
  const { 'gen_ai.input.messages': _messages, 'openai.api.type': _type, ...request } = REQUEST;
  return span({
    ...request,
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.request.model': 'text-embedding-3-small',
    'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'A text.' }] }],
    'gen_ai.response.model': 'text-embedding-3-small',
    'gen_ai.usage.input_tokens': 5,
    'spoor.outcome': 'completed',
    ...extra,
  });
}

/** What the SDK's zod helper makes, by hand. */
export function parseable() {
  const format = { type: 'json_schema', json_schema: { name: 'place', schema: SCHEMA, strict: true } };
  return Object.defineProperties(format, {
    $brand: { value: 'auto-parseable-response-format', enumerable: false },
    $parseRaw: { value: (text) => JSON.parse(text), enumerable: false },
  });
}

export { LOOKUP, SCHEMA };

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
