import { agentSpan, chainSpan, chatSpan, makeModel, makeTools, MODEL, span } from './vercel-spans.js';
import { toolRun } from './vercel-calls.js';

/** What surrounds models: agents, middleware, steps that choose another model, embeddings. */
const embedding = async ({ load, baseURL }, plan) => {
  const { createOpenAI } = await load('@ai-sdk/openai');
  return createOpenAI({ apiKey: 'test', baseURL: baseURL(plan) }).textEmbeddingModel('embed-test');
};

export const scenarios = {
  'an agent': {
    async run(tools) {
      const { sdk, log } = tools;
      const model = await makeModel(tools, 'tools');
      const Agent = sdk.ToolLoopAgent ?? sdk.Experimental_Agent;
      const settings = { model, tools: makeTools(sdk, () => 'sunny'), stopWhen: sdk.stepCountIs(3) };
      const agent = new Agent(settings);
      const { text } = await agent.generate({ prompt: 'Say hello.' });
      log('answer', [text, Object.keys(agent.tools)]);
    },
    spans: [
      ...toolRun('invoke_agent', chatSpan),
      agentSpan(undefined, { 'spoor.observation.output': 'It is sunny.' }),
    ],
  },
  'a step that chooses another model': {
    async run(tools) {
      const { sdk, log } = tools;
      const [first, second] = [await makeModel(tools, 'badRequest'), await makeModel(tools, 'chat')];
      const prepareStep = ({ model }) => {
        log('own model', model === first);
        return { model: second };
      };
      const { text } = await sdk.generateText({ model: first, prompt: 'Say hello.', prepareStep });
      log('answer', text);
    },
    spans: [chatSpan('generateText'), chainSpan('generateText')],
  },
  'a model behind middleware': {
    async run(tools) {
      const { sdk, log } = tools;
      const inner = await makeModel(tools, 'chat');
      const middleware = {
        specificationVersion: 'v3',
        wrapGenerate: async ({ doGenerate, model }) => {
          log('inner', model === inner);
          return doGenerate();
        },
      };
      const model = sdk.wrapLanguageModel({ model: inner, middleware });
      const { text } = await sdk.generateText({ model, prompt: 'Say hello.' });
      log('answer', text);
    },
    spans: [chatSpan('generateText'), chainSpan('generateText')],
  },
  'a model that is given by name': {
    async run(tools) {
      const { sdk, log } = tools;
      const model = await makeModel(tools, 'chat');
      globalThis.AI_SDK_DEFAULT_PROVIDER = { specificationVersion: 'v3', languageModel: () => model };
      try {
        log('answer', (await sdk.generateText({ model: MODEL, prompt: 'Say hello.' })).text);
      } finally {
        delete globalThis.AI_SDK_DEFAULT_PROVIDER;
      }
    },
    spans: [chatSpan('generateText'), chainSpan('generateText')],
  },
  'a model that is called by the program itself': {
    async run(tools) {
      const model = await makeModel(tools, 'chat');
      const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }];
      tools.log('answer', (await model.doGenerate({ prompt })).content);
    },
    spans: [],
  },
  embeddings: {
    async run(tools) {
      const { sdk, log } = tools;
      const model = await embedding(tools, 'embeddings');
      const { embedding: vector, usage } = await sdk.embed({ model, value: 'Hello.' });
      log('answer', [vector.length, usage]);
    },
    spans: [
      span(null, {
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'embed-test',
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hello.' }] }],
        'gen_ai.usage.input_tokens': 5,
        'spoor.outcome': 'completed',
      }),
    ],
  },
};
