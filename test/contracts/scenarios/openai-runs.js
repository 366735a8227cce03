import { LOOKUP, SCHEMA } from './openai-calls.js';
import { span } from './openai-spans.js';

/** Assistants and their runs. Content invented. */
const THREAD = 'thread_1';
const BODY = { assistant_id: 'asst_1', additional_instructions: 'Be short.', temperature: 0 };
const text = (content) => ({ type: 'text', content });
const said = (...contents) => [{ role: 'assistant', parts: contents.map(text) }];
const CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
};
const CALLED = [
  {
    role: 'assistant',
    parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Oslo' } }],
  },
];
const OUTPUTS = [{ tool_call_id: 'call_1', output: '{"sky":"grey"}' }];
const ANSWERED = [
  { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: { sky: 'grey' } }] },
];
const REQUIRED = { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: [CALL] } };

const run = (status, extra = {}) => ({
  id: 'run_1',
  object: 'thread.run',
  thread_id: THREAD,
  assistant_id: 'asst_1',
  model: 'gpt-4o',
  status,
  required_action: null,
  last_error: null,
  incomplete_details: null,
  usage: null,
  ...extra,
});
const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 10,
  total_tokens: 30,
  prompt_token_details: { cached_tokens: 12 },
};
const ENDED = run('completed', { usage: USAGE });
const message = (status, content) => ({
  id: 'msg_1',
  object: 'thread.message',
  thread_id: THREAD,
  role: 'assistant',
  status,
  content,
});
const textContent = (value) => [{ type: 'text', text: { value, annotations: [] } }];

const send = (x, type, data) => x.event(data, type);
async function says(x) {
  x.startEvents();
  await send(x, 'thread.run.created', run('queued'));
  await send(x, 'thread.run.in_progress', run('in_progress'));
  await send(x, 'thread.message.created', message('in_progress', []));
  for (const value of ['Hel', 'lo.']) {
    await send(x, 'thread.message.delta', {
      id: 'msg_1',
      object: 'thread.message.delta',
      delta: { content: [{ index: 0, type: 'text', text: { value } }] },
    });
  }
}

/** What the server says each time that it is asked for the run. */
const polled =
  (...states) =>
  async (x) =>
    x.json(200, states[Math.min(x.attempt, states.length) - 1]);

export const plans = {
  runQueued: async (x) => x.json(200, run('queued')),
  runPolled: polled(run('queued'), run('in_progress'), ENDED),
  runFails: polled(
    run('queued'),
    run('failed', { last_error: { code: 'rate_limit_exceeded', message: 'Slow down.' } }),
  ),
  runPollBroken: async (x) => {
    if (x.attempt === 1) x.json(200, run('queued'));
    else x.json(500, { error: { message: 'Broken.', type: 'server_error' } });
  },
  runNeedsTools: polled(run('queued'), run('requires_action', { required_action: REQUIRED })),
  runStream: async (x) => {
    await says(x);
    await send(x, 'thread.message.completed', message('completed', textContent('Hello.')));
    await send(x, 'thread.run.completed', ENDED);
    await send(x, 'done', '[DONE]');
    x.end();
  },
  runStreamHang: async (x) => {
    await says(x);
    await x.hang();
  },
  runStreamTools: async (x) => {
    x.startEvents();
    await send(x, 'thread.run.created', run('queued'));
    await send(x, 'thread.run.requires_action', run('requires_action', { required_action: REQUIRED }));
    await send(x, 'done', '[DONE]');
    x.end();
  },
  runStreamError: async (x) => {
    await says(x);
    await send(x, 'error', { error: { code: 'server_error', message: 'Too much.' } });
    x.end();
  },
  assistant: async (x) =>
    x.json(200, {
      id: 'asst_1',
      object: 'assistant',
      name: 'Guide',
      model: 'gpt-4o',
      instructions: 'Be short.',
    }),
};

const REQUEST = {
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.provider.name': 'openai',
  'openai.api.type': 'assistants',
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
};
const RUN = {
  'gen_ai.agent.id': 'asst_1',
  'gen_ai.conversation.id': THREAD,
  'gen_ai.response.id': 'run_1',
  'gen_ai.response.model': 'gpt-4o',
};
const ASKED = {
  'gen_ai.request.temperature': 0,
  'gen_ai.system_instructions': [text('Be short.')],
};
const DONE = {
  'gen_ai.response.status': 'completed',
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 12,
};
const STREAMED = { 'gen_ai.request.stream': true, 'gen_ai.response.time_to_first_chunk': 'SECONDS' };

