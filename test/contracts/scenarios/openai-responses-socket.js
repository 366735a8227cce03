import { responsesSpan } from './openai-spans.js';

/** The Responses API over a WebSocket. Content invented. */
const MODEL = 'gpt-4o';
const ASK = { type: 'response.create', model: MODEL, input: 'Say hello.', temperature: 0 };
const HELLO = [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello.' }] }];
const STREAMED = {
  'gen_ai.request.stream': true,
  'gen_ai.request.temperature': 0,
  'gen_ai.response.time_to_first_chunk': 'SECONDS',
};
const NO_USAGE = {
  'gen_ai.usage.input_tokens': undefined,
  'gen_ai.usage.output_tokens': undefined,
  'gen_ai.usage.cache_read.input_tokens': undefined,
  'gen_ai.usage.reasoning.output_tokens': undefined,
};
const NO_ANSWER = {
  ...NO_USAGE,
  'gen_ai.response.id': undefined,
  'gen_ai.response.model': undefined,
  'gen_ai.response.status': undefined,
  'openai.response.service_tier': undefined,
};

const response = (id, output, extra = {}) => ({
  id,
  object: 'response',
  created_at: 1700000000,
  status: 'completed',
  model: 'gpt-4o-2024-08-06',
  service_tier: 'default',
  output,
  usage: {
    input_tokens: 20,
    output_tokens: 10,
    input_tokens_details: { cached_tokens: 12 },
    output_tokens_details: { reasoning_tokens: 4 },
  },
  ...extra,
});
const item = (text) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

async function asked(x) {
  for (let event = await x.next(); event !== undefined; event = await x.next()) {
    if (event.type === 'response.create') return true;
  }
  return false;
}

function begins(x, id) {
  x.send(
    { type: 'response.created', response: response(id, [], { status: 'in_progress', usage: null }) },
    { type: 'response.output_item.added', output_index: 0, item: { ...item(''), content: [] } },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'msg_1', delta: 'Hel' },
  );
}

export const plans = {
  socketResponses: async (x) => {
    for (let count = 1; await asked(x); count += 1) {
      begins(x, `resp_${count}`);
      x.send(
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'lo.' },
        { type: 'response.completed', response: response(`resp_${count}`, [item('Hello.')]) },
      );
    }
  },
  socketHang: async (x) => {
    await asked(x);
    begins(x, 'resp_1');
    await x.hang();
  },
  socketCut: async (x) => {
    await asked(x);
    begins(x, 'resp_1');
    await asked(x);
    await x.cut();
  },
  socketError: async (x) => {
    await asked(x);
    const error = {
      type: 'invalid_request_error',
      code: 'previous_response_not_found',
      message: 'There is no such response.',
    };
    x.send({ type: 'error', status: 400, error });
    await x.hang();
  },
  socketFailed: async (x) => {
    await asked(x);
    begins(x, 'resp_1');
    const error = { code: 'server_error', message: 'Too much.' };
    x.send({
      type: 'response.failed',
      response: response('resp_1', [], { status: 'failed', error, usage: null }),
    });
    await x.hang();
  },
};

/** Opens a connection and logs what the program sees of it. */
async function open({ makeClient, load, log, shape }, plan, { isSilent, isIterated } = {}) {
  const { ResponsesWS } = await load('openai/resources/responses/ws');
  const connection = new ResponsesWS(makeClient(plan));
  shape('connection', connection);
  const seen = [];
  let wake;
  const note = (what, value) => {
    seen.push(what === 'event' ? value.type : what);
    // When they come is not the same each time, beside an iteration.
    if (!isIterated) log(what, value);
    wake?.();
  };
  connection.on('event', (event) => note('event', event));
  connection.on('response.completed', (event) => note('completed', event.response.id));
  connection.on('close', (code) => note('close', code));
  if (!isSilent) connection.on('error', (error) => note('error', error));
  const until = async (type, count = 1) => {
    while (seen.filter((one) => one === type).length < count) {
      await new Promise((resolve) => (wake = resolve));
    }
  };
  const close = async () => {
    connection.close();
    await until('close');
  };
  return { connection, until, close };
}

