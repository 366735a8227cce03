import { endedSpan, failed, messageSpan, MODEL, partialSpan, streamSpan } from './mistral-spans.js';

/** Conversations, and calls that are no chat. */
const PARAMS = { model: MODEL, inputs: 'Say hello.' };
const text = (content) => ({ type: 'text', content });
const from = (...parts) => [{ role: 'assistant', parts }];
const HELLO = from(text('Hello there.'));
/** An answer has no id and no reason for its end. */
const SAYS = {
  'gen_ai.conversation.id': 'conv_1',
  'gen_ai.response.id': undefined,
  'gen_ai.response.finish_reasons': undefined,
  'gen_ai.usage.cache_read.input_tokens': undefined,
};
const CALL = { type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } };
const search = (id, more) => ({
  type: 'server_tool_call',
  id,
  name: 'web_search',
  server_tool_call: { type: 'web_search', arguments: { query: 'weather' }, ...more },
});
const said = (messages, extra) => messageSpan(messages, { ...SAYS, ...extra });
const partial = (outcome, chunks, extra = {}, status = { code: 0 }) => ({
  ...partialSpan('Hello', chunks, outcome, { ...SAYS, ...extra }),
  status,
});
const other = (operation, output, extra) => ({
  ...messageSpan(output, {
    'gen_ai.operation.name': operation,
    'gen_ai.response.id': undefined,
    'gen_ai.response.finish_reasons': undefined,
    'gen_ai.usage.cache_read.input_tokens': undefined,
    ...extra,
  }),
  name: `${operation} ${MODEL}`,
});
const NO_USAGE = { 'gen_ai.usage.input_tokens': undefined, 'gen_ai.usage.output_tokens': undefined };

const open = (makeClient, plan) => makeClient(plan).beta.conversations.startStream(PARAMS);
const isLo = ({ data }) => data.content === 'lo';

