import {
  appSpan,
  chainSpan,
  fakeSpan,
  retrievalSpan,
  said,
  streamed,
  system,
  toolSpan,
  user,
} from './langchain-spans.js';

/** Chains, tools, retrievers and callbacks. */
const FAKES = '@langchain/core/utils/testing';
const ASKED = [system('Be short.'), user('Hello?')];

/** A prompt, a model and a parser. */
export async function makeChain(load, responses = ['Hi.']) {
  const { FakeListChatModel } = await load(FAKES);
  const { ChatPromptTemplate } = await load('@langchain/core/prompts');
  const { StringOutputParser } = await load('@langchain/core/output_parsers');
  const prompt = ChatPromptTemplate.fromMessages([
    ['system', 'Be short.'],
    ['human', '{q}'],
  ]);
  return prompt.pipe(new FakeListChatModel({ responses })).pipe(new StringOutputParser());
}

/** In the bare run there is no tracer, and so no span. */
export const appWork = (name) => globalThis.contractTracer?.startSpan(name).end();

/** Handlers that write down what they are told, without what differs from run to run. */
export function recorder(log) {
  const ids = new Map();
  const idOf = (id) => {
    if (id === undefined) return null;
    if (!ids.has(id)) ids.set(id, `run ${ids.size}`);
    return ids.get(id);
  };
  const handler = { name: 'recorder', awaitHandlers: true };
  const starts = {
    handleChainStart: 7,
    handleChatModelStart: 7,
    handleToolStart: 6,
    handleRetrieverStart: 6,
    handleLLMStart: 7,
  };
  for (const [event, at] of Object.entries(starts)) {
    handler[event] = (...args) =>
      log(event, [
        idOf(args[2]),
        idOf(args[3]),
        args.slice(4, 6).find((value) => Array.isArray(value)) ?? null,
        args[at] ?? null,
      ]);
  }
  for (const event of [
    'handleChainEnd',
    'handleLLMEnd',
    'handleToolEnd',
    'handleRetrieverEnd',
    'handleChainError',
    'handleLLMError',
    'handleToolError',
    'handleRetrieverError',
  ]) {
    handler[event] = (value, id, parent) =>
      log(event, [idOf(id), idOf(parent), value instanceof Error ? value.message : null]);
  }
  handler.handleLLMNewToken = (token, _index, id) => log('handleLLMNewToken', [token, idOf(id)]);
  return handler;
}

const sequence = (output, attributes, extra) =>
  chainSpan('RunnableSequence', null, { q: 'Hello?' }, output, attributes, extra);
const invoked = [
  chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED),
  fakeSpan('RunnableSequence', ASKED, [said('Hi.')]),
  chainSpan('StrOutputParser', 'RunnableSequence', said('Hi.'), 'Hi.'),
  sequence('Hi.'),
];

async function makeTool(load, work) {
  const { tool } = await load('@langchain/core/tools');
  const { z } = await load('zod');
  return tool(work, {
    name: 'lookup',
    description: 'Looks something up.',
    schema: z.object({ q: z.string() }),
  });
}

async function makeRetriever(load, find) {
  const { BaseRetriever } = await load('@langchain/core/retrievers');
  return new (class Shelf extends BaseRetriever {
    lc_namespace = ['app'];
    static lc_name() {
      return 'Shelf';
    }
    async _getRelevantDocuments(query) {
      return find(query);
    }
  })();
}

