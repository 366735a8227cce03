import { sendChunk, sendException, sendFrame, startFrames } from './bedrock-wire.js';

/** How the loopback provider answers: the wire formats of Bedrock and of the models in it, with faults. Content invented. */

const USAGE = {
  inputTokens: 20,
  outputTokens: 10,
  totalTokens: 45,
  cacheReadInputTokens: 12,
  cacheWriteInputTokens: 3,
};

const converse = (content, stopReason = 'end_turn') => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage: USAGE,
  metrics: { latencyMs: 5 },
});
const HELLO = [{ text: 'Hello there.' }];

const fail = (x, status, type, message) =>
  x.json(status, { message }, { 'x-amzn-errortype': `${type}:http://example.org/` });

const grow = (x, index, delta) => sendFrame(x, 'contentBlockDelta', { contentBlockIndex: index, delta });

async function words(x, list) {
  startFrames(x);
  await sendFrame(x, 'messageStart', { role: 'assistant' });
  for (const text of list) await grow(x, 0, { text });
}

async function finish(x, stopReason = 'end_turn') {
  await sendFrame(x, 'messageStop', { stopReason });
  await sendFrame(x, 'metadata', { usage: USAGE, metrics: { latencyMs: 5 } });
  x.end();
}

async function wholeStream(x) {
  await words(x, ['Hel', 'lo', ' there.']);
  await sendFrame(x, 'contentBlockStop', { contentBlockIndex: 0 });
  await finish(x);
}

async function claudeStream(x) {
  startFrames(x);
  const usage = { input_tokens: 20, cache_read_input_tokens: 12, cache_creation_input_tokens: 3 };
  await sendChunk(x, {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content: [],
      usage: { ...usage, output_tokens: 1 },
    },
  });
  await sendChunk(x, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  for (const text of ['Hel', 'lo', ' there.']) {
    await sendChunk(x, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
  }
  await sendChunk(x, { type: 'content_block_stop', index: 0 });
  await sendChunk(x, {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 10 },
  });
  await sendChunk(x, {
    type: 'message_stop',
    'amazon-bedrock-invocationMetrics': { inputTokenCount: 20, outputTokenCount: 9 },
  });
  x.end();
}

const CLAUDE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-test',
  content: [{ type: 'text', text: 'Hello there.' }],
  stop_reason: 'end_turn',
  usage: {
    input_tokens: 20,
    output_tokens: 10,
    cache_read_input_tokens: 12,
    cache_creation_input_tokens: 3,
  },
};

export const plans = {
  converse: async (x) => (x.request.url.endsWith('-stream') ? wholeStream(x) : x.json(200, converse(HELLO))),
  tools: async (x) =>
    x.json(
      200,
      converse(
        [
          { reasoningContent: { reasoningText: { text: 'Think first.', signature: 'c2ln' } } },
          { toolUse: { toolUseId: 'tool_a', name: 'get_weather', input: { city: 'Rome' } } },
        ],
        'tool_use',
      ),
    ),
  claude: async (x) => (x.request.url.endsWith('-stream') ? claudeStream(x) : x.json(200, CLAUDE)),
  titan: async (x) => x.json(200, { embedding: [0.5, -0.25], inputTextTokenCount: 4 }),
  guardrail: async (x) => x.json(200, { usage: {}, action: 'NONE', outputs: [], assessments: [] }),
  empty: async (x) => x.json(200, {}),
  malformed: async (x) => x.json(200, '{"output": {"message": {'),
  badRequest: async (x) => fail(x, 400, 'ValidationException', 'Bad value.'),
  tooMany: async (x) => fail(x, 429, 'ThrottlingException', 'Slow down.'),
  unknownError: async (x) => fail(x, 403, 'ExpiredTokenException', 'The token is old.'),
  retry: async (x) =>
    x.attempt === 1
      ? fail(x, 500, 'InternalServerException', 'Oops.')
      : x.json(200, converse([{ text: 'Second time.' }])),
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
    sendException(x, 'modelStreamErrorException', 'Overloaded.');
    x.end();
  },
  streamTools: async (x) => {
    startFrames(x);
    await sendFrame(x, 'messageStart', { role: 'assistant' });
    await grow(x, 0, { reasoningContent: { text: 'Two ' } });
    await grow(x, 0, { reasoningContent: { text: 'tools.' } });
    await grow(x, 0, { reasoningContent: { signature: 'c2ln' } });
    for (const [index, toolUseId, name] of [
      [1, 'tool_a', 'get_weather'],
      [2, 'tool_b', 'get_time'],
    ]) {
      await sendFrame(x, 'contentBlockStart', {
        contentBlockIndex: index,
        start: { toolUse: { toolUseId, name } },
      });
    }
    for (const [index, input] of [
      [1, '{"city"'],
      [2, '{"zone"'],
      [1, ':"Rome"}'],
      [2, ':"CET"}'],
    ]) {
      await grow(x, index, { toolUse: { input } });
    }
    await finish(x, 'tool_use');
  },
  llama: async (x) => {
    startFrames(x);
    await sendChunk(x, {
      generation: 'Hel',
      prompt_token_count: 7,
      generation_token_count: 1,
      stop_reason: null,
    });
    await sendChunk(x, {
      generation: 'lo',
      prompt_token_count: null,
      generation_token_count: 2,
      stop_reason: 'stop',
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 7, outputTokenCount: 2 },
    });
    x.end();
  },
  flood: async (x) => {
    const filler = 'x'.repeat(16_384);
    await words(x, []);
    for (let sent = 1; sent <= 2000 && !x.isClosed; sent += 1) {
      await grow(x, 0, { text: filler });
      if (sent % 100 === 0) x.note('flood', { isCount: true, sent });
    }
    x.end();
  },
};
