import { describe, expect, it } from 'vitest';
import {
  contentParts,
  readCompletion,
  readCompletionOutput,
  readMessage,
  readMessageOutput,
  readTokenCount,
} from '../../../instrumentations/anthropic/response.js';
import { Message, MessagePart } from '../../../semconv/model/message.js';

const WEATHER = {
  id: 'msg_01',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [
    { type: 'thinking', thinking: 'They want the weather.', signature: 'c2ln' },
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Windhoek' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: {
    input_tokens: 13,
    cache_read_input_tokens: 200,
    cache_creation_input_tokens: 100,
    cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 0 },
    output_tokens: 40,
    output_tokens_details: { thinking_tokens: 9 },
    service_tier: 'standard',
  },
};

describe('readMessage', () => {
  it('adds cache reads and writes to the input total, and keeps the raw stop reason', () => {
    expect(readMessage(WEATHER)).toEqual({
      id: 'msg_01',
      model: 'claude-sonnet-4-5-20250929',
      finishReasons: ['tool_call'],
      usage: {
        inputTokens: 313,
        outputTokens: 40,
        cacheReadTokens: 200,
        cacheWriteTokens: 100,
        reasoningTokens: 9,
      },
      providerAttributes: {
        'anthropic.message.stop_reason': 'tool_use',
        'anthropic.response.service_tier': 'standard',
        'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 100,
        'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 0,
      },
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_call'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'pause_turn'],
    ['a_reason_of_tomorrow', 'a_reason_of_tomorrow'],
  ])('says %s as %s', (reason, word) => {
    expect(readMessage({ stop_reason: reason })).toEqual({
      finishReasons: [word],
      providerAttributes: { 'anthropic.message.stop_reason': reason },
    });
  });

  it('leaves out what the API left out or gave as null', () => {
    expect(
      readMessage({
        id: 'msg_02',
        stop_reason: null,
        usage: { input_tokens: 3, cache_read_input_tokens: null, output_tokens: 0 },
      }),
    ).toEqual({ id: 'msg_02', usage: { inputTokens: 3, outputTokens: 0 } });
    expect(readMessage({})).toEqual({});
    expect(readMessage({ usage: null })).toEqual({});
  });

  it('reads an error that came with a success status', () => {
    expect(
      readMessage({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    ).toEqual({ error: { type: 'overloaded_error', message: 'Overloaded' } });
  });
});

describe('readMessageOutput', () => {
  it('gives one message with reasoning, text and tool call', () => {
    const output = readMessageOutput(WEATHER);
    expect(output).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'They want the weather.' },
            { type: 'text', content: 'Let me look.' },
            { type: 'tool_call', id: 'toolu_01', name: 'get_weather', arguments: { city: 'Windhoek' } },
          ],
          finish_reason: 'tool_call',
        },
      ],
    });
    expect(Message.parse(output.messages?.[0])).toEqual(output.messages?.[0]);
  });

  it('says nothing of an answer without content', () => {
    expect(readMessageOutput({ id: 'msg_03' })).toEqual({});
  });
});

