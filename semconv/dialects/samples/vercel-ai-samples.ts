import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'ai' };
const CALL = {
  'resource.name': 'desk',
  'ai.telemetry.functionId': 'desk',
  'ai.telemetry.metadata.sessionId': 'ses_1',
  'ai.telemetry.metadata.userId': 'u_1',
  'ai.telemetry.metadata.tags': ['beta'],
  'ai.telemetry.metadata.desk': 'north',
};
const MODEL = { 'ai.model.provider': 'openai.chat', 'ai.model.id': 'gpt-5-mini' };

export const VERCEL_AI_SAMPLES: Dialect['samples'] = [
  {
    title: 'an inner call of a model, version 6',
    span: sampleSpan({
      name: 'ai.generateText.doGenerate',
      scope: SCOPE,
      attributes: {
        'operation.name': 'ai.generateText.doGenerate desk',
        'ai.operationId': 'ai.generateText.doGenerate',
        ...CALL,
        ...MODEL,
        'ai.settings.maxRetries': 0,
        'ai.prompt.messages':
          '[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Where is parcel 9?"},{"type":"image","image":"https://img.example.com/9.png"}]},{"role":"assistant","content":[{"type":"tool-call","toolCallId":"call_9","toolName":"find_parcel","input":{"id":9}}]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"call_9","toolName":"find_parcel","output":{"type":"json","value":{"city":"Bergen"}}}]}]',
        'ai.prompt.tools': [
          '{"type":"function","name":"find_parcel","description":"Finds a parcel.","inputSchema":{"type":"object"}}',
        ],
        'ai.prompt.toolChoice': '{"type":"auto"}',
        'gen_ai.system': 'openai.chat',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.request.temperature': 0,
        'ai.response.finishReason': 'stop',
        'ai.response.text': 'In Bergen.',
        'ai.response.reasoning': 'The tool says Bergen.',
        'ai.response.id': 'chatcmpl-9',
        'ai.response.model': 'gpt-5-mini-2026-01-15',
        'ai.response.timestamp': '2026-01-01T00:00:00.000Z',
        'ai.response.providerMetadata': '{"openai":{"acceptedPredictionTokens":0}}',
        'ai.usage.inputTokens': 60,
        'ai.usage.inputTokenDetails.noCacheTokens': 28,
        'ai.usage.inputTokenDetails.cacheReadTokens': 32,
        'ai.usage.outputTokens': 12,
        'ai.usage.outputTokenDetails.textTokens': 4,
        'ai.usage.outputTokenDetails.reasoningTokens': 8,
        'ai.usage.totalTokens': 72,
        'ai.usage.reasoningTokens': 8,
        'ai.usage.cachedInputTokens': 32,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.response.id': 'chatcmpl-9',
        'gen_ai.response.model': 'gpt-5-mini-2026-01-15',
        'gen_ai.usage.input_tokens': 60,
        'gen_ai.usage.output_tokens': 12,
      },
    }),
  },
  {
    title: 'the outer span of a call',
    span: sampleSpan({
      name: 'ai.generateText',
      scope: SCOPE,
      attributes: {
        'operation.name': 'ai.generateText desk',
        'ai.operationId': 'ai.generateText',
        ...CALL,
        ...MODEL,
        'ai.prompt': '{"system":"Be brief.","prompt":"Where is parcel 9?"}',
        'ai.response.finishReason': 'stop',
        'ai.response.text': 'In Bergen.',
        'ai.usage.inputTokens': 60,
        'ai.usage.outputTokens': 12,
      },
    }),
  },
  {
    title: 'a streamed call of a model with a tool call, version 4',
    span: sampleSpan({
      name: 'ai.streamText.doStream',
      scope: SCOPE,
      attributes: {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.provider': 'anthropic.messages',
        'ai.model.id': 'claude-3-5-haiku-latest',
        'ai.prompt.format': 'messages',
        'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"Where is parcel 9?"}]}]',
        'ai.response.finishReason': 'tool-calls',
        'ai.response.toolCalls':
          '[{"toolCallType":"function","toolCallId":"call_9","toolName":"find_parcel","args":"{\\"id\\":9}"}]',
        'ai.response.msToFirstChunk': 210.5,
        'ai.response.msToFinish': 900,
        'ai.response.providerMetadata':
          '{"anthropic":{"cacheCreationInputTokens":5,"cacheReadInputTokens":100}}',
        'ai.usage.promptTokens': 20,
        'ai.usage.completionTokens': 9,
      },
    }),
  },
  {
    title: 'a tool call',
    span: sampleSpan({
      name: 'ai.toolCall',
      scope: SCOPE,
      attributes: {
        'ai.operationId': 'ai.toolCall',
        'ai.toolCall.name': 'find_parcel',
        'ai.toolCall.id': 'call_9',
        'ai.toolCall.args': '{"id":9}',
        'ai.toolCall.result': '{"city":"Bergen"}',
      },
    }),
  },
  {
    title: 'an embedding that failed',
    span: sampleSpan({
      name: 'ai.embed.doEmbed',
      scope: SCOPE,
      attributes: {
        'ai.operationId': 'ai.embed.doEmbed',
        'ai.model.provider': 'openai.embedding',
        'ai.model.id': 'text-embedding-3-small',
        'ai.values': ['"parcel 9"'],
        'ai.usage.tokens': 3,
      },
      events: [{ name: 'exception', attributes: { 'exception.type': 'AI_APICallError' } }],
      statusCode: 2,
      statusMessage: 'quota',
    }),
  },
  {
    title: 'the root of a call, version 7',
    span: sampleSpan({
      name: 'invoke_agent gpt-5-mini',
      scope: { name: 'gen_ai' },
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.agent.name': 'desk',
        'ai.settings.context.sessionId': 'ses_1',
        'ai.settings.context.userId': 'u_1',
        'ai.settings.context.desk': 'north',
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is parcel 9?"}]}]',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 60,
        'gen_ai.usage.output_tokens': 12,
        'gen_ai.usage.cache_read.input_tokens': 32,
      },
    }),
  },
];
