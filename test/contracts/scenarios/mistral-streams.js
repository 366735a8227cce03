import { answer, endedSpan, failed, MODEL, PARAMS, partialSpan, streamSpan } from './mistral-spans.js';

/** Streamed answers. */
const STREAM = { 'gen_ai.request.stream': true };
const WHOLE = streamSpan([answer('Hello there.')], 4);
const isLo = (event) => event.data.choices[0]?.delta.content === 'lo';

async function readAll(stream, log) {
  let text = '';
  for await (const event of stream) {
    log('event', event);
    text += event.data.choices[0]?.delta.content ?? '';
  }
  log('text', text);
}

const failedPart = (text, chunks, type) => ({
  ...partialSpan(text, chunks, 'failed', { 'error.type': type }),
  status: { code: 2, message: 'ANY' },
});
const open = (makeClient, plan, options) => makeClient(plan).chat.stream(PARAMS, options);

export const scenarios = {
  stream: {
    async run({ makeClient, log, shape }) {
      const promise = open(makeClient, 'message');
      shape('promise', promise);
      const stream = await promise;
      log('class', [stream.constructor.name, stream instanceof ReadableStream, Object.keys(stream)]);
      await readAll(stream, log);
    },
    spans: [WHOLE],
  },
  'stream, fill in the middle': {
    async run({ makeClient, log }) {
      await readAll(await makeClient('message').fim.stream({ model: MODEL, prompt: 'Say hello.' }), log);
    },
    spans: [streamSpan([answer('Hello there.')], 4, { 'gen_ai.operation.name': 'text_completion' })],
  },
  'stream, break': {
    async run({ makeClient, log, awaitEvent }) {
      const stream = await open(makeClient, 'streamHang');
      for await (const event of stream) if (isLo(event)) break;
      log('closed', (await awaitEvent('closed by client')).seen);
      log('locked', stream.locked);
    },
    spans: [partialSpan('Hello', 3, 'cancelled')],
  },
  'stream, throw in the loop': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const stream = await open(makeClient, 'streamHang');
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) throw new RangeError('mine');
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 3, 'cancelled')],
  },
  'stream, abort by the signal': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const controller = new AbortController();
      const stream = await open(makeClient, 'streamHang', { fetchOptions: { signal: controller.signal } });
      await attempt('loop', async () => {
        for await (const event of stream) if (isLo(event)) controller.abort();
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 3, 'cancelled')],
  },
  'stream, cut in the middle': {
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'streamCut');
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hello', 3, 'ANY')],
  },
  'stream, error before the first byte': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => open(makeClient, 'badRequest'));
    },
    spans: [failed('400', 'ANY', STREAM)],
  },
  'stream that nobody reads': {
    async run({ makeClient, delay }) {
      await open(makeClient, 'message');
      await delay(20);
    },
    spans: [endedSpan('abandoned', { ...STREAM, 'spoor.stream.chunk_count': 0 })],
  },
  'stream, second iteration': {
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'message');
      await readAll(stream, log);
      await attempt('again', () => readAll(stream, log));
    },
    spans: [WHOLE],
  },
  'stream, slow reader': {
    async run({ makeClient, log, delay, awaitEvent }) {
      let read = 0;
      for await (const _event of await open(makeClient, 'flood')) {
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
  'stream, thoughts and parallel tool calls': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'streamThinking'), log);
    },
    spans: [
      streamSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Two tools.' },
              { type: 'text', content: 'Now.' },
              { type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } },
              { type: 'tool_call', id: 'call_b', name: 'get_time', arguments: { zone: 'CET' } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        6,
        { 'gen_ai.response.finish_reasons': ['tool_call'] },
      ),
    ],
  },
  'stream, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'message'), log);
    },
    spans: [streamSpan(undefined, 4, { 'gen_ai.input.messages': undefined })],
  },
};