describe('contentParts', () => {
  it.each([
    ['a string', 'Hello', [{ type: 'text', content: 'Hello' }]],
    [
      'text with citations',
      [{ type: 'text', text: 'Sand', citations: [{ type: 'char_location', cited_text: 'Sand' }] }],
      [{ type: 'text', content: 'Sand', citations: [{ type: 'char_location', cited_text: 'Sand' }] }],
    ],
    [
      'text with null citations',
      [{ type: 'text', text: 'Sand', citations: null }],
      [{ type: 'text', content: 'Sand' }],
    ],
    [
      'redacted thinking, without its cipher',
      [{ type: 'redacted_thinking', data: 'Y2lwaGVy' }],
      [{ type: 'reasoning', content: '', redacted: true }],
    ],
    [
      'a call of a server tool',
      [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'dunes' } }],
      [
        {
          type: 'server_tool_call',
          id: 'srvtoolu_1',
          name: 'web_search',
          server_tool_call: { type: 'web_search', arguments: { query: 'dunes' } },
        },
      ],
    ],
    [
      'the result of a server tool',
      [
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_1',
          content: [{ type: 'web_search_result', url: 'https://example.org', title: 'Dunes' }],
        },
      ],
      [
        {
          type: 'server_tool_call_response',
          id: 'srvtoolu_1',
          server_tool_call_response: {
            type: 'web_search_tool_result',
            content: [{ type: 'web_search_result', url: 'https://example.org', title: 'Dunes' }],
          },
        },
      ],
    ],
    [
      'a fetched document',
      [
        {
          type: 'web_fetch_tool_result',
          tool_use_id: 'srvtoolu_2',
          content: {
            type: 'web_fetch_result',
            url: 'https://example.org/a.pdf',
            content: {
              type: 'document',
              title: 'Trail',
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
            },
          },
        },
      ],
      [
        {
          type: 'server_tool_call_response',
          id: 'srvtoolu_2',
          server_tool_call_response: {
            type: 'web_fetch_tool_result',
            content: {
              type: 'web_fetch_result',
              url: 'https://example.org/a.pdf',
              content: {
                type: 'blob',
                modality: 'document',
                mime_type: 'application/pdf',
                content: 'JVBERi0=',
                title: 'Trail',
              },
            },
          },
        },
      ],
    ],
    [
      'an MCP call and its result',
      [
        { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'lookup', server_name: 'desk', input: { q: 1 } },
        { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', is_error: false, content: 'found' },
      ],
      [
        {
          type: 'server_tool_call',
          id: 'mcptoolu_1',
          name: 'lookup',
          server_tool_call: { type: 'mcp', server_name: 'desk', arguments: { q: 1 } },
        },
        {
          type: 'server_tool_call_response',
          id: 'mcptoolu_1',
          server_tool_call_response: { type: 'mcp_tool_result', is_error: false, content: 'found' },
        },
      ],
    ],
    [
      'a tool result as text',
      [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 °C', is_error: true }],
      [{ type: 'tool_call_response', id: 'toolu_1', response: '21 °C', is_error: true }],
    ],
    [
      'a tool result with an image',
      [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: 'The page' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0=' } },
          ],
        },
      ],
      [
        {
          type: 'tool_call_response',
          id: 'toolu_1',
          response: [
            { type: 'text', content: 'The page' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'iVBORw0=' },
          ],
        },
      ],
    ],
    [
      'a tool result without content',
      [{ type: 'tool_result', tool_use_id: 'toolu_1' }],
      [{ type: 'tool_call_response', id: 'toolu_1', response: null }],
    ],
    [
      'images and documents, inline, by address, by file and as text',
      [
        { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
        { type: 'image', source: { type: 'file', file_id: 'file_1' } },
        {
          type: 'document',
          title: 'Trail',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
        },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Plain words' } },
        { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'Chunk' }] } },
      ],
      [
        { type: 'uri', modality: 'image', uri: 'https://example.org/a.png' },
        { type: 'file', modality: 'image', file_id: 'file_1' },
        {
          type: 'blob',
          modality: 'document',
          mime_type: 'application/pdf',
          content: 'JVBERi0=',
          title: 'Trail',
        },
        { type: 'text', content: 'Plain words' },
        { type: 'document', content: [{ type: 'text', content: 'Chunk' }] },
      ],
    ],
    [
      'a block that nobody knows, as it came',
      [{ type: 'container_upload', file_id: 'file_2' }],
      [{ type: 'container_upload', file_id: 'file_2' }],
    ],
    [
      'a foreign block under a name of the conventions',
      [{ type: 'blob', size: 3 }],
      [{ type: 'anthropic_blob', size: 3 }],
    ],
    ['something that is no block', [7], [{ type: 'unknown', value: 7 }]],
    ['nothing', undefined, []],
  ])('maps %s', (_title, content, parts) => {
    const mapped = contentParts(content);
    expect(mapped).toEqual(parts);
    for (const part of mapped) expect(MessagePart.parse(part)).toEqual(part);
  });
});

describe('the older completions and the token count', () => {
  it('reads a completion', () => {
    const completion = { id: 'compl_1', model: 'claude-2.1', completion: ' Hi', stop_reason: 'max_tokens' };
    expect(readCompletion(completion)).toEqual({
      id: 'compl_1',
      model: 'claude-2.1',
      finishReasons: ['length'],
      providerAttributes: { 'anthropic.message.stop_reason': 'max_tokens' },
    });
    expect(readCompletionOutput(completion)).toEqual({
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: ' Hi' }], finish_reason: 'length' }],
    });
  });

  it('gives a token count that is not usage', () => {
    expect(readTokenCount({ input_tokens: 14 })).toEqual({
      providerAttributes: { 'anthropic.message.count_tokens.input_tokens': 14 },
    });
    expect(readTokenCount({})).toEqual({});
  });
});
