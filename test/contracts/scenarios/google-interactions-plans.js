import { timeless } from './google-plans.js';

/** How the loopback provider answers: Google's Interactions API, with faults. Content invented. */

const USAGE = {
  total_tokens: 25,
  total_input_tokens: 12,
  total_tool_use_tokens: 3,
  total_cached_tokens: 4,
  total_output_tokens: 3,
  total_thought_tokens: 7,
};
const ABOUT = { object: 'interaction', model: 'gemini-test-001' };
const THOUGHT = { type: 'thought', signature: 'c2ln', summary: [{ type: 'text', text: 'Think first.' }] };
const CODE = {
  type: 'code_execution_call',
  id: 'code_1',
  arguments: { language: 'python', code: 'print(6*7)' },
};
const CODE_RESULT = { type: 'code_execution_result', call_id: 'code_1', result: '42' };
const CALL = { type: 'function_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } };
const said = (...content) => ({ type: 'model_output', content });
const text = (words) => ({ type: 'text', text: words });
const IMAGE = { type: 'image', mime_type: 'image/png', data: 'c3Bvb3I=' };

function interaction(steps, extra = {}) {
  return { id: 'resp_1', status: 'completed', ...ABOUT, usage: USAGE, steps, ...extra };
}

async function begin(x, id = 'resp_1') {
  x.startEvents();
  await x.event({
    event_type: 'interaction.created',
    interaction: { id, status: 'in_progress', ...ABOUT },
  });
}
const start = (x, index, step) => x.event({ event_type: 'step.start', index, step });
const delta = (x, index, value) => x.event({ event_type: 'step.delta', index, delta: value });
const stop = (x, index) => x.event({ event_type: 'step.stop', index });
const completed = (x, extra = {}) =>
  x.event({
    event_type: 'interaction.completed',
    interaction: { id: 'resp_1', status: 'completed', ...ABOUT, usage: USAGE, ...extra },
  });

async function hello(x) {
  await begin(x);
  await start(x, 0, { type: 'model_output' });
  await delta(x, 0, text('Hel'));
  await delta(x, 0, text('lo'));
}
const error = (code, message) => ({ error: { code, message } });

const PLANS = {
  interaction: async (x) => {
    if (x.body.stream !== true) {
      x.json(200, interaction([THOUGHT, said(text('Hello there.'))]));
      return;
    }
    await hello(x);
    await delta(x, 0, text(' there.'));
    await stop(x, 0);
    await completed(x);
    x.end();
  },
  interactionOutputs: async (x) =>
    x.json(200, interaction(undefined, { outputs: [THOUGHT, text('Hello there.'), CALL] })),
  interactionSteps: async (x) =>
    x.json(
      200,
      interaction([THOUGHT, CODE, CODE_RESULT, said(text('Look:'), IMAGE), CALL], {
        status: 'requires_action',
      }),
    ),
  interactionAgent: async (x) =>
    x.json(200, { id: 'resp_1', status: 'in_progress', object: 'interaction', agent: x.body.agent }),
  interactionFailed: async (x) =>
    x.json(
      200,
      interaction([{ type: 'model_output', error: { code: 8, message: 'No room.' } }], { status: 'failed' }),
    ),
  interactionFetched: async (x) => {
    if (x.request.method === 'GET' && !x.request.url.includes('stream=true')) {
      x.json(
        200,
        interaction([{ type: 'user_input', content: [text('Say hello.')] }, said(text('Hello there.'))]),
      );
      return;
    }
    x.startEvents();
    await delta(x, 0, text(' there.'));
    await completed(x);
    x.end();
  },
  interactionBadRequest: async (x) => x.json(400, error('invalid_request', 'Bad value.')),
  interactionHang: async (x) => x.hang(),
  interactionStreamHang: async (x) => {
    await hello(x);
    await x.hang();
  },
  interactionStreamCut: async (x) => {
    await hello(x);
    await x.cut();
  },
  interactionStreamError: async (x) => {
    await hello(x);
    await x.event({ event_type: 'error', ...error('resource_exhausted', 'Slow down.') });
    x.end();
  },
  interactionStreamSteps: async (x) => {
    await begin(x);
    await start(x, 0, { type: 'thought' });
    await delta(x, 0, { type: 'thought_summary', content: text('Think ') });
    await delta(x, 0, { type: 'thought_summary', content: text('first.') });
    await delta(x, 0, { type: 'thought_signature', signature: 'c2ln' });
    await start(x, 1, { type: 'code_execution_call', id: 'code_1' });
    await delta(x, 1, { type: 'code_execution_call', arguments: CODE.arguments });
    for (const [index, id] of [
      [2, 'call_a'],
      [3, 'call_b'],
    ])
      await start(x, index, { type: 'function_call', id, name: 'get_weather' });
    await delta(x, 3, { type: 'arguments_delta', arguments: '{"city":' });
    await delta(x, 2, { type: 'arguments_delta', arguments: '{"city":"Rome"}' });
    await delta(x, 3, { type: 'arguments_delta', arguments: '"Oslo"}' });
    await completed(x, { status: 'requires_action' });
    x.end();
  },
  interactionStreamContents: async (x) => {
    x.startEvents();
    await x.event({ event_type: 'interaction.start', interaction: { id: 'resp_1', status: 'in_progress' } });
    await x.event({ event_type: 'content.start', index: 0, content: text('') });
    for (const words of ['Hel', 'lo.'])
      await x.event({ event_type: 'content.delta', index: 0, delta: text(words) });
    await x.event({ event_type: 'content.start', index: 1, content: { type: 'function_call' } });
    await x.event({ event_type: 'content.delta', index: 1, delta: CALL });
    await x.event({
      event_type: 'interaction.complete',
      interaction: { id: 'resp_1', status: 'requires_action', ...ABOUT, usage: USAGE },
    });
    x.end();
  },
  /** Stops at the provider's own limit; the SDK asks for the rest by itself. */
  interactionContinued: async (x) => {
    const isFirst = x.body.continuation_token === undefined;
    const rest = isFirst
      ? { id: 'resp_0', status: 'requires_continuation', continuation_token: 'token_1' }
      : {};
    if (x.body.stream !== true) {
      x.json(200, interaction([said(text(isFirst ? 'Hello ' : 'there.'))], rest));
      return;
    }
    await begin(x, rest.id);
    await start(x, 0, { type: 'model_output' });
    await delta(x, 0, text(isFirst ? 'Hello ' : 'there.'));
    await completed(x, rest);
    x.end();
  },
};

export const plans = Object.fromEntries(Object.entries(PLANS).map(([name, plan]) => [name, timeless(plan)]));
