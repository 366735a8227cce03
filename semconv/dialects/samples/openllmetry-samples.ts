import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const ASSOCIATED = {
  'traceloop.association.properties.session_id': 'ses_1',
  'traceloop.association.properties.user_id': 'u_1',
  'traceloop.association.properties.desk': 'north',
};

export const OPENLLMETRY_SAMPLES: Dialect['samples'] = [
  {
    title: 'a model call with flattened messages',
    span: sampleSpan({
      name: 'openai.chat',
      kind: 3,
      scope: { name: 'opentelemetry.instrumentation.openai.v1', version: '0.40.0' },
      attributes: {
        ...ASSOCIATED,
        'llm.request.type': 'chat',
        'gen_ai.system': 'OpenAI',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'llm.is_streaming': false,
        'gen_ai.prompt.0.role': 'system',
        'gen_ai.prompt.0.content': 'Be brief.',
        'gen_ai.prompt.1.role': 'user',
        'gen_ai.prompt.1.content':
          '[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"https://img.example.com/9.png"}}]',
        'gen_ai.prompt.2.role': 'assistant',
        'gen_ai.prompt.2.tool_calls.0.id': 'call_9',
        'gen_ai.prompt.2.tool_calls.0.name': 'look',
        'gen_ai.prompt.2.tool_calls.0.arguments': '{"at":"9.png"}',
        'gen_ai.prompt.3.role': 'tool',
        'gen_ai.prompt.3.content': 'a parcel',
        'gen_ai.prompt.3.tool_call_id': 'call_9',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.content': 'A parcel.',
        'gen_ai.completion.0.finish_reason': 'stop',
        'llm.request.functions.0.name': 'look',
        'llm.request.functions.0.description': 'Looks at a picture.',
        'llm.request.functions.0.parameters': '{"type":"object"}',
        'gen_ai.usage.prompt_tokens': 50,
        'gen_ai.usage.completion_tokens': 6,
        'gen_ai.usage.cache_read_input_tokens': 10,
        'gen_ai.usage.reasoning_tokens': 2,
        'llm.usage.total_tokens': 56,
      },
    }),
  },
  {
    title: 'a model call with messages as JSON',
    span: sampleSpan({
      name: 'chat gpt-5-mini',
      kind: 3,
      scope: { name: '@traceloop/instrumentation-openai', version: '0.27.0' },
      attributes: {
        'gen_ai.provider.name': 'openai',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.response.model': 'gpt-5-mini-2026-01-15',
        'gen_ai.response.id': 'chatcmpl-7',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is parcel 9?"}]}]',
        'gen_ai.output.messages':
          '[{"role":"assistant","finish_reason":"stop","parts":[{"type":"text","content":"In Bergen."}]}]',
        'gen_ai.usage.input_tokens': 20,
        'gen_ai.usage.output_tokens': 4,
        'gen_ai.usage.total_tokens': 24,
      },
    }),
  },
  {
    title: 'a call of Anthropic, whose input leaves the cached tokens out',
    span: sampleSpan({
      name: 'chat claude-haiku-4-5',
      kind: 3,
      scope: { name: '@traceloop/instrumentation-anthropic', version: '0.27.0' },
      attributes: {
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'claude-haiku-4-5',
        'gen_ai.usage.input_tokens': 28,
        'gen_ai.usage.cache_read.input_tokens': 12,
        'gen_ai.usage.cache_creation.input_tokens': 0,
        'gen_ai.usage.output_tokens': 9,
        'gen_ai.usage.total_tokens': 37,
      },
    }),
  },
  {
    title: 'a workflow',
    span: sampleSpan({
      name: 'parcel_desk.workflow',
      scope: { name: '@traceloop/node-server-sdk', version: '0.27.0' },
      attributes: {
        ...ASSOCIATED,
        'traceloop.span.kind': 'workflow',
        'traceloop.entity.name': 'parcel_desk',
        'traceloop.workflow.name': 'parcel_desk',
        'traceloop.entity.input': '{"args":["Where is parcel 9?"],"kwargs":{}}',
        'traceloop.entity.output': '"In Bergen."',
      },
    }),
  },
  {
    title: 'a tool that failed',
    span: sampleSpan({
      name: 'find_parcel.tool',
      scope: { name: 'traceloop.tracer' },
      attributes: {
        'traceloop.span.kind': 'tool',
        'traceloop.entity.name': 'find_parcel',
        'traceloop.entity.input': '{"id":9}',
        'traceloop.entity.path': 'parcel_desk',
      },
      statusCode: 2,
      statusMessage: 'no such parcel',
    }),
  },
  {
    title: 'a tool of the decorators, which name what it was given',
    span: sampleSpan({
      name: 'find_parcel.tool',
      scope: { name: '@traceloop/node-server-sdk', version: '0.27.0' },
      attributes: {
        'traceloop.span.kind': 'tool',
        'traceloop.entity.name': 'find_parcel',
        'traceloop.entity.input': '{"args":[],"kwargs":{"id":9}}',
        'traceloop.entity.output': '"in Oslo"',
      },
    }),
  },
  {
    title: 'an agent',
    span: sampleSpan({
      name: 'desk.agent',
      scope: { name: 'traceloop.tracer' },
      attributes: { 'traceloop.span.kind': 'agent', 'traceloop.entity.name': 'desk' },
    }),
  },
];
