/** Whole attribute sets that the spans of the scenarios must have. `PORT` and `SECONDS` stand for what varies. */

export const ASK = [{ role: 'user', content: 'Say hello.' }];
export const ASKED = [{ role: 'user', parts: [{ type: 'text', content: 'Say hello.' }] }];

const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
  'openai.api.type': 'chat_completions',
  'gen_ai.input.messages': ASKED,
};
const HEAD = {
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'openai.response.service_tier': 'default',
  'openai.response.system_fingerprint': 'fp_1',
};
const USAGE = {
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 12,
  'gen_ai.usage.reasoning.output_tokens': 4,
};

/** An attribute set made of `base` and `extra`; a key of `extra` that is undefined is taken out. */
function merge(base, extra) {
  return Object.fromEntries(Object.entries({ ...base, ...extra }).filter(([, value]) => value !== undefined));
}

export function answer(text, reason = 'stop') {
  return {
    role: 'assistant',
    parts: text === '' ? [] : [{ type: 'text', content: text }],
    finish_reason: reason,
  };
}

/** A call that was answered at once. */
export function chatSpan(messages, extra = {}, reasons = ['stop']) {
  return span(
    merge(
      {
        ...REQUEST,
        ...HEAD,
        ...USAGE,
        'gen_ai.response.finish_reasons': reasons,
        'gen_ai.output.messages': messages,
        'spoor.outcome': 'completed',
      },
      extra,
    ),
  );
}

/** A streamed call. */
export function streamSpan(messages, chunks, extra = {}, reasons = ['stop']) {
  return span(
    merge(
      {
        ...REQUEST,
        ...HEAD,
        'gen_ai.request.stream': true,
        'gen_ai.response.finish_reasons': reasons,
        'gen_ai.response.time_to_first_chunk': 'SECONDS',
        'gen_ai.output.messages': messages,
        'spoor.stream.chunk_count': chunks,
        'spoor.outcome': 'completed',
      },
      extra,
    ),
  );
}

/** A call without an answer. */
export function endedSpan(outcome, extra = {}, status = { code: 0 }) {
  return span(merge({ ...REQUEST, 'spoor.outcome': outcome }, extra), { status });
}

export const failed = (type, message, extra = {}) =>
  endedSpan('failed', { 'error.type': type, ...extra }, { code: 2, message });

export { REQUEST, USAGE };

const RESPONSES_REQUEST = { ...REQUEST, 'openai.api.type': 'responses' };

/** A call of the Responses API. */
export function responsesSpan(attributes, status = { code: 0 }) {
  return span(
    merge(
      {
        ...RESPONSES_REQUEST,
        'gen_ai.response.id': 'resp_1',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'openai.response.service_tier': 'default',
        'gen_ai.response.status': 'completed',
        ...USAGE,
        'spoor.outcome': 'completed',
      },
      attributes,
    ),
    { status },
  );
}

export function span(attributes, extra = {}) {
  const name = `${attributes['gen_ai.operation.name']} ${attributes['gen_ai.request.model']}`;
  return {
    name,
    kind: 2,
    status: { code: 0 },
    attributes,
    events: [],
    scope: 'spoor/openai',
    parent: null,
    ...extra,
  };
}
