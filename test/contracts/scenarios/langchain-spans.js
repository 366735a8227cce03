/** Whole attribute sets that the spans of the scenarios must have. `PORT` and `SECONDS` stand for what varies. */

const text = (content) => [{ type: 'text', content }];
export const user = (content) => ({ role: 'user', parts: text(content) });
export const system = (content) => ({ role: 'system', parts: text(content) });
export const said = (content, reason) => ({
  role: 'assistant',
  parts: text(content),
  ...(reason === undefined ? {} : { finish_reason: reason }),
});

function span(name, attributes, extra = {}) {
  return {
    name,
    kind: 0,
    status: { code: 0 },
    attributes: { 'spoor.outcome': 'completed', ...attributes },
    events: [],
    scope: 'spoor/langchain',
    parent: null,
    ...extra,
  };
}

const content = (input, output) => ({
  ...(input === undefined ? {} : { 'spoor.observation.input': input }),
  ...(output === undefined ? {} : { 'spoor.observation.output': output }),
});

/** A chain, prompt, parser, function or node. */
export function chainSpan(name, parent, input, output, attributes = {}, extra = {}) {
  return span(
    name,
    { 'spoor.observation.type': 'CHAIN', ...content(input, output), ...attributes },
    { parent, ...extra },
  );
}

export function graphSpan(name, input, output, attributes = {}, extra = {}) {
  return span(
    `invoke_agent ${name}`,
    {
      'spoor.observation.type': 'AGENT',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': name,
      ...content(input, output),
      ...attributes,
    },
    extra,
  );
}

/** Where a node is in its graph. */
export const at = (node, step) => ({
  'spoor.observation.metadata.langgraph_node': node,
  'spoor.observation.metadata.langgraph_step': String(step),
});

export function toolSpan(name, args, result, parent, attributes = {}, extra = {}) {
  return span(
    `execute_tool ${name}`,
    {
      'spoor.observation.type': 'TOOL',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.description': 'Looks something up.',
      'gen_ai.tool.call.arguments': args,
      ...(result === undefined ? {} : { 'gen_ai.tool.call.result': result }),
      ...attributes,
    },
    { parent, ...extra },
  );
}

export function retrievalSpan(name, query, documents, extra = {}, attributes = {}) {
  return span(
    `retrieval ${name}`,
    {
      'spoor.observation.type': 'RETRIEVAL',
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.data_source.id': name,
      'gen_ai.retrieval.query.text': query,
      ...(documents === undefined ? {} : { 'gen_ai.retrieval.documents': documents }),
      ...attributes,
    },
    { kind: 2, ...extra },
  );
}

/** A model that has no provider. */
export function fakeSpan(parent, input, output, attributes = {}, extra = {}) {
  return span(
    'chat',
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'FakeListChatModel',
      'gen_ai.input.messages': input,
      ...(output === undefined ? {} : { 'gen_ai.output.messages': output }),
      ...attributes,
    },
    { kind: 2, parent, ...extra },
  );
}

export const streamed = (count) => ({
  'gen_ai.request.stream': true,
  'gen_ai.response.time_to_first_chunk': 'SECONDS',
  'spoor.stream.chunk_count': count,
});

const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.request.temperature': 0,
  'server.address': '127.0.0.1',
  'server.port': 'PORT',
  'openai.api.type': 'chat_completions',
};
const ANSWER = {
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.finish_reasons': ['stop'],
  'openai.response.service_tier': 'default',
  'openai.response.system_fingerprint': 'fp_1',
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 12,
  'gen_ai.usage.reasoning.output_tokens': 4,
};

/** A model whose provider's SDK is instrumented too: one span, with what both know. */
export function providerSpan(input, output, attributes = {}, extra = {}) {
  return span(
    'chat gpt-4o',
    {
      ...REQUEST,
      ...ANSWER,
      'gen_ai.input.messages': input,
      'gen_ai.output.messages': output,
      ...attributes,
    },
    { kind: 2, ...extra },
  );
}

export function failedProviderSpan(input, type, message, extra = {}) {
  return span(
    'chat gpt-4o',
    { ...REQUEST, 'gen_ai.input.messages': input, 'error.type': type, 'spoor.outcome': 'failed' },
    { kind: 2, status: { code: 2, message }, ...extra },
  );
}

/** A span that the program makes. */
export const appSpan = (name, parent) => ({
  name,
  kind: 0,
  status: { code: 0 },
  attributes: {},
  events: [],
  scope: 'app',
  parent,
});
