import { describe, expect, it } from 'vitest';
import { toConventionPart } from '../../../semconv/dialects/provider-parts.js';
import type { JsonValue } from '../../../semconv/model/json.js';

const CASES: readonly [what: string, part: JsonValue, expected: JsonValue][] = [
  ['OpenAI’s text', { type: 'input_text', text: 'a' }, { type: 'text', content: 'a' }],
  ['Anthropic’s thinking', { type: 'thinking', thinking: 'hm' }, { type: 'reasoning', content: 'hm' }],
  [
    'Anthropic’s tool use',
    { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
    { type: 'tool_call', id: 't', name: 'f', arguments: { a: 1 } },
  ],
  [
    'Anthropic’s tool result',
    { type: 'tool_result', tool_use_id: 't', content: '{"b":2}' },
    { type: 'tool_call_response', id: 't', response: { b: 2 } },
  ],
  [
    'the AI SDK’s tool result of version 4',
    { type: 'tool-result', toolCallId: 't', toolName: 'f', result: 'x' },
    { type: 'tool_call_response', id: 't', response: 'x' },
  ],
  [
    'a picture inside a URL',
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAEC' } },
    { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAEC' },
  ],
  [
    'Anthropic’s picture',
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAEC' } },
    { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAEC' },
  ],
  [
    'the AI SDK’s file',
    { type: 'file', data: 'https://files.example.com/9.pdf', mediaType: 'application/pdf' },
    {
      type: 'uri',
      modality: 'document',
      mime_type: 'application/pdf',
      uri: 'https://files.example.com/9.pdf',
    },
  ],
  ['a part of no known type', { type: 'hologram', depth: 3 }, { type: 'hologram', depth: 3 }],
  ['a part that lacks its name', { type: 'tool_use', id: 't' }, { type: 'tool_use', id: 't' }],
  ['a part called like a member of every object', { type: 'constructor' }, { type: 'constructor' }],
  ['what is no part', 7, 7],
];

describe('a part in other words', () => {
  it.each(CASES)('reads %s', (_, part, expected) => {
    expect(toConventionPart(part)).toEqual(expected);
  });
});
