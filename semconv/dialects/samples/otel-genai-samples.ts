import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const CHAT_SCOPE = { name: 'opentelemetry.instrumentation.openai_v2', version: '2.4b0' };

export const OTEL_GENAI_SAMPLES: Dialect['samples'] = [
  {
    title: 'a chat call in the current conventions, content as JSON text',
    span: sampleSpan({
      name: 'chat gpt-5-mini',
      kind: 3,
      scope: CHAT_SCOPE,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.request.temperature': 0,
        'gen_ai.request.max_tokens': 512,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.stream': true,
        'gen_ai.output.type': 'text',
        'gen_ai.response.model': 'gpt-5-mini-2026-01-15',
        'gen_ai.response.id': 'chatcmpl-71',
        'gen_ai.response.finish_reasons': ['tool_calls'],
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.usage.input_tokens': 1200,
        'gen_ai.usage.cache_read.input_tokens': 1000,
        'gen_ai.usage.cache_write.input_tokens': 50,
        'gen_ai.usage.output_tokens': 90,
        'gen_ai.usage.reasoning.output_tokens': 64,
        'gen_ai.usage.audio.input_tokens': 7,
        'gen_ai.conversation.id': 'conv_9',
        'server.address': 'api.openai.com',
        'server.port': 443,
        'openai.response.service_tier': 'default',
        'gen_ai.system_instructions': '[{"type":"text","content":"You help customers."}]',
        'gen_ai.input.messages':
          '[{"role":"user","parts":[{"type":"text","content":"Where is parcel 7?"},{"type":"uri","modality":"image","uri":"https://img.example.com/7.png"}]}]',
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[{"type":"reasoning","content":"Look it up."},{"type":"tool_call","id":"call_1","name":"find_parcel","arguments":{"id":7}}],"finish_reason":"tool_call"}]',
        'gen_ai.tool.definitions':
          '[{"type":"function","name":"find_parcel","description":"Finds a parcel.","parameters":{"type":"object"}}]',
      },
    }),
  },
  {
    title: 'a chat call whose content is structured, with the former name of the cache write count',
    span: sampleSpan({
      name: 'chat claude-haiku-4-5',
      kind: 3,
      scope: { name: 'opentelemetry.instrumentation.anthropic', version: '0.1b0' },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': 'claude-haiku-4-5',
        'gen_ai.usage.input_tokens': '430',
        'gen_ai.usage.cache_creation.input_tokens': 400,
        'gen_ai.usage.output_tokens': 12,
        'gen_ai.input.messages': [
          {
            role: 'tool',
            parts: [{ type: 'tool_call_response', id: 'toolu_1', response: { found: true } }],
          },
        ],
        'gen_ai.output.messages': [
          { role: 'assistant', parts: [{ type: 'text', content: 'It arrives today.' }] },
        ],
      },
    }),
  },
  {
    title: 'a call in the 1.36 conventions, messages as events',
    span: sampleSpan({
      name: 'chat gpt-4o',
      kind: 3,
      scope: { name: '@opentelemetry/instrumentation-openai', version: '0.22.0' },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'az.ai.openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.openai.request.seed': 42,
        'gen_ai.usage.prompt_tokens': 20,
        'gen_ai.usage.completion_tokens': 5,
      },
      events: [
        { name: 'gen_ai.system.message', attributes: { content: 'Be brief.' } },
        { name: 'gen_ai.user.message', attributes: { content: 'Hello' } },
        {
          name: 'gen_ai.assistant.message',
          attributes: {
            tool_calls: '[{"id":"call_2","type":"function","function":{"name":"clock","arguments":"{}"}}]',
          },
        },
        { name: 'gen_ai.tool.message', attributes: { id: 'call_2', content: '12:00' } },
        {
          name: 'gen_ai.choice',
          attributes: { index: 0, finish_reason: 'stop', message: '{"role":"assistant","content":"Noon."}' },
        },
      ],
    }),
  },
  {
    title: 'a failed call',
    span: sampleSpan({
      name: 'chat mistral-large',
      kind: 3,
      scope: { name: 'app.llm' },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'mistral_ai',
        'gen_ai.request.model': 'mistral-large',
        'error.type': '429',
      },
      statusCode: 2,
      statusMessage: 'Too many requests',
    }),
  },
  {
    title: 'embeddings',
    span: sampleSpan({
      name: 'embeddings text-embedding-3-small',
      kind: 3,
      scope: CHAT_SCOPE,
      attributes: {
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'text-embedding-3-small',
        'gen_ai.request.encoding_formats': ['float'],
        'gen_ai.embeddings.dimension.count': 256,
        'gen_ai.usage.input_tokens': 8,
      },
    }),
  },
  {
    title: 'a retrieval',
    span: sampleSpan({
      name: 'retrieval handbook',
      kind: 3,
      scope: { name: 'app.search' },
      attributes: {
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.data_source.id': 'handbook',
        'gen_ai.retrieval.query.text': 'return policy',
        'gen_ai.retrieval.top_k': 3,
        'gen_ai.retrieval.documents': '[{"id":"doc_4","score":0.91}]',
      },
    }),
  },
  {
    title: 'a tool execution over the Model Context Protocol',
    span: sampleSpan({
      name: 'tools/call find_parcel',
      kind: 3,
      scope: { name: 'mcp-client' },
      attributes: {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'find_parcel',
        'gen_ai.tool.type': 'function',
        'gen_ai.tool.call.id': 'call_1',
        'gen_ai.tool.call.arguments': '{"id":7}',
        'gen_ai.tool.call.result': 'in transit',
        'mcp.session.id': 'f2a9',
      },
    }),
  },
  {
    title: 'an agent',
    span: sampleSpan({
      name: 'invoke_agent desk',
      scope: { name: 'agents' },
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'desk',
        'gen_ai.agent.id': 'agent_1',
        'session.id': 'ses_2',
        'user.id': 'u_3',
      },
    }),
  },
  {
    title: 'an evaluation',
    span: sampleSpan({
      name: 'evaluate relevance',
      scope: { name: 'evals' },
      attributes: {
        'gen_ai.evaluation.name': 'relevance',
        'gen_ai.evaluation.score.value': 0.8,
        'gen_ai.evaluation.score.label': 'relevant',
        'gen_ai.evaluation.explanation': 'Answers the question.',
      },
      links: [{ traceId: '5b8aa5a2d2c872e8321cf37308d69df2', spanId: 'eee19b7ec3c1b174', attributes: {} }],
    }),
  },
];
