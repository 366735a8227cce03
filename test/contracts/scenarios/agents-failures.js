import { makeAgent, PARAMETERS, weatherTool } from './agents-parts.js';
import { makeSpans } from './agents-spans.js';

const ANY = { status: { code: 2, message: 'ANY' } };
const ABANDONED = { 'spoor.outcome': 'abandoned' };
const DEFINITIONS = [{ type: 'function', name: 'weather', description: 'Weather', parameters: PARAMETERS }];
const FAILED = { 'error.type': 'ANY', 'spoor.outcome': 'failed' };

/** Ends the process while a tool is at work. */
function exitInside() {
  setImmediate(() => process.exit(7));
  return new Promise(() => {});
}

/** Runs that fail, or that the process does not live to end. */
export function failures(hasTurns) {
  const { agent, model, span, task, tool, turn, workflow } = makeSpans(hasTurns);
  const noAnswer = {
    'gen_ai.response.id': undefined,
    'gen_ai.response.model': undefined,
    'gen_ai.response.finish_reasons': undefined,
    'gen_ai.usage.input_tokens': undefined,
    'gen_ai.usage.output_tokens': undefined,
    'gen_ai.output.messages': undefined,
  };
  const around = (what, extra) => [
    ...turn('Helper', 1, what, extra),
    agent('Helper', what, extra),
    ...task(what, extra),
    workflow(what, extra),
  ];
  return {
    'a model that refuses': {
      async run(parts) {
        const helper = await makeAgent(parts, 'badRequest');
        await parts.attempt('run', () => parts.sdk.run(helper, 'Hi.'));
      },
      spans: [
        model('Helper', 1, { ...noAnswer, 'error.type': 'BadRequestError', 'spoor.outcome': 'failed' }, ANY),
        ...around(FAILED, ANY),
      ],
    },
    'a guardrail that trips': {
      async run(parts) {
        const outputGuardrails = [
          { name: 'polite', execute: async () => ({ tripwireTriggered: true, outputInfo: { why: 'rude' } }) },
        ];
        const helper = await makeAgent(parts, 'hello', { outputGuardrails });
        await parts.attempt('run', () => parts.sdk.run(helper, 'Hi.'));
      },
      spans: [
        model('Helper', 1),
        span('guardrail polite', 'invoke_agent Helper', {
          'spoor.observation.type': 'SPAN',
          'spoor.observation.metadata.triggered': 'true',
        }),
        ...around(FAILED, ANY),
      ],
    },
    'a rejection that nobody handles': {
      async run(parts) {
        void parts.sdk.run(await makeAgent(parts, 'badRequest'), 'Hi.');
        // The process ends before.
        await parts.delay(20_000);
      },
      isolated: true,
      spans: [
        model('Helper', 1, { ...noAnswer, 'error.type': 'BadRequestError', 'spoor.outcome': 'failed' }, ANY),
        ...around(FAILED, ANY),
      ],
    },
    'a process that ends in the middle of a run': {
      async run(parts) {
        const helper = await makeAgent(parts, 'weather', { tools: [weatherTool(parts, exitInside)] });
        await parts.sdk.run(helper, 'Hi.');
      },
      isolated: true,
      isUnordered: true,
      spans: [
        model('Helper', 1, {
          'gen_ai.tool.definitions': DEFINITIONS,
          'gen_ai.response.finish_reasons': ['tool_calls'],
          'gen_ai.output.messages': [
            {
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } }],
              finish_reason: 'tool_call',
            },
          ],
        }),
        tool('Helper', 'Oslo', {
          'gen_ai.tool.call.arguments': undefined,
          'gen_ai.tool.call.result': undefined,
          ...ABANDONED,
        }),
        ...turn('Helper', 1, { 'spoor.observation.metadata.agent_name': undefined, ...ABANDONED }),
        agent('Helper', { 'spoor.observation.metadata.output_type': undefined, ...ABANDONED }),
        ...task(ABANDONED),
        workflow(ABANDONED),
      ],
    },
  };
}
