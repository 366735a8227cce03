import { describe, expect, it } from 'vitest';
import { readInvokeInput, readInvokeRequest } from '../../../instrumentations/bedrock/model-request.js';
import { readConverseInput, readConverseRequest } from '../../../instrumentations/bedrock/request.js';

const text = (content: string): { type: string; content: string } => ({ type: 'text', content });

const partsOf = (...content: unknown[]): unknown =>
  readConverseInput({ messages: [{ role: 'user', content }] }).messages?.[0]?.parts;

const read = (modelId: string, body: object): object => {
  const {
    provider: _provider,
    model: _model,
    ...rest
  } = readInvokeRequest({ modelId }, body as Record<string, unknown>, {}, false);
  return rest;
};

describe('readConverseRequest', () => {
  it('reads what a sampler may want, zeros included', () => {
    const input = {
      modelId: 'us.amazon.nova-pro-v1:0',
      inferenceConfig: { maxTokens: 10, temperature: 0, topP: 0, stopSequences: ['END'] },
      additionalModelRequestFields: { top_k: 0, reasoning_effort: 'low' },
      outputConfig: { textFormat: { type: 'json_schema' } },
      guardrailConfig: { guardrailIdentifier: 'guard_1' },
    };
    expect(readConverseRequest(input, {}, true)).toEqual({
      operation: 'chat',
      provider: 'aws.bedrock',
      model: 'us.amazon.nova-pro-v1:0',
      stream: true,
      outputType: 'json',
      parameters: {
        maxTokens: 10,
        temperature: 0,
        topP: 0,
        topK: 0,
        stopSequences: ['END'],
        reasoningLevel: 'low',
      },
      providerAttributes: { 'aws.bedrock.guardrail.id': 'guard_1' },
    });
  });

  it('leaves out what was not given', () => {
    expect(readConverseRequest({}, {}, false)).toEqual({ operation: 'chat', provider: 'aws.bedrock' });
  });
});

describe('readConverseInput', () => {
  it('reads instructions, messages and tools, without the marks for the cache', () => {
    const cachePoint = { type: 'default' };
    const schema = { type: 'object' };
    expect(
      readConverseInput({
        system: [{ text: 'Be short.' }, { cachePoint }],
        messages: [{ role: 'user', content: [{ text: 'Where?' }, { cachePoint }] }],
        toolConfig: {
          tools: [
            { toolSpec: { name: 'look', description: 'Looks.', inputSchema: { json: schema } } },
            { systemTool: { name: 'nova_grounding' } },
            { cachePoint },
          ],
        },
      }),
    ).toEqual({
      systemInstructions: [text('Be short.')],
      messages: [{ role: 'user', parts: [text('Where?')] }],
      toolDefinitions: [
        { type: 'function', name: 'look', description: 'Looks.', parameters: schema },
        { type: 'system', name: 'nova_grounding' },
      ],
    });
  });

  it('makes blobs of bytes and links of places', () => {
    const bytes = new Uint8Array([1, 2, 3]).subarray(1);
    expect(
      partsOf(
        { image: { format: 'png', source: { bytes } } },
        { document: { format: 'pdf', name: 'Map', source: { bytes } } },
        { video: { format: 'mp4', source: { s3Location: { uri: 's3://a/b.mp4' } } } },
        { document: { format: 'txt', name: 'Note', source: { text: 'Turn left.' } } },
        { guardContent: { image: { format: 'jpeg', source: { bytes } } } },
      ),
    ).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AgM=' },
      { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'AgM=', title: 'Map' },
      { type: 'uri', modality: 'video', mime_type: 'video/mp4', uri: 's3://a/b.mp4' },
      { ...text('Turn left.'), title: 'Note' },
      { type: 'blob', modality: 'image', mime_type: 'image/jpeg', content: 'AgM=' },
    ]);
  });

  it('keeps tools of the program and of the provider apart', () => {
    expect(
      partsOf(
        { toolUse: { toolUseId: 'a', name: 'look', input: { at: 1 } } },
        { toolUse: { toolUseId: 'b', name: 'search', type: 'server_tool_use', input: {} } },
        { toolResult: { toolUseId: 'a', status: 'error', content: [{ text: 'No.' }, { json: { at: 1 } }] } },
        { toolResult: { toolUseId: 'b', type: 'search_result', content: [{ text: 'Yes.' }] } },
      ),
    ).toEqual([
      { type: 'tool_call', id: 'a', name: 'look', arguments: { at: 1 } },
      {
        type: 'server_tool_call',
        id: 'b',
        name: 'search',
        server_tool_call: { type: 'search', arguments: {} },
      },
      {
        type: 'tool_call_response',
        id: 'a',
        response: [text('No.'), { type: 'json', value: { at: 1 } }],
        is_error: true,
      },
      {
        type: 'server_tool_call_response',
        id: 'b',
        server_tool_call_response: { type: 'search_result', content: [text('Yes.')] },
      },
    ]);
  });

  it('reads reasoning, guarded and cited text, and keeps unknown blocks without bytes', () => {
    expect(
      partsOf(
        { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
        { reasoningContent: { redactedContent: new Uint8Array([1]) } },
        { guardContent: { text: { text: 'Guarded.', qualifiers: ['query'] } } },
        { citationsContent: { content: [{ text: 'A' }, { text: 'B' }], citations: [{ title: 'C' }] } },
        { ofTomorrow: { raw: new Uint8Array([1]), colour: 'red' } },
        { $unknown: ['text', 'From an older SDK.'] },
        { $unknown: 7 },
      ),
    ).toEqual([
      { type: 'reasoning', content: 'Hm.' },
      { type: 'reasoning', content: '', redacted: true },
      { ...text('Guarded.'), qualifiers: ['query'] },
      { ...text('AB'), citations: [{ title: 'C' }] },
      {
        type: 'ofTomorrow',
        value: { raw: { type: 'blob', modality: 'document', content: 'AQ==' }, colour: 'red' },
      },
      text('From an older SDK.'),
      { type: 'unknown', value: 7 },
    ]);
  });

  it('takes any shape', () => {
    expect([null, 7, 'x', [null], [{}]].map((messages) => readConverseInput({ messages }).messages)).toEqual([
      undefined,
      undefined,
      undefined,
      [{ role: 'user', parts: [] }],
      [{ role: 'user', parts: [] }],
    ]);
  });
});

