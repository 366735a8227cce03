import { collectGarbage } from './collect-garbage.js';
import { answer, ASK, chatSpan, endedSpan, failed } from './openai-spans.js';

/** Calls that fail, are called off, or are forgotten by their program. */
const MODEL = 'gpt-4o';

export const scenarios = {
  'body of a broken answer': {
    async run({ makeClient, attempt }) {
      await attempt('call', () =>
        makeClient('malformed').chat.completions.create({ model: MODEL, messages: ASK }),
      );
    },
    spans: [failed('ANY', 'ANY')],
  },
  'error in a 200 answer': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('errorBody').chat.completions.create({ model: MODEL, messages: ASK }));
    },
    spans: [failed('502', 'Upstream is busy.')],
  },
  'too many requests': {
    async run({ makeClient, attempt }) {
      await attempt('call', () =>
        makeClient('tooMany').chat.completions.create({ model: MODEL, messages: ASK }),
      );
    },
    spans: [failed('RateLimitError', '429 Slow down.')],
  },
  'bad request, caught by catch': {
    async run({ makeClient, log }) {
      await makeClient('badRequest')
        .chat.completions.create({ model: MODEL, messages: ASK })
        .catch((error) => log('caught', error));
    },
    spans: [failed('BadRequestError', '400 Bad value.')],
  },
  'bad request of asResponse and withResponse': {
    async run({ makeClient, attempt }) {
      const client = makeClient('badRequest');
      await attempt('raw', () =>
        client.chat.completions.create({ model: MODEL, messages: ASK }).asResponse(),
      );
      await attempt('both', () =>
        client.chat.completions.create({ model: MODEL, messages: ASK }).withResponse(),
      );
    },
    spans: [failed('BadRequestError', '400 Bad value.'), failed('BadRequestError', '400 Bad value.')],
  },
  'second try after a 500': {
    async run({ makeClient, log }) {
      log(
        'answer',
        await makeClient('retry', { maxRetries: 1 }).chat.completions.create({ model: MODEL, messages: ASK }),
      );
    },
    spans: [chatSpan([answer('Second time.')])],
  },
  timeout: {
    async run({ makeClient, attempt }) {
      await attempt('call', () =>
        makeClient('hang').chat.completions.create({ model: MODEL, messages: ASK }, { timeout: 80 }),
      );
    },
    spans: [failed('APIConnectionTimeoutError', 'Request timed out.')],
  },
  'abort before the call': {
    async run({ makeClient, attempt }) {
      const signal = AbortSignal.abort();
      await attempt('call', () =>
        makeClient('hang').chat.completions.create({ model: MODEL, messages: ASK }, { signal }),
      );
    },
    spans: [endedSpan('cancelled')],
  },
  'abort during the call': {
    async run({ makeClient, attempt, awaitEvent }) {
      const controller = new AbortController();
      const call = attempt('call', () =>
        makeClient('hang').chat.completions.create(
          { model: MODEL, messages: ASK },
          { signal: controller.signal },
        ),
      );
      await awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [endedSpan('cancelled')],
  },
  'connection refused': {
    async run({ makeClient, attempt }) {
      const client = makeClient('chat', { baseURL: 'http://127.0.0.1:9/v1' });
      await attempt('call', () => client.chat.completions.create({ model: MODEL, messages: ASK }));
    },
    spans: [failed('APIConnectionError', 'Connection error.')],
  },
  'a call that nobody awaits': {
    async run({ makeClient, awaitEvent, delay }) {
      makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(30);
    },
    spans: [endedSpan('abandoned')],
  },
  'a call that nobody awaits is collected': {
    isolated: true,
    args: ['--expose-gc'],
    async run({ makeClient, awaitEvent, delay }) {
      makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(30);
    },
    afterRun: collectGarbage,
    spans: [endedSpan('abandoned')],
  },
  'a call that is awaited late': {
    isolated: true,
    args: ['--expose-gc'],
    async run({ makeClient, awaitEvent, delay, log }) {
      const promise = makeClient('chat').chat.completions.create({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(30);
      globalThis.gc();
      await delay(30);
      log('answer', await promise);
    },
    spans: [chatSpan([answer('Hello there.')])],
  },
  'a failing call that nobody awaits, with a listener': {
    async run({ makeClient, awaitEvent, delay }) {
      makeClient('badRequest').chat.completions.create({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(30);
    },
    spans: [failed('BadRequestError', '400 Bad value.')],
  },
  'a failing call that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      makeClient('badRequest').chat.completions.create({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('BadRequestError', '400 Bad value.')],
  },
  'a failing parse that nobody awaits ends the process': {
    isolated: true,
    async run({ makeClient, awaitEvent, delay, log }) {
      const client = makeClient('badRequest');
      const completions = client.chat.completions.parse
        ? client.chat.completions
        : client.beta.chat.completions;
      completions.parse({ model: MODEL, messages: ASK });
      await awaitEvent('request');
      await delay(500);
      log('still alive');
    },
    spans: [failed('BadRequestError', '400 Bad value.')],
  },
  'handled late, but handled': {
    async run({ makeClient, log, delay }) {
      const promise = makeClient('badRequest').chat.completions.create({ model: MODEL, messages: ASK });
      const handled = promise.catch((error) => error);
      await delay(30);
      log('error', await handled);
    },
    spans: [failed('BadRequestError', '400 Bad value.')],
  },
  'process.exit in the middle of a call': {
    isolated: true,
    async run({ makeClient, awaitEvent }) {
      makeClient('hang')
        .chat.completions.create({ model: MODEL, messages: ASK })
        .catch(() => {});
      await awaitEvent('request');
      process.exit(7);
    },
    spans: [endedSpan('abandoned')],
  },
};
