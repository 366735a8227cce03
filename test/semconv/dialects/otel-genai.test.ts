import { describe, expect, it } from 'vitest';
import { otelGenAiDialect } from '../../../semconv/dialects/otel-genai.js';

function read(title: string): unknown {
  const sample = otelGenAiDialect.samples.find((candidate) => candidate.title.startsWith(title));
  if (sample === undefined) throw new Error(`no sample "${title}"`);
  return otelGenAiDialect.read(sample.span);
}

describe('the OpenTelemetry GenAI dialect', () => {
  it('reads a call of the current conventions whole', () => {
    expect(read('a chat call in the current conventions')).toEqual({
      concept: 'observation',
      observation: {
        name: 'chat gpt-5-mini',
        type: 'GENERATION',
        operation: 'chat',
        provider: 'openai',
        requestModel: 'gpt-5-mini',
        responseModel: 'gpt-5-mini-2026-01-15',
        responseId: 'chatcmpl-71',
        finishReasons: ['tool_calls'],
        serviceName: 'support-desk',
        sessionId: 'conv_9',
        conversationId: 'conv_9',
        streamed: true,
        timeToFirstChunkMs: 250,
        parameters: { temperature: 0, max_tokens: 512, stop_sequences: ['END'], 'output.type': 'text' },
        usage: { input: 150, cacheRead: 1000, cacheWrite: 50, output: 26, reasoning: 64 },
        systemInstructions: [{ type: 'text', content: 'You help customers.' }],
        inputMessages: [
          {
            role: 'user',
            parts: [
              { type: 'text', content: 'Where is parcel 7?' },
              { type: 'uri', modality: 'image', uri: 'https://img.example.com/7.png' },
            ],
          },
        ],
        outputMessages: [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'Look it up.' },
              { type: 'tool_call', id: 'call_1', name: 'find_parcel', arguments: { id: 7 } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        toolDefinitions: [
          {
            type: 'function',
            name: 'find_parcel',
            description: 'Finds a parcel.',
            parameters: { type: 'object' },
          },
        ],
        attributes: {
          'gen_ai.usage.audio.input_tokens': 7,
          'server.address': 'api.openai.com',
          'server.port': 443,
          'openai.response.service_tier': 'default',
        },
      },
    });
  });

  it('reads a call of the 1.36 conventions from its events and former names', () => {
    expect(read('a call in the 1.36 conventions')).toEqual({
      concept: 'observation',
      observation: {
        name: 'chat gpt-4o',
        type: 'GENERATION',
        operation: 'chat',
        provider: 'azure.ai.openai',
        requestModel: 'gpt-4o',
        serviceName: 'support-desk',
        finishReasons: ['stop'],
        parameters: { seed: 42 },
        usage: { input: 20, output: 5 },
        inputMessages: [
          { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', content: 'Hello' }] },
          { role: 'assistant', parts: [{ type: 'tool_call', id: 'call_2', name: 'clock', arguments: {} }] },
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_2', response: '12:00' }] },
        ],
        outputMessages: [
          { role: 'assistant', parts: [{ type: 'text', content: 'Noon.' }], finish_reason: 'stop' },
        ],
      },
    });
  });

  it('reads a tool that a server of the Model Context Protocol ran', () => {
    expect(read('a tool execution over')).toEqual({
      concept: 'observation',
      observation: {
        name: 'tools/call find_parcel',
        type: 'TOOL',
        operation: 'execute_tool',
        serviceName: 'support-desk',
        tool: {
          name: 'find_parcel',
          type: 'function',
          callId: 'call_1',
          arguments: { id: 7 },
          result: 'in transit',
        },
        attributes: { 'mcp.method.name': 'tools/call', 'mcp.session.id': 'f2a9' },
      },
    });
  });

  it('leaves a value of the wrong kind among the attributes', () => {
    const facts = otelGenAiDialect.read({
      name: 'chat',
      kind: 3,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.input_tokens': 'many',
        'gen_ai.tool.name': 7,
      },
      events: [],
      links: [],
      statusCode: 0,
      scope: { name: 'x' },
      resource: { attributes: {} },
    });
    expect(facts).toEqual({
      concept: 'observation',
      observation: {
        name: 'chat',
        type: 'GENERATION',
        operation: 'chat',
        attributes: { 'gen_ai.usage.input_tokens': 'many', 'gen_ai.tool.name': 7 },
      },
    });
  });
});
