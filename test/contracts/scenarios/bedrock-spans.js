/** Whole attribute sets that the spans of the scenarios must have. `PORT` and `SECONDS` stand for what varies. */

export const MODEL = 'test.model-v1:0';
export const ASK = [{ role: 'user', content: [{ text: 'Say hello.' }] }];
export const ASKED = [{ role: 'user', parts: [{ type: 'text', content: 'Say hello.' }] }];
export const INPUT = { modelId: MODEL, messages: ASK, inferenceConfig: { maxTokens: 64 } };
/** A body in the form of one model. */
export const CLAUDE_BODY = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Say hello.' }],
};

const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'aws.bedrock',
  'gen_ai.request.model': MODEL,
  'gen_ai.request.max_tokens': 64,
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
  'gen_ai.input.messages': ASKED,
};
const WHOLE = {
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 35,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 12,
  'gen_ai.usage.cache_write.input_tokens': 3,
};
const STREAMED = {
  'gen_ai.request.stream': true,
  'gen_ai.response.time_to_first_chunk': 'SECONDS',
};
/** What the body of one model says of itself. */
export const CLAUDE = { 'gen_ai.response.id': 'msg_1', 'gen_ai.response.model': 'claude-test' };

/** An attribute set made of `base` and `extra`; a key of `extra` that is undefined is taken out. */
function merge(base, extra) {
  return Object.fromEntries(Object.entries({ ...base, ...extra }).filter(([, value]) => value !== undefined));
}

export function answer(text, reason = 'stop') {
  return { role: 'assistant', parts: [{ type: 'text', content: text }], finish_reason: reason };
}

/** A call that was answered at once. */
export function wholeSpan(messages, extra = {}) {
  return span(
    merge({ ...REQUEST, ...WHOLE, 'gen_ai.output.messages': messages, 'spoor.outcome': 'completed' }, extra),
  );
}

/** A streamed call that was read to its end. */
export function streamSpan(messages, chunks, extra = {}) {
  return wholeSpan(messages, { ...STREAMED, 'spoor.stream.chunk_count': chunks, ...extra });
}

/** A streamed call that ended before the provider was done: the usage comes last. */
export function partialSpan(text, chunks, outcome, extra = {}) {
  const messages =
    text === undefined ? undefined : [{ role: 'assistant', parts: [{ type: 'text', content: text }] }];
  const attributes = {
    ...REQUEST,
    ...STREAMED,
    'gen_ai.output.messages': messages,
    'spoor.stream.chunk_count': chunks,
    'spoor.outcome': outcome,
  };
  return span(merge(attributes, extra));
}

/** A call without an answer. */
export function endedSpan(outcome, extra = {}, status = { code: 0 }) {
  return span(merge({ ...REQUEST, 'spoor.outcome': outcome }, extra), { status });
}

export const failed = (type, message, extra = {}) =>
  endedSpan('failed', { 'error.type': type, ...extra }, { code: 2, message });

export function span(attributes, extra = {}) {
  const name = `${attributes['gen_ai.operation.name']} ${attributes['gen_ai.request.model']}`;
  return {
    name,
    kind: 2,
    status: { code: 0 },
    attributes,
    events: [],
    scope: 'spoor/bedrock',
    parent: null,
    ...extra,
  };
}