export const scenarios = {
  'chain, invoke': {
    async run({ load, log }) {
      const chain = await makeChain(load);
      log('answer', await chain.invoke({ q: 'Hello?' }));
    },
    spans: invoked,
  },
  'chain, run name and frozen options': {
    async run({ load, log }) {
      const chain = await makeChain(load);
      const options = Object.freeze({
        runName: 'greet',
        tags: Object.freeze(['a']),
        metadata: Object.freeze({ b: 'c' }),
      });
      log('answer', await chain.invoke(Object.freeze({ q: 'Hello?' }), options));
    },
    spans: [
      chainSpan('ChatPromptTemplate', 'greet', { q: 'Hello?' }, ASKED),
      fakeSpan('greet', ASKED, [said('Hi.')]),
      chainSpan('StrOutputParser', 'greet', said('Hi.'), 'Hi.'),
      chainSpan('greet', null, { q: 'Hello?' }, 'Hi.'),
    ],
  },
  'model without callbacks has no message id': {
    async run({ load, log }) {
      const { FakeListChatModel } = await load(FAKES);
      const message = await new FakeListChatModel({ responses: ['Hi.'] }).invoke('Hello?');
      log('message', [message.id ?? null, message.content, Object.keys(message)]);
    },
    spans: [fakeSpan(null, [user('Hello?')], [said('Hi.')])],
  },
  'chain, stream': {
    async run({ load, log, shape }) {
      const chain = await makeChain(load);
      const stream = await chain.stream({ q: 'Hello?' });
      shape('stream', stream);
      for await (const chunk of stream) log('chunk', chunk);
    },
    isUnordered: true,
    spans: [
      chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED),
      fakeSpan('RunnableSequence', ASKED, [said('Hi.')], streamed(3)),
      chainSpan('StrOutputParser', 'RunnableSequence', undefined, 'Hi.'),
      sequence('Hi.'),
    ],
  },
  'chain, streamEvents': {
    async run({ load, log }) {
      const chain = await makeChain(load);
      for await (const event of chain.streamEvents({ q: 'Hello?' }, { version: 'v2' })) {
        log('event', [event.event, event.name, event.tags, Object.keys(event.data)]);
      }
    },
    isUnordered: true,
    spans: [
      chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED),
      fakeSpan('RunnableSequence', ASKED, [said('Hi.')], streamed(3)),
      chainSpan('StrOutputParser', 'RunnableSequence', undefined, 'Hi.'),
      sequence('Hi.'),
    ],
  },
  'chain, batch with a queue': {
    async run({ load, log }) {
      const chain = await makeChain(load, ['One.', 'Two.']);
      log('answers', await chain.batch([{ q: 'Hello?' }, { q: 'Hello?' }], { maxConcurrency: 1 }));
    },
    isUnordered: true,
    spans: [
      chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED),
      chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED),
      fakeSpan('RunnableSequence', ASKED, [said('One.')]),
      fakeSpan('RunnableSequence', ASKED, [said('Two.')]),
      chainSpan('StrOutputParser', 'RunnableSequence', said('One.'), 'One.'),
      chainSpan('StrOutputParser', 'RunnableSequence', said('Two.'), 'Two.'),
      chainSpan('RunnableSequence', null, [{ q: 'Hello?' }, { q: 'Hello?' }], ['One.', 'Two.']),
    ],
  },
  'callbacks are told the same, in the same order': {
    async run({ load, log }) {
      const chain = await makeChain(load);
      const runId = '0b1f5c6e-6f5a-4c1e-9a53-3c1f0c7d9a10';
      await chain.invoke({ q: 'Hello?' }, { callbacks: [recorder(log)], runId, tags: ['mine'] });
      for await (const chunk of await chain.stream({ q: 'Hello?' }, { callbacks: [recorder(log)] }))
        log('chunk', chunk);
    },
    spans: [
      ...invoked,
      chainSpan('ChatPromptTemplate', 'RunnableSequence', { q: 'Hello?' }, ASKED),
      fakeSpan('RunnableSequence', ASKED, [said('Hi.')], streamed(3)),
      chainSpan('StrOutputParser', 'RunnableSequence', undefined, 'Hi.'),
      sequence('Hi.'),
    ],
  },
  'callbacks of a manager are inherited once': {
    async run({ load, log }) {
      const { CallbackManager } = await load('@langchain/core/callbacks/manager');
      const { BaseCallbackHandler } = await load('@langchain/core/callbacks/base');
      const manager = new CallbackManager();
      manager.addHandler(BaseCallbackHandler.fromMethods(recorder(log)));
      const chain = await makeChain(load);
      await chain.invoke({ q: 'Hello?' }, { callbacks: manager });
      log('handlers', [manager.handlers.length, manager.inheritableHandlers.length]);
    },
    spans: invoked,
  },
  'a parent that only LangChain knows is kept': {
    async run({ load, log }) {
      const { RunnableLambda } = await load('@langchain/core/runnables');
      const { AsyncLocalStorage } = await import('node:async_hooks');
      const outside = AsyncLocalStorage.snapshot();
      const inner = RunnableLambda.from((value) => `${value}!`).withConfig({ runName: 'inner' });
      const outer = RunnableLambda.from((value, config) => outside(() => inner.invoke(value, config)));
      log('answer', await outer.withConfig({ runName: 'outer' }).invoke('a', { callbacks: [recorder(log)] }));
    },
    spans: [chainSpan('inner', 'outer', 'a', 'a!'), chainSpan('outer', null, 'a', 'a!')],
  },
  'parallel branches are siblings': {
    async run({ load, log }) {
      const { RunnableLambda, RunnableMap } = await load('@langchain/core/runnables');
      const one = RunnableLambda.from(async (value) => {
        appWork('in one');
        return `${value}1`;
      });
      const map = RunnableMap.from({
        one: one.withConfig({ runName: 'one' }),
        two: RunnableLambda.from(async (value) => `${value}2`).withConfig({ runName: 'two' }),
      });
      log('answer', await map.invoke('a'));
    },
    isUnordered: true,
    spans: [
      appSpan('in one', 'one'),
      chainSpan('one', 'RunnableMap', 'a', 'a1'),
      chainSpan('two', 'RunnableMap', 'a', 'a2'),
      chainSpan('RunnableMap', null, 'a', { one: 'a1', two: 'a2' }),
    ],
  },
  'fallback after an error': {
    async run({ load, log }) {
      const { RunnableLambda } = await load('@langchain/core/runnables');
      const bad = RunnableLambda.from(() => {
        throw new RangeError('Too far.');
      }).withConfig({ runName: 'bad' });
      const good = RunnableLambda.from(() => 'fine').withConfig({ runName: 'good' });
      log('answer', await bad.withFallbacks([good]).invoke('a'));
    },
    spans: [
      chainSpan(
        'bad',
        'RunnableWithFallbacks',
        'a',
        undefined,
        { 'error.type': 'RangeError', 'spoor.outcome': 'failed' },
        { status: { code: 2, message: 'Too far.' } },
      ),
      chainSpan('good', 'RunnableWithFallbacks', 'a', 'fine'),
      chainSpan('RunnableWithFallbacks', null, 'a', 'fine'),
    ],
  },
  'error of a chain that is aborted': {
    async run({ load, attempt }) {
      const { RunnableLambda } = await load('@langchain/core/runnables');
      const controller = new AbortController();
      const slow = RunnableLambda.from(() => new Promise(() => controller.abort()));
      await attempt('call', () => slow.invoke('a', { signal: controller.signal }));
    },
    spans: 'one cancelled',
  },
  tool: {
    async run({ load, log }) {
      const lookup = await makeTool(load, async ({ q }) => {
        appWork('in tool');
        return `Found ${q}.`;
      });
      log('answer', await lookup.invoke({ q: 'a' }));
      const call = { type: 'tool_call', id: 'call_1', name: 'lookup', args: { q: 'b' } };
      const message = await lookup.invoke(call);
      log('message', [message.content, message.tool_call_id, message.id ?? null]);
    },
    spans: [
      appSpan('in tool', 'execute_tool lookup'),
      toolSpan('lookup', { q: 'a' }, 'Found a.', null),
      appSpan('in tool', 'execute_tool lookup'),
      toolSpan('lookup', { q: 'b' }, 'Found b.', null, { 'gen_ai.tool.call.id': 'call_1' }),
    ],
  },
  'tool that fails': {
    async run({ load, attempt }) {
      const lookup = await makeTool(load, async () => {
        throw new RangeError('Nothing there.');
      });
      await attempt('call', () => lookup.invoke({ q: 'a' }));
    },
    spans: [
      toolSpan(
        'lookup',
        { q: 'a' },
        undefined,
        null,
        { 'error.type': 'RangeError', 'spoor.outcome': 'failed' },
        { status: { code: 2, message: 'Nothing there.' } },
      ),
    ],
  },
  retriever: {
    async run({ load, log }) {
      const { Document } = await load('@langchain/core/documents');
      const shelf = await makeRetriever(load, (query) => [
        new Document({ id: 'd1', pageContent: `About ${query}.`, metadata: { score: 0.5 } }),
      ]);
      log('documents', await shelf.invoke('ants'));
    },
    spans: [
      retrievalSpan('Shelf', 'ants', [
        { id: 'd1', score: 0.5, content: 'About ants.', metadata: { score: 0.5 } },
      ]),
    ],
  },
  'retriever, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ load, log }) {
      const { Document } = await load('@langchain/core/documents');
      const shelf = await makeRetriever(load, () => [
        new Document({ id: 'd1', pageContent: 'Secret.', metadata: { score: 0 } }),
      ]);
      log('documents', await shelf.invoke('ants'));
      log('answer', await (await makeChain(load)).invoke({ q: 'Hello?' }));
      const lookup = await makeTool(load, async () => {
        throw new RangeError('Secret.');
      });
      log('rejected', await lookup.invoke({ q: 'a' }).catch((error) => error.message));
    },
    spans: bare([
      retrievalSpan(
        'Shelf',
        'ants',
        undefined,
        {},
        { 'gen_ai.retrieval.documents': [{ id: 'd1', score: 0 }] },
      ),
      ...invoked,
      toolSpan(
        'lookup',
        { q: 'a' },
        undefined,
        null,
        { 'error.type': 'RangeError', 'spoor.outcome': 'failed' },
        { status: { code: 2 } },
      ),
    ]),
  },
  'retriever that fails': {
    async run({ load, attempt }) {
      const shelf = await makeRetriever(load, () => {
        throw new RangeError('Shelf is empty.');
      });
      await attempt('call', () => shelf.invoke('ants'));
    },
    spans: [
      retrievalSpan(
        'Shelf',
        'ants',
        undefined,
        { status: { code: 2, message: 'Shelf is empty.' } },
        { 'error.type': 'RangeError', 'spoor.outcome': 'failed' },
      ),
    ],
  },
  'methods keep their names and lengths': {
    async run({ load, log }) {
      const { Runnable, RunnableSequence } = await load('@langchain/core/runnables');
      for (const owner of [Runnable.prototype, RunnableSequence.prototype]) {
        for (const key of ['invoke', 'batch', 'stream', '_streamIterator', '_callWithConfig']) {
          const method = owner[key];
          if (method !== undefined) log(key, [method.name, method.length, Object.keys(method)]);
        }
        log('prototype', Reflect.ownKeys(owner).map(String));
      }
    },
    spans: [],
  },
};

/** The same spans without their content. */
function bare(spans) {
  const content = /messages|observation\.(input|output)|arguments|result|description|query/;
  return spans.map((span) => ({
    ...span,
    attributes: Object.fromEntries(Object.entries(span.attributes).filter(([key]) => !content.test(key))),
  }));
}
