import { describe, expect, it } from 'vitest';
import {
  readCompletionInput,
  readCompletionRequest,
  readCountTokensRequest,
  readMessagesInput,
  readMessagesRequest,
} from '../../../instrumentations/anthropic/request.js';
import { Message } from '../../../semconv/model/message.js';
import { ToolDefinition } from '../../../semconv/model/tool.js';

const CLIENT = { baseURL: 'https://api.anthropic.com' };
const TARGET = { provider: 'anthropic', serverAddress: 'api.anthropic.com', serverPort: 443 };

describe('readMessagesRequest', () => {
  it('reads every parameter, zeros too', () => {
    expect(
      readMessagesRequest(
        {
          model: 'claude-opus-5',
          max_tokens: 0,
          temperature: 0,
          top_p: 0,
          top_k: 0,
          stop_sequences: ['END'],
          stream: true,
          service_tier: 'auto',
          thinking: { type: 'enabled', budget_tokens: 1024 },
          output_config: { effort: 'low', format: { type: 'json_schema' } },
        },
        CLIENT,
      ),
    ).toEqual({
      operation: 'chat',
      ...TARGET,
      model: 'claude-opus-5',
      stream: true,
      outputType: 'json',
      parameters: {
        maxTokens: 0,
        temperature: 0,
        topP: 0,
        topK: 0,
        stopSequences: ['END'],
        reasoningLevel: 'low',
      },
      providerAttributes: {
        'anthropic.request.service_tier': 'auto',
        'anthropic.thinking.type': 'enabled',
        'anthropic.thinking.budget_tokens': 1024,
      },
    });
  });

  it('leaves out what the caller left out, and invents no conversation id', () => {
    expect(readMessagesRequest({ model: 'claude-opus-5' }, CLIENT)).toEqual({
      operation: 'chat',
      ...TARGET,
      model: 'claude-opus-5',
    });
    expect(readMessagesRequest({}, {})).toEqual({ operation: 'chat', provider: 'anthropic' });
  });

  it.each([
    ['https://bedrock-runtime.eu-west-1.amazonaws.com', 'aws.bedrock', 443],
    ['https://us-east5-aiplatform.googleapis.com/v1', 'gcp.vertex_ai', 443],
    ['https://desk.services.ai.azure.com/anthropic', 'azure.ai.inference', 443],
    ['http://127.0.0.1:8123', 'anthropic', 8123],
    ['http://notamazonaws.com', 'anthropic', 80],
  ])('knows who answers at %s', (baseURL, provider, serverPort) => {
    expect(readMessagesRequest({}, { baseURL })).toEqual({
      operation: 'chat',
      provider,
      serverAddress: new URL(baseURL).hostname,
      serverPort,
    });
  });

  it('takes the conversation id that the caller gave with the request', () => {
    expect(readMessagesRequest({}, {}, { openTelemetry: { conversationId: 'thread_1' } })).toEqual({
      operation: 'chat',
      provider: 'anthropic',
      conversationId: 'thread_1',
    });
  });

  it('believes a client that names its provider when the host says nothing', () => {
    expect(readMessagesRequest({}, { baseURL: 'not an address', _genAIProviderName: 'aws.bedrock' })).toEqual(
      { operation: 'chat', provider: 'aws.bedrock' },
    );
  });
});

describe('readMessagesInput', () => {
  it('maps system, messages and tools', () => {
    const input = readMessagesInput({
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Outjo' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny' }] },
      ],
      tools: [
        { name: 'get_weather', description: 'Weather of a city', input_schema: { type: 'object' } },
        { type: 'custom', name: 'plain' },
        { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
        { type: 'mcp_toolset', mcp_server_name: 'desk' },
      ],
    });
    expect(input).toEqual({
      systemInstructions: [{ type: 'text', content: 'Be brief.' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'toolu_1', name: 'get_weather', arguments: { city: 'Outjo' } }],
        },
        { role: 'user', parts: [{ type: 'tool_call_response', id: 'toolu_1', response: 'Sunny' }] },
      ],
      toolDefinitions: [
        {
          type: 'function',
          name: 'get_weather',
          description: 'Weather of a city',
          parameters: { type: 'object' },
        },
        { type: 'function', name: 'plain' },
        { type: 'web_search_20250305', name: 'web_search' },
        { type: 'mcp_toolset', name: 'desk' },
      ],
    });
    for (const message of input.messages ?? []) expect(Message.parse(message)).toEqual(message);
    for (const tool of input.toolDefinitions ?? []) expect(ToolDefinition.parse(tool)).toEqual(tool);
  });

  it('takes a system string, and shapes that make no sense', () => {
    expect(readMessagesInput({ system: 'Be brief.' })).toEqual({
      systemInstructions: [{ type: 'text', content: 'Be brief.' }],
    });
    expect(readMessagesInput({ messages: [null, {}], tools: [null] })).toEqual({
      messages: [
        { role: 'user', parts: [] },
        { role: 'user', parts: [] },
      ],
      toolDefinitions: [{ type: 'function', name: '' }],
    });
    expect(readMessagesInput({ messages: 'no list', tools: 7 })).toEqual({});
  });

  it('leaves the caller`s objects as they are', () => {
    const params = Object.freeze({
      system: Object.freeze([Object.freeze({ type: 'text', text: 'a' })]),
      messages: Object.freeze([Object.freeze({ role: 'user', content: Object.freeze([]) })]),
    });
    expect(() => readMessagesInput(params)).not.toThrow();
  });
});

describe('the older completions and countTokens', () => {
  it('reads their requests', () => {
    expect(
      readCompletionRequest({ model: 'claude-2.1', max_tokens_to_sample: 3, temperature: 0 }, CLIENT),
    ).toEqual({
      operation: 'text_completion',
      ...TARGET,
      model: 'claude-2.1',
      parameters: { maxTokens: 3, temperature: 0 },
    });
    expect(readCompletionInput({ prompt: '\n\nHuman: Hi\n\nAssistant:' })).toEqual({
      messages: [{ role: 'user', parts: [{ type: 'text', content: '\n\nHuman: Hi\n\nAssistant:' }] }],
    });
    expect(readCompletionInput({})).toEqual({});
    expect(readCountTokensRequest({ model: 'claude-opus-5' }, CLIENT)).toEqual({
      operation: 'count_tokens',
      ...TARGET,
      model: 'claude-opus-5',
    });
  });
});
