import { MODEL, answerSpan, endedSpan, partialSpan, streamSpan } from './google-spans.js';

/** Interactions: answered at once, streamed, and fetched. */
const PARAMS = { model: MODEL, input: 'Say hello.' };
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const LOOKUP = { type: 'function', name: 'get_weather', description: 'Weather.', parameters: SCHEMA };
const STATUS = { 'gen_ai.response.status': 'completed' };
const THOUGHT = { type: 'reasoning', content: 'Think first.' };
const CALL = { type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } };
const CODE = {
  type: 'server_tool_call',
  id: 'code_1',
  name: 'code_execution',
  server_tool_call: { type: 'code_execution', arguments: { language: 'python', code: 'print(6*7)' } },
};
const text = (content) => ({ type: 'text', content });
const from = (...parts) => [{ role: 'assistant', parts }];
const HELLO = from(THOUGHT, text('Hello there.'));
const ACTION = {
  'gen_ai.response.status': 'requires_action',
  'gen_ai.response.finish_reasons': ['tool_call'],
};

const whole = (messages, extra = {}) => answerSpan(messages, { ...STATUS, ...extra });
const streamed = (messages, chunks, extra = {}) => streamSpan(messages, chunks, { ...STATUS, ...extra });
const STREAMED = streamed(from(text('Hello there.')), 7);
const partial = (outcome, extra = {}, status = { code: 0 }) => ({
  ...partialSpan('Hello', 4, outcome, {
    'gen_ai.usage.input_tokens': undefined,
    'gen_ai.response.status': 'in_progress',
    ...extra,
  }),
  status,
});
const failed = (type, extra = {}) =>
  endedSpan('failed', { 'error.type': type, ...extra }, { code: 2, message: 'ANY' });
/** Nothing is generated, so nothing is counted. */
const NO_USAGE = {
  'gen_ai.usage.input_tokens': undefined,
  'gen_ai.usage.output_tokens': undefined,
  'gen_ai.usage.cache_read.input_tokens': undefined,
  'gen_ai.usage.reasoning.output_tokens': undefined,
};
const FETCH = {
  'gen_ai.operation.name': 'fetch_response',
  'gen_ai.request.model': undefined,
  'gen_ai.input.messages': undefined,
  ...NO_USAGE,
};
const named = (name, span) => ({ ...span, name });

const create = (makeClient, plan, params, options) =>
  makeClient(plan).interactions.create({ ...PARAMS, ...params }, options);
const open = (makeClient, plan, params, options) =>
  create(makeClient, plan, { stream: true, ...params }, options);
const isLo = (event) => event.delta?.text === 'lo';

/** The newer majors show the response itself, which on some Nodes holds the times at which it came. */
function logAnswer(log, { sdkHttpResponse, ...answer }) {
  log('answer', answer);
  log('response', [sdkHttpResponse?.headers ?? null]);
}

async function readAll(stream, log) {
  for await (const event of stream) log('event', event);
}

/** By which option a call is called off: each major has a name of its own for it. */
function aborting(sdk, signal) {
  return sdk.ContinuationInterruptedError === undefined ? { signal } : { fetch_options: { signal } };
}

