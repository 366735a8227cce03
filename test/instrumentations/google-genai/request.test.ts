import { describe, expect, it } from 'vitest';
import {
  countRequest,
  embedInput,
  embedRequest,
  generateInput,
  generateRequest,
} from '../../../instrumentations/google-genai/request.js';

const GEMINI = {
  apiClient: {
    clientOptions: { httpOptions: { baseUrl: 'https://generativelanguage.googleapis.com/' } },
  },
};
const SERVER = { serverAddress: 'generativelanguage.googleapis.com', serverPort: 443 };
const text = (content: string): object => ({ type: 'text', content });

describe('the facts of a generateContent call', () => {
  it('are its parameters, zeros included', () => {
    const config = {
      temperature: 0,
      topP: 0.5,
      topK: 5,
      candidateCount: 2,
      maxOutputTokens: 64,
      stopSequences: ['END'],
      presencePenalty: 0,
      frequencyPenalty: 0.1,
      seed: 0,
      responseMimeType: 'application/json',
      thinkingConfig: { thinkingLevel: 'HIGH' },
    };
    expect(generateRequest({ model: 'gemini-x', config }, GEMINI)).toEqual({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      model: 'gemini-x',
      ...SERVER,
      outputType: 'json',
      parameters: {
        temperature: 0,
        topP: 0.5,
        topK: 5,
        choiceCount: 2,
        maxTokens: 64,
        stopSequences: ['END'],
        presencePenalty: 0,
        frequencyPenalty: 0.1,
        seed: 0,
        reasoningLevel: 'high',
      },
    });
  });

  it.each([
    ['gemini-x', 'gemini-x'],
    ['models/gemini-x', 'gemini-x'],
    ['projects/p/locations/global/publishers/google/models/gemini-x', 'gemini-x'],
    ['tunedModels/123', 'tunedModels/123'],
    ['meta/llama-x', 'meta/llama-x'],
  ])('name the model of %s %s', (model, name) => {
    expect(generateRequest({ model }, GEMINI).model).toBe(name);
  });

  it('name the other service for a client of it, and the host of the call', () => {
    const models = { apiClient: { clientOptions: { vertexai: true } } };
    const config = { httpOptions: { baseUrl: 'http://127.0.0.1:8080' } };
    expect(countRequest({ model: 'gemini-x', config }, models)).toEqual({
      operation: 'count_tokens',
      provider: 'gcp.vertex_ai',
      model: 'gemini-x',
      serverAddress: '127.0.0.1',
      serverPort: 8080,
    });
  });

  it.each([
    [{ responseModalities: ['TEXT', 'IMAGE'] }, 'image'],
    [{ responseModalities: ['audio'] }, 'speech'],
    [{ responseMimeType: 'text/plain' }, 'text'],
    [{}, undefined],
  ])('read the output type of %j', (config, type) => {
    expect(generateRequest({ config }, {}).outputType).toBe(type);
  });

  it('are none where nothing is known', () => {
    expect(generateRequest({}, {})).toEqual({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      parameters: {},
    });
  });
});

describe('the content of a generateContent call', () => {
  it.each([
    ['a text', 'Hi.', [{ role: 'user', parts: [text('Hi.')] }]],
    ['a part', { text: 'Hi.' }, [{ role: 'user', parts: [text('Hi.')] }]],
    ['texts and parts', ['Hi,', { text: 'you.' }], [{ role: 'user', parts: [text('Hi,'), text('you.')] }]],
    ['a content', { role: 'model', parts: [{ text: 'Hi.' }] }, [{ role: 'assistant', parts: [text('Hi.')] }]],
    ['nothing', undefined, []],
    ['an empty list', [], []],
  ])('is read from %s', (_form, contents, messages) => {
    expect(generateInput({ contents })).toEqual({ messages });
  });

  it.each([
    ['a text', 'Be short.'],
    ['a list of texts', ['Be short.']],
    ['a part', { text: 'Be short.' }],
    ['a content', { role: 'user', parts: [{ text: 'Be short.' }] }],
  ])('has a system instruction that is %s', (_form, systemInstruction) => {
    expect(generateInput({ config: { systemInstruction } })).toEqual({
      messages: [],
      systemInstructions: [text('Be short.')],
    });
  });

  it('has calls, results and media of every kind', () => {
    const contents = [
      { role: 'user', parts: [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }] },
      {
        role: 'model',
        parts: [
          { text: 'Think.', thought: true },
          { functionCall: { id: '1', name: 'look', args: { at: 'sky' } }, thoughtSignature: 'c2ln' },
          { toolCall: { id: '2', toolType: 'GOOGLE_SEARCH', args: { query: 'sky' } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'look', response: { colour: 'blue' } } },
          {
            functionResponse: {
              id: '1',
              response: { ok: true },
              parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
            },
          },
        ],
      },
      { role: 'user', parts: [{ fileData: { fileUri: 'gs://a/b' } }] },
    ];
    expect(generateInput({ contents }).messages).toEqual([
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: 'AAAA' }],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Think.' },
          { type: 'tool_call', id: '1', name: 'look', arguments: { at: 'sky' } },
          {
            type: 'server_tool_call',
            id: '2',
            name: 'google_search',
            server_tool_call: { type: 'google_search', arguments: { query: 'sky' } },
          },
        ],
      },
      {
        role: 'tool',
        parts: [
          { type: 'tool_call_response', name: 'look', response: { colour: 'blue' } },
          {
            type: 'tool_call_response',
            id: '1',
            response: {
              ok: true,
              parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' }],
            },
          },
        ],
      },
      { role: 'user', parts: [{ type: 'uri', modality: 'document', uri: 'gs://a/b' }] },
    ]);
  });

  it('has the functions of the program and the tools of the provider', () => {
    const tools = [
      {
        functionDeclarations: [
          { name: 'look', description: 'Looks.', parameters: { type: 'OBJECT' } },
          { name: 'hear', parametersJsonSchema: { type: 'object' } },
        ],
      },
      { googleSearch: {}, codeExecution: {} },
    ];
    expect(generateInput({ config: { tools } }).toolDefinitions).toEqual([
      { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'OBJECT' } },
      { type: 'function', name: 'hear', parameters: { type: 'object' } },
      { type: 'googleSearch', name: 'googleSearch' },
      { type: 'codeExecution', name: 'codeExecution' },
    ]);
  });
});

describe('an embedContent call', () => {
  it('has a message for each text and the number of dimensions', () => {
    const params = { model: 'e', contents: ['One.', 'Two.'], config: { outputDimensionality: 8 } };
    expect(embedRequest(params, GEMINI)).toEqual({
      operation: 'embeddings',
      provider: 'gcp.gemini',
      model: 'e',
      ...SERVER,
      parameters: { dimensionCount: 8 },
    });
    expect(embedInput(params).messages).toEqual([
      { role: 'user', parts: [text('One.')] },
      { role: 'user', parts: [text('Two.')] },
    ]);
  });

  it('may have one content in place of a list', () => {
    const content = { role: 'user', parts: [{ text: 'One.' }] };
    expect(embedInput({ content }).messages).toEqual([{ role: 'user', parts: [text('One.')] }]);
  });
});
