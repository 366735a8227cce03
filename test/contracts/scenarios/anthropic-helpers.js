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
    since: '0.68',
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
  'stream helper, error event, as the older versions take it': {
    until: '0.68',
    async run({ makeClient, attempt }) {
      await attempt('done', () => makeClient('streamError').messages.stream(BODY).done());
    },
    spans: [
      {
        ...partialSpan('Hel', 3, 'failed', { 'error.type': 'APIConnectionError' }),
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
    since: '0.72',
    async run({ makeClient, log }) {
      const format = { type: 'json_schema', schema: SCHEMA, parse: JSON.parse };
      log('parsed', await makeClient('json').messages.parse({ ...BODY, output_config: { format } }));
    },
    spans: [messageSpan([answer('{"city":"Rome"}')], { 'gen_ai.output.type': 'json' })],
  },
  toolRunner: {
    since: '0.63',
    async run({ makeClient, log }) {
      // The SDK's spans of the run and of the tools are others than the calls', and not part of this scenario.
      const client = makeClient('tools', { openTelemetry: false });
      log('final', await client.beta.messages.toolRunner({ ...BODY, tools: [weather(tell)], thread: false }));
    },
    spans: [
      messageSpan([assistant({ finish_reason: 'tool_call' })], { ...TOOL_STOP, ...offered() }),
      messageSpan([answer('It is sunny.')], {
        ...offered(),
        'gen_ai.input.messages': [...ASKED, assistant({}), told('Sunny in Rome')],
      }),
    ],
  },
  'toolRunner, streamed': {
    since: '0.63',
    async run({ makeClient, log }) {
      const client = makeClient('runnerStream', { openTelemetry: false });
      const runner = client.beta.messages.toolRunner({
        ...BODY,
        tools: [weather(tell)],
        stream: true,
        thread: false,
      });
      for await (const stream of runner) {
        for await (const event of stream) if (event.type === 'content_block_start') log('event', event);
      }
    },
    spans: [
      streamSpan([assistant({ finish_reason: 'tool_call' })], 6, { ...TOOL_STOP, ...offered() }),
      streamSpan([answer('It is sunny.')], 7, {
        ...offered(),
        'gen_ai.input.messages': [...ASKED, assistant({}), told('Sunny in Rome')],
      }),
    ],
  },
  'toolRunner, a tool that throws': {
    since: '0.63',
    async run({ makeClient, log }) {
      const client = makeClient('tools', { openTelemetry: false });
      log(
        'final',
        await client.beta.messages.toolRunner({ ...BODY, tools: [weather(broken)], thread: false }),
      );
    },
    spans: [
      messageSpan([assistant({ finish_reason: 'tool_call' })], { ...TOOL_STOP, ...offered() }),
      messageSpan([answer('It is sunny.')], {
        ...offered(),
        'gen_ai.input.messages': [...ASKED, assistant({}), told('Error: No such city.', { is_error: true })],
      }),
    ],
  },
};

function broken() {
  throw new RangeError('No such city.');
}

function weather(run) {
  const name = 'get_weather';
  return { name, description: 'Weather of a city.', input_schema: SCHEMA, run, parse: (x) => x };
}

function told(response, extra = {}) {
  return { role: 'user', parts: [{ type: 'tool_call_response', id: 'toolu_a', response, ...extra }] };
}

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
