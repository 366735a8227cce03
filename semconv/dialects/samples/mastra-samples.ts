import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: '@mastra/otel-exporter', version: '1.4.0' };

export const MASTRA_SAMPLES: Dialect['samples'] = [
  {
    title: 'a call of a model',
    span: sampleSpan({
      name: 'chat gpt-5-mini',
      kind: 3,
      scope: SCOPE,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'mastra.span.type': 'model_inference',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.request.temperature': 0,
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is parcel 9?"}]}]',
        'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"In Bergen."}]}]',
        'gen_ai.usage.input_tokens': 60,
        'gen_ai.usage.cache_read.input_tokens': 32,
        'gen_ai.usage.cache_creation.input_tokens': 4,
        'gen_ai.usage.output_tokens': 12,
        'gen_ai.usage.reasoning_tokens': 8,
        'gen_ai.response.finish_reasons': '["stop"]',
        'gen_ai.agent.id': 'desk',
        'gen_ai.agent.name': 'Desk',
        'mastra.metadata.sessionId': 'ses_1',
        'mastra.metadata.userId': 'u_1',
        'mastra.metadata.desk': '{"side":"north"}',
      },
    }),
  },
  {
    title: 'an agent',
    span: sampleSpan({
      name: 'invoke_agent Desk',
      scope: SCOPE,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'mastra.span.type': 'agent_run',
        'mastra.agent_run.input': '[{"role":"user","content":"Where is parcel 9?"}]',
        'mastra.agent_run.output': '{"text":"In Bergen."}',
        'gen_ai.agent.name': 'Desk',
        'gen_ai.conversation.id': 'thread_1',
        'mastra.tags': '["beta"]',
      },
    }),
  },
  {
    title: 'a tool that failed',
    span: sampleSpan({
      name: 'execute_tool find_parcel',
      scope: SCOPE,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'mastra.span.type': 'tool_call',
        'gen_ai.tool.name': 'find_parcel',
        'gen_ai.tool.call.arguments': '{"id":9}',
        'error.type': 'TOOL_FAILED',
      },
      statusCode: 2,
      statusMessage: 'no such parcel',
    }),
  },
  {
    title: 'the loop around the calls of a model',
    span: sampleSpan({
      name: 'model_generation gpt-5-mini',
      scope: SCOPE,
      attributes: {
        'gen_ai.operation.name': 'model_generation',
        'mastra.span.type': 'model_generation',
        'mastra.model_generation.input': 'Where is parcel 9?',
      },
    }),
  },
  {
    title: 'one step of the loop',
    span: sampleSpan({
      name: 'agent_step Desk',
      scope: SCOPE,
      attributes: {
        'gen_ai.operation.name': 'agent_step',
        'mastra.span.type': 'model_step',
        'mastra.model_step.input':
          '[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is parcel 9?"}]',
        'mastra.model_step.output':
          '{"text":"","toolCalls":[{"toolCallId":"call_9","toolName":"find_parcel","args":{"id":9}}]}',
        'mastra.model_step.step_index': 0,
      },
    }),
  },
];
