import {
  agentSpan,
  answer,
  ASKED,
  chainSpan,
  chatSpan,
  DEFINITIONS,
  endedSpan,
  makeModel,
  makeTools,
  MODEL,
  span,
  telemetry,
  toolSpan,
} from './vercel-spans.js';

/** Calls that are answered at once. Each is made with a provider's package over the wire. */
const CALL = {
  type: 'tool_call',
  id: 'call_a',
  name: 'get_weather',
  arguments: { city: 'Rome' },
};
const AFTER_TOOL = [
  ...ASKED,
  { role: 'assistant', parts: [CALL] },
  { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_a', response: 'sunny' }] },
];

/** The spans of a run with one call of a tool, under `parent`. */
export function toolRun(parent, chat, text = 'It is sunny.') {
  const asked = { role: 'assistant', parts: [CALL], finish_reason: 'tool_call' };
  return [
    chat(parent, {
      'gen_ai.tool.definitions': DEFINITIONS,
      'gen_ai.response.finish_reasons': ['tool_call'],
      'gen_ai.output.messages': [asked],
    }),
    toolSpan(parent),
    chat(parent, {
      'gen_ai.input.messages': AFTER_TOOL,
      'gen_ai.tool.definitions': DEFINITIONS,
      'gen_ai.output.messages': answer(text),
    }),
  ];
}

const seen = ({ text, finishReason, usage, toolCalls, steps }) => [
  text,
  finishReason,
  usage,
  toolCalls,
  steps?.length,
];
const ask = (tools, plan, options = {}) =>
  makeModel(tools, plan).then((model) =>
    tools.sdk.generateText({ model, prompt: 'Say hello.', maxRetries: 0, ...options }),
  );
const failedRun = (type, message) => {
  const status = { code: 2, message };
  return [
    endedSpan('generateText', 'failed', { 'error.type': type }, status),
    chainSpan(
      'generateText',
      { 'error.type': type, 'spoor.observation.output': undefined, 'spoor.outcome': 'failed' },
      { status },
    ),
  ];
};

export const scenarios = {
  'generate text': {
    async run(tools) {
      const promise = ask(tools, 'chat', {
        system: 'Be short.',
        temperature: 0,
        topP: 0.5,
        maxOutputTokens: 9,
      });
      tools.shape('promise', promise);
      const result = await promise;
      tools.shape('result', result);
      tools.log('answer', seen(result));
    },
    spans: [
      chatSpan('generateText', {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.top_p': 0.5,
        'gen_ai.request.max_tokens': 9,
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
      }),
      chainSpan('generateText'),
    ],
  },
  'a named run is an agent': {
    async run(tools) {
      tools.log('answer', seen(await ask(tools, 'chat', telemetry({ functionId: 'greeter' }))));
    },
    spans: [chatSpan('invoke_agent greeter'), agentSpan('greeter')],
  },
  'metadata of the program': {
    async run(tools) {
      const settings = telemetry({ metadata: { tenant: 'a', tries: 1 } });
      tools.log('answer', seen(await ask(tools, 'chat', settings)));
    },
    spans: [
      chatSpan('generateText'),
      chainSpan('generateText', {
        'spoor.observation.metadata.tenant': 'a',
        'spoor.observation.metadata.tries': 1,
      }),
    ],
    until: '7',
  },
  'a tool and its spans': {
    async run(tools) {
      const { sdk, log } = tools;
      const execute = async (input, options) => {
        log('tool', [input, options.toolCallId, Object.keys(options).toSorted()]);
        globalThis.contractTracer?.startSpan('work').end();
        return 'sunny';
      };
      const options = { tools: makeTools(sdk, execute), stopWhen: sdk.stepCountIs(3) };
      log('answer', seen(await ask(tools, 'tools', options)));
    },
    spans: [
      ...toolRun('invoke_agent', chatSpan).flatMap((one) =>
        one.name.startsWith('execute_tool')
          ? [span('execute_tool get_weather', {}, { name: 'work', kind: 0, scope: 'app' }), one]
          : [one],
      ),
      agentSpan(undefined, { 'spoor.observation.output': 'It is sunny.' }),
    ],
  },
  'a tool that fails': {
    async run(tools) {
      const { sdk, log } = tools;
      const result = await ask(tools, 'tools', { tools: makeTools(sdk, failTool) });
      log('answer', [result.finishReason, result.content.map(({ type, error }) => [type, error ?? null])]);
    },
    spans: [
      chatSpan('invoke_agent', {
        'gen_ai.tool.definitions': DEFINITIONS,
        'gen_ai.response.finish_reasons': ['tool_call'],
        'gen_ai.output.messages': [{ role: 'assistant', parts: [CALL], finish_reason: 'tool_call' }],
      }),
      toolSpan(
        'invoke_agent',
        {
          'error.type': 'RangeError',
          'gen_ai.tool.call.result': undefined,
          'spoor.outcome': 'failed',
        },
        { status: { code: 2, message: 'No weather.' } },
      ),
      agentSpan(undefined, { 'spoor.observation.output': undefined }),
    ],
  },
  'options are frozen and stay the same': {
    async run(tools) {
      const { sdk, log } = tools;
      const options = deepFreeze({
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }],
        headers: { 'x-mine': '1' },
        maxRetries: 0,
        experimental_telemetry: { functionId: 'greeter' },
      });
      const model = Object.freeze(await makeModel(tools, 'chat'));
      log('answer', seen(await sdk.generateText(Object.freeze({ ...options, model }))));
      log('options', options);
    },
    spans: [chatSpan('invoke_agent greeter'), agentSpan('greeter')],
  },
  'a bad request': {
    async run(tools) {
      await tools.attempt('call', () => ask(tools, 'badRequest').catch(withoutHeaders));
    },
    spans: failedRun('AI_APICallError', 'Bad value.'),
  },
  'a connection that is refused': {
    async run({ sdk, load, attempt }) {
      const { createOpenAI } = await load('@ai-sdk/openai');
      const model = createOpenAI({ apiKey: 'test', baseURL: 'http://127.0.0.1:9' }).chat(MODEL);
      await attempt('call', () =>
        sdk.generateText({ model, prompt: 'Say hello.', maxRetries: 0 }).catch(withoutHeaders),
      );
    },
    spans: failedRun('AI_APICallError', 'ANY'),
  },
  'a second try after a 500': {
    async run(tools) {
      tools.log('answer', seen(await ask(tools, 'retry', { maxRetries: 1 })));
    },
    spans: [
      endedSpan('generateText', 'failed', { 'error.type': 'AI_APICallError' }, { code: 2, message: 'Oops.' }),
      chatSpan('generateText', { 'gen_ai.output.messages': answer('Second time.') }),
      chainSpan('generateText', { 'spoor.observation.output': 'Second time.' }),
    ],
  },
  'an abort during the call': {
    async run(tools) {
      const controller = new AbortController();
      const call = tools.attempt('call', () => ask(tools, 'hang', { abortSignal: controller.signal }));
      await tools.awaitEvent('request');
      controller.abort();
      await call;
    },
    spans: [
      endedSpan('generateText', 'cancelled'),
      chainSpan('generateText', { 'spoor.observation.output': undefined, 'spoor.outcome': 'cancelled' }),
    ],
  },
  'an object': {
    async run(tools) {
      const { sdk, log } = tools;
      const model = await makeModel(tools, 'json');
      const schema = sdk.jsonSchema(DEFINITIONS[0].parameters);
      const result = await sdk.generateObject({ model, schema, prompt: 'Say hello.' });
      log('answer', [result.object, result.finishReason, result.usage]);
    },
    spans: [
      chatSpan('generateObject', {
        'gen_ai.output.type': 'json',
        'gen_ai.output.messages': answer('{"city":"Rome"}'),
      }),
      chainSpan('generateObject', { 'spoor.observation.output': { city: 'Rome' } }),
    ],
    until: '7',
  },
  'an object, where the channel does not tell of it': {
    async run(tools) {
      const { sdk, log } = tools;
      const model = await makeModel(tools, 'json');
      const schema = sdk.jsonSchema(DEFINITIONS[0].parameters);
      const result = await sdk.generateObject({ model, schema, prompt: 'Say hello.' });
      log('answer', [result.object, result.finishReason, result.usage]);
    },
    spans: [
      chatSpan(null, { 'gen_ai.output.type': 'json', 'gen_ai.output.messages': answer('{"city":"Rome"}') }),
    ],
    since: '7',
  },
  'runs side by side': {
    async run(tools) {
      const asked = (prompt) => ask(tools, 'chat', { prompt });
      tools.log('answers', (await Promise.all(['a', 'b', 'c'].map(asked))).length);
    },
    isUnordered: true,
    spans: ['a', 'b', 'c'].flatMap((content) => [
      chatSpan('generateText', {
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content }] }],
      }),
      chainSpan('generateText', { 'spoor.observation.input': content }),
    ]),
  },
  'a run inside a tool': {
    async run(tools) {
      const { sdk, log } = tools;
      const execute = async () => {
        await ask(tools, 'chat');
        return 'sunny';
      };
      const options = { tools: makeTools(sdk, execute), stopWhen: sdk.stepCountIs(3) };
      log('answer', seen(await ask(tools, 'tools', options)));
    },
    spans: [
      ...toolRun('invoke_agent', chatSpan).flatMap((one) =>
        one.name.startsWith('execute_tool')
          ? [chatSpan('generateText'), { ...chainSpan('generateText'), parent: one.name }, one]
          : [one],
      ),
      agentSpan(undefined, { 'spoor.observation.output': 'It is sunny.' }),
    ],
  },
  'silence that was asked for': {
    async run(tools) {
      tools.log('answer', seen(await ask(tools, 'chat', telemetry({ isEnabled: false }))));
    },
    spans: [],
  },
  'no input, where that was asked for': {
    async run(tools) {
      tools.log('answer', seen(await ask(tools, 'chat', telemetry({ recordInputs: false }))));
      await tools.attempt('failing', () =>
        ask(tools, 'badRequest', telemetry({ recordInputs: false })).catch(withoutHeaders),
      );
    },
    spans: [
      chatSpan('generateText', { 'gen_ai.input.messages': undefined }),
      chainSpan('generateText', { 'spoor.observation.input': undefined }),
      ...failedRun('AI_APICallError').map((one) => ({
        ...one,
        status: { code: 2 },
        attributes: Object.fromEntries(
          Object.entries(one.attributes).filter(
            ([key]) => !key.endsWith('input') && !key.includes('messages'),
          ),
        ),
      })),
    ],
    until: '7',
  },
  // The channel leaves every result out then.
  'no input or no output, where the channel knows of it': {
    async run(tools) {
      tools.log('no input', seen(await ask(tools, 'chat', telemetry({ recordInputs: false }))));
      tools.log('no output', seen(await ask(tools, 'chat', telemetry({ recordOutputs: false }))));
    },
    spans: [
      endedSpan('generateText', 'completed', { 'gen_ai.input.messages': undefined }),
      chainSpan('generateText', {
        'spoor.observation.input': undefined,
        'spoor.observation.output': undefined,
      }),
      endedSpan('generateText', 'completed'),
      chainSpan('generateText', { 'spoor.observation.output': undefined }),
    ],
    since: '7',
  },
  'content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run(tools) {
      const options = { tools: makeTools(tools.sdk, () => 'sunny'), stopWhen: tools.sdk.stepCountIs(3) };
      tools.log('answer', seen(await ask(tools, 'tools', { ...options, system: 'Be short.' })));
    },
    spans: [...toolRun('invoke_agent', chatSpan), agentSpan(undefined)].map((one) => ({
      ...one,
      attributes: Object.fromEntries(
        Object.entries(one.attributes).filter(
          ([key]) => !/(messages|definitions|arguments|result|observation\.(input|output))$/.test(key),
        ),
      ),
    })),
  },
  'process.exit in the middle of a run': {
    isolated: true,
    async run(tools) {
      ask(tools, 'hang').catch(() => {});
      await tools.awaitEvent('request');
      process.exit(7);
    },
    spans: [
      // Innermost first.
      endedSpan('generateText', 'abandoned'),
      chainSpan('generateText', { 'spoor.observation.output': undefined, 'spoor.outcome': 'abandoned' }),
    ],
  },
  'a failing run that nobody awaits ends the process': {
    isolated: true,
    async run(tools) {
      void ask(tools, 'badRequest');
      await tools.awaitEvent('request');
      await tools.delay(500);
      tools.log('still alive');
    },
    spans: failedRun('AI_APICallError', 'Bad value.'),
  },
  'functions keep their names and lengths': {
    async run({ sdk, log, loadOtherCopy }) {
      for (const name of [
        'generateText',
        'streamText',
        'generateObject',
        'streamObject',
        'embed',
        'embedMany',
      ]) {
        log(name, [sdk[name].name, sdk[name].length, Object.keys(sdk[name])]);
      }
      log('exports', Object.keys(sdk).toSorted());
      log('other', Object.keys(await loadOtherCopy()).toSorted());
    },
    spans: [],
  },
};

function failTool() {
  throw new RangeError('No weather.');
}

/** The headers of an answer have its date. */
function withoutHeaders(error) {
  delete error.responseHeaders;
  throw error;
}

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
