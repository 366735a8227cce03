import { connect as connectPlain } from 'node:net';
import { span } from './openai-spans.js';

/** Realtime over a WebSocket: one span a response. */
const MODEL = 'gpt-realtime';
const text = (content) => ({ type: 'text', content });
const user = (content) => ({ role: 'user', parts: [text(content)] });
const said = (content) => [{ role: 'assistant', parts: [text(content)] }];
const item = (content, extra = {}) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: content }], ...extra },
});
const ASK = { type: 'response.create' };
const base64 = (content) => Buffer.from(content).toString('base64');
const sound = (bytes, type) => ({
  type: 'blob',
  modality: 'audio',
  ...(type && { mime_type: type }),
  sha256: 'HASH',
  bytes,
});

const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': MODEL,
  'gen_ai.request.stream': true,
  'openai.api.type': 'realtime',
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
};
const USAGE = {
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 6,
  'gen_ai.usage.text.input_tokens': 8,
  'gen_ai.usage.audio.input_tokens': 12,
  'gen_ai.usage.text.cache_read.input_tokens': 4,
  'gen_ai.usage.audio.cache_read.input_tokens': 2,
  'gen_ai.usage.text.output_tokens': 3,
  'gen_ai.usage.audio.output_tokens': 7,
};

/** A response that came to an end of its own. */
function responseSpan(input, output, chunks, extra = {}, status = { code: 0 }) {
  return partSpan(
    input,
    output,
    chunks,
    { ...USAGE, 'gen_ai.response.status': 'completed', ...extra },
    status,
  );
}

/** A response of which a part came. */
function partSpan(input, output, chunks, extra = {}, status = { code: 0 }) {
  const attributes = {
    ...REQUEST,
    'gen_ai.input.messages': input,
    'gen_ai.output.messages': output,
    'gen_ai.response.id': 'resp_1',
    'gen_ai.response.status': 'in_progress',
    'gen_ai.conversation.id': 'conv_1',
    'gen_ai.response.time_to_first_chunk': 'SECONDS',
    'spoor.stream.chunk_count': chunks,
    'spoor.outcome': 'completed',
    ...extra,
  };
  return span(withoutGaps(attributes), { status });
}

/** A response that never began. */
const refusedSpan = (input, type, message) =>
  span(
    withoutGaps({
      ...REQUEST,
      'gen_ai.input.messages': input,
      'error.type': type,
      'spoor.outcome': 'failed',
    }),
    { status: { code: 2, message } },
  );

const withoutGaps = (record) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const createConnection = ({ host, port }) => connectPlain({ host, port });

/** Opens a connection and logs what the program sees of it. `until` waits for an event, the n-th of its type. */
async function open(
  { makeClient, load, log, shape },
  entry,
  plan,
  { isSilent, name = 'OpenAIRealtimeWS', extra } = {},
) {
  const { [name]: Connection } = await load(entry);
  const seen = [];
  let wake;
  const note = (what, value) => {
    seen.push(what === 'event' ? value.type : what);
    log(what, value);
    wake?.();
  };
  const isNode = name === 'OpenAIRealtimeWS';
  const props = { model: MODEL, ...(isNode && { options: { createConnection } }), ...extra };
  const connection = isNode
    ? new Connection(props, makeClient(plan))
    : withPlainSockets(() => new Connection(props, makeClient(plan)));
  shape('connection', connection);
  connection.on('event', (event) => note('event', event));
  connection.on('response.done', ({ response }) => note('done', response.id));
  if (!isSilent) connection.on('error', (error) => note('error', error));
  const { socket } = connection;
  const listen = (event, listener) =>
    isNode ? socket.on(event, listener) : socket.addEventListener(event, listener);
  listen('open', () => note('open'));
  listen('close', () => note('close'));
  const until = async (type, count = 1) => {
    while (seen.filter((one) => one === type).length < count) {
      await new Promise((resolve) => (wake = resolve));
    }
  };
  const close = async () => {
    connection.close();
    await until('close');
  };
  const send = (...events) => {
    for (const event of events) log('send', connection.send(event));
  };
  return { connection, until, close, send, seen };
}

