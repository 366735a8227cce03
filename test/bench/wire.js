/** Answers in the wire formats of the providers, given at once by a `fetch` that never leaves the process. */

const WORDS = 'The parcel left the depot this morning and reaches the customer before noon .'.split(' ');

/** @param {string} body */
export function answering(body) {
  return async () => new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
}

/** Several events a network read. @param {readonly string[]} events @param {number} perRead */
export function streaming(events, perRead) {
  const bytes = [];
  for (let at = 0; at < events.length; at += perRead)
    bytes.push(new TextEncoder().encode(events.slice(at, at + perRead).join('')));
  return async () => {
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        const next = bytes[at++];
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
    });
    return new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } });
  };
}

export const MESSAGES = [{ role: 'user', content: 'Where is parcel 7, and when does it arrive?' }];

export const OPENAI_ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'model-a-2026',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: WORDS.join(' '), refusal: null },
      finish_reason: 'stop',
      logprobs: null,
    },
  ],
  usage: { prompt_tokens: 18, completion_tokens: 14, total_tokens: 32 },
});

export const ANTHROPIC_ANSWER = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'model-b-2026',
  content: [{ type: 'text', text: WORDS.join(' ') }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 18, output_tokens: 14 },
});

/** @param {number} chunks */
export function openaiStream(chunks) {
  const head = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'model-a-2026',
  };
  const events = Array.from({ length: chunks }, (_, at) => ({
    ...head,
    choices: [{ index: 0, delta: { content: `${WORDS[at % WORDS.length]} ` }, finish_reason: null }],
  }));
  const last = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  return [...[...events, last].map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'];
}

/** @param {number} chunks */
export function anthropicStream(chunks) {
  const events = [
    {
      type: 'message_start',
      message: { ...JSON.parse(ANTHROPIC_ANSWER), content: [], stop_reason: null },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...Array.from({ length: chunks }, (_, at) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: `${WORDS[at % WORDS.length]} ` },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 14 },
    },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
