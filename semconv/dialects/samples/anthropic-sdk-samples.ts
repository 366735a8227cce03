import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'com.anthropic.sdk.typescript', version: '1.12.0' };

export const ANTHROPIC_SDK_SAMPLES: Dialect['samples'] = [
  {
    title: 'a call with content',
    span: sampleSpan({
      name: 'anthropic.messages.create',
      kind: 3,
      scope: SCOPE,
      attributes: {
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.conversation.id': 'ses_1',
        'http.route': '/v1/messages',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'claude-haiku-4-5',
        'gen_ai.request.max_tokens': 64,
        'gen_ai.system_instructions': '[{"type":"text","content":"Be brief."}]',
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is parcel 9?"}]}]',
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[{"type":"tool_call","id":"toolu_9","name":"find_parcel","arguments":{"id":9}}]}]',
        'gen_ai.usage.input_tokens': 60,
        'gen_ai.usage.cache_read.input_tokens': 32,
        'gen_ai.usage.cache_write.input_tokens': 0,
        'gen_ai.usage.output_tokens': 12,
        'gen_ai.usage.reasoning.output_tokens': 8,
        'gen_ai.response.id': 'msg_9',
        'gen_ai.response.model': 'claude-haiku-4-5-20251001',
        'anthropic.message.stop_reason': 'tool_use',
        'anthropic.response.service_tier': 'standard',
      },
      statusCode: 1,
    }),
  },
  {
    title: 'a call that failed, without content',
    span: sampleSpan({
      name: 'anthropic.messages.create',
      kind: 3,
      scope: SCOPE,
      attributes: {
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'claude-haiku-4-5',
        'error.type': '529',
      },
      statusCode: 2,
      statusMessage: 'Overloaded',
    }),
  },
  {
    title: 'a tool of the tool runner',
    span: sampleSpan({
      name: 'anthropic.tool_use find_parcel',
      scope: SCOPE,
      attributes: { 'gen_ai.provider.name': 'anthropic', 'gen_ai.operation.name': 'execute_tool' },
    }),
  },
];
