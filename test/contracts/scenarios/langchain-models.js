import { appWork } from './langchain-runs.js';
import { appSpan, failedProviderSpan, providerSpan, said, streamed, user } from './langchain-spans.js';

const fetching = (...args) => {
  appWork('http');
  return fetch(...args);
};

/** A model over a provider's SDK that is instrumented as well: one call, one span. */
async function makeModel({ load, baseURL }, plan, options = {}) {
  const { ChatOpenAI } = await load('@langchain/openai');
  return new ChatOpenAI({
    apiKey: 'test',
    model: 'gpt-4o',
    temperature: 0,
    maxRetries: 0,
    configuration: { baseURL: `${baseURL(plan)}/v1`, fetch: fetching },
    ...options,
  });
}

const HTTP = appSpan('http', 'chat gpt-4o');
const ASKED = [user('Hello?')];

/** What a stream says at its end, and so not at all. */
const UNSAID = {
  'spoor.outcome': 'cancelled',
  'gen_ai.response.finish_reasons': undefined,
  'gen_ai.usage.input_tokens': undefined,
  'gen_ai.usage.output_tokens': undefined,
  'gen_ai.usage.cache_read.input_tokens': undefined,
  'gen_ai.usage.reasoning.output_tokens': undefined,
};

export const scenarios = {
  'model over a provider, invoke': {
    async run(tools) {
      const message = await (await makeModel(tools, 'chat')).invoke('Hello?');
      tools.log('message', [message.id, message.content, message.usage_metadata, message.response_metadata]);
    },
    spans: [HTTP, providerSpan(ASKED, [said('Hello there.', 'stop')])],
  },
  'model over a provider, stream': {
    async run(tools) {
      for await (const chunk of await (await makeModel(tools, 'stream')).stream('Hello?')) {
        tools.log('chunk', [chunk.content, chunk.usage_metadata ?? null]);
      }
    },
    spans: [HTTP, providerSpan(ASKED, [said('Hello there.', 'stop')], { ...streamed(6) })],
  },
  'model over a provider, stream aborted': {
    async run(tools) {
      const model = await makeModel(tools, 'streamHang');
      const controller = new AbortController();
      await tools.attempt('loop', async () => {
        for await (const chunk of await model.stream('Hello?', { signal: controller.signal })) {
          if (chunk.content === 'lo') controller.abort();
        }
      });
      tools.log('closed', (await tools.awaitEvent('closed by client')).seen);
    },
    spans: [HTTP, providerSpan(ASKED, [said('Hello')], { ...streamed(3), ...UNSAID })],
  },
  'model over a provider, error': {
    async run(tools) {
      const model = await makeModel(tools, 'badRequest');
      await tools.attempt('call', () => model.invoke('Hello?'));
    },
    spans: [HTTP, failedProviderSpan(ASKED, 'BadRequestError', '400 Bad value.')],
  },
  'model over a provider, retried': {
    async run(tools) {
      const message = await (await makeModel(tools, 'retry', { maxRetries: 1 })).invoke('Hello?');
      tools.log('content', message.content);
    },
    spans: [HTTP, HTTP, providerSpan(ASKED, [said('Second time.', 'stop')])],
  },
  'a failing call that nobody awaits ends the process': {
    isolated: true,
    async run(tools) {
      void (await makeModel(tools, 'badRequest')).invoke('Hello?');
      await tools.awaitEvent('request');
      await tools.delay(500);
      tools.log('still alive');
    },
    spans: [HTTP, failedProviderSpan(ASKED, 'BadRequestError', '400 Bad value.')],
  },
  'embeddings have the span of the provider': {
    async run({ load, baseURL, log }) {
      const { OpenAIEmbeddings } = await load('@langchain/openai');
      const configuration = { baseURL: `${baseURL('embeddings')}/v1` };
      const embeddings = new OpenAIEmbeddings({
        apiKey: 'test',
        model: 'text-embedding-3-small',
        configuration,
      });
      log('vector', await embeddings.embedQuery('A text.'));
    },
    spans: 'one completed',
  },
};
