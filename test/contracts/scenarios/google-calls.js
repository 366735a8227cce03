import { answer, answerSpan, ASKED, endedSpan, failed, MODEL, otherSpan, PARAMS } from './google-spans.js';

/** Calls that are answered at once. */
const SCHEMA = { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] };
/** The SDK itself writes to `parameters`, which frozen arguments do not allow. */
const LOOKUP = { name: 'get_weather', description: 'Weather of a city.', parametersJsonSchema: SCHEMA };
const DEFINITION = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city.',
  parameters: SCHEMA,
};
const HELLO = answerSpan([answer('Hello there.')]);
const CALL_PART = { type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } };
const CALLED = { role: 'assistant', parts: [CALL_PART], finish_reason: 'stop' };
const user = (content) => ({ role: 'user', parts: [{ type: 'text', content }] });
const BLOB = { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 1_000_000 };

/** A function of the program that the SDK calls by itself. */
export const callable = () => ({
  tool: async () => ({ functionDeclarations: [LOOKUP] }),
  callTool: async () => [
    { functionResponse: { id: 'call_a', name: 'get_weather', response: { weather: 'sunny' } } },
  ],
});

/** The messages of the second round of such a call. */
export const SECOND_ROUND = [
  ...ASKED,
  { role: 'assistant', parts: [CALL_PART] },
  {
    role: 'tool',
    parts: [
      { type: 'tool_call_response', id: 'call_a', name: 'get_weather', response: { weather: 'sunny' } },
    ],
  },
];
export const WITH_TOOL = { 'gen_ai.tool.definitions': [DEFINITION] };
export { CALLED };

