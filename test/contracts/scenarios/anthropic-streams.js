import {
  answer,
  BODY as PLAIN,
  endedSpan,
  failed,
  partialSpan,
  streamSpan,
  TOOL_STOP,
} from './anthropic-spans.js';

/** Streamed messages. */
const BODY = { ...PLAIN, stream: true };
const STREAM = { 'gen_ai.request.stream': true };
const WHOLE = streamSpan([answer('Hello there.')], 8);
const isLo = (event) => event.delta?.text === 'lo';

async function readAll(stream, log) {
  let text = '';
  for await (const event of stream) {
    log('event', event);
    text += event.delta?.text ?? '';
  }
  log('text', text);
}

const failedPart = (text, chunks, type) => ({
  ...partialSpan(text, chunks, 'failed', { 'error.type': type }),
  status: { code: 2, message: 'ANY' },
});

export const scenarios = {
  stream: {
    async run({ makeClient, log, shape }) {
      // While it traces itself, the SDK puts two hidden keys on a stream: not so in the bare run, which has no provider.
      const promise = makeClient('message', { openTelemetry: false }).messages.create(BODY);
      shape('promise', promise);
      const stream = await promise;
      shape('stream', stream);
      await readAll(stream, log);
    },
    spans: [WHOLE],
  },
  'stream, all of it': {
    async run({ makeClient, log }) {
      await readAll(await makeClient('message').messages.create(BODY), log);
    },
    spans: [WHOLE],
  },
  'stream, beta': {
    async run({ makeClient, log }) {
      await readAll(await makeClient('message').beta.messages.create(BODY), log);
    },
    spans: [WHOLE],
  },
  'stream, break': {
    async run({ makeClient, log, awaitEvent }) {
      const stream = await makeClient('streamHang').messages.create(BODY);
      for await (const event of stream) if (isLo(event)) break;
      log('aborted', stream.controller.signal.aborted);
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 4, 'cancelled')],
  },
  'stream, throw in the loop': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const stream = await makeClient('streamHang').messages.create(BODY);
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) throw new RangeError('mine');
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 4, 'cancelled')],
  },
  'stream, abort by its controller': {
    async run({ makeClient, log, awaitEvent }) {
      const stream = await makeClient('streamHang').messages.create(BODY);
      for await (const event of stream) if (isLo(event)) stream.controller.abort();
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 4, 'cancelled')],
  },
  'stream, abort by the signal': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const controller = new AbortController();
      const stream = await makeClient('streamHang').messages.create(BODY, { signal: controller.signal });
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) controller.abort();
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 4, 'cancelled')],
  },
  'stream, cut in the middle': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('streamCut').messages.create(BODY);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hello', 4, 'ANY')],
  },
  'stream, error event': {
    since: '0.68',
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('streamError').messages.create(BODY);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hel', 3, 'overloaded_error')],
  },
  'stream, error event, as the older versions take it': {
    until: '0.68',
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('streamError').messages.create(BODY);
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hel', 3, 'APIConnectionError')],
  },
  'stream, error before the first byte': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('badRequest').messages.create(BODY));
    },
    spans: [failed('BadRequestError', 'ANY', STREAM)],
  },
  'stream that nobody reads': {
    async run({ makeClient, log, delay }) {
      const stream = await makeClient('message').messages.create(BODY);
      log('class', stream.constructor.name);
      await delay(20);
    },
    spans: [endedSpan('abandoned', { ...STREAM, 'spoor.stream.chunk_count': 0 })],
  },
  'stream, second iteration': {
    async run({ makeClient, log, attempt }) {
      const stream = await makeClient('message').messages.create(BODY);
      await readAll(stream, log);
      await attempt('again', () => readAll(stream, log));
    },
    spans: [WHOLE],
  },
  'stream, iterator by hand': {
    async run({ makeClient, log, shape }) {
      const iterator = (await makeClient('message').messages.create(BODY))[Symbol.asyncIterator]();
      log('class', [Object.prototype.toString.call(iterator), Object.keys(iterator)]);
      const next = iterator.next();
      shape('next', next);
      log('first', await next);
      log('returned', await iterator.return('mine'));
      log('after', await iterator.next());
    },
    spans: [partialSpan(undefined, 1, 'cancelled')],
  },
  'stream, tee': {
    async run({ makeClient, log }) {
      const [left, right] = (await makeClient('message').messages.create(BODY)).tee();
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
      const readable = (await makeClient('message').messages.create(BODY)).toReadableStream();
      const pieces = [];
      for await (const piece of readable) pieces.push(new TextDecoder().decode(piece));
      log('pieces', pieces);
    },
    spans: [WHOLE],
  },
  'stream, withResponse': {
    async run({ makeClient, log }) {
      const { data, response } = await makeClient('message').messages.create(BODY).withResponse();
      log('status', response.status);
      await readAll(data, log);
    },
    spans: [WHOLE],
  },
  'stream, asResponse': {
    async run({ makeClient, log }) {
      const response = await makeClient('message').messages.create(BODY).asResponse();
      log('lines', (await response.text()).split('\n').length);
    },
    spans: [endedSpan('completed', STREAM)],
  },
  'stream, slow reader': {
    async run({ makeClient, log, delay, awaitEvent }) {
      let read = 0;
      for await (const _event of await makeClient('flood').messages.create(BODY)) {
        read += 1;
        if (read === 3) await delay(300);
        if (read === 5) break;
      }
      const { events } = await awaitEvent('flood');
      log('held back', events.find(({ name }) => name === 'flood').sent < 1500);
    },
    isBodyLarge: true,
    spans: 'one cancelled',
  },
  'stream, thinking and parallel tool calls': {
    async run({ makeClient, log }) {
      await readAll(await makeClient('streamTools').messages.create(BODY), log);
    },
    spans: [
      streamSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Two tools.' },
              { type: 'tool_call', id: 'toolu_a', name: 'get_weather', arguments: { city: 'Rome' } },
              { type: 'tool_call', id: 'toolu_b', name: 'get_time', arguments: { zone: 'CET' } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        16,
        TOOL_STOP,
      ),
    ],
  },
  'stream, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      await readAll(await makeClient('message').messages.create(BODY), log);
    },
    spans: [streamSpan(undefined, 8, { 'gen_ai.input.messages': undefined })],
  },
};
