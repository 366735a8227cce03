import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'com.anthropic.claude_code.tracing', version: '2.1.0' };
const WHERE = {
  'session.id': '7b0c1a52-1111-4222-8333-944455566677',
  'user.id': 'f0e1',
  'organization.id': '00000000-0000-4000-8000-000000000000',
  'terminal.type': 'xterm',
};

export const CLAUDE_CODE_SAMPLES: Dialect['samples'] = [
  {
    title: 'an interaction',
    span: sampleSpan({
      name: 'claude_code.interaction',
      scope: SCOPE,
      attributes: {
        ...WHERE,
        'span.type': 'interaction',
        user_prompt: 'Rename the parcel table.',
        user_prompt_length: 24,
        'interaction.sequence': 1,
        'interaction.duration_ms': 8100,
      },
    }),
  },
  {
    title: 'a request to the model',
    span: sampleSpan({
      name: 'claude_code.llm_request',
      scope: SCOPE,
      attributes: {
        ...WHERE,
        'span.type': 'llm_request',
        model: 'claude-opus-4-5',
        'gen_ai.system': 'anthropic',
        'gen_ai.request.model': 'claude-opus-4-5',
        query_source: 'repl_main_thread',
        speed: 'normal',
        duration_ms: 2100,
        ttft_ms: 640,
        input_tokens: 12,
        output_tokens: 90,
        cache_read_tokens: 15000,
        cache_creation_tokens: 800,
        request_id: 'req_9',
        stop_reason: 'tool_use',
        success: true,
        attempt: 1,
      },
    }),
  },
  {
    title: 'a request that failed',
    span: sampleSpan({
      name: 'claude_code.llm_request',
      scope: SCOPE,
      attributes: {
        ...WHERE,
        'span.type': 'llm_request',
        model: 'claude-opus-4-5',
        success: false,
        error: 'Overloaded',
        status_code: 529,
      },
    }),
  },
  {
    title: 'a tool',
    span: sampleSpan({
      name: 'claude_code.tool',
      scope: SCOPE,
      attributes: {
        ...WHERE,
        'span.type': 'tool',
        tool_name: 'Bash',
        tool_use_id: 'toolu_9',
        full_command: 'ls',
        duration_ms: 40,
      },
      events: [{ name: 'tool.output', attributes: { output: 'parcels.sql' } }],
    }),
  },
  {
    title: 'the wait for a permission',
    span: sampleSpan({
      name: 'claude_code.tool.blocked_on_user',
      scope: SCOPE,
      attributes: { ...WHERE, 'span.type': 'tool.blocked_on_user', decision: 'accept', source: 'config' },
    }),
  },
];