export const scenarios = {
  plain: {
    async run({ makeClient, log, shape }) {
      const config = {
        systemInstruction: 'Be short.',
        temperature: 0,
        topK: 5,
        topP: 0.5,
        maxOutputTokens: 64,
        stopSequences: ['END'],
        seed: 0,
        candidateCount: 2,
        responseMimeType: 'application/json',
        thinkingConfig: { thinkingLevel: 'LOW' },
      };
      const promise = makeClient('answer').models.generateContent({ ...PARAMS, config });
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      answerSpan([answer('Hello there.')], {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.top_k': 5,
        'gen_ai.request.top_p': 0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.seed': 0,
        'gen_ai.request.choice.count': 2,
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.output.type': 'json',
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
      }),
    ],
  },
  'accessors of the answer': {
    async run({ makeClient, log }) {
      const result = await makeClient('tools').models.generateContent(PARAMS);
      log('accessors', [result.text, result.functionCalls, result.data, result.executableCode]);
    },
    spans: [answerSpan([CALLED])],
  },
  'arguments are frozen and stay the same': {
    async run({ makeClient, log }) {
      const params = deepFreeze({
        model: `models/${MODEL}`,
        contents: [{ role: 'user', parts: [{ text: 'Say hello.' }] }],
        config: {
          systemInstruction: { role: 'user', parts: [{ text: 'Be short.' }] },
          tools: [{ functionDeclarations: [LOOKUP] }, { googleSearch: {} }],
          httpOptions: { headers: { 'x-mine': '1' } },
        },
      });
      await makeClient('answer').models.generateContent(params);
      log('params', params);
    },
    spans: [
      answerSpan([answer('Hello there.')], {
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
        'gen_ai.tool.definitions': [DEFINITION, { type: 'googleSearch', name: 'googleSearch' }],
      }),
    ],
  },
  'contents as a list of parts': {
    async run({ makeClient, log }) {
      const contents = ['Say', { text: 'hello.' }];
      log('answer', await makeClient('answer').models.generateContent({ model: MODEL, contents }));
    },
    spans: [
      answerSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [
          {
            role: 'user',
            parts: [
              { type: 'text', content: 'Say' },
              { type: 'text', content: 'hello.' },
            ],
          },
        ],
      }),
    ],
  },
  'parts of every kind': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('parts').models.generateContent(PARAMS));
    },
    spans: [
      answerSpan([
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Think first.' },
            {
              type: 'server_tool_call',
              id: 'code_1',
              name: 'code_execution',
              server_tool_call: { type: 'code_execution', language: 'PYTHON', code: 'print(6*7)' },
            },
            {
              type: 'server_tool_call_response',
              id: 'code_1',
              server_tool_call_response: { type: 'code_execution', outcome: 'OUTCOME_OK', output: '42' },
            },
            { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 5 },
            { type: 'uri', modality: 'video', mime_type: 'video/mp4', uri: 'https://example.org/a.mp4' },
            { type: 'text', content: 'Done.' },
            { type: 'partOfTomorrow', partOfTomorrow: { colour: 'red' } },
          ],
          finish_reason: 'stop',
        },
      ]),
    ],
  },
  'candidates apart': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('candidates').models.generateContent(PARAMS));
    },
    spans: [
      answerSpan([answer('One.'), answer('Two', 'length')], {
        'gen_ai.response.finish_reasons': ['stop', 'length'],
      }),
    ],
  },
  'a blocked prompt': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('blocked').models.generateContent(PARAMS));
    },
    spans: [
      answerSpan(undefined, {
        'gen_ai.response.finish_reasons': ['content_filter'],
        'gcp.gen_ai.response.block_reason': 'SAFETY',
        'gen_ai.usage.input_tokens': 12,
        'gen_ai.usage.output_tokens': undefined,
        'gen_ai.usage.cache_read.input_tokens': undefined,
        'gen_ai.usage.reasoning.output_tokens': undefined,
      }),
    ],
  },
  'a filtered answer': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('filtered').models.generateContent(PARAMS));
    },
    spans: [
      answerSpan([{ role: 'assistant', parts: [], finish_reason: 'content_filter' }], {
        'gen_ai.response.finish_reasons': ['content_filter'],
        'gcp.gen_ai.response.finish_reasons': ['RECITATION'],
      }),
    ],
  },
  'functions that the SDK calls: one span a request': {
    async run({ makeClient, log }) {
      const config = { tools: [callable()] };
      log('answer', await makeClient('tools').models.generateContent({ ...PARAMS, config }));
    },
    spans: [
      answerSpan([CALLED], WITH_TOOL),
      answerSpan([answer('It is sunny.')], { ...WITH_TOOL, 'gen_ai.input.messages': SECOND_ROUND }),
    ],
  },
  'a chat of two turns': {
    async run({ makeClient, log }) {
      const chat = makeClient('answer').chats.create({ model: MODEL });
      log('first', (await chat.sendMessage({ message: 'Say hello.' })).text);
      log('second', (await chat.sendMessage({ message: 'Again.' })).text);
      log('history', chat.getHistory());
    },
    spans: [
      HELLO,
      answerSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [
          ...ASKED,
          { role: 'assistant', parts: [{ type: 'text', content: 'Hello there.' }] },
          user('Again.'),
        ],
      }),
    ],
  },
  embeddings: {
    async run({ makeClient, log }) {
      const params = { model: MODEL, contents: ['One.', 'Two.'], config: { outputDimensionality: 2 } };
      log('answer', await makeClient('embed').models.embedContent(params));
    },
    spans: [
      otherSpan('embeddings', {
        'gen_ai.embeddings.dimension.count': 2,
        'gen_ai.input.messages': [user('One.'), user('Two.')],
      }),
    ],
  },
  images: {
    async run({ makeClient, log }) {
      const params = { model: MODEL, prompt: 'A fox.', config: { numberOfImages: 2 } };
      log('answer', await makeClient('images', { vertexai: true }).models.generateImages(params));
    },
    spans: [
      otherSpan('generate_content', {
        'gen_ai.provider.name': 'gcp.vertex_ai',
        'gen_ai.request.choice.count': 2,
        'gen_ai.output.type': 'image',
        'gen_ai.input.messages': [user('A fox.')],
        'gen_ai.output.messages': [
          { role: 'assistant', parts: [{ ...BLOB, bytes: 5, revised_prompt: 'A red fox.' }] },
        ],
      }),
    ],
  },
  'token count': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('count').models.countTokens(PARAMS));
    },
    spans: [otherSpan('count_tokens', { 'gcp.gen_ai.count_tokens.total_tokens': 14 })],
  },
  'the other service': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('answer', { vertexai: true }).models.generateContent(PARAMS));
    },
    spans: [answerSpan([answer('Hello there.')], { 'gen_ai.provider.name': 'gcp.vertex_ai' })],
  },
  'base URL of one call': {
    async run({ makeClient, baseURL, log }) {
      const client = makeClient('answer', { httpOptions: { baseUrl: 'http://127.0.0.1:9' } });
      const config = { httpOptions: { baseUrl: baseURL('answer') } };
      log('answer', await client.models.generateContent({ ...PARAMS, config }));
    },
    spans: [HELLO],
  },
  'an empty 200 answer': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('empty').models.generateContent(PARAMS));
    },
    spans: [endedSpan('completed')],
  },
  'body of a broken answer': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('malformed').models.generateContent(PARAMS));
    },
    spans: [failed('SyntaxError', 'ANY')],
  },
  'too many requests': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('tooMany').models.generateContent(PARAMS));
    },
    spans: [failed('429', 'ANY')],
  },
  'bad request, caught by catch': {
    async run({ makeClient, log }) {
      await makeClient('badRequest')
        .models.generateContent(PARAMS)
        .catch((error) => log('caught', error));
    },
    spans: [failed('400', 'ANY')],
  },
  'a call that the SDK refuses': {
    async run({ makeClient, attempt }) {
      const client = makeClient('answer');
      await attempt('call', () => client.models.generateContent({ model: MODEL, contents: [] }));
    },
    spans: [failed('Error', 'contents are required', { 'gen_ai.input.messages': undefined })],
  },
  timeout: {
    async run({ makeClient, attempt }) {
      const client = makeClient('hang', { httpOptions: { timeout: 400 } });
      await attempt('call', () => client.models.generateContent(PARAMS));
    },
    spans: [failed('timeout', 'ANY')],
  },
  // Before, the SDK asked all the same and then waited for ever.
  'abort before the call': {
    since: '2.0.0',
    async run({ makeClient, attempt }) {
      const config = { abortSignal: AbortSignal.abort() };
      await attempt('call', () => makeClient('hang').models.generateContent({ ...PARAMS, config }));
    },
    spans: [endedSpan('cancelled')],
  },
  'abort during the call': {
    async run({ makeClient, attempt, awaitEvent }) {
      const controller = new AbortController();
      const config = { abortSignal: controller.signal };
      const call = attempt('call', () => makeClient('hang').models.generateContent({ ...PARAMS, config }));
      await awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [endedSpan('cancelled')],
  },
  'connection refused': {
    async run({ makeClient, attempt }) {
      const client = makeClient('answer', { httpOptions: { baseUrl: 'http://127.0.0.1:9' } });
      await attempt('call', () => client.models.generateContent(PARAMS));
    },
    spans: [failed('ANY', 'ANY')],
  },
  'a call that nobody awaits': {
    async run({ makeClient, awaitEvent, delay }) {
      makeClient('answer').models.generateContent(PARAMS);
      await awaitEvent('request');
      await delay(60);
    },
    spans: [HELLO],
  },
  'a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      makeClient('badRequest').models.generateContent(PARAMS);
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
        .models.generateContent(PARAMS)
        .catch(() => {});
      await awaitEvent('request');
      process.exit(7);
    },
    spans: [endedSpan('abandoned')],
  },
  'parallel calls': {
    async run({ makeClient, log }) {
      const client = makeClient('answer');
      const asked = (contents) => client.models.generateContent({ model: MODEL, contents });
      log('answers', (await Promise.all(['a', 'b', 'c'].map(asked))).length);
    },
    isUnordered: true,
    spans: ['a', 'b', 'c'].map((content) =>
      answerSpan([answer('Hello there.')], { 'gen_ai.input.messages': [user(content)] }),
    ),
  },
  'a big image in the result of a function': {
    async run({ makeClient, log }) {
      const inlineData = { mimeType: 'image/png', data: Buffer.alloc(1_000_000, 7).toString('base64') };
      const functionResponse = {
        id: 'call_a',
        name: 'look',
        response: { ok: true },
        parts: [{ inlineData }],
      };
      const contents = [
        { role: 'user', parts: [{ inlineData }] },
        { role: 'user', parts: [{ functionResponse }] },
      ];
      log('answer', await makeClient('answer').models.generateContent({ model: MODEL, contents }));
    },
    isBodyLarge: true,
    spans: [
      answerSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [
          { role: 'user', parts: [BLOB] },
          {
            role: 'tool',
            parts: [
              {
                type: 'tool_call_response',
                id: 'call_a',
                name: 'look',
                response: { ok: true, parts: [BLOB] },
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
      const config = { systemInstruction: 'Be short.', tools: [{ functionDeclarations: [LOOKUP] }] };
      const params = { ...PARAMS, config };
      log('answer', await makeClient('answer').models.generateContent(params));
      await attempt('failing', () => makeClient('badRequest').models.generateContent(params));
    },
    spans: [
      answerSpan(undefined, { 'gen_ai.input.messages': undefined }),
      endedSpan('failed', { 'gen_ai.input.messages': undefined, 'error.type': '400' }, { code: 2 }),
    ],
  },
  'a client of a subclass': {
    async run({ sdk, baseURL, log }) {
      class Mine extends sdk.GoogleGenAI {}
      const client = new Mine({ apiKey: 'test', httpOptions: { baseUrl: baseURL('answer') } });
      log('answer', await client.models.generateContent(PARAMS));
      log('class', [client.constructor.name, client instanceof sdk.GoogleGenAI]);
    },
    spans: [HELLO],
  },
  'the copy of the other module system': {
    async run({ loadOtherCopy, baseURL, log }) {
      const other = await loadOtherCopy();
      const client = new other.GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: baseURL('answer') } });
      log('answer', await client.models.generateContent(PARAMS));
    },
    spans: [HELLO],
  },
  'methods keep their names and lengths': {
    async run({ sdk, makeClient, log }) {
      const { prototype } = sdk.Models;
      for (const method of ['generateContentInternal', 'embedContentInternal', 'countTokens']) {
        log(method, [prototype[method].name, prototype[method].length, Object.keys(prototype[method])]);
      }
      log('prototype', Reflect.ownKeys(prototype).map(String));
      log('instance', Object.keys(makeClient('answer').models));
    },
    spans: [],
  },
};

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
