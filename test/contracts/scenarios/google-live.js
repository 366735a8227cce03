import { MODEL, streamSpan } from './google-spans.js';

/** Live sessions, over a WebSocket: one span a turn of the model. */
const SAY = { turns: 'Say hello.' };
const DONE = ({ serverContent }) => serverContent?.turnComplete === true;
const isLo = ({ serverContent }) => serverContent?.modelTurn?.parts[0].text === 'lo';
const LOOKUP = { name: 'get_weather', parametersJsonSchema: { type: 'OBJECT' } };
const DEFINITION = { type: 'function', name: 'get_weather', parameters: { type: 'OBJECT' } };
const text = (content, finish) => [
  { role: 'assistant', parts: [{ type: 'text', content }], ...(finish && { finish_reason: finish }) },
];

/** A turn of the model as a span. */
function turnSpan(messages, chunks, extra = {}, status = { code: 0 }) {
  const base = streamSpan(messages, chunks, {
    'gen_ai.response.id': undefined,
    'gen_ai.response.model': undefined,
    'gen_ai.conversation.id': 'sess_1',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.cache_read.input_tokens': undefined,
    ...extra,
  });
  return { ...base, status };
}

/** A turn that ended before it was done. */
function brokenSpan(outcome, chunks = 2, extra = {}, status) {
  return turnSpan(
    text('Hello'),
    chunks,
    {
      'spoor.outcome': outcome,
      'gen_ai.response.finish_reasons': undefined,
      'gen_ai.usage.input_tokens': undefined,
      'gen_ai.usage.output_tokens': undefined,
      'gen_ai.usage.reasoning.output_tokens': undefined,
      ...extra,
    },
    status,
  );
}

/** Opens a session and logs what its callbacks see. `until` waits for a message, the n-th of its kind. */
async function open({ makeClient, log }, plan, config = {}) {
  const seen = [];
  let wake;
  const note = (what, value) => {
    log(what, value);
    wake?.();
  };
  const callbacks = {
    onopen() {
      note('open', this === callbacks);
    },
    onmessage(message) {
      seen.push(message);
      note('message', message);
    },
    onclose({ code, reason }) {
      seen.push('closed');
      note('close', [code, reason, this === callbacks]);
    },
  };
  const params = { model: MODEL, config, callbacks };
  const session = await makeClient(plan).live.connect(params);
  const until = async (test, count = 1) => {
    while (seen.filter((one) => one === test || (typeof test === 'function' && test(one))).length < count) {
      await new Promise((resolve) => (wake = resolve));
    }
  };
  // The first major lets the program speak before the session is set up.
  await until(({ setupComplete }) => setupComplete !== undefined);
  return { session, until, params, callbacks };
}

async function close({ session, until }) {
  session.close();
  await until('closed');
}