export const scenarios = {
  'conversation, start': {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('conversation').beta.conversations.start({
        ...PARAMS,
        instructions: 'Be short.',
        tools: [
          { type: 'web_search' },
          {
            type: 'function',
            function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
          },
        ],
        completionArgs: { temperature: 0, maxTokens: 64, responseFormat: { type: 'text' } },
      });
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      said(HELLO, {
        'gen_ai.request.temperature': 0,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.output.type': 'text',
        'gen_ai.system_instructions': [text('Be short.')],
        'gen_ai.tool.definitions': [
          { type: 'web_search', name: 'web_search' },
          { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' } },
        ],
      }),
    ],
  },
  'conversation, an agent, entries of every kind': {
    async run({ makeClient, log }) {
      const { conversations } = makeClient('conversationEntries').beta;
      log('answer', (await conversations.start({ agentId: 'agent_1', inputs: 'Say hello.' })).outputs.length);
    },
    spans: [
      {
        ...said(from(search('tool_1'), text('Hello there.'), CALL), {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.id': 'agent_1',
          'gen_ai.request.model': undefined,
        }),
        name: 'invoke_agent',
      },
    ],
  },
  'conversation, append and restart': {
    async run({ makeClient, log }) {
      const { conversations } = makeClient('conversation').beta;
      const inputs = Object.freeze([{ type: 'function.result', toolCallId: 'call_a', result: 'Sunny.' }]);
      log(
        'appended',
        await conversations.append({
          conversationId: 'conv_0',
          conversationAppendRequest: Object.freeze({ inputs }),
        }),
      );
      log(
        'restarted',
        await conversations.restart({
          conversationId: 'conv_0',
          conversationRestartRequest: { inputs: 'Say hello.', fromEntryId: 'msg_0' },
        }),
      );
    },
    spans: [
      [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_a', response: 'Sunny.' }] }],
      [{ role: 'user', parts: [text('Say hello.')] }],
    ].map((input) => ({
      ...said(HELLO, { 'gen_ai.request.model': undefined, 'gen_ai.input.messages': input }),
      name: 'chat',
    })),
  },
  'conversation, bad request': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('badRequest').beta.conversations.start(PARAMS));
    },
    spans: [failed('ANY', 'ANY')],
  },
  'conversation, stream': {
    async run({ makeClient, log }) {
      const stream = await open(makeClient, 'conversation');
      log('stream', [stream.constructor.name, Object.keys(stream)]);
      for await (const event of stream) log('event', event);
    },
    spans: [streamSpan(HELLO, 5, SAYS)],
  },
  'conversation, stream, entries in pieces': {
    async run({ makeClient, log }) {
      for await (const event of await open(makeClient, 'conversationStreamEntries')) log('event', event);
    },
    spans: [
      streamSpan(from(search('entry_0', { info: { hits: 2 } }), CALL), 7, {
        ...SAYS,
        'gen_ai.response.model': undefined,
      }),
    ],
  },
  'conversation, stream, break': {
    async run({ makeClient, log, awaitEvent }) {
      for await (const event of await open(makeClient, 'conversationStreamHang')) if (isLo(event)) break;
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [partial('cancelled', 3)],
  },
  'conversation, stream, error event': {
    async run({ makeClient, log, attempt }) {
      await attempt('loop', async () => {
        for await (const event of await open(makeClient, 'conversationStreamError')) log('event', event);
      });
    },
    spans: [partial('failed', 4, { 'error.type': '3505' }, { code: 2, message: 'Overloaded.' })],
  },
  'conversation, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      log(
        'answer',
        await makeClient('conversation').beta.conversations.start({ ...PARAMS, instructions: 'Be short.' }),
      );
      for await (const event of await open(makeClient, 'conversation')) log('event', event);
    },
    spans: [
      said(undefined, { 'gen_ai.input.messages': undefined }),
      streamSpan(undefined, 5, { ...SAYS, 'gen_ai.input.messages': undefined }),
    ],
  },
  'recognition of a document': {
    async run({ makeClient, log }) {
      const document = { type: 'document_url', documentUrl: 'https://example.org/a.pdf' };
      log('answer', await makeClient('ocr').ocr.process({ model: MODEL, document }));
    },
    spans: [
      other('generate_content', from(text('# One'), text('Two.')), {
        ...NO_USAGE,
        'gen_ai.output.type': 'text',
        'gen_ai.input.messages': [
          { role: 'user', parts: [{ type: 'uri', modality: 'document', uri: 'https://example.org/a.pdf' }] },
        ],
      }),
    ],
  },
  'moderations of texts and of a chat': {
    async run({ makeClient, log }) {
      const { classifiers } = makeClient('moderation');
      log('texts', await classifiers.moderate({ model: MODEL, inputs: ['Say hello.'] }));
      log(
        'chat',
        await classifiers.moderateChat({ model: MODEL, inputs: [{ role: 'user', content: 'Say hello.' }] }),
      );
    },
    spans: [1, 2].map(() =>
      other(
        'moderation',
        from({ type: 'moderation', categories: { pii: false }, categoryScores: { pii: 0 } }),
        {
          ...NO_USAGE,
          'gen_ai.response.id': 'mod_1',
        },
      ),
    ),
  },
  'transcript of what was said': {
    async run({ makeClient, log }) {
      const params = { model: MODEL, fileUrl: 'https://example.org/a.mp3' };
      log('answer', await makeClient('transcript').audio.transcriptions.complete(params));
      const stream = await makeClient('transcriptStream').audio.transcriptions.stream(params);
      for await (const event of stream) log('event', event);
    },
    spans: [{}, { stream: 3 }].map(({ stream }) => {
      const { attributes, ...rest } = other('generate_content', HELLO, {
        'gen_ai.output.type': 'text',
        'gen_ai.input.messages': [
          { role: 'user', parts: [{ type: 'uri', modality: 'audio', uri: 'https://example.org/a.mp3' }] },
        ],
      });
      if (stream === undefined) return { ...rest, attributes };
      const more = {
        'gen_ai.request.stream': true,
        'gen_ai.response.time_to_first_chunk': 'SECONDS',
        'spoor.stream.chunk_count': stream,
      };
      return { ...rest, attributes: { ...attributes, ...more } };
    }),
  },
  'conversation that nobody reads': {
    async run({ makeClient, delay }) {
      await open(makeClient, 'conversation');
      await delay(20);
    },
    spans: [endedSpan('abandoned', { 'gen_ai.request.stream': true, 'spoor.stream.chunk_count': 0 })],
  },
};