describe('readInvokeRequest', () => {
  it.each([
    ['claude', { max_tokens: 1, top_k: 2, messages: [] }, 'chat', { maxTokens: 1, topK: 2 }],
    ['claude, older', { prompt: 'x', max_tokens_to_sample: 1 }, 'text_completion', { maxTokens: 1 }],
    [
      'nova',
      { messages: [], inferenceConfig: { max_new_tokens: 1, topP: 0 } },
      'chat',
      { maxTokens: 1, topP: 0 },
    ],
    [
      'titan text',
      { inputText: 'x', textGenerationConfig: { maxTokenCount: 1, stopSequences: ['|'] } },
      'text_completion',
      { maxTokens: 1, stopSequences: ['|'] },
    ],
    ['llama', { prompt: 'x', max_gen_len: 1 }, 'text_completion', { maxTokens: 1 }],
    [
      'mistral',
      { prompt: 'x', max_tokens: 1, stop: ['|'] },
      'text_completion',
      { maxTokens: 1, stopSequences: ['|'] },
    ],
    ['command', { message: 'x', p: 0.5, k: 3, seed: 0 }, 'chat', { topP: 0.5, topK: 3, seed: 0 }],
    [
      'embed of Cohere',
      { texts: ['x'], embedding_types: ['int8'] },
      'embeddings',
      { encodingFormats: ['int8'] },
    ],
    ['embeddings of Titan', { inputText: 'x', dimensions: 256 }, 'embeddings', { dimensionCount: 256 }],
    [
      'embeddings of Nova',
      { taskType: 'SINGLE_EMBEDDING', singleEmbeddingParams: { embeddingDimension: 384 } },
      'embeddings',
      { dimensionCount: 384 },
    ],
  ])('reads the form of %s under an id that says nothing', (_name, body, operation, parameters) => {
    expect(read('arn:aws:bedrock:x:1:application-inference-profile/y', body)).toEqual({
      operation,
      parameters,
    });
  });

  it('knows models for embeddings by their id, and images by the task', () => {
    expect(read('amazon.titan-embed-text-v1', { inputText: 'x' })).toEqual({ operation: 'embeddings' });
    expect(read('amazon.nova-canvas-v1:0', { taskType: 'TEXT_IMAGE' })).toEqual({
      operation: 'generate_content',
      outputType: 'image',
    });
  });
});

describe('readInvokeInput', () => {
  it('reads messages with typed blocks', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AgM=' } };
    expect(
      readInvokeInput({
        system: 'Be short.',
        tools: [{ name: 'look', input_schema: { type: 'object' } }],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Where?' }, image] },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [image] }] },
        ],
      }),
    ).toEqual({
      systemInstructions: [text('Be short.')],
      toolDefinitions: [{ type: 'function', name: 'look', parameters: { type: 'object' } }],
      messages: [
        { role: 'user', parts: [text('Where?'), blob()] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'a', name: 'look', arguments: {} }] },
        { role: 'user', parts: [{ type: 'tool_call_response', id: 'a', response: [blob()] }] },
      ],
    });
  });

  it('reads messages of the chat-completions form', () => {
    expect(
      readInvokeInput({
        messages: [
          { role: 'system', content: 'Be short.' },
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AgM=' } }],
          },
          { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'look', arguments: '{"at":1}' } }] },
          { role: 'tool', tool_call_id: 'a', content: 'There.' },
        ],
      }).messages,
    ).toEqual([
      { role: 'system', parts: [text('Be short.')] },
      { role: 'user', parts: [blob()] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'a', name: 'look', arguments: { at: 1 } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'a', response: 'There.' }] },
    ]);
  });

  it('reads a chat of Cohere, prompts, and texts to embed', () => {
    expect(
      readInvokeInput({
        preamble: 'Be short.',
        message: 'Where?',
        chat_history: [{ role: 'CHATBOT', message: 'Hi.' }],
      }),
    ).toEqual({
      systemInstructions: [text('Be short.')],
      messages: [
        { role: 'assistant', parts: [text('Hi.')] },
        { role: 'user', parts: [text('Where?')] },
      ],
    });
    for (const body of [
      { prompt: 'Where?' },
      { inputText: 'Where?' },
      { texts: ['Where?'] },
      { singleEmbeddingParams: { text: { value: 'Where?' } } },
      { text_prompts: [{ text: 'Where?' }] },
    ]) {
      expect(readInvokeInput(body)).toEqual({ messages: [{ role: 'user', parts: [text('Where?')] }] });
    }
  });
});

function blob(): object {
  return { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AgM=' };
}
