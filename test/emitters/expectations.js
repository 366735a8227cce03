/**
 * What each emitter sends of the truth. `dialect` is the one that must read it; `lacks` says what it does not send, by call or
 * for all of them, so that we are held to reading all the rest and to making nothing up.
 */
const OPENINFERENCE = { dialect: 'openinference', provider: 'openai' };
const OPENLLMETRY = { dialect: 'openllmetry', provider: 'openai' };
const LOGFIRE = { dialect: 'logfire', provider: 'openai' };
const GENAI = { dialect: 'otel-genai', provider: 'openai' };
const MLFLOW = { dialect: 'mlflow', provider: 'openai' };
const VERCEL = { dialect: 'vercel-ai', provider: 'openai', agent: true };

export const EXPECTATIONS = {
  'openinference-openai': {
    ...OPENINFERENCE,
    package: '@arizeai/openinference-instrumentation-openai',
    lacks: { stream: ['usage', 'response model'], error: ['span'], embed: ['embedding usage'] },
  },
  'openinference-anthropic': {
    ...OPENINFERENCE,
    provider: 'anthropic',
    package: '@arizeai/openinference-instrumentation-anthropic',
    lacks: { all: ['reasoning'] },
  },
  'openinference-langchain': {
    ...OPENINFERENCE,
    package: '@arizeai/openinference-instrumentation-langchain',
    agent: true,
    lacks: {},
  },
  'openllmetry-openai': {
    ...OPENLLMETRY,
    package: '@traceloop/instrumentation-openai',
    lacks: {
      all: ['cached', 'reasoning'],
      stream: ['usage'],
      error: ['span'],
      embed: ['span'],
    },
  },
  'openllmetry-anthropic': {
    ...OPENLLMETRY,
    provider: 'anthropic',
    package: '@traceloop/instrumentation-anthropic',
    lacks: { all: ['reasoning', 'tools'], stream: ['finish reason'] },
  },
  'contrib-openai': {
    ...GENAI,
    package: '@opentelemetry/instrumentation-openai',
    lacks: { all: ['tools', 'cached', 'reasoning', 'session', 'user'] },
  },
  langfuse: {
    dialect: 'langfuse',
    provider: 'openai',
    package: '@langfuse/openai',
    // It takes an embedding for a generation, and has no counts of it.
    lacks: {
      all: ['provider', 'request model', 'finish reason'],
      stream: ['response model'],
      embed: ['embedding'],
    },
  },
  langsmith: {
    dialect: 'langsmith',
    provider: 'openai',
    package: 'langsmith',
    // In OpenTelemetry mode its span of a streamed call is not ended; embeddings are not wrapped.
    lacks: { stream: ['span'], embed: ['span'] },
  },
  'anthropic-native': {
    dialect: 'anthropic-sdk',
    provider: 'anthropic',
    package: '@anthropic-ai/sdk',
    lacks: { all: ['user', 'tools'], stream: ['answer'] },
  },
  'ai-sdk-5': {
    ...VERCEL,
    package: 'ai-v5',
    // Of a call that is not streamed it sends two counts.
    lacks: { plain: ['cached', 'reasoning'], tools: ['cached', 'reasoning'] },
  },
  'ai-sdk-6': { ...VERCEL, package: 'ai-v6' },
  'ai-sdk-7': { ...VERCEL, package: '@ai-sdk/otel', lacks: { all: ['reasoning'] } },
  'ai-sdk-7-legacy': { ...VERCEL, package: '@ai-sdk/otel' },
  genkit: {
    dialect: 'genkit',
    provider: 'openai',
    package: 'genkit',
    agent: true,
    // Models are named after the plugin that has them.
    vendor: 'desk',
    // The answer's own model, a reason for a tool call and the usage of an embedding are no part of what a plugin gives back.
    lacks: {
      all: ['session', 'user', 'response model'],
      tools: ['finish reason of a tool call'],
      embed: ['embedding usage'],
    },
  },
  mastra: {
    dialect: 'mastra',
    provider: 'openai',
    package: '@mastra/otel-exporter',
    agent: true,
    // What a model was asked, and the tools that it called, are on the step around the call; so is a failure.
    messagesAround: true,
    // Langfuse has messages of model calls only: there they are input and output of the step.
    reads: { langfuse: { lacks: { all: ['tools', 'question', 'answer'], error: ['failure of the call'] } } },
    // Of a tool's round trip a later step has the tool's name alone.
    lacks: { all: ['tools'], tools: ['history'], error: ['failure of the call'] },
  },
  'openai-agents': {
    package: '@openai/agents',
    skip: 'it sends no OTLP by itself; in Python see py-openinference-agents and py-logfire-agents',
  },
  'py-logfire-openai': {
    ...LOGFIRE,
    package: 'logfire',
    // A streamed call is a span of what was asked, and one of what was answered.
    apart: ['stream'],
    lacks: { stream: ['response model'] },
  },
  'py-pydantic-ai': {
    ...LOGFIRE,
    package: 'pydantic-ai-slim',
    agent: true,
    // The agent around a call that failed has what was asked.
    lacks: { error: ['question'] },
  },
  'py-pydantic-ai-2': {
    ...LOGFIRE,
    package: 'pydantic-ai-slim',
    agent: true,
    lacks: { error: ['question'] },
  },
  'py-logfire-agents': {
    ...LOGFIRE,
    package: 'logfire',
    agent: true,
    // Logfire hides what it takes for a secret, `session.id` among it.
    lacks: {
      all: ['session', 'response model', 'finish reason', 'tools'],
      stream: ['usage'],
    },
  },
  'py-mlflow': {
    ...MLFLOW,
    package: 'mlflow-tracing',
    // Session and user are facts of the trace, which are not sent by OTLP.
    lacks: { all: ['provider', 'session', 'user'] },
  },
  'py-mlflow-genai': {
    ...MLFLOW,
    package: 'mlflow-tracing',
    lacks: { all: ['provider', 'session', 'user', 'cached', 'reasoning'], embed: ['embedding usage'] },
  },
  'py-openinference-openai': {
    ...OPENINFERENCE,
    package: 'openinference-instrumentation-openai',
    lacks: {},
  },
  'py-openinference-langchain': {
    ...OPENINFERENCE,
    package: 'openinference-instrumentation-langchain',
    agent: true,
    lacks: { stream: ['response model'] },
  },
  'py-openinference-agents': {
    ...OPENINFERENCE,
    package: 'openinference-instrumentation-openai-agents',
    agent: true,
    lacks: {
      all: ['response model', 'finish reason', 'tools', 'cached', 'reasoning'],
      stream: ['usage'],
    },
  },
  'py-contrib-openai': {
    ...GENAI,
    package: 'opentelemetry-instrumentation-openai-v2',
    lacks: { all: ['tools', 'cached', 'reasoning', 'session', 'user'] },
  },
  'py-contrib-genai': {
    ...GENAI,
    package: 'opentelemetry-instrumentation-genai-openai',
    lacks: { all: ['session', 'user'] },
  },
  'py-contrib-genai-events': {
    ...GENAI,
    package: 'opentelemetry-instrumentation-genai-openai',
    lacks: { all: ['session', 'user'] },
  },
  'py-openllmetry-openai': {
    // It speaks the conventions by now, and bears no mark of its own.
    ...GENAI,
    package: 'opentelemetry-instrumentation-openai',
    lacks: { all: ['session', 'user'], stream: ['reasoning'] },
  },
  'py-langfuse': {
    dialect: 'langfuse',
    provider: 'openai',
    package: 'langfuse',
    lacks: { all: ['provider', 'request model', 'finish reason'] },
  },
  'py-langsmith': {
    dialect: 'langsmith',
    provider: 'openai',
    package: 'langsmith',
    // Embeddings are not wrapped.
    lacks: { embed: ['span'] },
  },
  'logfire-js': {
    package: '@pydantic/logfire-node',
    skip: 'it instruments no library that calls models; in Python see py-logfire-openai',
  },
  'claude-code': {
    dialect: 'claude-code',
    skip: 'a program that needs its own service: read from samples only',
  },
};

/** Whether an emitter does not send a fact of a call. */
export function lacks({ lacks: lacking = {} }, call, fact) {
  return [...(lacking.all ?? []), ...(lacking[call] ?? [])].includes(fact);
}