/** Node's own WebSocket, of which nothing can be set. */
function withPlainSockets(make) {
  const Native = globalThis.WebSocket;
  class PlainWebSocket extends Native {
    constructor(url, protocols) {
      super(String(url).replace('wss:', 'ws:'), protocols);
    }
  }
  globalThis.WebSocket = PlainWebSocket;
  try {
    return make();
  } finally {
    globalThis.WebSocket = Native;
  }
}

/** The scenarios of one entry point. */
function scenariosOf(label, entry, prefix, limits) {
  const scenario = (plan, run, spans, extra = {}) => ({
    ...limits,
    async run(tools) {
      const opened = await open(tools, entry, `${prefix}${plan}`, extra.options);
      await opened.until('open');
      await opened.until('session.created');
      await run(opened, tools);
    },
    spans,
    ...extra.scenario,
  });
  const hello = [user('Say hello.')];
  const delta = prefix === 'realtime' ? 'response.output_text.delta' : 'response.text.delta';
  const all = {
    'two responses': scenario(
      'Text',
      async ({ send, until, close }) => {
        const session = {
          instructions: 'Be short.',
          output_modalities: ['text'],
          max_output_tokens: 64,
          tools: [{ type: 'function', name: 'get_weather', parameters: { type: 'object' } }],
        };
        send({ type: 'session.update', session }, item('Be kind.'), item('Say hello.'), ASK);
        await until('response.done');
        send(item('Again.', { id: 'item_2' }), {
          type: 'response.create',
          response: { instructions: 'Be long.', max_output_tokens: 'inf' },
        });
        await until('response.done', 2);
        await close();
      },
      [
        [['Be kind.', 'Say hello.'], 'Be short.', 64],
        [['Again.'], 'Be long.', undefined],
      ].map(([asked, instructions, limit], index) =>
        responseSpan(asked.map(user), said('Hello.'), 6, {
          'gen_ai.response.id': `resp_${index + 1}`,
          'gen_ai.output.type': 'text',
          'gen_ai.request.max_tokens': limit,
          'gen_ai.system_instructions': [text(instructions)],
          'gen_ai.tool.definitions': [
            { type: 'function', name: 'get_weather', parameters: { type: 'object' } },
          ],
        }),
      ),
    ),
    tools: scenario(
      'Tools',
      async ({ send, until, close }) => {
        send(item('Weather?'), ASK);
        await until('response.done');
        const output = { type: 'function_call_output', call_id: 'call_1', output: '{"sky":"grey"}' };
        send({ type: 'conversation.item.create', item: output }, ASK);
        await until('response.done', 2);
        await close();
      },
      [
        responseSpan(
          [user('Weather?')],
          [
            {
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Oslo' } }],
            },
          ],
          5,
        ),
        responseSpan(
          [
            {
              role: 'tool',
              parts: [{ type: 'tool_call_response', id: 'call_1', response: { sky: 'grey' } }],
            },
          ],
          said('Snow.'),
          5,
          { 'gen_ai.response.id': 'resp_2' },
        ),
      ],
    ),
    'sound, committed by the program': scenario(
      'Audio',
      async ({ send, until, close }) => {
        for (const audio of ['what ', 'was said']) {
          send({ type: 'input_audio_buffer.append', audio: base64(audio) });
        }
        send({ type: 'input_audio_buffer.commit' }, ASK);
        await until('response.done');
        await close();
      },
      [spokenSpan()],
    ),
    'sound, answered without being asked': scenario(
      'Voice',
      async ({ send, until, close }) => {
        for (const audio of ['what ', 'was said']) {
          send({ type: 'input_audio_buffer.append', audio: base64(audio) });
        }
        await until('response.done');
        await close();
      },
      [spokenSpan()],
    ),
    'sound in an item': scenario(
      'Text',
      async ({ send, until, close }) => {
        const content = [
          { type: 'input_audio', audio: base64('what was said'), transcript: 'Say hello.' },
          { type: 'input_text', text: 'Soon.' },
        ];
        send(item('', { content }), ASK);
        await until('response.done');
        await close();
      },
      [
        responseSpan(
          [{ role: 'user', parts: [text('Say hello.'), sound(13), text('Soon.')] }],
          said('Hello.'),
          6,
        ),
      ],
    ),
    'interleaved responses': scenario(
      'Interleaved',
      async ({ send, until, close }) => {
        send(item('Say A.'), { type: 'response.create', response: { metadata: { topic: 'first' } } });
        send({
          type: 'response.create',
          response: {
            conversation: 'none',
            metadata: { topic: 'second' },
            input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Say B.' }] }],
          },
        });
        await until('response.done', 2);
        await close();
      },
      [
        responseSpan([user('Say A.')], said('A1B1'), 6),
        responseSpan([user('Say B.')], said('A2B2'), 6, {
          'gen_ai.response.id': 'resp_2',
          'gen_ai.conversation.id': undefined,
        }),
      ],
    ),
    'response called off': scenario(
      'Cancel',
      async ({ send, until, close }) => {
        send(item('Say hello.'), ASK);
        await until(delta);
        send({ type: 'response.cancel' });
        await until('response.done');
        await close();
      },
      [
        responseSpan(hello, said('Hel'), 4, {
          'gen_ai.response.status': 'cancelled',
          'gen_ai.response.finish_reasons': ['client_cancelled'],
          'spoor.outcome': 'cancelled',
        }),
      ],
    ),
    'response that fails': scenario(
      'Failed',
      async ({ send, until, close }) => {
        send(item('Say hello.'), ASK);
        await until('response.done');
        await close();
      },
      [
        partSpan(
          hello,
          undefined,
          2,
          {
            'gen_ai.response.status': 'failed',
            'error.type': 'rate_limit_exceeded',
            'spoor.outcome': 'failed',
          },
          { code: 2, message: 'Slow down.' },
        ),
      ],
    ),
    'response cut short': scenario(
      'Incomplete',
      async ({ send, until, close }) => {
        send(item('Say hello.'), ASK);
        await until('response.done');
        await close();
      },
      [
        responseSpan(hello, said('Hel'), 4, {
          'gen_ai.response.status': 'incomplete',
          'gen_ai.response.finish_reasons': ['max_output_tokens'],
        }),
      ],
    ),
    'response refused': scenario(
      'Refused',
      async ({ send, until, close }) => {
        send(item('Say hello.'), { ...ASK, event_id: 'ask_1' });
        await until('error');
        send(ASK);
        await until('response.done');
        await close();
      },
      [
        refusedSpan(hello, 'conversation_already_has_active_response', 'There is one already.'),
        responseSpan(hello, said('Hello.'), 6, { 'gen_ai.response.id': 'resp_2' }),
      ],
    ),
    'response refused, nobody listens to errors': scenario(
      'Refused',
      async ({ send, until, close }, { delay }) => {
        send(item('Say hello.'), ASK);
        await until('error');
        await delay(0);
        send(ASK);
        await until('response.done');
        await close();
      },
      [
        refusedSpan(hello, 'conversation_already_has_active_response', 'There is one already.'),
        responseSpan(hello, said('Hello.'), 6, { 'gen_ai.response.id': 'resp_2' }),
      ],
      { options: { isSilent: true } },
    ),
    'error about something else': scenario(
      'OtherError',
      async ({ send, until, close }) => {
        send(item('Say hello.'), ASK);
        await until('response.created');
        send({ type: 'input_audio_buffer.commit' });
        await until('error');
        await until('response.done');
        await close();
      },
      [responseSpan(hello, said('Hello.'), 3)],
    ),
    'connection lost in a response': scenario(
      'Drop',
      async ({ send, until }) => {
        send(item('Say hello.'), ASK);
        await until(delta);
        send({ type: 'input_audio_buffer.clear' });
        await until('close');
      },
      [
        partSpan(
          hello,
          said('Hel'),
          3,
          { 'error.type': 'connection_closed', 'spoor.outcome': 'failed' },
          { code: 2, message: 'ANY' },
        ),
      ],
    ),
    'connection closed by the program in a response': scenario(
      'Hang',
      async ({ connection, send, until, close }) => {
        send(item('Say hello.'), ASK);
        await until(delta);
        await close();
        connection.send(ASK);
      },
      [
        partSpan(hello, said('Hel'), 3, { 'spoor.outcome': 'cancelled' }),
        refusedSpan(undefined, 'connection_closed', 'the connection was closed'),
      ],
    ),
    'response left alone': scenario(
      'Hang',
      async ({ send, until }) => {
        send(item('Say hello.'), ASK);
        await until(delta);
      },
      'one abandoned',
    ),
    'listeners are those of the program': scenario(
      'Text',
      async ({ connection, send, until, close }, { log, attempt }) => {
        const order = [];
        connection.on('response.done', () => order.push('first'));
        connection.once('response.done', () => order.push('once'));
        connection.on('response.done', () => order.push('last'));
        const count = (event) => connection.socket.listenerCount(event);
        send(ASK);
        const emitted = await connection.emitted('response.done');
        log('emitted', emitted.response.id);
        log('order', order);
        log('listeners', ['message', 'close', 'error', 'open'].map(count));
        log(
          'has listener',
          ['event', 'error', 'response.created'].map((name) => connection._hasListener(name) === true),
        );
        await attempt('no such event', () => connection.send({ type: 'response.create', response: null }));
        await until('response.done', 2);
        await close();
        log('listeners', ['message', 'close', 'error', 'open'].map(count));
      },
      [
        responseSpan(undefined, said('Hello.'), 6),
        responseSpan(undefined, said('Hello.'), 6, { 'gen_ai.response.id': 'resp_2' }),
      ],
    ),
    'what cannot be sent': {
      ...limits,
      async run(tools) {
        const { send, until, close } = await open(tools, entry, `${prefix}Text`);
        send(ASK);
        await until('error');
        await until('open');
        await close();
      },
      spans: [refusedSpan(undefined, 'ANY', 'ANY')],
    },
  };
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [`${label}, ${name}`, one]));

  function spokenSpan() {
    return responseSpan(
      [{ role: 'user', parts: [text('Say hello.'), sound(13, 'audio/pcm')] }],
      [{ role: 'assistant', parts: [text('Hello.'), sound(16)] }],
      7,
      {
        'gen_ai.system_instructions': [text('Be short.')],
        'gen_ai.output.type': 'speech',
      },
    );
  }
}

