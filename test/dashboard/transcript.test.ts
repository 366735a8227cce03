import { describe, expect, it } from 'vitest';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { sessionTranscript, viewPart } from '../../src/dashboard/model/transcript.js';
import { observation } from './records.js';

const say = (role: string, content: string): Message => ({ role, parts: [{ type: 'text', content }] });

describe('the transcript of a session', () => {
  it('shows each message once, however often the agent sends its history', () => {
    const system = [{ type: 'text', content: 'Be brief.' }];
    const answer: Message = {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'hm' },
        { type: 'tool_call', id: 'c', name: 'look', arguments: {} },
      ],
      finish_reason: 'tool_call',
    };
    const echoed: Message = { role: 'assistant', parts: answer.parts.slice(1) };
    const result: Message = {
      role: 'tool',
      parts: [{ type: 'tool_call_response', id: 'c', response: 'found' }],
    };
    const first = observation({
      id: 'a',
      systemInstructions: system,
      inputMessages: [say('user', 'where?')],
      outputMessages: [answer],
    });
    const second = observation({
      id: 'b',
      systemInstructions: system,
      inputMessages: [say('user', 'where?'), echoed, result],
      outputMessages: [say('assistant', 'there')],
    });
    const silent = observation({ id: 'c', type: 'TOOL' });
    const embedding = observation({ id: 'd', type: 'EMBEDDING', inputMessages: [say('user', 'a document')] });
    expect(sessionTranscript([first, silent, embedding, second])).toEqual([
      {
        observation: first,
        input: [{ role: 'system', parts: system }, say('user', 'where?')],
        output: [answer],
        repeated: 0,
      },
      { observation: second, input: [result], output: [say('assistant', 'there')], repeated: 3 },
    ]);
  });
});

describe('the view of a part', () => {
  it.each<[MessagePart, unknown]>([
    [
      { type: 'text', content: '<b>' },
      { kind: 'text', text: '<b>' },
    ],
    [
      { type: 'tool_call', id: null, name: 'f', arguments: [0] },
      { kind: 'call', name: 'f', value: [0], byProvider: false },
    ],
    [
      { type: 'server_tool_call', id: 'x', name: 'search', server_tool_call: { type: 'web', q: 'a' } },
      { kind: 'call', name: 'search', id: 'x', value: { type: 'web', q: 'a' }, byProvider: true },
    ],
    [
      { type: 'tool_call_response', id: 'x', response: null },
      { kind: 'result', id: 'x', value: null, byProvider: false },
    ],
    [
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
      { kind: 'attachment', text: 'blob · image · image/png · 4 base64 characters' },
    ],
    [
      { type: 'blob', modality: 'image', sha256: '9f86d081', bytes: 1_024 },
      { kind: 'attachment', text: 'blob · image · 9f86d081 · 1024 bytes' },
    ],
    [
      { type: 'uri', modality: 'image', uri: 'https://example.com/x.png' },
      { kind: 'attachment', text: 'uri · image · https://example.com/x.png' },
    ],
    [
      { type: 'citation', page: 3 },
      { kind: 'other', type: 'citation', value: { page: 3 } },
    ],
    [
      { type: 'text', content: { not: 'text' } },
      { kind: 'other', type: 'text', value: { content: { not: 'text' } } },
    ],
  ])('of %o', (part, view) => {
    expect(viewPart(part)).toEqual(view);
  });
});
