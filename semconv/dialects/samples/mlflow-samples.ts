import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'mlflow.openai.autolog' };

export const MLFLOW_SAMPLES: Dialect['samples'] = [
  {
    title: 'a call of a chat model',
    span: sampleSpan({
      name: 'Completions',
      scope: SCOPE,
      attributes: {
        'mlflow.spanType': '"CHAT_MODEL"',
        'mlflow.traceRequestId': '"tr-9"',
        'mlflow.spanInputs':
          '{"messages":[{"role":"user","content":"Where is parcel 9?"}],"model":"gpt-5-mini","temperature":0}',
        'mlflow.spanOutputs':
          '{"id":"chatcmpl-9","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"In Bergen."}}]}',
        'mlflow.chat.tools': '[{"type":"function","function":{"name":"find_parcel"}}]',
        'mlflow.chat.tokenUsage':
          '{"input_tokens":60,"output_tokens":12,"total_tokens":72,"cache_read_input_tokens":32}',
        'mlflow.llm.model': '"gpt-5-mini"',
        'mlflow.llm.provider': '"openai"',
        'mlflow.llm.cost': '{"input_cost":0.0001,"output_cost":0.0003,"total_cost":0.0004}',
        'session.id': 'ses_1',
        'user.id': 'u_1',
      },
      statusCode: 1,
    }),
  },
  {
    title: 'an agent',
    span: sampleSpan({
      name: 'desk',
      scope: { name: 'mlflow' },
      attributes: {
        'mlflow.spanType': '"AGENT"',
        'mlflow.spanInputs': '{"question":"Where is parcel 9?"}',
        'mlflow.spanOutputs': '"In Bergen."',
        'mlflow.trace.session': '"ses_1"',
      },
    }),
  },
  {
    title: 'a tool that failed',
    span: sampleSpan({
      name: 'find_parcel',
      scope: { name: 'mlflow' },
      attributes: { 'mlflow.spanType': '"TOOL"', 'mlflow.spanInputs': '{"id":9}' },
      events: [{ name: 'exception', attributes: { 'exception.type': 'KeyError' } }],
      statusCode: 2,
    }),
  },
];
