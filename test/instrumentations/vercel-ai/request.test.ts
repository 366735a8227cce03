import { describe, expect, it } from 'vitest';
import { providerName } from '../../../instrumentations/vercel-ai/provider.js';
import {
  lastQuestion,
  readChatInput,
  readChatRequest,
  readEmbedInput,
  readEmbedRequest,
  readRerankRequest,
} from '../../../instrumentations/vercel-ai/request.js';

describe('readChatRequest', () => {
  it('reads the options of a model, zeros included', () => {
    const options = {
      maxOutputTokens: 64,
      temperature: 0,
      topP: 0.5,
      topK: 3,
      stopSequences: ['END'],
      seed: 0,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      reasoning: 'low',
      responseFormat: { type: 'json' },
    };
    const model = { provider: 'mock.chat', modelId: 'm-1' };
    expect(readChatRequest(options, model, true)).toEqual({
      operation: 'chat',
      provider: 'mock',
      model: 'm-1',
      stream: true,
      outputType: 'json',
      parameters: {
        maxTokens: 64,
        temperature: 0,
        topP: 0.5,
        topK: 3,
        stopSequences: ['END'],
        seed: 0,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        reasoningLevel: 'low',
      },
    });
  });

  it('reads an event that names its model', () => {
    const { provider, model } = readChatRequest({ provider: 'mock.chat', modelId: 'm-1' }, {}, false);
    expect([provider, model]).toEqual(['mock', 'm-1']);
  });
});

describe('readChatInput', () => {
  it('takes system messages at the head as instructions, and parts of every kind', () => {
    const input = readChatInput({
      prompt: [
        { role: 'system', content: 'Be short.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.' },
            { type: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2]) },
            { type: 'file', mediaType: 'image/png', data: new URL('https://example.org/a.png') },
            { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'AQI=' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Think.' },
            { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: { x: 1 } },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'a', toolName: 'look', output: { type: 'json', value: [1] } },
            {
              type: 'tool-result',
              toolCallId: 'b',
              toolName: 'look',
              output: { type: 'content', value: [{ type: 'text', text: 'Seen.' }] },
            },
          ],
        },
      ],
      tools: [
        { type: 'function', name: 'look', description: 'Looks.', inputSchema: { type: 'object' } },
        { type: 'provider', id: 'p.search', name: 'search', args: {} },
      ],
    });
    expect(input).toEqual({
      systemInstructions: [{ type: 'text', content: 'Be short.' }],
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'Look.' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AQI=' },
            { type: 'uri', modality: 'image', uri: 'https://example.org/a.png' },
            { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'AQI=' },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Think.' },
            { type: 'tool_call', id: 'a', name: 'look', arguments: { x: 1 } },
          ],
        },
        {
          role: 'tool',
          parts: [
            { type: 'tool_call_response', id: 'a', response: [1] },
            { type: 'tool_call_response', id: 'b', response: [{ type: 'text', content: 'Seen.' }] },
          ],
        },
      ],
      toolDefinitions: [
        { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' } },
        { type: 'provider', name: 'search' },
      ],
    });
  });

  it('reads the instructions and messages of an event', () => {
    const input = readChatInput({
      instructions: [{ role: 'system', content: 'Be short.' }],
      messages: [{ role: 'user', content: 'Hello.' }],
    });
    expect(input).toEqual({
      systemInstructions: [{ type: 'text', content: 'Be short.' }],
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'Hello.' }] }],
      toolDefinitions: [],
    });
  });

  it('passes over what is no message', () => {
    expect(readChatInput({ prompt: 'text' })).toEqual({
      systemInstructions: [],
      messages: [],
      toolDefinitions: [],
    });
  });
});

describe('calls that answer with values', () => {
  it('are read by a model, by its name, and by an event', () => {
    const model = { provider: 'mock.embedding', modelId: 'e-1' };
    expect(
      [{ model, dimensions: 8 }, { model: 'mock/e-1' }, { provider: 'mock.embedding', modelId: 'e-1' }].map(
        (options) => readEmbedRequest([options]),
      ),
    ).toEqual([
      { operation: 'embeddings', provider: 'mock', model: 'e-1', parameters: { dimensionCount: 8 } },
      { operation: 'embeddings', provider: 'mock', model: 'mock/e-1' },
      { operation: 'embeddings', provider: 'mock', model: 'e-1' },
    ]);
    expect(readRerankRequest([{ model }])).toEqual({ operation: 'rerank', provider: 'mock', model: 'e-1' });
  });

  it('have a message for each text', () => {
    const messages = ['a', 'b'].map((content) => ({ role: 'user', parts: [{ type: 'text', content }] }));
    expect(readEmbedInput([{ values: ['a', 'b'] }])).toEqual({ messages });
    expect(readEmbedInput([{ value: ['a', 'b'] }])).toEqual({ messages });
    expect(readEmbedInput([{ value: '' }])).toEqual({ messages: [] });
  });
});

describe('lastQuestion', () => {
  it('is the prompt, or the last message of the user', () => {
    const messages = [
      { role: 'user', content: 'First.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Last.' },
          { type: 'image', image: 'x' },
        ],
      },
      { role: 'assistant', content: 'Answer.' },
    ];
    expect([{ prompt: 'Ask.' }, { messages }, { prompt: messages }, {}].map(lastQuestion)).toEqual([
      'Ask.',
      'Last.',
      'Last.',
      undefined,
    ]);
  });
});

describe('providerName', () => {
  it('is the word of the conventions, else the first word of the name', () => {
    const names = [
      'google.generative-ai',
      'google.vertex.chat',
      'amazon-bedrock',
      'xai.chat',
      'mine.chat',
      3,
    ];
    expect(names.map(providerName)).toEqual([
      'gcp.gemini',
      'gcp.vertex_ai',
      'aws.bedrock',
      'x_ai',
      'mine',
      'unknown',
    ]);
  });
});