/** One over the WebSocket of Node itself. */
const native = (entry, prefix, limits) => ({
  ...limits,
  sinceNode: 22,
  async run(tools) {
    const opened = await open(tools, entry, `${prefix}Hang`, { name: 'OpenAIRealtimeWebSocket' });
    await opened.until('open');
    await opened.until('session.created');
    opened.send(item('Say hello.'), ASK);
    await opened.until(prefix === 'realtime' ? 'response.output_text.delta' : 'response.text.delta');
    await opened.close();
  },
  spans: [partSpan([user('Say hello.')], said('Hel'), 3, { 'spoor.outcome': 'cancelled' })],
});

const OLDER = 'openai/beta/realtime';
const NEWER = 'openai/realtime';
const SINCE = { since: '5.23' };

/** A connection that the SDK makes anew: what was under way is lost, what comes next is traced. */
const reconnecting = {
  since: '7.57',
  async run(tools) {
    const extra = { reconnect: true, reconnectInitialDelay: 1, reconnectMaxDelay: 2 };
    const { connection, until, send } = await open(tools, `${NEWER}/ws`, 'realtimeReconnect', {
      extra,
    });
    connection.on('reconnecting', () => tools.log('reconnecting'));
    const reconnected = connection.emitted('reconnected');
    await until('session.created');
    send(item('Say hello.'), ASK);
    await until('response.output_text.delta');
    send({ type: 'input_audio_buffer.clear' });
    await reconnected;
    await until('session.created', 2);
    send(ASK);
    await until('response.done');
    connection.close();
  },
  spans: [
    partSpan(
      [user('Say hello.')],
      said('Hel'),
      3,
      { 'error.type': 'connection_closed', 'spoor.outcome': 'failed' },
      { code: 2, message: 'ANY' },
    ),
    responseSpan(undefined, said('Hello.'), 6, { 'gen_ai.response.id': 'resp_2' }),
  ],
};

export const scenarios = {
  'realtime, connection made anew': reconnecting,
  ...scenariosOf('realtime', `${NEWER}/ws`, 'realtime', SINCE),
  ...scenariosOf('beta realtime', `${OLDER}/ws`, 'olderRealtime', {}),
  'realtime over the WebSocket of Node': native(`${NEWER}/websocket`, 'realtime', SINCE),
  'beta realtime over the WebSocket of Node': native(`${OLDER}/websocket`, 'olderRealtime', {}),
};
