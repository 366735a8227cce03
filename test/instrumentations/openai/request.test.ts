import { describe, expect, it } from 'vitest';
import {
  chatInput,
  chatRequest,
  completionInput,
  embeddingsInput,
  embeddingsRequest,
  responsesInput,
  responsesRequest,
} from '../../../instrumentations/openai/request.js';

const CLIENT = { baseURL: 'https://api.openai.com/v1' };
const said = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('chatRequest', () => {
  it('reads every parameter, zeros included', () => {
    const body = {
      model: 'm',
      messages: [],
      stream: true,
      temperature: 0,
      top_p: 0,
      n: 2,
      stop: 'END',
      frequency_penalty: 0,
      presence_penalty: 0,
      seed: 0,
      max_completion_tokens: 5,
      max_tokens: 9,
      reasoning_effort: 'high',
      service_tier: 'flex',
      response_format: { type: 'json_object' },
    };
    expect(said(chatRequest([body], CLIENT))).toEqual({
      operation: 'chat',
      provider: 'openai',
      serverAddress: 'api.openai.com',
      serverPort: 443,
      model: 'm',
      stream: true,
      outputType: 'json',
      parameters: {
        temperature: 0,
        topP: 0,
        choiceCount: 2,
        stopSequences: ['END'],
        frequencyPenalty: 0,
        presencePenalty: 0,
        seed: 0,
        maxTokens: 5,
        reasoningLevel: 'high',
      },
      providerAttributes: { 'openai.api.type': 'chat_completions', 'openai.request.service_tier': 'flex' },
    });
  });

  it.each([
    ['https://mine.openai.azure.com/openai/deployments/d', 'azure.ai.openai'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://api.x.ai/v1', 'x_ai'],
    ['https://api.mistral.ai/v1', 'mistral_ai'],
    ['https://api.perplexity.ai', 'perplexity'],
    ['https://api.together.xyz/v1', 'together'],
    ['https://netflix.ai/v1', 'openai'],
    ['http://127.0.0.1:8000/v1', 'openai'],
    [undefined, 'openai'],
  ])('takes the provider from the host %s', (baseURL, provider) => {
    expect(chatRequest([{ model: 'm' }], { baseURL }).provider).toBe(provider);
  });

  it('knows the client for Azure behind any host', () => {
    const client = { baseURL: 'https://gateway.example/openai', apiVersion: '2024-10-21' };
    expect(chatRequest([{ model: 'm' }], client).provider).toBe('azure.ai.openai');
    const named = { baseURL: 'https://mine.openai.azure.com/openai', apiVersion: '2024-10-21' };
    expect(chatRequest([{ model: 'm' }], named).provider).toBe('azure.ai.openai');
  });

  it('reads nothing from a body that is none', () => {
    expect(said(chatRequest([undefined], undefined))).toEqual({
      operation: 'chat',
      provider: 'openai',
      parameters: {},
      providerAttributes: { 'openai.api.type': 'chat_completions' },
    });
  });
});

describe('chatInput', () => {
  it('reads messages of every role and part', () => {
    const messages = [
      { role: 'developer', content: 'Be kind.' },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } },
          { type: 'file', file: { file_id: 'f1' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,CCCC' } },
          { type: 'new_kind', value: 1 },
        ],
      },
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'find', arguments: '{"q":1}' } },
          { id: 'c2', type: 'function', function: { name: 'broken', arguments: '{"q":' } },
          { id: 'c3', type: 'custom', custom: { name: 'shell', input: 'ls -l' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"found":true}' },
      {
        role: 'tool',
        tool_call_id: 'c2',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ];
    expect(said(chatInput([{ messages }]).messages)).toEqual([
      { role: 'developer', parts: [{ type: 'text', content: 'Be kind.' }] },
      {
        role: 'user',
        name: 'ann',
        parts: [
          { type: 'text', content: 'Look.' },
          { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
          { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
          { type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: 'BBBB' },
          { type: 'file', modality: 'document', file_id: 'f1' },
          { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'CCCC' },
          { type: 'new_kind', value: 1 },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'tool_call', id: 'c1', name: 'find', arguments: { q: 1 } },
          { type: 'tool_call', id: 'c2', name: 'broken', arguments: '{"q":' },
          { type: 'tool_call', id: 'c3', name: 'shell', arguments: 'ls -l' },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { found: true } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c2', response: 'ab' }] },
    ]);
  });

  it('reads the tools, the older functions too', () => {
    const parameters = { type: 'object' };
    const body = {
      messages: [],
      tools: [
        { type: 'function', function: { name: 'find', description: 'Finds.', parameters } },
        { type: 'custom', custom: { name: 'shell' } },
      ],
      functions: [{ name: 'old', parameters }],
    };
    expect(chatInput([body]).toolDefinitions).toEqual([
      { type: 'function', name: 'find', description: 'Finds.', parameters },
      { type: 'custom', name: 'shell' },
      { type: 'function', name: 'old', parameters },
    ]);
  });
});

describe('responsesRequest and responsesInput', () => {
  const body = {
    model: 'm',
    instructions: 'Be short.',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Go.' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        ],
      },
      { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      { type: 'function_call', call_id: 'c1', name: 'find', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'none' },
    ],
    previous_response_id: 'resp_0',
    conversation: { id: 'conv_1' },
    temperature: 0,
    max_output_tokens: 0,
    text: { format: { type: 'json_schema' } },
    tools: [{ type: 'web_search' }, { type: 'function', name: 'find', parameters: {} }],
  };

  it('reads the request', () => {
    expect(said(responsesRequest([body], CLIENT))).toMatchObject({
      outputType: 'json',
      conversationId: 'conv_1',
      parameters: { temperature: 0, maxTokens: 0, previousResponseId: 'resp_0' },
    });
  });

  it('reads its items, those of one answer as one message', () => {
    expect(said(responsesInput([body]))).toEqual({
      systemInstructions: [{ type: 'text', content: 'Be short.' }],
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'Go.' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Hm.' },
            { type: 'tool_call', id: 'c1', name: 'find', arguments: {} },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'none' }] },
      ],
      toolDefinitions: [
        { type: 'web_search', name: 'web_search' },
        { type: 'function', name: 'find', parameters: {} },
      ],
    });
  });
});

describe('texts', () => {
  it('are read one or many, token numbers are not', () => {
    expect(embeddingsInput([{ input: ['a', 'b'] }]).messages).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'a' }] },
      { role: 'user', parts: [{ type: 'text', content: 'b' }] },
    ]);
    expect(completionInput([{ prompt: [1, 2] }]).messages).toEqual([]);
  });

  it('have their embedding parameters', () => {
    expect(
      embeddingsRequest([{ model: 'e', dimensions: 3, encoding_format: 'float' }], CLIENT),
    ).toMatchObject({
      operation: 'embeddings',
      parameters: { dimensionCount: 3, encodingFormats: ['float'] },
    });
  });
});
