import { makeChain, recorder } from './langchain-runs.js';
import { chainSpan, fakeSpan, said, streamed, system, user } from './langchain-spans.js';

/** Streams that the program leaves before their end. */
const ASKED = [system('Be short.'), user('Hello?')];
const RUN_ID = '0b1f5c6e-6f5a-4c1e-9a53-3c1f0c7d9a10';
const LEFT = { 'spoor.outcome': 'cancelled' };
const ABANDONED = { 'spoor.outcome': 'abandoned' };
const PROMPT = chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED);

/**
 * What the chain's runs say when the program has seen `seen`. LangChain reads ahead of it: the model and the parser have said
 * `made`, in as many chunks as it has letters.
 */
const left = (seen, made, extra = LEFT) => [
  PROMPT,
  fakeSpan('RunnableSequence', ASKED, [said(made)], { ...streamed(made.length), ...extra }),
  chainSpan('StrOutputParser', 'RunnableSequence', undefined, made, extra),
  chainSpan('RunnableSequence', null, { q: 'Hello?' }, seen, extra),
];

export const scenarios = {
  'chain, stream, break': {
    isUnordered: true,
    async run({ load, log, delay }) {
      const chain = await makeChain(load);
      for await (const chunk of await chain.stream({ q: 'Hello?' })) {
        log('chunk', chunk);
        if (chunk === 'i') break;
      }
      await delay(20);
      log('out of the loop');
    },
    spans: left('Hi', 'Hi.'),
    spansBeforeNode24: left('Hi', 'Hi'),
  },
  'chain, stream, throw in the loop': {
    isUnordered: true,
    async run({ load, attempt, delay }) {
      const chain = await makeChain(load);
      await attempt('loop', async () => {
        for await (const chunk of await chain.stream({ q: 'Hello?' })) {
          if (chunk === 'H') throw new RangeError('mine');
        }
      });
      await delay(20);
    },
    spans: left('H', 'Hi'),
    spansBeforeNode24: left('H', 'H'),
  },
  'chain, stream, cancelled by its reader': {
    isUnordered: true,
    async run({ load, log, delay }) {
      const stream = await (await makeChain(load)).stream({ q: 'Hello?' });
      const reader = stream.getReader();
      log('first', await reader.read());
      await reader.cancel('enough');
      await delay(20);
    },
    spans: left('H', 'H'),
  },
  'chain, streamEvents, break': {
    isUnordered: true,
    async run({ load, log, delay, attempt }) {
      const chain = await makeChain(load);
      // Older ones throw their own abort at who breaks.
      await attempt('loop', async () => {
        for await (const event of chain.streamEvents({ q: 'Hello?' }, { version: 'v2' })) {
          log('event', [event.event, event.name]);
          if (event.event === 'on_chat_model_stream') break;
        }
      });
      await delay(20);
      log('out of the loop');
    },
    spans: left(undefined, 'Hi'),
  },
  'chain, stream, break: callbacks and run ids are the same': {
    isUnordered: true,
    async run({ load, log, delay }) {
      const chain = await makeChain(load);
      const options = { callbacks: [recorder(log)], runId: RUN_ID, tags: ['mine'] };
      for await (const chunk of await chain.stream({ q: 'Hello?' }, options)) if (chunk === 'i') break;
      await delay(20);
    },
    spans: left('Hi', 'Hi.'),
    spansBeforeNode24: left('Hi', 'Hi'),
  },
  'model, stream, break': {
    async run({ load, log, delay }) {
      const { FakeListChatModel } = await load('@langchain/core/utils/testing');
      const model = new FakeListChatModel({ responses: ['Hi.'] });
      for await (const chunk of await model.stream('Hello?')) if (chunk.content === 'i') break;
      await delay(20);
      log('out of the loop');
    },
    spans: [fakeSpan(null, [user('Hello?')], [said('Hi.')], { ...streamed(3), ...LEFT })],
    spansBeforeNode24: [fakeSpan(null, [user('Hello?')], [said('Hi')], { ...streamed(2), ...LEFT })],
  },
  'chain, stream that nobody reads': {
    async run({ load, log, delay }) {
      const stream = await (await makeChain(load)).stream({ q: 'Hello?' });
      await delay(20);
      log('locked', stream.locked);
    },
    isUnordered: true,
    // It was read ahead, so that something was said that came to nobody.
    spans: left(undefined, 'H', ABANDONED).map((span) =>
      span.name === 'StrOutputParser'
        ? chainSpan(span.name, span.parent, undefined, undefined, ABANDONED)
        : span,
    ),
  },
};
