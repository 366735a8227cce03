/** How the loopback provider answers: OpenAI's wire format, with faults. Content invented. */

const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 10,
  total_tokens: 30,
  prompt_tokens_details: { cached_tokens: 12 },
  completion_tokens_details: { reasoning_tokens: 4 },
};

function completion(message, extra = {}) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1700000000,
    model: 'gpt-4o-2024-08-06',
    service_tier: 'default',
    system_fingerprint: 'fp_1',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, ...message },
        finish_reason: 'stop',
        logprobs: null,
      },
    ],
    usage: USAGE,
    ...extra,
  };
}

function chunk(choices, extra = {}) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1700000000,
    model: 'gpt-4o-2024-08-06',
    service_tier: 'default',
    system_fingerprint: 'fp_1',
    choices,
    ...extra,
  };
}
const delta = (content, index = 0) => ({ index, delta: { content }, finish_reason: null });
const last = (finish_reason = 'stop', index = 0) => ({ index, delta: {}, finish_reason });

async function words(exchange, list) {
  exchange.startEvents();
  await exchange.event(chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]));
  for (const word of list) await exchange.event(chunk([delta(word)]));
}

function response(output, extra = {}) {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1700000000,
    status: 'completed',
    model: 'gpt-4o-2024-08-06',
    error: null,
    incomplete_details: null,
    output,
    usage: {
      input_tokens: 20,
      output_tokens: 10,
      total_tokens: 30,
      input_tokens_details: { cached_tokens: 12 },
      output_tokens_details: { reasoning_tokens: 4 },
    },
    service_tier: 'default',
    ...extra,
  };
}
const textItem = (text, status = 'completed') => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status,
  content: [{ type: 'output_text', text, annotations: [] }],
});
const ITEMS = [
  { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Think.' }] },
  { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'spoor' } },
  {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'lookup',
    arguments: '{"q":"a"}',
    status: 'completed',
  },
  textItem('Done.'),
];

const TOOL_CALLS = [
  { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } },
  { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{"zone":"CET"}' } },
];

