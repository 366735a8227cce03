/**
 * What each emitter sends of the truth. `dialect` is the one that must read it; `lacks` says what it does not send, by call or
 * for all of them, so that a test can hold us to reading all the rest and to making nothing up.
 */
export const EXPECTATIONS = {
  'openinference-openai': {
    dialect: 'openinference',
    provider: 'openai',
    package: '@arizeai/openinference-instrumentation-openai',
    lacks: {
      stream: ['usage', 'response model'],
      error: ['span'],
    },
  },
  'openinference-anthropic': {
    dialect: 'openinference',
    provider: 'anthropic',
    package: '@arizeai/openinference-instrumentation-anthropic',
    lacks: { all: ['reasoning'] },
  },
  'openinference-langchain': {
    dialect: 'openinference',
    provider: 'openai',
    package: '@arizeai/openinference-instrumentation-langchain',
    agent: true,
    lacks: {},
  },
  'openllmetry-openai': {
    dialect: 'openllmetry',
    provider: 'openai',
    package: '@traceloop/instrumentation-openai',
    lacks: {
      all: ['cached', 'reasoning', 'session'],
      stream: ['usage'],
      error: ['span'],
    },
  },
  'openllmetry-anthropic': {
    dialect: 'openllmetry',
    provider: 'anthropic',
    package: '@traceloop/instrumentation-anthropic',
    lacks: { all: ['reasoning', 'session', 'tools'] },
  },
  'contrib-openai': {
    dialect: 'otel-genai',
    provider: 'openai',
    package: '@opentelemetry/instrumentation-openai',
    // It sends messages as log records, which have no span to be read from.
    lacks: { all: ['messages', 'tools', 'cached', 'reasoning', 'session'] },
  },
  langfuse: {
    dialect: 'langfuse',
    provider: 'openai',
    package: '@langfuse/openai',
    lacks: { all: ['provider', 'request model'], stream: ['response model'] },
  },
  langsmith: {
    dialect: 'langsmith',
    provider: 'openai',
    package: 'langsmith',
    // In OpenTelemetry mode its span of a streamed call is not ended.
    lacks: { stream: ['span'] },
  },
  'anthropic-native': {
    dialect: 'anthropic-sdk',
    provider: 'anthropic',
    package: '@anthropic-ai/sdk',
    lacks: { all: ['user', 'tools'], stream: ['answer'] },
  },
  'ai-sdk-5': {
    dialect: 'vercel-ai',
    provider: 'openai',
    package: 'ai-v5',
    agent: true,
    // Of a call that is not streamed it sends two counts.
    lacks: { plain: ['cached', 'reasoning'], tools: ['cached', 'reasoning'] },
  },
  'ai-sdk-6': { dialect: 'vercel-ai', provider: 'openai', package: 'ai-v6', agent: true },
  'ai-sdk-7': {
    dialect: 'vercel-ai',
    provider: 'openai',
    package: '@ai-sdk/otel',
    agent: true,
    lacks: { all: ['reasoning'] },
  },
  'ai-sdk-7-legacy': {
    dialect: 'vercel-ai',
    provider: 'openai',
    package: '@ai-sdk/otel',
    agent: true,
  },
  genkit: {
    dialect: 'genkit',
    provider: 'openai',
    package: 'genkit',
    agent: true,
    // The answer's own model is not a part of what a model plugin gives back.
    lacks: { all: ['session', 'response model', 'provider'], stream: ['call'] },
  },
  mastra: {
    dialect: 'mastra',
    provider: 'openai',
    package: '@mastra/otel-exporter',
    agent: true,
    // What a model was asked, and the tools that it called, are on the step around the call; so is a failure.
    messagesAround: true,
    // Of a tool's round trip a later step has the tool's name alone.
    lacks: { all: ['tools'], tools: ['history'], error: ['status of the call'] },
  },
  'openai-agents': {
    package: '@openai/agents',
    skip: 'it sends no OTLP: its traces go to exporters of its own interface',
  },
};

/** Whether an emitter does not send a fact of a call. */
export function lacks({ lacks: lacking = {} }, call, fact) {
  return [...(lacking.all ?? []), ...(lacking[call] ?? [])].includes(fact);
}
