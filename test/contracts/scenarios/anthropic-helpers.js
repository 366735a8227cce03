import {
  answer,
  ASKED,
  BODY,
  failed,
  messageSpan,
  partialSpan,
  streamSpan,
  TOOL_STOP,
} from './anthropic-spans.js';

/** The SDK's own helpers over a call. */
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const WHOLE = streamSpan([answer('Hello there.')], 8);
const STREAM = { 'gen_ai.request.stream': true };

export const scenarios = {
  'stream helper': {
    async run({ makeClient, log }) {
      const runner = makeClient('message').messages.stream(BODY);
      runner.on('text', (piece, all) => log('text', [piece, all]));
      log('final', await runner.finalMessage());
      log('whole text', await runner.finalText());
    },
    spans: [WHOLE],
  },
  'stream helper, beta': {
    async run({ makeClient, log }) {
      log('final', await makeClient('message').beta.messages.stream(BODY).finalMessage());
    },
    spans: [WHOLE],
  },
  'stream helper, withResponse': {
    async run({ makeClient, log }) {
      const { data, response } = await makeClient('message').messages.stream(BODY).withResponse();
      log('status', response.status);
      log('final', await data.finalMessage());
    },
    spans: [WHOLE],
  },
  'stream helper, iterated and broken off': {
    async run({ makeClient, log, awaitEvent }) {
      const runner = makeClient('streamHang').messages.stream(BODY);
      runner.on('error', (error) => log('error', error));
      runner.on('abort', (error) => log('abort', error));
      for await (const event of runner) if (event.delta?.text === 'lo') break;
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 4, 'cancelled')],
  },
  'stream helper, error event': {
    async run({ makeClient, attempt }) {
      await attempt('done', () => makeClient('streamError').messages.stream(BODY).done());
    },
    spans: [
      {
        ...partialSpan('Hel', 3, 'failed', { 'error.type': 'overloaded_error' }),
        status: { code: 2, message: 'ANY' },
      },
    ],
  },
  'stream helper, failing': {
    async run({ makeClient, attempt }) {
      await attempt('done', () => makeClient('badRequest').messages.stream(BODY).done());
    },
    spans: [failed('BadRequestError', 'ANY', STREAM)],
  },
  'stream helper, failing and unheeded': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      makeClient('badRequest').messages.stream(BODY);
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('BadRequestError', 'ANY', STREAM)],
  },
  parse: {
    async run({ makeClient, log }) {
      const format = { type: 'json_schema', schema: SCHEMA, parse: JSON.parse };
      log('parsed', await makeClient('json').messages.parse({ ...BODY, output_config: { format } }));
    },
    spans: [messageSpan([answer('{"city":"Rome"}')], { 'gen_ai.output.type': 'json' })],
  },
  toolRunner: {
    async run({ makeClient, log }) {
      const tool = {
        name: 'get_weather',
        description: 'Weather of a city.',
        input_schema: SCHEMA,
        run: tell,
        parse: (x) => x,
      };
      // The SDK's spans of the run and of the tools are others than the calls', and not part of this scenario.
      const client = makeClient('tools', { openTelemetry: false });
      log('final', await client.beta.messages.toolRunner({ ...BODY, tools: [tool], thread: false }));
    },
    spans: [
      messageSpan([assistant({ finish_reason: 'tool_call' })], { ...TOOL_STOP, ...offered() }),
      messageSpan([answer('It is sunny.')], {
        ...offered(),
        'gen_ai.input.messages': [
          ...ASKED,
          assistant({}),
          { role: 'user', parts: [{ type: 'tool_call_response', id: 'toolu_a', response: 'Sunny in Rome' }] },
        ],
      }),
    ],
  },
};

function tell({ city }) {
  return `Sunny in ${city}`;
}

function assistant(extra) {
  const parts = [{ type: 'tool_call', id: 'toolu_a', name: 'get_weather', arguments: { city: 'Rome' } }];
  return { role: 'assistant', parts, ...extra };
}

function offered() {
  const definition = {
    type: 'function',
    name: 'get_weather',
    description: 'Weather of a city.',
    parameters: SCHEMA,
  };
  return { 'gen_ai.tool.definitions': [definition] };
}