export const plans = {
  chat: async (x) => x.json(200, completion({ content: 'Hello there.' })),
  choices: async (x) =>
    x.json(
      200,
      completion(
        {},
        {
          choices: [
            { index: 0, message: { role: 'assistant', content: 'One.' }, finish_reason: 'stop' },
            { index: 1, message: { role: 'assistant', content: 'Two.' }, finish_reason: 'length' },
          ],
        },
      ),
    ),
  json: async (x) => x.json(200, completion({ content: '{"city":"Rome"}' })),
  notJson: async (x) => x.json(200, completion({ content: 'no json here' })),
  refusal: async (x) => x.json(200, completion({ refusal: 'I cannot.' })),
  reasoning: async (x) => x.json(200, completion({ content: 'Hi.', reasoning_content: 'Think first.' })),
  malformed: async (x) => x.json(200, '{"id": "chatcmpl-1", "choices": [{'),
  slowBody: async (x) => {
    x.response.writeHead(200, { 'content-type': 'application/json' });
    x.response.write('{"id":');
    await x.hang();
  },
  errorBody: async (x) => x.json(200, { error: { message: 'Upstream is busy.', code: 502 } }),
  tooMany: async (x) =>
    x.json(
      429,
      { error: { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded' } },
      { 'retry-after-ms': '1' },
    ),
  badRequest: async (x) =>
    x.json(400, {
      error: { message: 'Bad value.', type: 'invalid_request_error', param: 'x', code: 'invalid_value' },
    }),
  retry: async (x) =>
    x.attempt === 1
      ? x.json(500, { error: { message: 'Oops.' } }, { 'retry-after-ms': '1' })
      : x.json(200, completion({ content: 'Second time.' })),
  hang: async (x) => x.hang(),
  tools: async (x) =>
    x.body.messages.some(({ role }) => role === 'tool')
      ? x.json(200, completion({ content: 'It is sunny.' }))
      : x.json(
          200,
          completion(
            {},
            {
              choices: [
                {
                  index: 0,
                  message: { role: 'assistant', content: null, tool_calls: TOOL_CALLS.slice(0, 1) },
                  finish_reason: 'tool_calls',
                },
              ],
            },
          ),
        ),

  stream: async (x) => {
    await words(x, ['Hel', 'lo', ' there.']);
    await x.event(chunk([last()]));
    if (x.body.stream_options?.include_usage) await x.event(chunk([], { usage: USAGE }));
    await x.event('[DONE]');
    x.end();
  },
  streamHang: async (x) => {
    await words(x, ['Hel', 'lo']);
    await x.hang();
  },
  streamCut: async (x) => {
    await words(x, ['Hel', 'lo']);
    await x.cut();
  },
  streamError: async (x) => {
    await words(x, ['Hel']);
    await x.event({ error: { message: 'Model broke.', type: 'server_error', code: 'broken' } });
    x.end();
  },
  streamChoices: async (x) => {
    x.startEvents();
    await x.event(chunk([delta('One')]));
    await x.event(chunk([delta('Two', 1)]));
    await x.event(chunk([delta('.'), delta('!', 1)]));
    await x.event(chunk([last('stop', 0)]));
    await x.event(chunk([last('length', 1)]));
    await x.event('[DONE]');
    x.end();
  },
  streamTools: async (x) => {
    x.startEvents();
    const call = (index, fields) =>
      chunk([{ index: 0, delta: { tool_calls: [{ index, ...fields }] }, finish_reason: null }]);
    await x.event(
      call(0, { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } }),
    );
    await x.event(call(1, { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '' } }));
    for (const [index, text] of [
      [0, '{"city"'],
      [1, '{"zone"'],
      [0, ':"Rome"}'],
      [1, ':"CET"}'],
    ]) {
      await x.event(call(index, { function: { arguments: text } }));
    }
    await x.event(chunk([last('tool_calls')]));
    await x.event('[DONE]');
    x.end();
  },
  flood: async (x) => {
    x.startEvents();
    const filler = 'x'.repeat(16_384);
    let sent = 0;
    for (; sent < 2000 && !x.isClosed; sent += 1) await x.event(chunk([delta(filler)]));
    x.scene.events.push({ name: 'flood', isCount: true, sent });
    x.end();
  },

  response: async (x) => x.json(200, response(ITEMS)),
  responseJson: async (x) => x.json(200, response([textItem('{"city":"Rome"}')])),
  responseFailed: async (x) =>
    x.json(
      200,
      response([], { status: 'failed', error: { code: 'server_error', message: 'Broke.' }, usage: null }),
    ),
  responseStream: async (x) => {
    await responseEvents(x);
    await x.event(
      { type: 'response.completed', sequence_number: 9, response: response([textItem('Hello.')]) },
      'response.completed',
    );
    x.end();
  },
  responseStreamHang: async (x) => {
    await responseEvents(x);
    await x.hang();
  },
  responseStreamError: async (x) => {
    await responseEvents(x);
    await x.event(
      { type: 'error', code: 'server_error', message: 'Broke.', param: null, sequence_number: 9 },
      'error',
    );
    x.end();
  },

  completion: async (x) =>
    x.json(200, {
      id: 'cmpl-1',
      object: 'text_completion',
      model: 'gpt-3.5-turbo-instruct',
      choices: [{ index: 0, text: ' upon a time', finish_reason: 'length', logprobs: null }],
      usage: { prompt_tokens: 2, completion_tokens: 3 },
    }),
  embeddings: async (x) =>
    x.json(200, {
      object: 'list',
      model: 'text-embedding-3-small',
      data: [{ object: 'embedding', index: 0, embedding: embedding(x.body.encoding_format) }],
      usage: { prompt_tokens: 5, total_tokens: 5 },
    }),
};

async function responseEvents(x) {
  x.startEvents();
  const send = (event) => x.event(event, event.type);
  const shell = response([], { status: 'in_progress', usage: null });
  await send({ type: 'response.created', sequence_number: 0, response: shell });
  await send({
    type: 'response.output_item.added',
    sequence_number: 1,
    output_index: 0,
    item: { ...textItem('', 'in_progress'), content: [] },
  });
  await send({
    type: 'response.content_part.added',
    sequence_number: 2,
    output_index: 0,
    content_index: 0,
    item_id: 'msg_1',
    part: { type: 'output_text', text: '', annotations: [] },
  });
  for (const [index, text] of ['Hel', 'lo.'].entries()) {
    await send({
      type: 'response.output_text.delta',
      sequence_number: 3 + index,
      output_index: 0,
      content_index: 0,
      item_id: 'msg_1',
      delta: text,
    });
  }
}

function embedding(format) {
  const numbers = new Float32Array([0.5, -0.25, 1]);
  return format === 'base64' ? Buffer.from(numbers.buffer).toString('base64') : [...numbers];
}
