import { appWork } from './langchain-runs.js';
import {
  appSpan,
  chainSpan,
  failedProviderSpan,
  fakeSpan,
  providerSpan,
  retrievalSpan,
  said,
  streamed,
  toolSpan,
  user,
} from './langchain-spans.js';

/** Completion models, models of a second provider, and what chains are made of besides. */
const FAKES = '@langchain/core/utils/testing';
const HTTP = (name) => appSpan('http', name);
const fetching = (...args) => {
  appWork('http');
  return fetch(...args);
};

/** A model that takes and gives text. */
const completionSpan = (parent, input, output, attributes = {}, extra = {}, provider = 'fake') => {
  const span = fakeSpan(parent, [user(input)], output, attributes, extra);
  return {
    ...span,
    name: 'text_completion',
    attributes: {
      ...span.attributes,
      'gen_ai.operation.name': 'text_completion',
      'gen_ai.provider.name': provider,
    },
  };
};
const FAILED = { 'error.type': 'RangeError', 'spoor.outcome': 'failed' };
const BROKEN = (message) => ({ status: { code: 2, message } });

async function makeClaude({ load, baseURL }, plan, options = {}) {
  const { ChatAnthropic } = await load('@langchain/anthropic');
  return new ChatAnthropic({
    apiKey: 'test',
    model: 'claude-test',
    maxTokens: 64,
    maxRetries: 0,
    anthropicApiUrl: baseURL(`claude.${plan}`),
    clientOptions: { fetch: fetching },
    ...options,
  });
}

async function makeGpt({ load, baseURL }, plan) {
  const { ChatOpenAI } = await load('@langchain/openai');
  const configuration = { baseURL: `${baseURL(plan)}/v1`, fetch: fetching };
  return new ChatOpenAI({ apiKey: 'test', model: 'gpt-4o', temperature: 0, maxRetries: 0, configuration });
}

const gptSpan = (output, parent) => providerSpan([user('Hello?')], output, {}, { parent });
const CLAUDE = 'chat claude-test';
function claudeSpan(output, attributes = {}, extra = {}) {
  const span = fakeSpan(null, [user('Hello?')], output, {
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-test',
    'gen_ai.request.max_tokens': 64,
    'server.address': '127.0.0.1',
    'server.port': 'PORT',
    ...attributes,
  });
  return { ...span, name: CLAUDE, ...extra };
}
const BEGUN = {
  'gen_ai.response.id': 'msg_1',
  'gen_ai.response.model': 'claude-test-20260101',
  'gen_ai.usage.input_tokens': 35,
  'gen_ai.usage.cache_read.input_tokens': 12,
  'gen_ai.usage.cache_write.input_tokens': 3,
  'anthropic.response.service_tier': 'standard',
};
const WHOLE = {
  ...BEGUN,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.response.finish_reasons': ['stop'],
  'anthropic.message.stop_reason': 'end_turn',
};

/** What older ones send without being asked. */
const ALWAYS_SENT = {
  'gen_ai.request.temperature': 1,
  'gen_ai.request.top_p': -1,
  'gen_ai.request.top_k': -1,
  'anthropic.thinking.type': 'disabled',
};

