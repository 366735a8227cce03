import { collectGarbage } from './collect-garbage.js';
import { answer, ASK, endedSpan, failed, streamSpan, USAGE } from './openai-spans.js';

/** Streamed chat completions. */
const BODY = { model: 'gpt-4o', messages: ASK, stream: true };
const STREAM = { 'gen_ai.request.stream': true };
const WHOLE = streamSpan([answer('Hello there.')], 5);

async function readAll(stream, log) {
  let text = '';
  for await (const chunk of stream) {
    log('chunk', chunk);
    text += chunk.choices[0]?.delta.content ?? '';
  }
  log('text', text);
}

/** What is kept of an answer that stopped after two words. */
const partial = (text, chunks, outcome, extra = {}) =>
  streamSpan([{ role: 'assistant', parts: [{ type: 'text', content: text }] }], chunks, {
    'gen_ai.response.finish_reasons': undefined,
    'spoor.outcome': outcome,
    ...extra,
  });

const failedPart = (text, chunks, type, message) => ({
  ...partial(text, chunks, 'failed', { 'error.type': type }),
  status: { code: 2, message },
});

export const scenarios = {
  stream: {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('stream').chat.completions.create(BODY);
      shape('promise', promise);
      const stream = await promise;
      shape('stream', stream);
      log('parts', [typeof stream.tee, typeof stream.toReadableStream, stream.controller.constructor.name]);
      await readAll(stream, log);
    },
    spans: [WHOLE],
  },
  'stream with usage': {
    async run({ makeClient, log }) {
      await readAll(
        await makeClient('stream').chat.completions.create({
          ...BODY,
          stream_options: { include_usage: true },
        }),
        log,
      );
    },
    spans: [streamSpan([answer('Hello there.')], 6, USAGE)],
  },
  'stream, break': {
    async run({ makeClient, log, awaitEvent }) {
      const stream = await makeClient('streamHang').chat.completions.create(BODY);
      for await (const chunk of stream) {
        log('chunk', chunk);
        if (chunk.choices[0].delta.content === 'lo') break;
      }
      log('aborted', stream.controller.signal.aborted);
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partial('Hello', 3, 'cancelled')],
  },
  'stream, throw in the loop': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const stream = await makeClient('streamHang').chat.completions.create(BODY);
      await attempt('loop', async () => {
        for await (const chunk of stream)
          if (chunk.choices[0].delta.content === 'lo') throw new RangeError('mine');
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partial('Hello', 3, 'cancelled')],
  },
  'stream, abort by its controller': {
    async run({ makeClient, log, awaitEvent }) {
      const stream = await makeClient('streamHang').chat.completions.create(BODY);
      for await (const chunk of stream) {
        log('chunk', chunk);
        if (chunk.choices[0].delta.content === 'lo') stream.controller.abort();
      }
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partial('Hello', 3, 'cancelled')],
  },
  'stream, abort by the signal': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const controller = new AbortController();
      const stream = await makeClient('streamHang').chat.completions.create(BODY, {
        signal: controller.signal,
      });
      await attempt('loop', async () => {
        for await (const chunk of stream) if (chunk.choices[0].delta.content === 'lo') controller.abort();
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partial('Hello', 3, 'cancelled')],
  },
  'stream, cut in the middle': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('streamCut').chat.completions.create(BODY);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hello', 3, 'ANY', 'ANY')],
  },
  'stream, error event': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('streamError').chat.completions.create(BODY);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hel', 2, 'broken', 'ANY')],
  },
  'stream, error before the first byte': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('badRequest').chat.completions.create(BODY));
    },
    spans: [failed('BadRequestError', '400 Bad value.', STREAM)],
  },
  'stream that nobody reads': {
    async run({ makeClient, log, delay }) {
      const stream = await makeClient('stream').chat.completions.create(BODY);
      log('class', stream.constructor.name);
      await delay(20);
    },
    spans: [endedSpan('abandoned', { ...STREAM, 'spoor.stream.chunk_count': 0 })],
  },
  'stream of a promise that nobody holds is collected': {
    isolated: true,
    args: ['--expose-gc'],
    async run({ makeClient, log, delay }) {
      const client = makeClient('streamHang');
      let stream = await client.chat.completions.create(BODY);
      const iterator = stream[Symbol.asyncIterator]();
      await iterator.next();
      stream = undefined;
      log('read one');
      await delay(10);
    },
    afterRun: collectGarbage,
    spans: [partial('', 1, 'abandoned', { 'gen_ai.output.messages': [{ role: 'assistant', parts: [] }] })],
  },
  'stream, second iteration': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('stream').chat.completions.create(BODY);
      await readAll(stream, log);
      await attempt('again', () => readAll(stream, log));
    },
    spans: [WHOLE],
  },
  'stream, second iteration during the first': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('stream').chat.completions.create(BODY);
      const first = stream[Symbol.asyncIterator]();
      log('first', await first.next());
      await attempt('second', () => stream[Symbol.asyncIterator]().next());
      await readAll({ [Symbol.asyncIterator]: () => first }, log);
    },
    spans: [WHOLE],
  },
  'stream, iterator by hand': {
    async run({ makeClient, log, shape }) {
      const stream = await makeClient('stream').chat.completions.create(BODY);
      const iterator = stream[Symbol.asyncIterator]();
      log('class', [Object.prototype.toString.call(iterator), Object.keys(iterator)]);
      const next = iterator.next();
      shape('next', next);
      log('first', await next);
      log('returned', await iterator.return('mine'));
      log('after', await iterator.next());
    },
    spans: [partial('', 1, 'cancelled', { 'gen_ai.output.messages': [{ role: 'assistant', parts: [] }] })],
  },
  'stream, tee': {
    async run({ makeClient, log }) {
      const [left, right] = (await makeClient('stream').chat.completions.create(BODY)).tee();
      log('classes', [left.constructor.name, right.constructor.name]);
      await Promise.all([
        readAll(left, (what, value) => log(`left ${what}`, value)),
        readAll(right, () => {}),
      ]);
    },
    spans: [WHOLE],
  },
  'stream, toReadableStream': {
    async run({ makeClient, log }) {
      const readable = (await makeClient('stream').chat.completions.create(BODY)).toReadableStream();
      log('class', readable.constructor.name);
      const pieces = [];
      for await (const piece of readable) pieces.push(new TextDecoder().decode(piece));
      log('pieces', pieces);
    },
    spans: [WHOLE],
  },
  'stream, toReadableStream cancelled': {
    async run({ makeClient, log, awaitEvent }) {
      const reader = (await makeClient('streamHang').chat.completions.create(BODY))
        .toReadableStream()
        .getReader();
      log('first', new TextDecoder().decode((await reader.read()).value));
      await reader.cancel();
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: 'one cancelled',
  },
  'stream, withResponse': {
    async run({ makeClient, log }) {
      const { data, response } = await makeClient('stream').chat.completions.create(BODY).withResponse();
      log('status', response.status);
      await readAll(data, log);
    },
    spans: [WHOLE],
  },
  'stream, asResponse': {
    async run({ makeClient, log }) {
      const response = await makeClient('stream').chat.completions.create(BODY).asResponse();
      log('lines', (await response.text()).split('\n').length);
    },
    spans: [endedSpan('completed', STREAM)],
  },
  'stream, slow reader': {
    async run({ makeClient, log, delay, awaitEvent }) {
      const stream = await makeClient('flood').chat.completions.create(BODY);
      let read = 0;
      for await (const _chunk of stream) {
        read += 1;
        if (read === 3) await delay(300);
        if (read === 5) break;
      }
      const { events } = await awaitEvent('flood');
      const { sent } = events.find(({ name }) => name === 'flood');
      log('held back', sent < 1500);
    },
    isBodyLarge: true,
    spans: 'one cancelled',
  },
  'stream, two choices': {
    async run({ makeClient, log }) {
      await readAll(await makeClient('streamChoices').chat.completions.create({ ...BODY, n: 2 }), log);
    },
    spans: [
      streamSpan([answer('One.'), answer('Two!', 'length')], 5, { 'gen_ai.request.choice.count': 2 }, [
        'stop',
        'length',
      ]),
    ],
  },
  'stream, parallel tool calls': {
    async run({ makeClient, log }) {
      await readAll(await makeClient('streamTools').chat.completions.create(BODY), log);
    },
    spans: [
      streamSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } },
              { type: 'tool_call', id: 'call_b', name: 'get_time', arguments: { zone: 'CET' } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        7,
        {},
        ['tool_calls'],
      ),
    ],
  },
  'stream inside an async generator of the program': {
    async run({ makeClient, log }) {
      const client = makeClient('stream');
      async function* tokens() {
        for await (const chunk of await client.chat.completions.create(BODY))
          yield chunk.choices[0].delta.content ?? '';
      }
      let text = '';
      for await (const token of tokens()) text += token;
      log('text', text);
    },
    spans: [WHOLE],
  },
  'stream, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      await readAll(await makeClient('stream').chat.completions.create(BODY), log);
    },
    spans: [streamSpan(undefined, 5, { 'gen_ai.input.messages': undefined })],
  },
};
