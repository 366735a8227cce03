import { describe, expect, it } from 'vitest';
import { chatInput, chatRequest, completionInput } from '../../../instrumentations/langchain/request.js';

const message = (type: string, fields: object): object => ({ _getType: () => type, ...fields });

describe('request of a chat model', () => {
  it('takes what the model says it will ask for', () => {
    const model = {
      getLsParams: (options: { stop?: string[] }) => ({
        ls_provider: 'mistral',
        ls_model_name: 'large',
        ls_temperature: 0,
        ls_max_tokens: 50,
        ls_stop: options.stop,
      }),
    };
    expect(chatRequest([[], { stop: ['END'] }], model)).toEqual({
      operation: 'chat',
      provider: 'mistral_ai',
      model: 'large',
      parameters: { temperature: 0, maxTokens: 50, stopSequences: ['END'] },
    });
  });

  it('does without what the model does not say', () => {
    expect(chatRequest([], { _llmType: () => 'own', model: 'm' })).toEqual({
      operation: 'chat',
      provider: 'own',
      model: 'm',
      parameters: {},
    });
  });

  it('reads messages of every role, blocks and tools', () => {
    const messages = [
      message('system', { content: 'Be short.' }),
      message('human', {
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'image', source_type: 'base64', mime_type: 'image/png', data: 'QUJD' },
        ],
      }),
      message('ai', {
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'tool_use', id: 'c1' },
        ],
        tool_calls: [{ id: 'c1', name: 'look', args: { q: 'a' } }],
      }),
      message('tool', { content: '{"n":1}', tool_call_id: 'c1' }),
    ];
    const tools = [
      { type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } },
      { name: 'find', schema: { _def: {} } },
    ];
    expect(chatInput([messages, { tools }])).toEqual({
      messages: [
        { role: 'system', parts: [{ type: 'text', content: 'Be short.' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'Look.' },
            { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'QUJD' },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Hm.' },
            { type: 'tool_call', id: 'c1', name: 'look', arguments: { q: 'a' } },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { n: 1 } }] },
      ],
      toolDefinitions: [
        { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' } },
        { type: 'function', name: 'find' },
      ],
    });
  });

  it('reads the prompts of a completion model', () => {
    expect(completionInput([['Once', 'Twice']])).toEqual({
      messages: [
        { role: 'user', parts: [{ type: 'text', content: 'Once' }] },
        { role: 'user', parts: [{ type: 'text', content: 'Twice' }] },
      ],
    });
  });
});
