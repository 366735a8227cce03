import { makeAgent, makeModel, PARAMETERS, watchTracing, weatherTool } from './agents-parts.js';
import { makeSpans, said } from './agents-spans.js';

const HELP = { role: 'system', parts: [{ type: 'text', content: 'Help.' }] };
const HI = { role: 'user', parts: [{ type: 'text', content: 'Hi.' }] };
const DEFINITIONS = [{ type: 'function', name: 'weather', description: 'Weather', parameters: PARAMETERS }];
const asked = (id, city) => ({ type: 'tool_call', id, name: 'weather', arguments: { city } });
const transferred = { type: 'tool_call', id: 'call_1', name: 'transfer_to_Poet', arguments: {} };
const TRANSFER = {
  type: 'function',
  name: 'transfer_to_Poet',
  description: 'Handoff to the Poet agent to handle the request. Writes.',
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
};
const told = (id, text) => ({
  role: 'tool',
  parts: [{ type: 'tool_call_response', id, response: text }],
});

/** Runs that end well. `hasTurns`: the SDK made more spans of its own as time went on. */
export function runs(hasTurns) {
  const { agent, app, handoff, model, span, task, tool, turn, workflow } = makeSpans(hasTurns);
  const whole = (attributes) => [
    model('Helper', 1, attributes),
    ...turn('Helper', 1),
    agent('Helper'),
    ...task(),
    workflow(),
  ];
  return {
    'a run': {
      async run(parts) {
        watchTracing(parts);
        const { finalOutput } = await parts.sdk.run(await makeAgent(parts, 'hello'), 'Hi.');
        parts.log('output', finalOutput);
      },
      spans: whole(),
    },
    'a run through the other API': {
      async run(parts) {
        const { finalOutput } = await parts.sdk.run(
          await makeAgent(parts, 'response', { api: 'responses' }),
          'Hi.',
        );
        parts.log('output', finalOutput);
      },
      spans: whole({
        'openai.api.type': 'responses',
        'gen_ai.output.type': undefined,
        'gen_ai.system_instructions': [{ type: 'text', content: 'Help.' }],
        'gen_ai.input.messages': [HI],
        'gen_ai.response.id': 'resp_1',
        'gen_ai.response.finish_reasons': undefined,
        'gen_ai.output.messages': [said('Hello.', null)],
        'gen_ai.response.status': 'completed',
        'gen_ai.usage.cache_read.input_tokens': 12,
        'gen_ai.usage.reasoning.output_tokens': 4,
      }),
    },
    'a streamed run': {
      async run(parts) {
        const { log, sdk } = parts;
        const result = await sdk.run(await makeAgent(parts, 'stream'), 'Hi.', { stream: true });
        for await (const event of result) log('event', event.type);
        await result.completed;
        log('output', result.finalOutput);
      },
      isUnordered: !hasTurns,
      spans: whole({
        'gen_ai.request.stream': true,
        'gen_ai.input.messages': [HELP, HI],
      }),
    },
    'tools side by side': {
      async run(parts) {
        const { delay, log, sdk } = parts;
        let noteRome;
        const isRomeDone = new Promise((resolve) => (noteRome = resolve));
        const inside = async (city) => {
          // The first that is asked for ends last, however busy the machine is.
          if (city === 'Oslo') await isRomeDone;
          await delay(city === 'Oslo' ? 30 : 5);
          globalThis.contractTracer?.startSpan(`inside ${city}`).end();
          if (city === 'Rome') noteRome();
        };
        const helper = await makeAgent(parts, 'twoTools', { tools: [weatherTool(parts, inside)] });
        log('output', (await sdk.run(helper, 'Hi.')).finalOutput);
      },
      spans: [
        model('Helper', 1, {
          'gen_ai.tool.definitions': DEFINITIONS,
          'gen_ai.response.finish_reasons': ['tool_calls'],
          'gen_ai.output.messages': [
            {
              role: 'assistant',
              parts: [asked('call_1', 'Oslo'), asked('call_2', 'Rome')],
              finish_reason: 'tool_call',
            },
          ],
        }),
        app('inside Rome', 'execute_tool weather'),
        tool('Helper', 'Rome'),
        app('inside Oslo', 'execute_tool weather'),
        tool('Helper', 'Oslo'),
        ...turn('Helper', 1),
        model('Helper', 2, {
          'gen_ai.tool.definitions': DEFINITIONS,
          'gen_ai.input.messages': [
            HELP,
            HI,
            { role: 'assistant', parts: [asked('call_1', 'Oslo'), asked('call_2', 'Rome')] },
            told('call_1', 'Sun over Oslo.'),
            told('call_2', 'Sun over Rome.'),
          ],
          'gen_ai.output.messages': [said('Sun.')],
        }),
        ...turn('Helper', 2),
        agent('Helper', { 'spoor.observation.metadata.tools': ['weather'] }),
        ...task(),
        workflow(),
      ],
    },
    'one agent hands over to another': {
      async run(parts) {
        const { log, sdk } = parts;
        const poet = new sdk.Agent({
          name: 'Poet',
          instructions: 'Help.',
          handoffDescription: 'Writes.',
          model: await makeModel(parts, 'handoff'),
        });
        const helper = await makeAgent(parts, 'handoff', { handoffs: [poet] });
        log('output', (await sdk.run(helper, 'Hi.')).finalOutput);
      },
      spans: [
        model('Helper', 1, {
          'gen_ai.tool.definitions': [TRANSFER],
          'gen_ai.response.finish_reasons': ['tool_calls'],
          'gen_ai.output.messages': [{ role: 'assistant', parts: [transferred], finish_reason: 'tool_call' }],
        }),
        handoff('Helper', 'Poet'),
        ...turn('Helper', 1),
        agent('Helper', { 'spoor.observation.metadata.handoffs': ['Poet'] }),
        model('Poet', 2, {
          'gen_ai.input.messages': [
            HELP,
            HI,
            { role: 'assistant', parts: [transferred] },
            told('call_1', { assistant: 'Poet' }),
          ],
          'gen_ai.output.messages': [said('A poem.')],
        }),
        ...turn('Poet', 2),
        agent('Poet'),
        ...task(),
        workflow(),
      ],
    },
    'runs at the same time, with a group and metadata': {
      async run(parts) {
        const { log, sdk } = parts;
        const runner = (groupId) => new sdk.Runner({ groupId, traceMetadata: { team: groupId } });
        const helper = await makeAgent(parts, 'hello');
        const results = await Promise.all(['a', 'b'].map((id) => runner(id).run(helper, 'Hi.')));
        log(
          'outputs',
          results.map(({ finalOutput }) => finalOutput),
        );
      },
      isUnordered: true,
      spans: ['a', 'b'].flatMap((id) =>
        whole().map((one) => ({
          ...one,
          attributes: {
            ...one.attributes,
            'gen_ai.conversation.id': id,
            ...(one.parent === null ? { 'spoor.observation.metadata.team': id } : {}),
          },
        })),
      ),
    },
    'the program replaces the processors': {
      async run(parts) {
        const { log, sdk } = parts;
        const processor = watchTracing(parts);
        sdk.setTraceProcessors([processor]);
        log('output', (await sdk.run(await makeAgent(parts, 'hello'), 'Hi.')).finalOutput);
      },
      isolated: true,
      spans: whole(),
    },
    'the program switches tracing off': {
      async run(parts) {
        const { log, sdk } = parts;
        sdk.setTracingDisabled(true);
        log('output', (await sdk.run(await makeAgent(parts, 'hello'), 'Hi.')).finalOutput);
      },
      isolated: true,
      spans: [alone(model)],
    },
    'the environment switches tracing off': {
      async run(parts) {
        const { log, sdk } = parts;
        log('output', (await sdk.run(await makeAgent(parts, 'hello'), 'Hi.')).finalOutput);
      },
      isolated: true,
      env: { OPENAI_AGENTS_DISABLE_TRACING: '1' },
      spans: [alone(model)],
    },
    'spans and a model of the program’s own': {
      async run(parts) {
        const { log, sdk } = parts;
        const value = await sdk.withTrace('Agent workflow', () =>
          sdk.withCustomSpan(
            async () =>
              sdk.withGenerationSpan(async (one) => {
                Object.assign(one.spanData, {
                  model: 'own-1',
                  usage: { input_tokens: 3, output_tokens: 0 },
                  input: [{ role: 'user', content: 'Hi.' }],
                  output: [{ role: 'assistant', content: 'Hello.' }],
                });
                return 'Hello.';
              }),
            { data: { name: 'search', data: { depth: 2 } } },
          ),
        );
        log('value', value);
      },
      spans: [
        span(
          'chat own-1',
          'search',
          {
            'spoor.observation.type': 'GENERATION',
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'own-1',
            'gen_ai.usage.input_tokens': 3,
            'gen_ai.usage.output_tokens': 0,
            'spoor.observation.input': [{ role: 'user', content: 'Hi.' }],
            'spoor.observation.output': [{ role: 'assistant', content: 'Hello.' }],
          },
          { kind: 2 },
        ),
        span('search', 'invoke_workflow Agent workflow', {
          'spoor.observation.type': 'SPAN',
          'spoor.observation.input': { depth: 2 },
        }),
        workflow(),
      ],
    },
  };
}

/** The provider's own span of a call, when the SDK traces nothing. */
function alone(model) {
  const { attributes, ...one } = model('Helper', 1);
  const { 'spoor.observation.type': _type, ...rest } = attributes;
  return { ...one, attributes: rest, parent: null, scope: 'spoor/openai' };
}
