/** Whole attribute sets that the spans of the scenarios must have. `PORT` and `SECONDS` stand for what varies. */

export const MODEL = 'gemini-test';
export const ASKED = [{ role: 'user', parts: [{ type: 'text', content: 'Say hello.' }] }];
export const PARAMS = { model: MODEL, contents: 'Say hello.' };

const REQUEST = {
  'gen_ai.operation.name': 'generate_content',
  'gen_ai.provider.name': 'gcp.gemini',
  'gen_ai.request.model': MODEL,
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
  'gen_ai.input.messages': ASKED,
};
const BEGUN = {
  'gen_ai.response.id': 'resp_1',
  'gen_ai.response.model': 'gemini-test-001',
  'gen_ai.usage.input_tokens': 15,
};
const WHOLE = {
  ...BEGUN,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 4,
  'gen_ai.usage.reasoning.output_tokens': 7,
  'gen_ai.response.finish_reasons': ['stop'],
};
const STREAMED = {
  'gen_ai.request.stream': true,
  'gen_ai.response.time_to_first_chunk': 'SECONDS',
};

/** An attribute set made of `base` and `extra`; a key of `extra` that is undefined is taken out. */
function merge(base, extra) {
  return Object.fromEntries(Object.entries({ ...base, ...extra }).filter(([, value]) => value !== undefined));
}

export function answer(text, reason = 'stop') {
  return { role: 'assistant', parts: [{ type: 'text', content: text }], finish_reason: reason };
}

/** A call that was answered at once. */
export function answerSpan(messages, extra = {}) {
  return span(
    merge({ ...REQUEST, ...WHOLE, 'gen_ai.output.messages': messages, 'spoor.outcome': 'completed' }, extra),
  );
}

/** A streamed call that was read to its end. */
export function streamSpan(messages, chunks, extra = {}) {
  return answerSpan(messages, { ...STREAMED, 'spoor.stream.chunk_count': chunks, ...extra });
}

/** A streamed call that ended before the provider was done. */
export function partialSpan(text, chunks, outcome, extra = {}) {
  const messages =
    text === undefined ? undefined : [{ role: 'assistant', parts: [{ type: 'text', content: text }] }];
  const attributes = {
    ...REQUEST,
    ...BEGUN,
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

/** A call of another operation, which has no answer in words. */
export function otherSpan(operation, extra) {
  return span({ ...REQUEST, 'gen_ai.operation.name': operation, 'spoor.outcome': 'completed', ...extra });
}

function span(attributes, extra = {}) {
  const name = `${attributes['gen_ai.operation.name']} ${attributes['gen_ai.request.model']}`;
  return {
    name,
    kind: 2,
    status: { code: 0 },
    attributes,
    events: [],
    scope: 'spoor/google-genai',
    parent: null,
    ...extra,
  };
}