const scenario = (plan, run, spans, options) => ({
  since: '6.49',
  run: async (tools) => run(await open(tools, plan, options), tools),
  spans,
});
const half = (attributes, status) =>
  responsesSpan(
    {
      ...STREAMED,
      ...NO_USAGE,
      'gen_ai.response.status': 'in_progress',
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'Hel' }] }],
      'spoor.stream.chunk_count': 3,
      ...attributes,
    },
    status,
  );

export const scenarios = {
  'responses over a socket, one after the other': scenario(
    'socketResponses',
    async ({ connection, until, close }, { log }) => {
      log('sent', connection.send(ASK));
      await until('response.completed');
      connection.send({ ...ASK, input: 'Again.', previous_response_id: 'resp_1' });
      await until('response.completed', 2);
      await close();
    },
    [
      responsesSpan({ ...STREAMED, 'gen_ai.output.messages': HELLO, 'spoor.stream.chunk_count': 5 }),
      responsesSpan({
        ...STREAMED,
        'gen_ai.request.previous_response.id': 'resp_1',
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Again.' }] }],
        'gen_ai.response.id': 'resp_2',
        'gen_ai.output.messages': HELLO,
        'spoor.stream.chunk_count': 5,
      }),
    ],
  ),
  'responses over a socket, sent as text and iterated': scenario(
    'socketResponses',
    async ({ connection, close }, { log }) => {
      connection.sendRaw(JSON.stringify(ASK));
      for await (const event of connection.stream()) {
        log('iterated', event.type);
        if (event.message?.type === 'response.completed') break;
      }
      await close();
    },
    [responsesSpan({ ...STREAMED, 'gen_ai.output.messages': HELLO, 'spoor.stream.chunk_count': 5 })],
    { isIterated: true },
  ),
  'responses over a socket, closed by the program': scenario(
    'socketHang',
    async ({ connection, until, close }) => {
      connection.send(ASK);
      await until('response.output_text.delta');
      await close();
    },
    [half({ 'spoor.outcome': 'cancelled' })],
  ),
  'responses over a socket, connection lost': scenario(
    'socketCut',
    async ({ connection, until }) => {
      connection.send(ASK);
      await until('response.output_text.delta');
      connection.send({ ...ASK, input: 'Again.' });
      await until('close');
    },
    [
      responsesSpan(
        {
          ...STREAMED,
          ...NO_ANSWER,
          'gen_ai.response.time_to_first_chunk': undefined,
          'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Again.' }] }],
          'error.type': 'connection_closed',
          'spoor.outcome': 'failed',
        },
        { code: 2, message: 'ANY' },
      ),
      half({ 'error.type': 'connection_closed', 'spoor.outcome': 'failed' }, { code: 2, message: 'ANY' }),
    ],
  ),
  'responses over a socket, refused': scenario(
    'socketError',
    async ({ connection, until, close }) => {
      connection.send(ASK);
      await until('error');
      await close();
    },
    [refused()],
  ),
  'responses over a socket, refused, nobody listens to errors': scenario(
    'socketError',
    async ({ connection, until, close }, { delay }) => {
      connection.send(ASK);
      await until('error');
      await delay(0);
      await close();
    },
    [refused()],
    { isSilent: true },
  ),
  'responses over a socket, failing': scenario(
    'socketFailed',
    async ({ connection, until, close }) => {
      connection.send(ASK);
      await until('response.failed');
      await close();
    },
    [
      half(
        {
          'gen_ai.response.status': 'failed',
          'gen_ai.output.messages': undefined,
          'spoor.stream.chunk_count': 4,
          'error.type': 'server_error',
          'spoor.outcome': 'failed',
        },
        { code: 2, message: 'Too much.' },
      ),
    ],
  ),
};

function refused() {
  return responsesSpan(
    {
      ...STREAMED,
      ...NO_ANSWER,
      'gen_ai.response.time_to_first_chunk': undefined,
      'error.type': 'previous_response_not_found',
      'spoor.outcome': 'failed',
    },
    { code: 2, message: 'There is no such response.' },
  );
}
