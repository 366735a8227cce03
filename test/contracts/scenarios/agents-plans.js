/** How the loopback provider answers the calls of agents. Content invented. */

const USAGE = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };

function completion(message, reason = 'stop') {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1700000000,
    model: 'gpt-4o-2024-08-06',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, ...message },
        finish_reason: reason,
        logprobs: null,
      },
    ],
    usage: USAGE,
  };
}

const toolCall = (id, name, args) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
});

/** Asks for `calls` first, and says `text` when it has been told what came of them. */
function toolsThen(calls, text) {
  return async (exchange) => {
    const hasResults = exchange.body.messages.some(({ role }) => role === 'tool');
    if (hasResults) exchange.json(200, completion({ content: text }));
    else exchange.json(200, completion({ tool_calls: calls }, 'tool_calls'));
  };
}

const chunk = (delta, reason, extra = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1700000000,
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, delta, finish_reason: reason, logprobs: null }],
  ...extra,
});

export const plans = {
  hello: async (exchange) => exchange.json(200, completion({ content: 'Hello.' })),
  weather: toolsThen([toolCall('call_1', 'weather', { city: 'Oslo' })], 'Sun over Oslo.'),
  twoTools: toolsThen(
    [toolCall('call_1', 'weather', { city: 'Oslo' }), toolCall('call_2', 'weather', { city: 'Rome' })],
    'Sun.',
  ),
  handoff: toolsThen([toolCall('call_1', 'transfer_to_Poet', {})], 'A poem.'),
  badRequest: async (exchange) =>
    exchange.json(400, { error: { message: 'Bad value.', type: 'invalid_request_error' } }),
  never: async () => {},
  stream: async (exchange) => {
    exchange.startEvents();
    await exchange.event(chunk({ role: 'assistant', content: 'Hel' }, null));
    await exchange.event(chunk({ content: 'lo.' }, null));
    await exchange.event(chunk({}, 'stop'));
    await exchange.event({ ...chunk({}, null), choices: [], usage: USAGE });
    await exchange.event('[DONE]');
    exchange.end();
  },
  response: async (exchange) =>
    exchange.json(200, {
      id: 'resp_1',
      object: 'response',
      created_at: 1700000000,
      status: 'completed',
      model: 'gpt-4o-2024-08-06',
      output: [
        {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hello.', annotations: [] }],
        },
      ],
      usage: {
        input_tokens: 20,
        output_tokens: 10,
        total_tokens: 30,
        input_tokens_details: { cached_tokens: 12 },
        output_tokens_details: { reasoning_tokens: 4 },
      },
    }),
};
