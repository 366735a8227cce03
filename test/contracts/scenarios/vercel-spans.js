/** Whole attribute sets that the spans of the scenarios must have. `SECONDS` stands for what varies. */

export const MODEL = 'gpt-test';
export const ASKED = [{ role: 'user', parts: [{ type: 'text', content: 'Say hello.' }] }];
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
export const DEFINITIONS = [
  { type: 'function', name: 'get_weather', description: 'Weather of a city.', parameters: SCHEMA },
];

/** A model of a real provider package that speaks to the loopback provider. */
export async function makeModel({ load, baseURL }, plan) {
  const { createOpenAI } = await load('@ai-sdk/openai');
  return createOpenAI({ apiKey: 'test', baseURL: baseURL(plan) }).chat(MODEL);
}

/** The tool that the provider's plans ask for. */
export function makeTools(sdk, execute) {
  return {
    get_weather: sdk.tool({
      description: 'Weather of a city.',
      inputSchema: sdk.jsonSchema(SCHEMA),
      execute,
    }),
  };
}

/** The option of majors 5 and 6, and that of 7. */
export const telemetry = (settings) => ({ experimental_telemetry: settings });

/** An attribute set made of `base` and `extra`; a key of `extra` that is undefined is taken out. */
function merge(base, extra) {
  return Object.fromEntries(Object.entries({ ...base, ...extra }).filter(([, value]) => value !== undefined));
}

const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': MODEL,
  'gen_ai.input.messages': ASKED,
};
const BEGUN = {
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
};
const WHOLE = {
  ...BEGUN,
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 20,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read.input_tokens': 12,
  'gen_ai.usage.reasoning.output_tokens': 4,
};
const STREAMED = {
  'gen_ai.request.stream': true,
  'gen_ai.response.time_to_first_chunk': 'SECONDS',
};

export function answer(text, reason = 'stop') {
  return [{ role: 'assistant', parts: [{ type: 'text', content: text }], finish_reason: reason }];
}

export function chatSpan(parent, extra = {}) {
  const base = { ...REQUEST, ...WHOLE, 'gen_ai.output.messages': answer('Hello there.') };
  return span(parent, merge({ ...base, 'spoor.outcome': 'completed' }, extra));
}

export function streamSpan(parent, chunks, extra = {}) {
  return chatSpan(parent, { ...STREAMED, 'spoor.stream.chunk_count': chunks, ...extra });
}

/** A streamed call that ended before the provider was done. */
export function partialSpan(parent, text, chunks, outcome, extra = {}, status = { code: 0 }) {
  const messages = [{ role: 'assistant', parts: [{ type: 'text', content: text }] }];
  const base = { ...REQUEST, ...BEGUN, ...STREAMED, 'gen_ai.output.messages': messages };
  const ending = { 'spoor.stream.chunk_count': chunks, 'spoor.outcome': outcome };
  return span(parent, merge({ ...base, ...ending }, extra), { status });
}

/** A call without an answer. */
export function endedSpan(parent, outcome, extra = {}, status = { code: 0 }) {
  return span(parent, merge({ ...REQUEST, 'spoor.outcome': outcome }, extra), { status });
}

export function span(parent, attributes, extra = {}) {
  const name = `${attributes['gen_ai.operation.name']} ${attributes['gen_ai.request.model']}`;
  const common = { kind: 2, status: { code: 0 }, events: [], scope: 'spoor/vercel-ai' };
  return { name, ...common, attributes, parent, ...extra };
}

/** The span of a whole run. A chain has its name as the span's. */
export function chainSpan(name, extra = {}, more = {}) {
  const attributes = {
    'spoor.observation.type': 'CHAIN',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': MODEL,
    'spoor.observation.input': 'Say hello.',
    'spoor.observation.output': 'Hello there.',
    'spoor.outcome': 'completed',
  };
  return span(null, merge(attributes, extra), { name, kind: 0, ...more });
}

export function agentSpan(name, extra = {}, more = {}) {
  const identity = {
    'spoor.observation.type': 'AGENT',
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': name,
  };
  const spanName = name === undefined ? 'invoke_agent' : `invoke_agent ${name}`;
  return chainSpan(spanName, { ...identity, ...extra }, more);
}

export function toolSpan(parent, extra = {}, more = {}) {
  const attributes = {
    'spoor.observation.type': 'TOOL',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'get_weather',
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': 'call_a',
    'gen_ai.tool.call.arguments': { city: 'Rome' },
    'gen_ai.tool.call.result': 'sunny',
    'spoor.outcome': 'completed',
  };
  return span(parent, merge(attributes, extra), { name: 'execute_tool get_weather', kind: 0, ...more });
}
