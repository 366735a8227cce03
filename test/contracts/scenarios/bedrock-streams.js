import {
  answer,
  CLAUDE,
  CLAUDE_BODY,
  endedSpan,
  failed,
  INPUT,
  MODEL,
  partialSpan,
  streamSpan,
} from './bedrock-spans.js';

/** Streamed conversations, and streamed answers of models in their own forms. */
const STREAM = { 'gen_ai.request.stream': true };
const WHOLE = streamSpan([answer('Hello there.')], 7);
const textOf = (event) => event.contentBlockDelta?.delta?.text ?? '';
const isLo = (event) => textOf(event) === 'lo';
const invocation = (body) => ({
  modelId: MODEL,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

async function readAll(stream, log) {
  let text = '';
  for await (const event of stream) {
    log('event', event);
    text += textOf(event);
  }
  log('text', text);
}

/** By itself this SDK leaves the connection of a stream that was broken off as it is. */
async function close(client, awaitEvent) {
  client.destroy();
  await awaitEvent('closed by client');
}

async function readBody(body, log) {
  for await (const { chunk } of body) log('chunk', JSON.parse(new TextDecoder().decode(chunk.bytes)));
}

const failedPart = (text, chunks, type) => ({
  ...partialSpan(text, chunks, 'failed', { 'error.type': type }),
  status: { code: 2, message: 'ANY' },
});

export const scenarios = {
  stream: {
    async run({ sdk, makeClient, log, shape }) {
      const client = await makeClient('converse');
      const promise = client.send(new sdk.ConverseStreamCommand(INPUT));
      shape('promise', promise);
      const response = await promise;
      log('keys', Object.keys(response));
      log('stream', [response.stream.constructor.name, Object.keys(response.stream)]);
      await readAll(response.stream, log);
    },
    spans: [WHOLE],
  },
  'stream, by the method of its name': {
    async run({ makeClient, log }) {
      await readAll((await (await makeClient('converse')).converseStream(INPUT)).stream, log);
    },
    spans: [WHOLE],
  },
  'stream, callback': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('converse');
      const { stream } = await new Promise((resolve, reject) => {
        client.send(new sdk.ConverseStreamCommand(INPUT), (error, output) =>
          error ? reject(error) : resolve(output),
        );
      });
      await readAll(stream, log);
    },
    spans: [WHOLE],
  },
  'stream, the first events come while the provider still works': {
    async run({ makeClient, log, awaitEvent }) {
      const client = await makeClient('streamHang');
      const { stream } = await client.converseStream(INPUT);
      const iterator = stream[Symbol.asyncIterator]();
      log('first', await iterator.next());
      log('second', await iterator.next());
      log('returned', await iterator.return('mine'));
      log('after', await iterator.next());
      await close(client, awaitEvent);
    },
    spans: [partialSpan('Hel', 2, 'cancelled')],
  },
  'stream, break': {
    async run({ makeClient, awaitEvent }) {
      const client = await makeClient('streamHang');
      const { stream } = await client.converseStream(INPUT);
      for await (const event of stream) if (isLo(event)) break;
      await close(client, awaitEvent);
    },
    spans: [partialSpan('Hello', 3, 'cancelled')],
  },
  'stream, throw in the loop': {
    async run({ makeClient, attempt, awaitEvent }) {
      const client = await makeClient('streamHang');
      const { stream } = await client.converseStream(INPUT);
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) throw new RangeError('mine');
      });
      await close(client, awaitEvent);
    },
    spans: [partialSpan('Hello', 3, 'cancelled')],
  },
  'stream, cut in the middle': {
    async run({ makeClient, log, attempt }) {
      const { stream } = await (await makeClient('streamCut')).converseStream(INPUT);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hello', 3, 'ANY')],
  },
  'stream, exception in the middle': {
    async run({ makeClient, log, attempt }) {
      const { stream } = await (await makeClient('streamError')).converseStream(INPUT);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hel', 2, 'ModelStreamErrorException')],
  },
  'stream, error before the first byte': {
    async run({ makeClient, attempt }) {
      const client = await makeClient('badRequest');
      await attempt('call', () => client.converseStream(INPUT));
      await attempt('invoke', () => client.invokeModelWithResponseStream(invocation(CLAUDE_BODY)));
    },
    spans: [
      failed('ValidationException', 'Bad value.', STREAM),
      failed('ValidationException', 'Bad value.', STREAM),
    ],
  },
  'stream that nobody reads': {
    async run({ makeClient, log, delay }) {
      const { stream } = await (await makeClient('converse')).converseStream(INPUT);
      log('stream', typeof stream[Symbol.asyncIterator]);
      await delay(20);
    },
    spans: [endedSpan('abandoned', { ...STREAM, 'spoor.stream.chunk_count': 0 })],
  },
  'stream, second iteration': {
    async run({ makeClient, log, attempt }) {
      const { stream } = await (await makeClient('converse')).converseStream(INPUT);
      await readAll(stream, log);
      await attempt('again', () => readAll(stream, log));
    },
    spans: [WHOLE],
  },
  'stream, abort by the signal': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const controller = new AbortController();
      const client = await makeClient('streamHang');
      const { stream } = await client.converseStream(INPUT, { abortSignal: controller.signal });
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) controller.abort();
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 3, 'cancelled')],
  },
  'stream, slow reader': {
    async run({ makeClient, log, delay, awaitEvent }) {
      let read = 0;
      const client = await makeClient('flood');
      const { stream } = await client.converseStream(INPUT);
      for await (const _event of stream) {
        read += 1;
        if (read === 3) await delay(300);
        if (read === 5) break;
      }
      const { events } = await awaitEvent('flood');
      log('held back', Math.max(...events.map(({ sent = 0 }) => sent)) < 1500);
      await close(client, awaitEvent);
    },
    isBodyLarge: true,
    spans: 'one cancelled',
  },
  'stream, reasoning and parallel tool calls': {
    async run({ makeClient, log }) {
      await readAll((await (await makeClient('streamTools')).converseStream(INPUT)).stream, log);
    },
    spans: [
      streamSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Two tools.' },
              { type: 'tool_call', id: 'tool_a', name: 'get_weather', arguments: { city: 'Rome' } },
              { type: 'tool_call', id: 'tool_b', name: 'get_time', arguments: { zone: 'CET' } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        12,
        { 'gen_ai.response.finish_reasons': ['tool_call'] },
      ),
    ],
  },
  'stream of a model in its own form': {
    async run({ sdk, makeClient, log }) {
      const client = await makeClient('claude');
      const command = new sdk.InvokeModelWithResponseStreamCommand(invocation(CLAUDE_BODY));
      await readBody((await client.send(command)).body, log);
    },
    spans: [streamSpan([answer('Hello there.')], 8, CLAUDE)],
  },
  'stream of another model, broken off': {
    async run({ makeClient, log }) {
      const client = await makeClient('llama');
      const input = invocation({ prompt: 'Say hello.', max_gen_len: 64 });
      await readBody((await client.invokeModelWithResponseStream(input)).body, log);
      const { body } = await client.invokeModelWithResponseStream(input);
      for await (const _event of body) break;
    },
    spans: [streamSpan([answer('Hello')], 2, llama(7, 2)), partialSpan('Hel', 1, 'cancelled', llama(7, 1))],
  },
  'stream, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      await readAll((await (await makeClient('converse')).converseStream(INPUT)).stream, log);
    },
    spans: [streamSpan(undefined, 7, { 'gen_ai.input.messages': undefined })],
  },
};

function llama(input, output) {
  return {
    'gen_ai.operation.name': 'text_completion',
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': undefined,
    'gen_ai.usage.cache_write.input_tokens': undefined,
  };
}
