import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'langfuse-sdk', version: '5.11.1' };
const WHERE = { 'session.id': 'ses_1', 'user.id': 'u_1', 'langfuse.trace.tags': ['beta'] };

export const LANGFUSE_SAMPLES: Dialect['samples'] = [
  {
    title: 'a generation',
    span: sampleSpan({
      name: 'OpenAI.chat',
      scope: SCOPE,
      attributes: {
        ...WHERE,
        'langfuse.internal.is_app_root': true,
        'langfuse.observation.type': 'generation',
        'langfuse.observation.input':
          '{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is parcel 9?"}],"tools":[{"type":"function","function":{"name":"find_parcel","parameters":{"type":"object"}}}]}',
        'langfuse.observation.output':
          '{"role":"assistant","content":null,"tool_calls":[{"id":"call_9","type":"function","function":{"name":"find_parcel","arguments":"{\\"id\\":9}"}}],"refusal":null}',
        'langfuse.observation.model.name': 'gpt-5-mini-2026-01-15',
        'langfuse.observation.model.parameters': '{"temperature":0}',
        'langfuse.observation.usage_details':
          '{"input":28,"output":4,"total":72,"input_cached_tokens":32,"output_reasoning_tokens":8}',
        'langfuse.observation.cost_details': '{"input":0.0001,"output":0.0003,"total":0.0004}',
        'langfuse.observation.metadata.desk': 'north',
        'langfuse.observation.prompt.name': 'desk',
        'langfuse.observation.prompt.version': 3,
        'langfuse.environment': 'staging',
      },
    }),
  },
  {
    title: 'a generation that failed',
    span: sampleSpan({
      name: 'OpenAI.chat',
      scope: SCOPE,
      attributes: {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.input': '{"messages":[{"role":"user","content":"Hello"}]}',
        'langfuse.observation.model.name': 'gpt-5-mini',
        'langfuse.observation.level': 'ERROR',
        'langfuse.observation.status_message': 'Error: 429 Too many requests',
        'langfuse.observation.cost_details': '{"input":0,"output":0,"total":0}',
      },
    }),
  },
  {
    title: 'a tool',
    span: sampleSpan({
      name: 'find_parcel',
      scope: SCOPE,
      attributes: {
        ...WHERE,
        'langfuse.observation.type': 'tool',
        'langfuse.observation.input': '{"id":9}',
        'langfuse.observation.output': '{"city":"Bergen"}',
      },
    }),
  },
  {
    title: 'usage that a user passed as the provider counts it',
    span: sampleSpan({
      name: 'answer',
      scope: SCOPE,
      attributes: {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.output': 'In Bergen.',
        'langfuse.observation.usage_details':
          '{"input":60,"output":12,"total":72,"input_cached_tokens":32,"output_reasoning_tokens":8}',
      },
    }),
  },
  {
    title: 'an agent',
    span: sampleSpan({
      name: 'desk',
      scope: SCOPE,
      attributes: {
        'langfuse.observation.type': 'agent',
        'langfuse.observation.input': 'Where is parcel 9?',
      },
    }),
  },
];
