import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const OPENAI = { name: '@arizeai/openinference-instrumentation-openai', version: '4.2.7' };
const ANTHROPIC = { name: '@arizeai/openinference-instrumentation-anthropic', version: '0.2.8' };
const WHERE = { 'session.id': 'ses_1', 'user.id': 'u_1' };

export const OPENINFERENCE_SAMPLES: Dialect['samples'] = [
  {
    title: 'a model call with a tool, as flattened messages',
    span: sampleSpan({
      name: 'OpenAI Chat Completions',
      scope: OPENAI,
      attributes: {
        ...WHERE,
        'openinference.span.kind': 'LLM',
        'llm.system': 'openai',
        'llm.model_name': 'gpt-5-mini-2026-01-15',
        'llm.invocation_parameters': '{"model":"gpt-5-mini","temperature":0}',
        'input.value': '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Where is parcel 9?"}]}',
        'input.mime_type': 'application/json',
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.0.message.content': 'Be brief.',
        'llm.input_messages.1.message.role': 'user',
        'llm.input_messages.1.message.content': 'Where is parcel 9?',
        'llm.input_messages.2.message.role': 'assistant',
        'llm.input_messages.2.message.tool_calls.0.tool_call.id': 'call_9',
        'llm.input_messages.2.message.tool_calls.0.tool_call.function.name': 'find_parcel',
        'llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments': '{"id":9}',
        'llm.input_messages.3.message.role': 'tool',
        'llm.input_messages.3.message.tool_call_id': 'call_9',
        'llm.input_messages.3.message.content': '{"city":"Bergen"}',
        'llm.tools.0.tool.json_schema':
          '{"type":"function","function":{"name":"find_parcel","description":"Finds a parcel.","parameters":{"type":"object"}}}',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.content': 'In Bergen.',
        'llm.finish_reason': 'stop',
        'llm.token_count.prompt': 60,
        'llm.token_count.completion': 12,
        'llm.token_count.total': 72,
        'llm.token_count.prompt_details.cache_read': 32,
        'llm.token_count.completion_details.reasoning': 8,
        'llm.cost.total': 0.0004,
        'tag.tags': ['beta'],
        metadata: '{"desk":"north"}',
      },
    }),
  },
  {
    title: 'a model call whose contents are parts',
    span: sampleSpan({
      name: 'Anthropic Messages',
      scope: ANTHROPIC,
      attributes: {
        ...WHERE,
        'openinference.span.kind': 'LLM',
        'llm.provider': 'anthropic',
        'llm.system': 'anthropic',
        'llm.model_name': 'claude-haiku-4-5-20251001',
        'llm.request.model_name': 'claude-haiku-4-5',
        'llm.response.model_name': 'claude-haiku-4-5-20251001',
        'llm.invocation_parameters':
          '{"model":"claude-haiku-4-5","max_tokens":64,"system":"Be brief.","stream":true}',
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'text',
        'llm.input_messages.0.message.contents.0.message_content.text': 'What is this?',
        'llm.input_messages.0.message.contents.1.message_content.type': 'image',
        'llm.input_messages.0.message.contents.1.message_content.image.image.url':
          'https://img.example.com/9.png',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.contents.0.message_content.type': 'tool_use',
        'llm.output_messages.0.message.contents.0.tool_call.id': 'call_1',
        'llm.output_messages.0.message.contents.0.tool_call.function.name': 'look',
        'llm.output_messages.0.message.contents.0.tool_call.function.arguments': '{"at":"9.png"}',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'call_1',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'look',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"at":"9.png"}',
        'llm.token_count.prompt': 40,
        'llm.token_count.completion': 9,
      },
    }),
  },
  {
    title: 'a tool',
    span: sampleSpan({
      name: 'find_parcel',
      scope: { name: 'openinference.instrumentation.langchain', version: '0.1.50' },
      attributes: {
        'openinference.span.kind': 'TOOL',
        'tool.name': 'find_parcel',
        'tool.description': 'Finds a parcel.',
        'input.value': '{"id":9}',
        'input.mime_type': 'application/json',
        'output.value': '{"city":"Bergen"}',
        'output.mime_type': 'application/json',
      },
    }),
  },
  {
    title: 'a chain that failed',
    span: sampleSpan({
      name: 'LangGraph',
      scope: { name: '@arizeai/openinference-instrumentation-langchain', version: '4.1.1' },
      attributes: {
        ...WHERE,
        'openinference.span.kind': 'CHAIN',
        'input.value': 'Where is parcel 9?',
        'input.mime_type': 'text/plain',
        'graph.node.id': 'desk',
      },
      events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError' } }],
      statusCode: 2,
      statusMessage: 'no such parcel',
    }),
  },
  {
    title: 'a retriever, judged',
    span: sampleSpan({
      name: 'retrieve',
      scope: { name: 'app' },
      attributes: {
        'openinference.span.kind': 'RETRIEVER',
        'input.value': 'return policy',
        'retrieval.documents.0.document.id': 'doc_4',
        'retrieval.documents.0.document.score': 0.9,
        'retrieval.documents.0.document.content': 'Thirty days.',
        'evaluations.0.evaluation.name': 'relevance',
        'evaluations.0.evaluation.score': 1,
        'evaluations.0.evaluation.label': 'relevant',
        'evaluations.0.evaluation.annotator_kind': 'LLM',
      },
    }),
  },
  {
    title: 'an agent',
    span: sampleSpan({
      name: 'desk',
      scope: { name: 'app' },
      attributes: { 'openinference.span.kind': 'AGENT', 'agent.name': 'desk', 'output.value': 'Done.' },
    }),
  },
  {
    title: 'a model call of LangChain, whose bodies have more than what is flattened of them',
    span: sampleSpan({
      name: 'ChatOpenAI',
      scope: { name: '@arizeai/openinference-instrumentation-langchain', version: '4.1.1' },
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'gpt-5-mini',
        'llm.invocation_parameters': '{"model":"gpt-5-mini","stream":false}',
        'input.value':
          '{"messages":[[{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"Where is parcel 9?"}}]]}',
        'output.value':
          '{"generations":[[{"text":"","message":{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"","tool_calls":[{"name":"find_parcel","args":{"id":9},"id":"call_9"}],"response_metadata":{"model_name":"gpt-5-mini-2026-01-15"}}}}]]}',
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': 'Where is parcel 9?',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'find_parcel',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"id":9}',
        metadata: '{"ls_provider":"openai"}',
      },
    }),
  },
];
