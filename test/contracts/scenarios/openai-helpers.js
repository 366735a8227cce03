import { LOOKUP, parseable, SCHEMA } from './openai-calls.js';
import {
  answer,
  ASK,
  ASKED,
  chatSpan,
  endedSpan,
  failed,
  responsesSpan,
  streamSpan,
} from './openai-spans.js';

/** The SDK's own helpers over a call, and the Responses API. */
const MODEL = 'gpt-4o';
const DEFINITION = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city.',
  parameters: SCHEMA,
};
const stable = (client) =>
  client.chat.completions.stream ? client.chat.completions : client.beta.chat.completions;
const RESPONSES_BODY = { model: MODEL, input: 'Say hello.' };
const TEXT = [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello.' }] }];
const STREAMED = {
  'gen_ai.request.stream': true,
  'gen_ai.response.time_to_first_chunk': 'SECONDS',
};
const IN_PROGRESS = {
  'gen_ai.response.status': 'in_progress',
  'gen_ai.usage.input_tokens': undefined,
  'gen_ai.usage.output_tokens': undefined,
  'gen_ai.usage.cache_read.input_tokens': undefined,
  'gen_ai.usage.reasoning.output_tokens': undefined,
};

export const scenarios = {
  'chat stream helper': {
    async run({ makeClient, log }) {
      const runner = stable(makeClient('stream')).stream({ model: MODEL, messages: ASK });
      runner.on('content', (piece, all) => log('content', [piece, all]));
      log('final', await runner.finalChatCompletion());
      log('message', await runner.finalMessage());
    },
    spans: [streamSpan([answer('Hello there.')], 5)],
  },
  'chat stream helper, iterated and broken off': {
    async run({ makeClient, log, awaitEvent }) {
      const runner = stable(makeClient('streamHang')).stream({ model: MODEL, messages: ASK });
      runner.on('error', (error) => log('error', error));
      runner.on('abort', (error) => log('abort', error));
      for await (const chunk of runner) {
        log('chunk', chunk);
        if (chunk.choices[0].delta.content === 'lo') break;
      }
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: 'one cancelled',
  },
  'chat stream helper, failing': {
    async run({ makeClient, attempt }) {
      const runner = stable(makeClient('badRequest')).stream({ model: MODEL, messages: ASK });
      await attempt('done', () => runner.done());
    },
    spans: [failed('BadRequestError', '400 Bad value.', { 'gen_ai.request.stream': true })],
  },
  'chat stream helper, failing and unheeded': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      stable(makeClient('badRequest')).stream({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('BadRequestError', '400 Bad value.', { 'gen_ai.request.stream': true })],
  },
  runTools: {
    async run({ makeClient, log }) {
      const tool = {
        type: 'function',
        function: { ...LOOKUP.function, parse: JSON.parse, function: ({ city }) => `Sunny in ${city}` },
      };
      const runner = stable(makeClient('tools')).runTools({
        model: MODEL,
        messages: [...ASK],
        tools: [tool],
      });
      log('final', await runner.finalContent());
      log('messages', runner.messages);
    },
    spans: [
      chatSpan(
        [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } }],
            finish_reason: 'tool_call',
          },
        ],
        { 'gen_ai.tool.definitions': [DEFINITION] },
        ['tool_calls'],
      ),
      chatSpan([answer('It is sunny.')], {
        'gen_ai.tool.definitions': [DEFINITION],
        'gen_ai.input.messages': [
          ...ASKED,
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } }],
          },
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_a', response: 'Sunny in Rome' }] },
        ],
      }),
    ],
  },
  responses: {
    async run({ makeClient, log }) {
      const body = {
        ...RESPONSES_BODY,
        instructions: 'Be short.',
        max_output_tokens: 50,
        reasoning: { effort: 'low' },
      };
      log('answer', await makeClient('response').responses.create(body));
    },
    spans: [
      responsesSpan({
        'gen_ai.request.max_tokens': 50,
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
        'gen_ai.output.messages': [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Think.' },
              {
                type: 'server_tool_call',
                id: 'ws_1',
                name: 'web_search',
                server_tool_call: {
                  type: 'web_search',
                  id: 'ws_1',
                  status: 'completed',
                  action: { type: 'search', query: 'spoor' },
                },
              },
              { type: 'tool_call', id: 'call_1', name: 'lookup', arguments: { q: 'a' } },
              { type: 'text', content: 'Done.' },
            ],
          },
        ],
      }),
    ],
  },
  'responses, parse': {
    async run({ makeClient, log }) {
      const format = parseable();
      const text = Object.defineProperties(
        { type: 'json_schema', name: 'place', schema: SCHEMA, strict: true },
        Object.getOwnPropertyDescriptors({ $brand: format.$brand, $parseRaw: format.$parseRaw }),
      );
      for (const key of ['$brand', '$parseRaw']) Object.defineProperty(text, key, { enumerable: false });
      log(
        'parsed',
        await makeClient('responseJson').responses.parse({ ...RESPONSES_BODY, text: { format: text } }),
      );
    },
    spans: [
      responsesSpan({
        'gen_ai.output.type': 'json',
        'gen_ai.output.messages': [
          { role: 'assistant', parts: [{ type: 'text', content: '{"city":"Rome"}' }] },
        ],
      }),
    ],
  },
  'responses, failed in a 200 answer': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('responseFailed').responses.create(RESPONSES_BODY));
    },
    spans: [
      responsesSpan(
        {
          ...IN_PROGRESS,
          'gen_ai.response.status': 'failed',
          'error.type': 'server_error',
          'spoor.outcome': 'failed',
        },
        { code: 2, message: 'Broke.' },
      ),
    ],
  },
  'responses, stream': {
    async run({ makeClient, log }) {
      for await (const event of await makeClient('responseStream').responses.create({
        ...RESPONSES_BODY,
        stream: true,
      })) {
        log('event', event);
      }
    },
    spans: [responsesSpan({ ...STREAMED, 'spoor.stream.chunk_count': 6, 'gen_ai.output.messages': TEXT })],
  },
  'responses, beta': {
    since: '6.49',
    async run({ makeClient, log }) {
      const { beta } = makeClient('responseStream');
      for await (const event of await beta.responses.create({ ...RESPONSES_BODY, stream: true })) {
        log('event', event);
      }
    },
    spans: [responsesSpan({ ...STREAMED, 'spoor.stream.chunk_count': 6, 'gen_ai.output.messages': TEXT })],
  },
  'responses, stream broken off': {
    async run({ makeClient, log, awaitEvent }) {
      const stream = await makeClient('responseStreamHang').responses.create({
        ...RESPONSES_BODY,
        stream: true,
      });
      for await (const event of stream) if (event.delta === 'lo.') break;
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [
      responsesSpan({
        ...STREAMED,
        ...IN_PROGRESS,
        'spoor.stream.chunk_count': 5,
        'spoor.outcome': 'cancelled',
        'gen_ai.output.messages': TEXT,
      }),
    ],
  },
  'responses, error event in the stream': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('responseStreamError').responses.create({
        ...RESPONSES_BODY,
        stream: true,
      });
      await attempt('loop', async () => {
        for await (const event of stream) log('event', event);
      });
    },
    spans: 'one failed',
  },
  'responses, stream helper': {
    async run({ makeClient, log }) {
      const runner = makeClient('responseStream').responses.stream(RESPONSES_BODY);
      runner.on('response.output_text.delta', ({ delta }) => log('delta', delta));
      log('final', await runner.finalResponse());
    },
    spans: [responsesSpan({ ...STREAMED, 'spoor.stream.chunk_count': 6, 'gen_ai.output.messages': TEXT })],
  },
  'responses, a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      makeClient('badRequest').responses.parse(RESPONSES_BODY);
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('BadRequestError', '400 Bad value.', { 'openai.api.type': 'responses' })],
  },
  'responses, asResponse': {
    async run({ makeClient, log }) {
      const response = await makeClient('response').responses.create(RESPONSES_BODY).asResponse();
      log('body', await response.json());
    },
    spans: [endedSpan('completed', { 'openai.api.type': 'responses' })],
  },
};
