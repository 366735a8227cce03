import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'genkit-tracer', version: 'v1' };

export const GENKIT_SAMPLES: Dialect['samples'] = [
  {
    title: 'a call of a model',
    span: sampleSpan({
      name: 'googleai/gemini-2.5-flash',
      scope: SCOPE,
      attributes: {
        'genkit:type': 'action',
        'genkit:metadata:subtype': 'model',
        'genkit:name': 'googleai/gemini-2.5-flash',
        'genkit:path': '/{generate,t:util}/{googleai/gemini-2.5-flash,t:action,s:model}',
        'genkit:input':
          '{"messages":[{"role":"system","content":[{"text":"Be brief."}]},{"role":"user","content":[{"text":"Where is parcel 9?"}]},{"role":"model","content":[{"toolRequest":{"name":"find_parcel","ref":"call_9","input":{"id":9}}}]},{"role":"tool","content":[{"toolResponse":{"name":"find_parcel","ref":"call_9","output":{"city":"Bergen"}}}]}],"config":{"temperature":0},"tools":[{"name":"find_parcel","description":"Finds a parcel.","inputSchema":{"type":"object"}}]}',
        'genkit:output':
          '{"message":{"role":"model","content":[{"text":"In Bergen."}]},"finishReason":"stop","usage":{"inputTokens":60,"outputTokens":4,"thoughtsTokens":8,"totalTokens":72,"cachedContentTokens":32}}',
        'genkit:state': 'success',
      },
    }),
  },
  {
    title: 'the span around a call',
    span: sampleSpan({
      name: 'generate',
      scope: SCOPE,
      attributes: {
        'genkit:type': 'util',
        'genkit:name': 'generate',
        'genkit:isRoot': true,
        'genkit:input': '{"model":"googleai/gemini-2.5-flash","messages":[]}',
        'genkit:state': 'error',
      },
      statusCode: 2,
      statusMessage: 'quota',
    }),
  },
  {
    title: 'a tool',
    span: sampleSpan({
      name: 'find_parcel',
      scope: SCOPE,
      attributes: {
        'genkit:type': 'action',
        'genkit:metadata:subtype': 'tool',
        'genkit:name': 'find_parcel',
        'genkit:input': '{"id":9}',
        'genkit:output': '{"city":"Bergen"}',
        'genkit:state': 'success',
      },
    }),
  },
  {
    title: 'a flow',
    span: sampleSpan({
      name: 'deskFlow',
      scope: SCOPE,
      attributes: {
        'genkit:type': 'action',
        'genkit:metadata:subtype': 'flow',
        'genkit:name': 'deskFlow',
        'genkit:input': '"Where is parcel 9?"',
        'genkit:output': '"In Bergen."',
      },
    }),
  },
];
