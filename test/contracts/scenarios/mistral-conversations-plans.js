/** How the loopback provider answers: Mistral's conversations and its calls that are no chat. Content invented. */

const USAGE = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 33, connector_tokens: 3 };
const MODEL = 'mistral-test-2601';
const entry = (type, id, rest) => ({ object: 'entry', type, id, model: MODEL, ...rest });
const SAID = entry('message.output', 'msg_1', { role: 'assistant', content: 'Hello there.' });
const CALL = entry('function.call', 'fc_1', {
  tool_call_id: 'call_a',
  name: 'get_weather',
  arguments: '{"city":"Rome"}',
});
const SEARCH = entry('tool.execution', 'tool_1', { name: 'web_search', arguments: '{"query":"weather"}' });

const answer = (x, outputs) =>
  x.json(200, { object: 'conversation.response', conversation_id: 'conv_1', outputs, usage: USAGE });
const send = (x, type, rest) => x.event({ type, ...rest }, type);
const piece = (x, type, index, rest) => send(x, type, { output_index: index, id: `entry_${index}`, ...rest });
const say = (x, content) =>
  piece(x, 'message.output.delta', 0, { content_index: 0, role: 'assistant', model: MODEL, content });

async function begin(x) {
  x.startEvents();
  await send(x, 'conversation.response.started', { conversation_id: 'conv_1' });
}

async function finish(x) {
  await send(x, 'conversation.response.done', { usage: USAGE });
  x.end();
}

export const plans = {
  conversation: async (x) => {
    if (!x.request.url.includes('stream') && x.body.stream !== true) {
      answer(x, [SAID]);
      return;
    }
    await begin(x);
    for (const content of ['Hel', 'lo', ' there.']) await say(x, content);
    await finish(x);
  },
  conversationEntries: async (x) => answer(x, [SEARCH, SAID, CALL]),
  conversationStreamEntries: async (x) => {
    await begin(x);
    await piece(x, 'tool.execution.started', 0, { name: 'web_search', arguments: '{"query":' });
    await piece(x, 'tool.execution.delta', 0, { name: 'web_search', arguments: '"weather"}' });
    await piece(x, 'tool.execution.done', 0, { name: 'web_search', info: { hits: 2 } });
    for (const args of ['{"city":', '"Rome"}'])
      await piece(x, 'function.call.delta', 1, {
        name: 'get_weather',
        tool_call_id: 'call_a',
        arguments: args,
      });
    await finish(x);
  },
  conversationStreamHang: async (x) => {
    await begin(x);
    for (const content of ['Hel', 'lo']) await say(x, content);
    await x.hang();
  },
  conversationStreamError: async (x) => {
    await begin(x);
    for (const content of ['Hel', 'lo']) await say(x, content);
    await send(x, 'conversation.response.error', { message: 'Overloaded.', code: 3505 });
    x.end();
  },
  ocr: async (x) =>
    x.json(200, {
      model: MODEL,
      pages: ['# One', 'Two.'].map((markdown, index) => ({ index, markdown, images: [], dimensions: null })),
      usage_info: { pages_processed: 2, doc_size_bytes: 100 },
    }),
  moderation: async (x) =>
    x.json(200, {
      id: 'mod_1',
      model: MODEL,
      results: [{ categories: { pii: false }, category_scores: { pii: 0 } }],
    }),
  transcript: async (x) =>
    x.json(200, { model: MODEL, text: 'Hello there.', language: 'en', segments: [], usage: USAGE }),
  transcriptStream: async (x) => {
    x.startEvents();
    for (const text of ['Hello', ' there.']) await send(x, 'transcription.text.delta', { text });
    await send(x, 'transcription.done', { model: MODEL, text: 'Hello there.', language: 'en', usage: USAGE });
    x.end();
  },
};
