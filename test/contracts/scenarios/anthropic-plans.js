/** How the loopback provider answers: Anthropic's wire format, with faults. Content invented. */

const USAGE = {
  input_tokens: 20,
  cache_read_input_tokens: 12,
  cache_creation_input_tokens: 3,
  output_tokens: 10,
  service_tier: 'standard',
};

function message(content, extra = {}) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-test-20260101',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: USAGE,
    ...extra,
  };
}
const text = (content) => [{ type: 'text', text: content }];
const error = (type, what) => ({ type: 'error', error: { type, message: what } });

const send = (x, event) => x.event(event, event.type);
const begin = (x) =>
  send(x, {
    type: 'message_start',
    message: message([], { stop_reason: null, usage: { ...USAGE, output_tokens: 1 } }),
  });
const open = (x, index, block) => send(x, { type: 'content_block_start', index, content_block: block });
const grow = (x, index, delta) => send(x, { type: 'content_block_delta', index, delta });
const close = (x, index) => send(x, { type: 'content_block_stop', index });

async function finish(x, reason) {
  await send(x, {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 10 },
  });
  await send(x, { type: 'message_stop' });
  x.end();
}

async function words(x, list) {
  x.startEvents();
  await begin(x);
  await open(x, 0, { type: 'text', text: '' });
  await send(x, { type: 'ping' });
  for (const word of list) await grow(x, 0, { type: 'text_delta', text: word });
}

async function wholeStream(x) {
  await words(x, ['Hel', 'lo', ' there.']);
  await close(x, 0);
  await finish(x, 'end_turn');
}

const TOOL_USE = { type: 'tool_use', id: 'toolu_a', name: 'get_weather', input: { city: 'Rome' } };
const BLOCKS = [
  { type: 'thinking', thinking: 'Think first.', signature: 'c2ln' },
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'spoor' } },
  {
    type: 'web_search_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: [{ type: 'web_search_result', url: 'https://example.org/', title: 'Spoor' }],
  },
  {
    type: 'text',
    text: 'Done.',
    citations: [{ type: 'web_search_result_location', url: 'https://example.org/' }],
  },
  { type: 'block_of_tomorrow', colour: 'red' },
];

export const plans = {
  message: async (x) => (x.body.stream ? wholeStream(x) : x.json(200, message(text('Hello there.')))),
  blocks: async (x) => x.json(200, message(BLOCKS)),
  json: async (x) => x.json(200, message(text('{"city":"Rome"}'))),
  tools: async (x) =>
    JSON.stringify(x.body.messages).includes('tool_result')
      ? x.json(200, message(text('It is sunny.')))
      : x.json(200, message([TOOL_USE], { stop_reason: 'tool_use' })),
  runnerStream: async (x) => {
    const isAnswered = JSON.stringify(x.body.messages).includes('tool_result');
    if (isAnswered) return streamOf(x, { type: 'text', text: '' }, 'text_delta', ['It is', ' sunny.']);
    return streamOf(x, { ...TOOL_USE, input: {} }, 'input_json_delta', ['{"city":"Rome"}']);
  },
  count: async (x) => x.json(200, { input_tokens: 14 }),
  malformed: async (x) => x.json(200, '{"id": "msg_1", "content": [{'),
  errorBody: async (x) => x.json(200, error('overloaded_error', 'Overloaded.')),
  tooMany: async (x) => x.json(429, error('rate_limit_error', 'Slow down.'), { 'retry-after-ms': '1' }),
  badRequest: async (x) => x.json(400, error('invalid_request_error', 'Bad value.')),
  retry: async (x) =>
    x.attempt === 1
      ? x.json(500, error('api_error', 'Oops.'), { 'retry-after-ms': '1' })
      : x.json(200, message(text('Second time.'))),
  hang: async (x) => x.hang(),

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
    await x.event(error('overloaded_error', 'Overloaded.'), 'error');
    x.end();
  },
  streamTools: async (x) => {
    x.startEvents();
    await begin(x);
    await open(x, 0, { type: 'thinking', thinking: '', signature: '' });
    await grow(x, 0, { type: 'thinking_delta', thinking: 'Two ' });
    await grow(x, 0, { type: 'thinking_delta', thinking: 'tools.' });
    await grow(x, 0, { type: 'signature_delta', signature: 'c2ln' });
    await close(x, 0);
    await open(x, 1, { ...TOOL_USE, input: {} });
    await open(x, 2, { ...TOOL_USE, id: 'toolu_b', name: 'get_time', input: {} });
    for (const [index, json] of [
      [1, '{"city"'],
      [2, '{"zone"'],
      [1, ':"Rome"}'],
      [2, ':"CET"}'],
    ]) {
      await grow(x, index, { type: 'input_json_delta', partial_json: json });
    }
    await close(x, 1);
    await close(x, 2);
    await finish(x, 'tool_use');
  },
  flood: async (x) => {
    const filler = 'x'.repeat(16_384);
    await words(x, []);
    let sent = 0;
    for (; sent < 2000 && !x.isClosed; sent += 1) await grow(x, 0, { type: 'text_delta', text: filler });
    x.scene.events.push({ name: 'flood', isCount: true, sent });
    x.end();
  },
};

async function streamOf(x, block, type, pieces) {
  x.startEvents();
  await begin(x);
  await open(x, 0, block);
  const field = type === 'text_delta' ? 'text' : 'partial_json';
  for (const piece of pieces) await grow(x, 0, { type, [field]: piece });
  await close(x, 0);
  await finish(x, block.type === 'text' ? 'end_turn' : 'tool_use');
}