export const scenarios = {
  'live, two turns': {
    async run(tools) {
      const promise = open(tools, 'liveTalk', {
        systemInstruction: 'Be short.',
        temperature: 0,
        maxOutputTokens: 64,
        responseModalities: ['TEXT'],
      });
      const { session, until } = await promise;
      tools.shape('session', session);
      session.sendClientContent({
        turns: [{ role: 'user', parts: [{ text: 'Be kind.' }] }],
        turnComplete: false,
      });
      session.sendClientContent(SAY);
      await until(DONE);
      session.sendClientContent({ turns: 'Again.' });
      await until(DONE, 2);
      await close({ session, until });
    },
    spans: [['Be kind.', 'Say hello.'], ['Again.']].map((asked) =>
      turnSpan(text('Hello there.'), 5, {
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
        'gen_ai.request.temperature': 0,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.input.messages': asked.map((content) => ({
          role: 'user',
          parts: [{ type: 'text', content }],
        })),
      }),
    ),
  },
  'live, thoughts': {
    async run(tools) {
      const opened = await open(tools, 'liveThought');
      opened.session.sendClientContent(SAY);
      await opened.until(DONE);
      await close(opened);
    },
    spans: [
      turnSpan(
        [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Think first.' },
              { type: 'text', content: 'Hello' },
            ],
          },
        ],
        5,
      ),
    ],
  },
  'live, sound: hash and size, and what was heard': {
    async run(tools) {
      const opened = await open(tools, 'liveVoice', {
        responseModalities: ['AUDIO'],
        outputAudioTranscription: {},
      });
      const { session, until } = opened;
      for (const data of ['c3Bv', 'b3I='])
        session.sendRealtimeInput({ audio: { mimeType: 'audio/pcm', data } });
      session.sendRealtimeInput({ audioStreamEnd: true });
      await until(DONE);
      await close(opened);
    },
    spans: [
      turnSpan(
        [
          {
            role: 'assistant',
            parts: [
              {
                type: 'blob',
                modality: 'audio',
                mime_type: 'audio/pcm;rate=24000',
                sha256: 'HASH',
                bytes: 5,
              },
              { type: 'text', content: 'Hello.' },
            ],
          },
        ],
        6,
        {
          'gen_ai.output.type': 'speech',
          'gen_ai.input.messages': [
            {
              role: 'user',
              parts: [
                { type: 'blob', modality: 'audio', mime_type: 'audio/pcm', sha256: 'HASH', bytes: 5 },
                { type: 'text', content: 'Say hello.' },
              ],
            },
          ],
        },
      ),
    ],
  },
  'live, tools: the answer to them is a turn of its own': {
    async run(tools) {
      const opened = await open(tools, 'liveTools', { tools: [{ functionDeclarations: [LOOKUP] }] });
      const { session, until } = opened;
      session.sendClientContent(SAY);
      await until(({ usageMetadata }) => usageMetadata !== undefined);
      session.sendToolResponse({
        functionResponses: { id: 'call_a', name: 'get_weather', response: { weather: 'sunny' } },
      });
      await until(DONE);
      await close(opened);
    },
    spans: [
      turnSpan(
        [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'call_a', name: 'get_weather', arguments: { city: 'Rome' } }],
          },
        ],
        2,
        { 'gen_ai.tool.definitions': [DEFINITION], 'gen_ai.response.finish_reasons': ['tool_call'] },
      ),
      turnSpan(text('It is sunny.'), 2, {
        'gen_ai.tool.definitions': [DEFINITION],
        'gen_ai.input.messages': [
          {
            role: 'tool',
            parts: [
              {
                type: 'tool_call_response',
                id: 'call_a',
                name: 'get_weather',
                response: { weather: 'sunny' },
              },
            ],
          },
        ],
      }),
    ],
  },
  'live, the program speaks while the model does': {
    async run(tools) {
      const opened = await open(tools, 'liveInterrupted');
      const { session, until } = opened;
      session.sendClientContent(SAY);
      await until(isLo);
      session.sendClientContent({ turns: 'Wait.' });
      await until(DONE, 2);
      await close(opened);
    },
    spans: [
      turnSpan(text('Hello'), 4, {
        'spoor.outcome': 'cancelled',
        'gen_ai.response.finish_reasons': undefined,
      }),
      turnSpan(text('Again.'), 2, {
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Wait.' }] }],
      }),
    ],
  },
  'live, a turn that the provider rejects': {
    async run(tools) {
      const opened = await open(tools, 'liveRejected');
      opened.session.sendClientContent(SAY);
      await opened.until(DONE);
      await close(opened);
    },
    spans: [
      brokenSpan('completed', 1, {
        'gen_ai.output.messages': undefined,
        'gen_ai.response.finish_reasons': ['RESPONSE_REJECTED'],
      }),
    ],
  },
  'live, closed by the program in the middle of a turn': {
    async run(tools) {
      const opened = await open(tools, 'liveHang');
      opened.session.sendClientContent(SAY);
      await opened.until(isLo);
      await close(opened);
    },
    spans: [brokenSpan('cancelled')],
  },
  'live, closed by the provider in the middle of a turn': {
    async run(tools) {
      const { session, until } = await open(tools, 'liveClosed');
      session.sendClientContent(SAY);
      await until('closed');
    },
    spans: [brokenSpan('failed', 2, { 'error.type': '1011' }, { code: 2, message: 'Overloaded.' })],
  },
  'live, cut in the middle of a turn': {
    async run(tools) {
      const { session, until } = await open(tools, 'liveCut');
      session.sendClientContent(SAY);
      await until('closed');
    },
    spans: [brokenSpan('failed', 2, { 'error.type': '1006' }, { code: 2, message: 'ANY' })],
  },
  'live, process.exit in the middle of a turn': {
    isolated: true,
    async run(tools) {
      const { session, until } = await open(tools, 'liveHang');
      session.sendClientContent(SAY);
      await until(isLo);
      process.exit(7);
    },
    spans: [brokenSpan('abandoned')],
  },
  'live, frozen arguments': {
    async run(tools) {
      const opened = await open(tools, 'liveTalk', Object.freeze({ responseModalities: ['TEXT'] }));
      opened.session.sendClientContent(Object.freeze({ ...SAY }));
      await opened.until(DONE);
      tools.log('keys', [Object.keys(opened.params), Object.keys(opened.callbacks)]);
      await close(opened);
    },
    spans: [turnSpan(text('Hello there.'), 5)],
  },
  'live, a callback that throws': {
    async run(tools) {
      const opened = await open(tools, 'liveTalk');
      const { onmessage } = opened.callbacks;
      Object.assign(opened.callbacks, {
        onmessage(message) {
          onmessage.call(opened.callbacks, message);
          if (DONE(message)) throw new RangeError('mine');
        },
      });
      opened.session.sendClientContent(SAY);
      await opened.until(DONE);
      await close(opened);
    },
    spans: [turnSpan(text('Hello there.'), 5)],
  },
  'live, what the SDK refuses': {
    async run(tools) {
      const opened = await open(tools, 'liveTalk');
      await tools.attempt('no responses', () => opened.session.sendToolResponse({ functionResponses: [] }));
      await close(opened);
    },
    spans: [],
  },
  'live, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run(tools) {
      const opened = await open(tools, 'liveVoice', { systemInstruction: 'Be short.' });
      opened.session.sendClientContent({ ...SAY, turnComplete: false });
      opened.session.sendRealtimeInput({ audioStreamEnd: true });
      await opened.until(DONE);
      await close(opened);
    },
    spans: [turnSpan(undefined, 6, { 'gen_ai.input.messages': undefined })],
  },
  'live, two sessions at a time': {
    isUnordered: true,
    async run(tools) {
      const pair = await Promise.all(['a', 'b'].map(() => open(tools, 'liveTalk')));
      pair.forEach(({ session }, index) => session.sendClientContent({ turns: `Number ${index}.` }));
      await Promise.all(pair.map(({ until }) => until(DONE)));
      await Promise.all(pair.map(close));
    },
    spans: [0, 1].map((index) =>
      turnSpan(text('Hello there.'), 5, {
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: `Number ${index}.` }] }],
      }),
    ),
  },
  'live, the turn belongs to who asked': {
    async run(tools) {
      const opened = await open(tools, 'liveTalk');
      const work = async () => {
        opened.session.sendClientContent(SAY);
        await opened.until(DONE);
      };
      const tracer = globalThis.contractTracer;
      if (tracer === undefined) await work();
      else {
        await tracer.startActiveSpan('mine', async (span) => {
          await work();
          span.end();
        });
      }
      await close(opened);
    },
    spans: [
      { ...turnSpan(text('Hello there.'), 5), parent: 'mine' },
      { name: 'mine', kind: 0, status: { code: 0 }, attributes: {}, events: [], scope: 'app', parent: null },
    ],
  },
};