export const scenarios = {
  interaction: {
    async run({ makeClient, log, shape }) {
      const promise = create(makeClient, 'interaction', {
        system_instruction: 'Be short.',
        previous_interaction_id: 'resp_0',
        tools: [LOOKUP, { type: 'google_search' }],
        generation_config: {
          temperature: 0,
          top_p: 0.5,
          max_output_tokens: 64,
          stop_sequences: ['END'],
          seed: 0,
          thinking_level: 'low',
        },
      });
      shape('promise', promise);
      logAnswer(log, await promise);
    },
    spans: [
      whole(HELLO, {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.top_p': 0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.seed': 0,
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.request.previous_response.id': 'resp_0',
        'gen_ai.system_instructions': [text('Be short.')],
        'gen_ai.tool.definitions': [LOOKUP, { type: 'google_search', name: 'google_search' }],
      }),
    ],
  },
  'interaction, raw response': {
    until: '2.0.0',
    async run({ makeClient, log }) {
      const { data, response } = await create(makeClient, 'interaction').withResponse();
      log('status', [response.status, data.id]);
    },
    spans: [whole(HELLO)],
  },
  'interaction, outputs of the first major': {
    until: '2.0.0',
    async run({ makeClient, log }) {
      logAnswer(log, await create(makeClient, 'interactionOutputs'));
    },
    spans: [whole(from(THOUGHT, text('Hello there.'), CALL))],
  },
  'interaction, steps of every kind': {
    async run({ makeClient, log }) {
      logAnswer(log, await create(makeClient, 'interactionSteps'));
    },
    spans: [
      whole(
        from(
          THOUGHT,
          CODE,
          {
            type: 'server_tool_call_response',
            id: 'code_1',
            server_tool_call_response: { type: 'code_execution', result: '42' },
          },
          text('Look:'),
          { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 5 },
          CALL,
        ),
        ACTION,
      ),
    ],
  },
  'interaction, frozen input of many items': {
    async run({ makeClient, log }) {
      const params = {
        model: MODEL,
        input: [
          { type: 'user_input', content: [{ type: 'text', text: 'Weather?' }] },
          { type: 'function_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } },
          {
            type: 'function_result',
            call_id: 'call_a',
            name: 'get_weather',
            result: [
              { type: 'text', text: 'Sunny.' },
              { type: 'image', mime_type: 'image/png', data: 'c3Bvb3I=' },
            ],
          },
        ],
      };
      deepFreeze(params);
      logAnswer(log, await makeClient('interaction').interactions.create(params));
      log('params', params);
    },
    spans: [
      whole(HELLO, {
        'gen_ai.input.messages': [
          { role: 'user', parts: [text('Weather?')] },
          { role: 'assistant', parts: [CALL] },
          {
            role: 'tool',
            parts: [
              {
                type: 'tool_call_response',
                id: 'call_a',
                name: 'get_weather',
                response: [
                  text('Sunny.'),
                  { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 5 },
                ],
              },
            ],
          },
        ],
      }),
    ],
  },
  'interaction, an agent in the background': {
    async run({ makeClient, log }) {
      const params = { agent: 'research-test', input: 'Say hello.', background: true };
      logAnswer(log, await makeClient('interactionAgent').interactions.create(params));
    },
    spans: [
      named(
        'invoke_agent',
        endedSpan('completed', {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.request.model': undefined,
          'gen_ai.agent.id': 'research-test',
          'gen_ai.response.id': 'resp_1',
          'gen_ai.response.status': 'in_progress',
        }),
      ),
    ],
  },
  'interaction, fetched': {
    async run({ makeClient, log }) {
      logAnswer(
        log,
        await makeClient('interactionFetched').interactions.get('resp_1', { include_input: true }),
      );
    },
    spans: [named('fetch_response', whole(from(text('Hello there.')), FETCH))],
  },
  'interaction, the rest of a stream fetched': {
    async run({ makeClient, log }) {
      const { interactions } = makeClient('interactionFetched');
      await readAll(await interactions.get('resp_1', { stream: true, last_event_id: 'event_4' }), log);
    },
    spans: [
      named(
        'fetch_response',
        streamed(from(text(' there.')), 2, { ...FETCH, 'gen_ai.request.stream_cursor': 'event_4' }),
      ),
    ],
  },
  'interaction, failed at the provider': {
    async run({ makeClient, log }) {
      logAnswer(log, await create(makeClient, 'interactionFailed'));
    },
    spans: [
      {
        ...whole(undefined, {
          'gen_ai.response.status': 'failed',
          'gen_ai.response.finish_reasons': ['error'],
          'spoor.outcome': 'failed',
          'error.type': '8',
        }),
        status: { code: 2, message: 'No room.' },
      },
    ],
  },
  'interaction, bad request': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => create(makeClient, 'interactionBadRequest'));
    },
    spans: [failed('ANY')],
  },
  'interaction, abort during the call': {
    async run({ sdk, makeClient, attempt, awaitEvent }) {
      const controller = new AbortController();
      const options = aborting(sdk, controller.signal);
      const call = attempt('call', () => create(makeClient, 'interactionHang', {}, options));
      await awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [endedSpan('cancelled')],
  },
  'interaction, a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      create(makeClient, 'interactionBadRequest');
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('ANY')],
  },
  'interaction, parallel calls': {
    isUnordered: true,
    async run({ makeClient, log }) {
      const client = makeClient('interaction');
      const ask = (input) => client.interactions.create({ model: MODEL, input });
      log('answers', (await Promise.all(['a', 'b'].map(ask))).length);
    },
    spans: ['a', 'b'].map((input) =>
      whole(HELLO, { 'gen_ai.input.messages': [{ role: 'user', parts: [text(input)] }] }),
    ),
  },
  'interaction, continued by the SDK: one span': {
    since: '2.32.0',
    async run({ makeClient, log }) {
      logAnswer(log, await create(makeClient, 'interactionContinued'));
    },
    spans: [
      whole(from(text('Hello '), text('there.')), {
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 8,
        'gen_ai.usage.reasoning.output_tokens': 14,
      }),
    ],
  },
  'interaction, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      logAnswer(log, await create(makeClient, 'interaction', { system_instruction: 'Be short.' }));
      await readAll(await open(makeClient, 'interaction'), log);
    },
    spans: [
      whole(undefined, { 'gen_ai.input.messages': undefined }),
      streamed(undefined, 7, { 'gen_ai.input.messages': undefined }),
    ],
  },

  'interaction stream': {
    async run({ makeClient, log, shape }) {
      const promise = open(makeClient, 'interaction');
      shape('promise', promise);
      const stream = await promise;
      log('class', stream.constructor.name);
      await readAll(stream, log);
    },
    spans: [STREAMED],
  },
  'interaction stream, thoughts, tools and arguments in pieces': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'interactionStreamSteps'), log);
    },
    spans: [
      streamed(from(THOUGHT, CODE, CALL, { ...CALL, id: 'call_b', arguments: { city: 'Oslo' } }), 13, ACTION),
    ],
  },
  'interaction stream, events of the first major': {
    until: '2.0.0',
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'interactionStreamContents'), log);
    },
    spans: [streamed(from(text('Hello.'), CALL), 7, ACTION)],
  },
  'interaction stream, break': {
    async run({ makeClient, log, awaitEvent }) {
      for await (const event of await open(makeClient, 'interactionStreamHang')) if (isLo(event)) break;
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partial('cancelled')],
  },
  'interaction stream, abort': {
    async run({ sdk, makeClient, attempt }) {
      const controller = new AbortController();
      const options = aborting(sdk, controller.signal);
      const stream = await open(makeClient, 'interactionStreamHang', {}, options);
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) controller.abort();
      });
    },
    spans: [partial('cancelled')],
  },
  'interaction stream, cut in the middle': {
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'interactionStreamCut');
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [partial('failed', { 'error.type': 'ANY' }, { code: 2, message: 'ANY' })],
  },
  'interaction stream, error event': {
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'interactionStreamError');
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [
      partial(
        'failed',
        { 'error.type': 'resource_exhausted', 'spoor.stream.chunk_count': 5 },
        { code: 2, message: 'ANY' },
      ),
    ],
  },
  'interaction stream, error before the first byte': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => open(makeClient, 'interactionBadRequest'));
    },
    spans: [failed('ANY', { 'gen_ai.request.stream': true })],
  },
  'interaction stream that nobody reads': {
    async run({ makeClient, delay }) {
      await open(makeClient, 'interaction');
      await delay(20);
    },
    spans: [endedSpan('abandoned', { 'gen_ai.request.stream': true, 'spoor.stream.chunk_count': 0 })],
  },
  'interaction stream, continued by the SDK: one span': {
    since: '2.32.0',
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'interactionContinued'), log);
    },
    spans: [
      streamed(from(text('Hello '), text('there.')), 8, {
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 8,
        'gen_ai.usage.reasoning.output_tokens': 14,
      }),
    ],
  },
};

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