function runSpan(attributes, status = { code: 0 }) {
  const all = { ...REQUEST, 'spoor.outcome': 'completed', ...attributes };
  const known = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return { ...span(known, { status }), name: 'invoke_agent' };
}

/** The older versions take the thread and the run as arguments of their own. */
function submit(sdkRuns, method, body) {
  return isOlder(sdkRuns)
    ? sdkRuns[method](THREAD, 'run_1', body)
    : sdkRuns[method]('run_1', { thread_id: THREAD, ...body });
}
const isOlder = (runs) => runs.submitToolOutputs.length === 4;
const POLL = { pollIntervalMs: 1 };

export const scenarios = {
  'run, begun only': {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('runQueued').beta.threads.runs.create(THREAD, {
        ...BODY,
        model: 'gpt-4o',
        additional_messages: [
          { role: 'user', content: 'Say hello.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'And this?' },
              { type: 'image_file', image_file: { file_id: 'file_1' } },
            ],
          },
        ],
        tools: [LOOKUP],
      });
      shape('promise', promise);
      log('run', await promise);
    },
    spans: [
      runSpan({
        ...RUN,
        ...ASKED,
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.input.messages': [
          { role: 'user', parts: [text('Say hello.')] },
          {
            role: 'user',
            parts: [text('And this?'), { type: 'file', modality: 'image', file_id: 'file_1' }],
          },
        ],
        'gen_ai.tool.definitions': [
          { type: 'function', name: 'get_weather', description: 'Weather of a city.', parameters: SCHEMA },
        ],
        'gen_ai.response.status': 'queued',
      }),
    ],
  },
  'run, waited for': {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('runPolled').beta.threads.runs.createAndPoll(THREAD, BODY, POLL);
      shape('promise', promise);
      log('run', await promise);
    },
    spans: [runSpan({ ...RUN, ...ASKED, ...DONE })],
  },
  'run that fails': {
    async run({ makeClient, log }) {
      log('run', await makeClient('runFails').beta.threads.runs.createAndPoll(THREAD, BODY, POLL));
    },
    spans: [
      runSpan(
        {
          ...RUN,
          ...ASKED,
          'gen_ai.response.status': 'failed',
          'error.type': 'rate_limit_exceeded',
          'spoor.outcome': 'failed',
        },
        { code: 2, message: 'Slow down.' },
      ),
    ],
  },
  'run, the server breaks while it is waited for': {
    async run({ makeClient, attempt }) {
      await attempt('run', () =>
        makeClient('runPollBroken').beta.threads.runs.createAndPoll(THREAD, BODY, POLL),
      );
    },
    spans: [
      runSpan(
        {
          'gen_ai.agent.id': 'asst_1',
          'gen_ai.conversation.id': THREAD,
          ...ASKED,
          'error.type': 'InternalServerError',
          'spoor.outcome': 'failed',
        },
        { code: 2, message: '500 Broken.' },
      ),
    ],
  },
  'run with tools, waited for': {
    async run({ makeClient, log }) {
      const client = makeClient('runNeedsTools');
      log('run', await client.beta.threads.runs.createAndPoll(THREAD, BODY, POLL));
      const { runs } = makeClient('runPolled').beta.threads;
      log('submitted', await submit(runs, 'submitToolOutputs', { tool_outputs: OUTPUTS }));
    },
    spans: [
      runSpan({
        ...RUN,
        ...ASKED,
        'gen_ai.response.status': 'requires_action',
        'gen_ai.output.messages': CALLED,
      }),
      runSpan({ ...RUN, ...DONE, 'gen_ai.input.messages': ANSWERED }),
    ],
  },
  'outputs of tools, waited for': {
    async run({ makeClient, log }) {
      const { runs } = makeClient('runPolled').beta.threads;
      const body = { tool_outputs: OUTPUTS };
      const promise = isOlder(runs)
        ? runs.submitToolOutputsAndPoll(THREAD, 'run_1', body, POLL)
        : runs.submitToolOutputsAndPoll('run_1', { thread_id: THREAD, ...body }, POLL);
      log('run', await promise);
    },
    spans: [runSpan({ ...RUN, ...DONE, 'gen_ai.input.messages': ANSWERED })],
  },
  'run as a stream': {
    async run({ makeClient, log, shape }) {
      const { runs } = makeClient('runStream').beta.threads;
      const stream = await runs.create(THREAD, { ...BODY, stream: true });
      shape('stream', stream);
      for await (const event of stream) log('event', event);
    },
    spans: [
      runSpan({
        ...RUN,
        ...ASKED,
        ...DONE,
        ...STREAMED,
        'gen_ai.output.messages': said('Hello.'),
        'spoor.stream.chunk_count': 7,
      }),
    ],
  },
  'run by the stream helper': {
    async run({ makeClient, log }) {
      const stream = makeClient('runStream').beta.threads.runs.stream(THREAD, BODY);
      stream.on('textDelta', (delta, snapshot) => log('text', [delta.value, snapshot.value]));
      log('messages', await stream.finalMessages());
      log('run', await stream.finalRun());
    },
    spans: [
      runSpan({
        ...RUN,
        ...ASKED,
        ...DONE,
        ...STREAMED,
        'gen_ai.output.messages': said('Hello.'),
        'spoor.stream.chunk_count': 7,
      }),
    ],
  },
  'run by the stream helper, with tools': {
    async run({ makeClient, log }) {
      const stream = makeClient('runStreamTools').beta.threads.runs.stream(THREAD, BODY);
      log('run', await stream.finalRun());
      const { runs } = makeClient('runStream').beta.threads;
      const next = submit(runs, 'submitToolOutputsStream', { tool_outputs: OUTPUTS });
      log('next', await next.finalRun());
    },
    spans: [
      runSpan({
        ...RUN,
        ...ASKED,
        ...STREAMED,
        'gen_ai.response.status': 'requires_action',
        'gen_ai.output.messages': CALLED,
        'spoor.stream.chunk_count': 2,
      }),
      runSpan({
        ...RUN,
        ...DONE,
        ...STREAMED,
        'gen_ai.input.messages': ANSWERED,
        'gen_ai.output.messages': said('Hello.'),
        'spoor.stream.chunk_count': 7,
      }),
    ],
  },
  'run by the stream helper, called off': {
    async run({ makeClient, log, attempt, awaitEvent }) {
      const stream = makeClient('runStreamHang').beta.threads.runs.stream(THREAD, BODY);
      stream.on('abort', (error) => log('abort', error));
      stream.on('textDelta', (delta) => {
        if (delta.value === 'lo.') stream.abort();
      });
      await attempt('done', () => stream.done());
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [
      runSpan({
        ...RUN,
        ...ASKED,
        ...STREAMED,
        'gen_ai.response.status': 'in_progress',
        'gen_ai.output.messages': said('Hello.'),
        'spoor.stream.chunk_count': 5,
        'spoor.outcome': 'cancelled',
      }),
    ],
  },
  'run as a stream, failing': {
    async run({ makeClient, log, attempt }) {
      const { runs } = makeClient('runStreamError').beta.threads;
      const stream = await runs.create(THREAD, { ...BODY, stream: true });
      await attempt('reading', async () => {
        for await (const event of stream) log('event', event.event);
      });
    },
    spans: 'one failed',
  },
  'thread made and run': {
    async run({ makeClient, log }) {
      const body = { ...BODY, thread: { messages: [{ role: 'user', content: 'Say hello.' }] } };
      const { threads } = makeClient('runPolled').beta;
      log('run', await threads.createAndRunPoll(body, POLL));
      const stream = makeClient('runStream').beta.threads.createAndRunStream(body);
      log('streamed', await stream.finalRun());
    },
    spans: [{}, { ...STREAMED, 'gen_ai.output.messages': said('Hello.'), 'spoor.stream.chunk_count': 7 }].map(
      (extra) =>
        runSpan({
          ...RUN,
          ...ASKED,
          ...DONE,
          'gen_ai.input.messages': [{ role: 'user', parts: [text('Say hello.')] }],
          ...extra,
        }),
    ),
  },
  'assistant made': {
    async run({ makeClient, log }) {
      const { assistants } = makeClient('assistant').beta;
      log(
        'assistant',
        await assistants.create({ model: 'gpt-4o', name: 'Guide', instructions: 'Be short.' }),
      );
    },
    spans: [
      {
        ...runSpan({
          'gen_ai.operation.name': 'create_agent',
          'gen_ai.agent.name': 'Guide',
          'gen_ai.agent.id': 'asst_1',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.response.model': 'gpt-4o',
          'gen_ai.system_instructions': [text('Be short.')],
        }),
        name: 'create_agent Guide',
      },
    ],
  },
};