/** Models of a second provider, beside those of the first. `sent` is what every request says. */
function secondProvider(suffix, versions, sent) {
  const claude = (output, attributes, extra) => claudeSpan(output, { ...sent, ...attributes }, extra);
  const leftClaude = (text, chunks) => [
    HTTP(CLAUDE),
    claude([said(text)], {
      ...BEGUN,
      ...streamed(chunks),
      'gen_ai.usage.output_tokens': 1,
      'spoor.outcome': 'cancelled',
    }),
  ];
  return {
    [`second provider, invoke${suffix}`]: {
      ...versions,
      async run(tools) {
        const message = await (await makeClaude(tools, 'message')).invoke('Hello?');
        tools.log('message', [message.id, message.content, message.usage_metadata]);
      },
      spans: [HTTP(CLAUDE), claude([said('Hello there.', 'stop')], WHOLE)],
    },
    [`second provider, stream${suffix}`]: {
      ...versions,
      async run(tools) {
        for await (const chunk of await (await makeClaude(tools, 'message')).stream('Hello?')) {
          tools.log('chunk', [chunk.content, chunk.usage_metadata ?? null]);
        }
      },
      spans: [HTTP(CLAUDE), claude([said('Hello there.', 'stop')], { ...WHOLE, ...streamed(6) })],
    },
    [`second provider, stream, break${suffix}`]: {
      ...versions,
      async run(tools) {
        const model = await makeClaude(tools, 'streamHang');
        for await (const chunk of await model.stream('Hello?'))
          if (/Hel/.test(JSON.stringify(chunk.content))) break;
        tools.log('closed', (await tools.awaitEvent('closed by client')).seen);
      },
      spans: leftClaude('Hello', 4),
      spansBeforeNode24: leftClaude('Hel', 3),
    },
    [`second provider, error${suffix}`]: {
      ...versions,
      async run(tools) {
        await tools.attempt('call', async () => (await makeClaude(tools, 'badRequest')).invoke('Hello?'));
      },
      spans: [
        HTTP(CLAUDE),
        claude(
          undefined,
          { 'error.type': 'BadRequestError', 'spoor.outcome': 'failed' },
          BROKEN('400 {"type":"error","error":{"type":"invalid_request_error","message":"Bad value."}}'),
        ),
      ],
    },
    [`two providers in one chain${suffix}`]: {
      ...versions,
      isUnordered: true,
      async run(tools) {
        const { RunnableMap } = await tools.load('@langchain/core/runnables');
        const map = RunnableMap.from({
          one: await makeGpt(tools, 'chat'),
          two: await makeClaude(tools, 'message'),
        });
        const { one, two } = await map.invoke('Hello?');
        tools.log('contents', [one.content, two.content]);
      },
      spans: [
        HTTP(CLAUDE),
        HTTP('chat gpt-4o'),
        gptSpan([said('Hello there.', 'stop')], 'RunnableMap'),
        claude([said('Hello there.', 'stop')], WHOLE, { parent: 'RunnableMap' }),
        chainSpan('RunnableMap', null, 'Hello?', { one: said('Hello there.'), two: said('Hello there.') }),
      ],
    },
    [`fallback from one provider to the other${suffix}`]: {
      ...versions,
      async run(tools) {
        const model = (await makeGpt(tools, 'badRequest')).withFallbacks([
          await makeClaude(tools, 'message'),
        ]);
        tools.log('content', (await model.invoke('Hello?')).content);
      },
      spans: [
        HTTP('chat gpt-4o'),
        failedProviderSpan([user('Hello?')], 'BadRequestError', '400 Bad value.', {
          parent: 'RunnableWithFallbacks',
        }),
        HTTP(CLAUDE),
        claude([said('Hello there.', 'stop')], WHOLE, { parent: 'RunnableWithFallbacks' }),
        chainSpan('RunnableWithFallbacks', null, 'Hello?', said('Hello there.')),
      ],
    },
  };
}

/** A stream that the program left when the model had said this much. */
const leftCompletion = (text) => [
  completionSpan(null, 'Hello?', [said(text)], { ...streamed(text.length), 'spoor.outcome': 'cancelled' }),
];

