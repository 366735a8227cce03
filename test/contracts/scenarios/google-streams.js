import { CALLED, SECOND_ROUND, WITH_TOOL, callable } from './google-calls.js';
import { answer, endedSpan, failed, MODEL, PARAMS, partialSpan, streamSpan } from './google-spans.js';

/** Streamed answers. */
const STREAM = { 'gen_ai.request.stream': true };
const WHOLE = streamSpan([answer('Hello there.')], 3);
const isLo = (chunk) => chunk.candidates?.[0]?.content?.parts?.[0]?.text === 'lo';
/** The SDK asks at once, and not when the program begins to read. */
const AT_ONCE = { automaticFunctionCalling: { disable: true } };

async function readAll(stream, log) {
  let text = '';
  for await (const chunk of stream) {
    log('chunk', chunk);
    text += chunk.candidates?.[0]?.content?.parts?.[0]?.text ?? '';
  }
  log('text', text);
}

const failedPart = (text, chunks, type) => ({
  ...partialSpan(text, chunks, 'failed', { 'error.type': type }),
  status: { code: 2, message: 'ANY' },
});
const open = (makeClient, plan, config) =>
  makeClient(plan).models.generateContentStream(config === undefined ? PARAMS : { ...PARAMS, config });

export const scenarios = {
  stream: {
    async run({ makeClient, log, shape }) {
      const promise = open(makeClient, 'answer');
      shape('promise', promise);
      const stream = await promise;
      shape('stream', stream);
      await readAll(stream, log);
    },
    spans: [WHOLE],
  },
  'stream, functions of the SDK off': {
    async run({ makeClient, log, shape }) {
      const stream = await open(makeClient, 'answer', AT_ONCE);
      shape('stream', stream);
      log('fields', Object.keys(stream));
      await readAll(stream, log);
    },
    spans: [WHOLE],
  },
  'stream, chat': {
    async run({ makeClient, log }) {
      const chat = makeClient('answer').chats.create({ model: MODEL });
      await readAll(await chat.sendMessageStream({ message: 'Say hello.' }), log);
      log('history', chat.getHistory());
    },
    spans: [WHOLE],
  },
  'stream, functions that the SDK calls: one span a request': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'tools', { tools: [callable()] }), log);
    },
    spans: [
      streamSpan([CALLED], 1, WITH_TOOL),
      streamSpan([answer('It is sunny.')], 1, { ...WITH_TOOL, 'gen_ai.input.messages': SECOND_ROUND }),
    ],
  },
  'stream, break': {
    async run({ makeClient, log, delay }) {
      for await (const chunk of await open(makeClient, 'streamHang')) if (isLo(chunk)) break;
      await delay(20);
      log('out of the loop');
    },
    spans: [partialSpan('Hello', 2, 'cancelled')],
  },
  'stream, throw in the loop': {
    async run({ makeClient, attempt }) {
      const stream = await open(makeClient, 'streamHang');
      await attempt('loop', async () => {
        for await (const chunk of stream) if (isLo(chunk)) throw new RangeError('mine');
      });
    },
    spans: [partialSpan('Hello', 2, 'cancelled')],
  },
  'stream, abort by the signal': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const controller = new AbortController();
      const stream = await open(makeClient, 'streamHang', { abortSignal: controller.signal });
      await attempt('loop', async () => {
        for await (const chunk of stream) if (isLo(chunk)) controller.abort();
      });
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partialSpan('Hello', 2, 'cancelled')],
  },
  'stream, timeout': {
    async run({ makeClient, log, attempt }) {
      const client = makeClient('streamHang', { httpOptions: { timeout: 400 } });
      const stream = await client.models.generateContentStream({ ...PARAMS, config: AT_ONCE });
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hello', 2, 'timeout')],
  },
  'stream, cut in the middle': {
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'streamCut');
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hello', 2, 'ANY')],
  },
  // Before, the SDK took the event for a chunk and threw its error away.
  'stream, error event': {
    since: '2.0.0',
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'streamError');
      await attempt('loop', () => readAll(stream, log));
    },
    spans: [failedPart('Hel', 1, '503')],
  },
  'stream, error before the first byte': {
    async run({ makeClient, attempt, log }) {
      await attempt('call', async () => readAll(await open(makeClient, 'badRequest'), log));
    },
    spans: [failed('400', 'ANY', STREAM)],
  },
  'stream that nobody reads': {
    async run({ makeClient, delay }) {
      await open(makeClient, 'answer', AT_ONCE);
      await delay(20);
    },
    spans: [endedSpan('abandoned', { ...STREAM, 'spoor.stream.chunk_count': 0 })],
  },
  'stream, second iteration': {
    async run({ makeClient, log, attempt }) {
      const stream = await open(makeClient, 'answer');
      await readAll(stream, log);
      await attempt('again', () => readAll(stream, log));
    },
    spans: [WHOLE],
  },
  'stream, iterator by hand': {
    async run({ makeClient, log, shape }) {
      const stream = await open(makeClient, 'streamHang', AT_ONCE);
      const iterator = stream[Symbol.asyncIterator]();
      log('same', iterator === stream);
      const next = iterator.next();
      shape('next', next);
      log('first', await next);
      log('returned', await iterator.return('mine'));
      log('after', await iterator.next());
    },
    spans: [partialSpan('Hel', 1, 'cancelled')],
  },
  'stream, slow reader': {
    async run({ makeClient, log, delay, attempt, awaitEvent }) {
      const controller = new AbortController();
      let read = 0;
      await attempt('loop', async () => {
        for await (const _chunk of await open(makeClient, 'flood', { abortSignal: controller.signal })) {
          read += 1;
          if (read === 3) await delay(300);
          if (read === 5) controller.abort();
        }
      });
      const { events } = await awaitEvent('flood');
      log('held back', events.find(({ name }) => name === 'flood').sent < 1500);
    },
    isBodyLarge: true,
    spans: 'one cancelled',
  },
  'stream, candidates apart': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'streamCandidates'), log);
    },
    spans: [
      streamSpan([answer('One.'), answer('Two.', 'length')], 4, {
        'gen_ai.response.finish_reasons': ['stop', 'length'],
      }),
    ],
  },
  'stream, blocked prompt': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'streamBlocked'), log);
    },
    spans: [
      partialSpan(undefined, 1, 'completed', {
        'gen_ai.response.model': undefined,
        'gen_ai.response.finish_reasons': ['content_filter'],
        'gcp.gen_ai.response.block_reason': 'SAFETY',
      }),
    ],
  },
  'stream, thoughts and parallel calls': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'streamTools', AT_ONCE), log);
    },
    spans: [
      streamSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Two tools.' },
              { type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } },
              { type: 'tool_call', name: 'get_time', arguments: { zone: 'CET' } },
            ],
            finish_reason: 'stop',
          },
        ],
        4,
      ),
    ],
  },
  'stream, arguments in pieces': {
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'streamArguments', AT_ONCE), log);
    },
    spans: [
      streamSpan(
        [
          {
            role: 'assistant',
            parts: [
              {
                type: 'tool_call',
                name: 'plan_trip',
                arguments: { stops: [{ city: 'Rome' }], days: 0 },
              },
            ],
            finish_reason: 'stop',
          },
        ],
        5,
      ),
    ],
  },
  'stream, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      await readAll(await open(makeClient, 'answer'), log);
    },
    spans: [streamSpan(undefined, 3, { 'gen_ai.input.messages': undefined })],
  },
};
