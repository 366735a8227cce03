import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'langsmith', version: '0.12.0' };

export const LANGSMITH_SAMPLES: Dialect['samples'] = [
  {
    title: 'a model call',
    span: sampleSpan({
      name: 'ChatOpenAI',
      scope: SCOPE,
      attributes: {
        'langsmith.traceable': 'true',
        'langsmith.span.kind': 'llm',
        'gen_ai.operation.name': 'chat',
        'langsmith.trace.name': 'ChatOpenAI',
        'langsmith.trace.session_name': 'default',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-5-mini',
        'langsmith.metadata.ls_provider': 'openai',
        'langsmith.metadata.ls_model_name': 'gpt-5-mini',
        'langsmith.metadata.session_id': 'ses_1',
        'langsmith.metadata.user_id': 'u_1',
        'langsmith.span.tags': 'beta, desk',
        'gen_ai.prompt':
          '{"model":"gpt-5-mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is parcel 9?"}],"temperature":0,"tools":[{"type":"function","function":{"name":"find_parcel","parameters":{"type":"object"}}}]}',
        'gen_ai.completion':
          '{"id":"chatcmpl-9","choices":[{"index":0,"message":{"role":"assistant","content":"In Bergen.","refusal":null,"annotations":[]},"finish_reason":"stop"}]}',
        'langsmith.usage_metadata':
          '{"input_tokens":60,"output_tokens":12,"total_tokens":72,"input_token_details":{"cache_read":32},"output_token_details":{"reasoning":8},"total_cost":0.0004}',
        'gen_ai.usage.input_tokens': 60,
        'gen_ai.usage.output_tokens': 12,
        'gen_ai.usage.total_tokens': 72,
        'gen_ai.response.model': 'gpt-5-mini-2026-01-15',
        'gen_ai.response.id': 'chatcmpl-9',
        'gen_ai.response.finish_reasons': 'stop',
      },
      statusCode: 1,
    }),
  },
  {
    title: 'a streamed call, put together again',
    span: sampleSpan({
      name: 'ChatOpenAI',
      scope: SCOPE,
      attributes: {
        'langsmith.span.kind': 'llm',
        'langsmith.request.streaming': true,
        'langsmith.metadata.thread_id': 'ses_2',
        'gen_ai.prompt':
          '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}],"stream":true}',
        'gen_ai.completion': '{"role":"assistant","content":"Hello."}',
      },
    }),
  },
  {
    title: 'a chain',
    span: sampleSpan({
      name: 'RunnableSequence',
      scope: SCOPE,
      attributes: {
        'langsmith.span.kind': 'chain',
        'langsmith.trace.name': 'RunnableSequence',
        'gen_ai.operation.name': 'chain',
        'gen_ai.prompt': '{"question":"Where is parcel 9?"}',
        'gen_ai.completion': '{"answer":"In Bergen."}',
      },
    }),
  },
  {
    title: 'a tool that failed',
    span: sampleSpan({
      name: 'find_parcel',
      scope: SCOPE,
      attributes: {
        'langsmith.span.kind': 'tool',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'find_parcel',
        'gen_ai.tool.call.id': 'call_9',
        'gen_ai.prompt': '{"id":9}',
      },
      events: [{ name: 'exception', attributes: { 'exception.type': 'Error' } }],
      statusCode: 2,
    }),
  },
];