export const scenarios = {
  'completion model': {
    async run({ load, log }) {
      const { FakeLLM } = await load(FAKES);
      log('text', await new FakeLLM({ response: 'Hi.' }).invoke('Hello?'));
    },
    spans: [completionSpan(null, 'Hello?', [said('Hi.')])],
  },
  'completion model, stream': {
    async run({ load, log }) {
      const { FakeStreamingLLM } = await load(FAKES);
      const model = new FakeStreamingLLM({ responses: ['Hi.'] });
      for await (const chunk of await model.stream('Hello?')) log('chunk', chunk);
    },
    spans: [completionSpan(null, 'Hello?', [said('Hi.')], streamed(3))],
  },
  'completion model, stream, break': {
    async run({ load, log, delay }) {
      const { FakeStreamingLLM } = await load(FAKES);
      const model = new FakeStreamingLLM({ responses: ['Hi.'] });
      for await (const chunk of await model.stream('Hello?')) if (chunk === 'i') break;
      await delay(20);
      log('out of the loop');
    },
    spans: leftCompletion('Hi.'),
    spansBeforeNode24: leftCompletion('Hi'),
  },
  'completion model that fails, several prompts in a batch': {
    async run({ load, log, attempt }) {
      const { FakeLLM } = await load(FAKES);
      log('answers', await new FakeLLM({ response: 'Hi.' }).batch(['One?', 'Two?']));
      const bad = new FakeLLM({ thrownErrorString: 'No room.' });
      await attempt('call', () => bad.invoke('Hello?'));
    },
    spans: [
      completionSpan(null, 'One?', [said('Hi.')]),
      completionSpan(null, 'Two?', [said('Hi.')]),
      completionSpan(null, 'Hello?', undefined, { ...FAILED, 'error.type': 'Error' }, BROKEN('No room.')),
    ],
  },
  'completion model over a provider': {
    async run({ load, baseURL, log }) {
      const { OpenAI } = await load('@langchain/openai');
      const configuration = { baseURL: `${baseURL('completion')}/v1`, fetch: fetching };
      const model = new OpenAI({
        apiKey: 'test',
        model: 'gpt-3.5-turbo-instruct',
        maxRetries: 0,
        configuration,
      });
      log('text', await model.invoke('Hello?'));
    },
    spans: [
      HTTP('text_completion gpt-3.5-turbo-instruct'),
      {
        ...completionSpan(
          null,
          'Hello?',
          [said(' upon a time', 'length')],
          {
            'gen_ai.request.model': 'gpt-3.5-turbo-instruct',
            'server.address': '127.0.0.1',
            'server.port': 'PORT',
            'gen_ai.response.id': 'cmpl-1',
            'gen_ai.response.model': 'gpt-3.5-turbo-instruct',
            'gen_ai.response.finish_reasons': ['length'],
            'gen_ai.usage.input_tokens': 2,
            'gen_ai.usage.output_tokens': 3,
          },
          {},
          'openai',
        ),
        name: 'text_completion gpt-3.5-turbo-instruct',
      },
    ],
  },
  ...secondProvider('', { since: '1.0.0' }, {}),
  ...secondProvider(' 0.3', { until: '1.0.0' }, ALWAYS_SENT),
  'embeddings without a provider have no span': {
    async run({ load, log }) {
      const { FakeEmbeddings } = await load(FAKES);
      const embeddings = new FakeEmbeddings();
      log('vectors', [
        await embeddings.embedQuery('One.'),
        await embeddings.embedDocuments(['One.', 'Two.']),
      ]);
    },
    spans: [],
  },
  'a retriever in a chain': {
    async run({ load, log }) {
      const { RunnableLambda } = await load('@langchain/core/runnables');
      const { FakeRetriever } = await load(FAKES);
      const { Document } = await load('@langchain/core/documents');
      const shelf = new FakeRetriever({ output: [new Document({ pageContent: 'About ants.' })] });
      const join = RunnableLambda.from((documents) => {
        appWork('in join');
        return documents.map(({ pageContent }) => pageContent).join(' ');
      }).withConfig({ runName: 'join' });
      log('answer', await shelf.pipe(join).invoke('ants'));
    },
    spans: [
      retrievalSpan('FakeRetriever', 'ants', [{ content: 'About ants.' }], { parent: 'RunnableSequence' }),
      appSpan('in join', 'join'),
      chainSpan('join', 'RunnableSequence', [{ pageContent: 'About ants.', metadata: {} }], 'About ants.'),
      chainSpan('RunnableSequence', null, 'ants', 'About ants.'),
    ],
  },
  'tools of a graph that throw, their errors told to the model': {
    isUnordered: true,
    async run({ load, log }) {
      const { tool } = await load('@langchain/core/tools');
      const { AIMessage } = await load('@langchain/core/messages');
      const { ToolNode } = await load('@langchain/langgraph/prebuilt');
      const { z } = await load('zod');
      const make = (name, work) =>
        tool(work, { name, description: 'Looks something up.', schema: z.object({ q: z.string() }) });
      const node = new ToolNode([
        make('good', async ({ q }) => `Found ${q}.`),
        make('bad', async () => {
          throw new RangeError('Nothing there.');
        }),
      ]);
      const tool_calls = ['good', 'bad'].map((name) => ({
        type: 'tool_call',
        id: `call_${name}`,
        name,
        args: { q: 'a' },
      }));
      const { messages } = await node.invoke({ messages: [new AIMessage({ content: '', tool_calls })] });
      log(
        'messages',
        messages.map(({ name, content, status }) => [name, content, status ?? null]),
      );
    },
    spans: [
      toolSpan('good', { q: 'a' }, 'Found a.', null, { 'gen_ai.tool.call.id': 'call_good' }),
      toolSpan(
        'bad',
        { q: 'a' },
        undefined,
        null,
        { 'gen_ai.tool.call.id': 'call_bad', ...FAILED },
        BROKEN('Nothing there.'),
      ),
    ],
  },
  'a tool that is given what it cannot read': {
    async run({ load, attempt }) {
      const { tool } = await load('@langchain/core/tools');
      const { z } = await load('zod');
      const lookup = tool(async () => 'never', {
        name: 'lookup',
        description: 'Looks something up.',
        schema: z.object({ q: z.string() }),
      });
      await attempt('call', () => lookup.invoke({ q: 1 }));
    },
    spans: [
      toolSpan(
        'lookup',
        { q: 1 },
        undefined,
        null,
        { ...FAILED, 'error.type': 'ToolInputParsingException' },
        BROKEN('ANY'),
      ),
    ],
  },
};
