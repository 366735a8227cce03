/** How the loopback provider answers: Mistral's wire format, with faults. Content invented. */

const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 10,
  total_tokens: 30,
  prompt_tokens_details: { cached_tokens: 12 },
};
const HEAD = { id: 'cmpl_1', created: 1_700_000_000, model: 'mistral-test-2601' };

function completion(message, reason = 'stop') {
  return {
    ...HEAD,
    object: 'chat.completion',
    choices: [
      { index: 0, finish_reason: reason, message: { role: 'assistant', tool_calls: null, ...message } },
    ],
    usage: USAGE,
  };
}
const fail = (message) => ({ object: 'error', message, type: 'invalid_request', code: '1000' });

const send = (x, delta, reason = null, extra = {}, index = 0) =>
  x.event({
    ...HEAD,
    object: 'chat.completion.chunk',
    choices: [{ index, delta, finish_reason: reason }],
    ...extra,
  });

async function words(x, list) {
  x.startEvents();
  await send(x, { role: 'assistant', content: '' });
  for (const content of list) await send(x, { content });
}

async function finish(x, delta = { content: '' }, reason = 'stop') {
  await send(x, delta, reason, { usage: USAGE });
  await x.event('[DONE]');
  x.end();
}

async function wholeStream(x) {
  await words(x, ['Hel', 'lo']);
  await finish(x, { content: ' there.' });
}

const call = (id, name, args, index = 0) => ({
  id,
  type: 'function',
  index,
  function: { name, arguments: args },
});

const thought = (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] });

export const plans = {
  message: async (x) =>
    x.body.stream ? wholeStream(x) : x.json(200, completion({ content: 'Hello there.' })),
  json: async (x) => x.json(200, completion({ content: '{"city":"Rome"}' })),
  chunks: async (x) =>
    x.json(
      200,
      completion({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Think first.' }] },
          { type: 'text', text: 'Done.' },
        ],
      }),
    ),
  tools: async (x) =>
    x.json(
      200,
      completion(
        { content: '', tool_calls: [call('call_a', 'get_weather', '{"city":"Rome"}')] },
        'tool_calls',
      ),
    ),
  embeddings: async (x) =>
    x.json(200, {
      id: 'embd_1',
      object: 'list',
      model: 'mistral-test-2601',
      usage: { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 },
      data: [{ object: 'embedding', index: 0, embedding: [0.1, 0.2] }],
    }),
  malformed: async (x) => x.json(200, '{"id": "cmpl_1", "choices": [{'),
  unexpected: async (x) => x.json(200, { object: 'error', message: 'Not today.' }),
  tooMany: async (x) => x.json(429, fail('Slow down.')),
  badRequest: async (x) => x.json(400, fail('Bad value.')),
  hang: async (x) => x.hang(),

  streamHang: async (x) => {
    await words(x, ['Hel', 'lo']);
    await x.hang();
  },
  streamCut: async (x) => {
    await words(x, ['Hel', 'lo']);
    await x.cut();
  },
  streamThinking: async (x) => {
    x.startEvents();
    await send(x, { role: 'assistant', ...thought('Two ') });
    await send(x, thought('tools.'));
    await send(x, { content: [{ type: 'text', text: 'Now.' }] });
    await send(x, { content: '', tool_calls: [call('call_a', 'get_weather', '{"city"', 0)] });
    await send(x, { content: '', tool_calls: [call('call_b', 'get_time', '{"zone":"CET"}', 1)] });
    await finish(x, { content: '', tool_calls: [call('call_a', '', ':"Rome"}', 0)] }, 'tool_calls');
  },
  flood: async (x) => {
    const filler = 'x'.repeat(16_384);
    await words(x, []);
    let sent = 0;
    for (; sent < 2000 && !x.isClosed; sent += 1) await send(x, { content: filler });
    x.scene.events.push({ name: 'flood', isCount: true, sent });
    x.end();
  },
};
