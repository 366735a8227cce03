import {
  answer,
  ASK,
  ASKED,
  CLAUDE,
  CLAUDE_BODY,
  endedSpan,
  failed,
  INPUT,
  MODEL,
  span,
  wholeSpan,
} from './bedrock-spans.js';
import { clientOptions } from './bedrock-client.js';

/** Calls that are answered at once. */
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOLS = {
  tools: [
    { toolSpec: { name: 'get_weather', description: 'Weather of a city.', inputSchema: { json: SCHEMA } } },
  ],
};
const DEFINITION = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city.',
  parameters: SCHEMA,
};
const HELLO = wholeSpan([answer('Hello there.')]);
const text = (body) => JSON.stringify(body);
const invocation = (body) => ({ modelId: MODEL, contentType: 'application/json', body: text(body) });

/** What a callback got. */
function called(start) {
  return new Promise((resolve) => start((...got) => resolve(got)));
}

export const scenarios = {
  converse: {
    async run({ sdk, makeClient, log, shape }) {
      const input = {
        ...INPUT,
        system: [{ text: 'Be short.' }],
        inferenceConfig: { maxTokens: 64, temperature: 0, topP: 0.5, stopSequences: ['END'] },
        guardrailConfig: { guardrailIdentifier: 'guard_1', guardrailVersion: '1' },
      };
      const promise = (await makeClient('converse')).send(new sdk.ConverseCommand(input));
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      wholeSpan([answer('Hello there.')], {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.top_p': 0.5,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
        'aws.bedrock.guardrail.id': 'guard_1',
      }),
    ],
  },
  'converse, by the method of its name': {
    async run({ makeClient, log }) {
      const client = await makeClient('converse');
      log('answer', await client.converse(INPUT));
      log('with options', await client.converse(INPUT, {}));
    },
    spans: [HELLO, HELLO],
  },
  'converse, callbacks': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('converse');
      const send = (...more) => client.send(new sdk.ConverseCommand(INPUT), ...more);
      log(
        'returned',
        send(() => undefined),
      );
      log('two', await called((done) => send(done)));
      log('three', await called((done) => send({}, done)));
      log('method', await called((done) => client.converse(INPUT, done)));
      log('method and options', await called((done) => client.converse(INPUT, {}, done)));
    },
    spans: [HELLO, HELLO, HELLO, HELLO, HELLO],
  },
  'callback of a failure': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('badRequest');
      log('got', await called((done) => client.send(new sdk.ConverseCommand(INPUT), done)));
    },
    spans: [failed('ValidationException', 'Bad value.')],
  },
  'callback that throws': {
    async run({ sdk, makeClient, log, delay }) {
      const client = await makeClient('converse');
      client.send(new sdk.ConverseCommand(INPUT), (error, output) => {
        log('got', [error, output.stopReason]);
        throw new RangeError('mine');
      });
      await delay(100);
    },
    spans: [HELLO],
  },
  'spans inside a callback are no children of the call': {
    async run({ sdk, makeClient }) {
      const client = await makeClient('converse');
      await called((done) =>
        client.send(new sdk.ConverseCommand(INPUT), () => {
          globalThis.contractTracer?.startSpan('after').end();
          done();
        }),
      );
    },
    spans: [HELLO, { ...span({}), name: 'after', kind: 0, scope: 'app' }],
  },
  'arguments are frozen and stay the same': {
    async run({ sdk, makeClient, log }) {
      const input = deepFreeze({ ...INPUT, messages: [...ASK], toolConfig: TOOLS });
      const command = new sdk.ConverseCommand(input);
      const options = deepFreeze({ abortSignal: undefined });
      await (await makeClient('converse')).send(command, options);
      log('same input', command.input === input);
      log('input', input);
      log('middleware', command.middlewareStack.identify());
      log('command', Object.keys(command));
    },
    spans: [wholeSpan([answer('Hello there.')], { 'gen_ai.tool.definitions': [DEFINITION] })],
  },
  'a command that is sent twice': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('converse');
      const command = new sdk.ConverseCommand(INPUT);
      log('first', (await client.send(command)).stopReason);
      log('second', (await client.send(command)).stopReason);
    },
    spans: [HELLO, HELLO],
  },
  'middleware of the program runs, and the client stays as it was': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('converse');
      const { endpointProvider, endpoint } = client.config;
      client.middlewareStack.add(
        (next) => async (args) => {
          log('before', args.input === command.input);
          const result = await next(args);
          log('after', result.output.stopReason);
          return result;
        },
        { step: 'initialize', name: 'mine' },
      );
      const command = new sdk.ConverseCommand(INPUT);
      await client.send(command);
      log('stack', client.middlewareStack.identify());
      log('config', [
        client.config.endpointProvider === endpointProvider,
        client.config.endpoint === endpoint,
      ]);
      log('keys', [Object.keys(client), Object.keys(client.config)]);
    },
    spans: [HELLO],
  },
  'settings that are functions are called as often': {
    async run({ sdk, baseURL, load, log }) {
      const calls = { region: 0, endpoint: 0, credentials: 0 };
      const client = new sdk.BedrockRuntimeClient(
        await clientOptions('', load, {
          region: async () => ((calls.region += 1), 'us-east-1'),
          endpoint: async () => ((calls.endpoint += 1), baseURL('converse')),
          credentials: async () => (
            (calls.credentials += 1),
            { accessKeyId: 'none', secretAccessKey: 'none' }
          ),
        }),
      );
      await client.send(new sdk.ConverseCommand(INPUT));
      log('once', { ...calls });
      await client.send(new sdk.ConverseCommand(INPUT));
      log('twice', calls);
    },
    spans: [HELLO, HELLO],
  },
  'reasoning and a tool': {
    async run({ makeClient, log }) {
      log('answer', await (await makeClient('tools')).converse(INPUT));
    },
    spans: [
      wholeSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Think first.' },
              { type: 'tool_call', id: 'tool_a', name: 'get_weather', arguments: { city: 'Rome' } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        { 'gen_ai.response.finish_reasons': ['tool_call'] },
      ),
    ],
  },
  'invoke, a body that the program reads itself': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('claude');
      const answered = await client.send(new sdk.InvokeModelCommand(invocation(CLAUDE_BODY)));
      log('class', [answered.body.constructor.name, answered.body.length]);
      log('body', JSON.parse(answered.body.transformToString()));
      const { body } = await client.invokeModel({
        ...invocation(CLAUDE_BODY),
        body: new TextEncoder().encode(text(CLAUDE_BODY)),
      });
      log('bytes', JSON.parse(new TextDecoder().decode(body)));
    },
    spans: [wholeSpan([answer('Hello there.')], CLAUDE), wholeSpan([answer('Hello there.')], CLAUDE)],
  },
  'invoke, embeddings': {
    async run({ makeClient, log }) {
      const client = await makeClient('titan');
      const input = {
        ...invocation({ inputText: 'Say hello.', dimensions: 2 }),
        modelId: 'amazon.titan-embed-text-v2:0',
      };
      log('answer', JSON.parse((await client.invokeModel(input)).body.transformToString()));
    },
    spans: [
      span({
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.provider.name': 'aws.bedrock',
        'gen_ai.request.model': 'amazon.titan-embed-text-v2:0',
        'gen_ai.embeddings.dimension.count': 2,
        'server.address': '127.0.0.1',
        'server.port': 'PORT',
        'gen_ai.input.messages': ASKED,
        'gen_ai.usage.input_tokens': 4,
        'spoor.outcome': 'completed',
      }),
    ],
  },
  'other commands have no span': {
    async run({ sdk, makeClient, log }) {
      const command = new sdk.ApplyGuardrailCommand({
        guardrailIdentifier: 'guard_1',
        guardrailVersion: '1',
        source: 'INPUT',
        content: [{ text: { text: 'Say hello.' } }],
      });
      log('answer', await (await makeClient('guardrail')).send(command));
    },
    spans: [],
  },
  'an answer of an unexpected shape': {
    async run({ makeClient, log }) {
      const client = await makeClient('empty');
      log('converse', await client.converse(INPUT));
      log('invoke', (await client.invokeModel(invocation(CLAUDE_BODY))).body.transformToString());
      log('stream', await client.converse({ modelId: MODEL, messages: [] }));
    },
    spans: [
      endedSpan('completed'),
      endedSpan('completed'),
      endedSpan('completed', { 'gen_ai.request.max_tokens': undefined, 'gen_ai.input.messages': undefined }),
    ],
  },
  'body of a broken answer': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('malformed');
      await attempt('call', () => client.converse(INPUT));
    },
    spans: [failed('ANY', 'ANY')],
  },
  'bad request, caught by catch': {
    async run({ makeClient, log }) {
      await (await makeClient('badRequest')).converse(INPUT).catch((error) => log('caught', error));
    },
    spans: [failed('ValidationException', 'Bad value.')],
  },
  'too many requests': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('tooMany');
      await attempt('call', () => client.converse(INPUT));
    },
    spans: [failed('ThrottlingException', 'Slow down.')],
  },
  'an error that has no class of its own': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('unknownError');
      await attempt('call', () => client.converse(INPUT));
    },
    spans: [failed('ExpiredTokenException', 'The token is old.')],
  },
  'no model': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('converse');
      await attempt('call', () => client.converse({ messages: ASK }));
      await attempt('nothing', () => client.send());
    },
    spans: [
      {
        ...endedSpan(
          'failed',
          {
            'error.type': 'ANY',
            'gen_ai.request.model': undefined,
            'gen_ai.request.max_tokens': undefined,
          },
          { code: 2, message: 'ANY' },
        ),
        name: 'chat',
      },
    ],
  },
  'second try after a 500': {
    async run({ makeClient, log }) {
      const client = await makeClient('retry', { maxAttempts: 2 });
      const output = await client.converse(INPUT);
      log('answer', output.output);
      log('attempts', output.$metadata.attempts);
    },
    spans: [wholeSpan([answer('Second time.')])],
  },
  timeout: {
    async run({ makeClient, attempt }) {
      const client = await makeClient('hang', { requestTimeout: 80 });
      await attempt('call', () => client.converse(INPUT));
    },
    spans: [failed('TimeoutError', 'ANY')],
  },
  'abort before the call': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('hang');
      await attempt('call', () => client.converse(INPUT, { abortSignal: AbortSignal.abort() }));
    },
    spans: [endedSpan('cancelled')],
  },
  'abort during the call': {
    async run({ makeClient, attempt, awaitEvent }) {
      const client = await makeClient('hang');
      const controller = new AbortController();
      const call = attempt('call', () => client.converse(INPUT, { abortSignal: controller.signal }));
      await awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [endedSpan('cancelled')],
  },
  'connection refused': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('converse', { endpoint: 'http://127.0.0.1:9' });
      await attempt('call', () => client.converse(INPUT));
    },
    spans: [failed('ECONNREFUSED', 'ANY')],
  },
  'a call that nobody awaits': {
    async run({ makeClient, awaitEvent, delay }) {
      (await makeClient('converse')).converse(INPUT);
      await awaitEvent('request');
      await delay(100);
    },
    spans: [HELLO],
  },
  'a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      (await makeClient('badRequest')).converse(INPUT);
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('ValidationException', 'Bad value.')],
  },
  'process.exit in the middle of a call': {
    isolated: true,
    async run({ makeClient, awaitEvent }) {
      (await makeClient('hang')).converse(INPUT).catch(() => {});
      await awaitEvent('request');
      process.exit(7);
    },
    spans: [endedSpan('abandoned')],
  },
  'parallel calls': {
    async run({ makeClient, log }) {
      const client = await makeClient('converse');
      const asked = (content) =>
        client.converse({ ...INPUT, messages: [{ role: 'user', content: [{ text: content }] }] });
      log('answers', (await Promise.all(['a', 'b', 'c'].map(asked))).length);
    },
    isUnordered: true,
    spans: ['a', 'b', 'c'].map((content) =>
      wholeSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content }] }],
      }),
    ),
  },
  'a big image, and one in the result of a tool': {
    async run({ makeClient, log }) {
      const image = { format: 'png', source: { bytes: new Uint8Array(1_000_000).fill(7) } };
      const content = [{ image }, { toolResult: { toolUseId: 'tool_a', content: [{ image }] } }];
      const client = await makeClient('converse');
      log('answer', await client.converse({ ...INPUT, messages: [{ role: 'user', content }] }));
      log('kept', image.source.bytes.length);
    },
    isBodyLarge: true,
    spans: [
      wholeSpan([answer('Hello there.')], {
        'gen_ai.input.messages': [
          {
            role: 'user',
            parts: [blob(), { type: 'tool_call_response', id: 'tool_a', response: [blob()] }],
          },
        ],
      }),
    ],
  },
  'content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log, attempt }) {
      const input = { ...INPUT, system: [{ text: 'Be short.' }], toolConfig: TOOLS };
      log('answer', await (await makeClient('converse')).converse(input));
      const failing = await makeClient('badRequest');
      await attempt('failing', () => failing.converse(input));
    },
    spans: [
      wholeSpan(undefined, { 'gen_ai.input.messages': undefined }),
      endedSpan(
        'failed',
        { 'gen_ai.input.messages': undefined, 'error.type': 'ValidationException' },
        { code: 2 },
      ),
    ],
  },
  'a client and a command of subclasses': {
    async run({ sdk, baseURL, load, log }) {
      class Mine extends sdk.BedrockRuntimeClient {
        send(...args) {
          log('mine', args.length);
          return super.send(...args);
        }
      }
      class MyCommand extends sdk.ConverseCommand {}
      const client = new Mine(await clientOptions(baseURL('converse'), load));
      log('answer', await client.send(new MyCommand(INPUT)));
      log('class', [client.constructor.name, client instanceof sdk.BedrockRuntimeClient]);
    },
    spans: [HELLO],
  },
  'send keeps its name and length': {
    async run({ sdk, log }) {
      const { send } = sdk.BedrockRuntimeClient.prototype;
      log('send', [send.name, send.length, Object.keys(send)]);
      log('prototype', Object.keys(sdk.BedrockRuntimeClient.prototype));
      log('aggregated', Object.keys(sdk.BedrockRuntime.prototype));
    },
    spans: [],
  },
};

function blob() {
  return { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 1_000_000 };
}

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
