/** Whole attribute sets that the spans of the scenarios must have. `PORT` and `SECONDS` stand for what varies. */

export const MODEL = 'mistral-test';
export const ASK = [{ role: 'user', content: 'Say hello.' }];
export const PARAMS = { model: MODEL, messages: ASK };

const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'mistral_ai',
  'gen_ai.request.model': MODEL,
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
  'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Say hello.' }] }],
};
const BEGUN = { 'gen_ai.response.id': 'cmpl_1', 'gen_ai.response.model': 'mistral-test-2601' };
const WHOLE = {
  ...BEGUN,
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 12,
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
export function messageSpan(messages, extra = {}) {
  return span(
    merge({ ...REQUEST, ...WHOLE, 'gen_ai.output.messages': messages, 'spoor.outcome': 'completed' }, extra),
  );
}

/** A streamed call that was read to its end. */
export function streamSpan(messages, chunks, extra = {}) {
  return messageSpan(messages, { ...STREAMED, 'spoor.stream.chunk_count': chunks, ...extra });
}

/** A streamed call that ended before the provider was done. */
export function partialSpan(text, chunks, outcome, extra = {}) {
  const attributes = {
    ...REQUEST,
    ...BEGUN,
    ...STREAMED,
    'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: text }] }],
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

function span(attributes, extra = {}) {
  const model = attributes['gen_ai.request.model'];
  return {
    name: [attributes['gen_ai.operation.name'], model].filter(Boolean).join(' '),
    kind: 2,
    status: { code: 0 },
    attributes,
    events: [],
    scope: 'spoor/mistral',
    parent: null,
    ...extra,
  };
}

/** The span of the SDK's own tracing. */
export function ownSpan() {
  const { attributes } = messageSpan([answer('Hello there.')], {
    'agent.trace.public': '',
    'gen_ai.usage.cache_read.input_tokens': undefined,
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'server.address': 'HOST',
    'spoor.outcome': undefined,
    'url.full': 'URL',
  });
  return span(attributes, { kind: 0, status: { code: 1 }, scope: 'mistralai_sdk_tracer' });
}
