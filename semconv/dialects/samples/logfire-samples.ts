import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const PYDANTIC_AI = { name: 'pydantic-ai', version: '2.4.0' };

export const LOGFIRE_SAMPLES: Dialect['samples'] = [
  {
    title: 'a request of Pydantic AI, messages as one list of events',
    span: sampleSpan({
      name: 'chat gpt-4o',
      kind: 3,
      scope: PYDANTIC_AI,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.usage.input_tokens': 60,
        'gen_ai.usage.output_tokens': 12,
        'operation.cost': 0.0004,
        events:
          '[{"content":"Be brief.","role":"system","gen_ai.message.index":0,"event.name":"gen_ai.system.message"},{"content":"Where is parcel 9?","role":"user","gen_ai.message.index":0,"event.name":"gen_ai.user.message"},{"index":0,"message":{"role":"assistant","content":"In Bergen."},"event.name":"gen_ai.choice"}]',
        'logfire.msg': 'chat gpt-4o',
        'logfire.json_schema': '{"type":"object"}',
      },
    }),
  },
  {
    title: 'an agent run',
    span: sampleSpan({
      name: 'invoke_agent desk',
      scope: PYDANTIC_AI,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'desk',
        'gen_ai.conversation.id': 'conv_1',
        agent_name: 'desk',
        model_name: 'gpt-4o',
        'gen_ai.aggregated_usage.input_tokens': 60,
        'gen_ai.aggregated_usage.output_tokens': 12,
        'pydantic_ai.all_messages':
          '[{"role":"user","parts":[{"type":"text","content":"Where is parcel 9?"}]},{"role":"assistant","parts":[{"type":"text","content":"In Bergen."}]}]',
        final_result: 'In Bergen.',
      },
    }),
  },
  {
    title: 'a tool of the second version',
    span: sampleSpan({
      name: 'running tool',
      scope: PYDANTIC_AI,
      attributes: {
        'gen_ai.tool.name': 'find_parcel',
        'gen_ai.tool.call.id': 'call_9',
        tool_arguments: '{"id":9}',
        tool_response: 'In Bergen.',
      },
    }),
  },
  {
    title: 'a client that Logfire wraps',
    span: sampleSpan({
      name: 'Chat Completion with {request_data[model]!r}',
      scope: { name: 'logfire.openai', version: '4.1.0' },
      attributes: {
        request_data: '{"messages":[{"role":"user","content":"Where is parcel 9?"}],"model":"gpt-4o"}',
        response_data:
          '{"message":{"content":"In Bergen.","role":"assistant","tool_calls":null},"usage":{"prompt_tokens":60,"completion_tokens":12,"prompt_tokens_details":{"cached_tokens":32}}}',
        'gen_ai.system': 'openai',
        'logfire.tags': ['LLM'],
      },
    }),
  },
];
