import { describe, expect, it } from 'vitest';
import {
  chatInput,
  chatRequest,
  completionInput,
  completionRequest,
  embeddingsInput,
  embeddingsRequest,
} from '../../../instrumentations/mistral/request.js';

const CLIENT = { _baseURL: new URL('https://api.mistral.ai/') };
const TARGET = {
  provider: 'mistral_ai',
  model: 'm',
  serverAddress: 'api.mistral.ai',
  serverPort: 443,
};
const text = (content: string): object => ({ type: 'text', content });

describe('the facts of a chat call', () => {
  it('are its parameters, zeros included', () => {
    const params = {
      model: 'm',
      maxTokens: 64,
      temperature: 0,
      topP: 0.5,
      n: 2,
      stop: ['END'],
      randomSeed: 0,
      presencePenalty: 0,
      frequencyPenalty: 0.1,
      reasoningEffort: 'high',
      responseFormat: { type: 'json_schema' },
    };
    expect(chatRequest(params, CLIENT)).toEqual({
      operation: 'chat',
      ...TARGET,
      outputType: 'json',
      parameters: {
        maxTokens: 64,
        temperature: 0,
        topP: 0.5,
        choiceCount: 2,
        stopSequences: ['END'],
        seed: 0,
        presencePenalty: 0,
        frequencyPenalty: 0.1,
        reasoningLevel: 'high',
      },
    });
  });

  it('name the agent that answers', () => {
    expect(chatRequest({ agentId: 'ag_1' }, CLIENT).providerAttributes).toEqual({
      'gen_ai.agent.id': 'ag_1',
    });
  });

  it.each([
    [{ type: 'text' }, 'text'],
    [{ type: 'json_object' }, 'json'],
    [{ parse: () => undefined }, 'json'],
    [undefined, undefined],
    [null, undefined],
  ])('read the output type of %o', (responseFormat, type) => {
    expect(chatRequest({ responseFormat }, {}).outputType).toBe(type);
  });
});

describe('the content of a chat call', () => {
  it('has messages of every role', () => {
    const messages = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: 'a', function: { name: 'look', arguments: '{"at":"sky"}' } },
          { id: 'null', function: { name: 'hear', arguments: { at: 'sea' } } },
        ],
      },
      { role: 'tool', toolCallId: 'a', name: 'look', content: 'blue' },
      { role: 'tool', toolCallId: 'b', content: [{ type: 'text', text: 'waves' }] },
    ];
    expect(chatInput({ messages })).toEqual({
      messages: [
        { role: 'system', parts: [text('Be short.')] },
        { role: 'user', parts: [text('Look.')] },
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'a', name: 'look', arguments: { at: 'sky' } },
            { type: 'tool_call', name: 'hear', arguments: { at: 'sea' } },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'a', name: 'look', response: 'blue' }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'b', response: [text('waves')] }] },
      ],
    });
  });

  it('has media of every kind', () => {
    const content = [
      { type: 'image_url', imageUrl: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', imageUrl: 'https://example.org/a.png' },
      { type: 'document_url', documentUrl: 'https://example.org/a.pdf' },
      { type: 'input_audio', inputAudio: 'AAAA' },
      { type: 'input_audio', inputAudio: 'https://example.org/a.wav' },
      { type: 'file', fileId: 'f' },
      { type: 'reference', referenceIds: [1] },
    ];
    expect(chatInput({ messages: [{ role: 'user', content }] }).messages?.[0]?.parts).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
      { type: 'uri', modality: 'image', uri: 'https://example.org/a.png' },
      { type: 'uri', modality: 'document', uri: 'https://example.org/a.pdf' },
      { type: 'blob', modality: 'audio', content: 'AAAA' },
      { type: 'uri', modality: 'audio', uri: 'https://example.org/a.wav' },
      { type: 'file', modality: 'document', file_id: 'f' },
      { type: 'reference', referenceIds: [1] },
    ]);
  });

  it('has the functions of the program and the tools of the provider', () => {
    const tools = [
      { type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } },
      { type: 'web_search' },
    ];
    expect(chatInput({ tools }).toolDefinitions).toEqual([
      { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' } },
      { type: 'web_search', name: 'web_search' },
    ]);
  });
});

describe('other calls', () => {
  it('complete between a prompt and a suffix', () => {
    const params = { model: 'm', prompt: 'a(', suffix: ')' };
    expect(completionRequest(params, CLIENT)).toEqual({
      operation: 'text_completion',
      ...TARGET,
      parameters: {},
    });
    expect(completionInput(params)).toEqual({ messages: [{ role: 'user', parts: [text('a('), text(')')] }] });
  });

  it('embed one text or several', () => {
    const params = { model: 'm', inputs: ['One.', 'Two.'], outputDimension: 8, encodingFormat: 'float' };
    expect(embeddingsRequest(params, CLIENT)).toEqual({
      operation: 'embeddings',
      ...TARGET,
      parameters: { dimensionCount: 8, encodingFormats: ['float'] },
    });
    expect(embeddingsInput(params).messages).toHaveLength(2);
    expect(embeddingsInput({ inputs: 'One.' })).toEqual({
      messages: [{ role: 'user', parts: [text('One.')] }],
    });
    expect(embeddingsInput({})).toEqual({ messages: [] });
  });
});
