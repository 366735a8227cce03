import { createHash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../semconv/model/message.js';
import type { ContentPolicy } from '../../src/config/content-policy.js';
import { addInput, addOutput, wantsInput } from '../../src/instrument/capture.js';

const ALL: ContentPolicy = {
  system: true,
  input: true,
  output: true,
  tools: true,
  toolArguments: true,
  maxLength: 10_000,
};
const OFF: ContentPolicy = {
  ...ALL,
  system: false,
  input: false,
  output: false,
  tools: false,
  toolArguments: false,
};
const SYSTEM: Message = { role: 'system', parts: [{ type: 'text', content: 'Be kind.' }] };
const USER: Message = { role: 'user', parts: [{ type: 'text', content: 'Hello.' }] };
const CALL: Message = {
  role: 'assistant',
  parts: [{ type: 'tool_call', id: 'c1', name: 'find', arguments: { q: 'secret' } }],
};
const RESULT: Message = {
  role: 'tool',
  parts: [{ type: 'tool_call_response', id: 'c1', response: 'secret' }],
};
const INPUT = {
  systemInstructions: [{ type: 'text' as const, content: 'Be short.' }],
  messages: [SYSTEM, USER, CALL, RESULT],
  toolDefinitions: [{ type: 'function', name: 'find' }],
};

function inputOf(policy: ContentPolicy, input = INPUT): Record<string, unknown> {
  const attributes: Attributes = {};
  addInput(attributes, input, policy);
  return parsed(attributes);
}

function parsed(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? JSON.parse(value) : value,
    ]),
  );
}

describe('the content policy', () => {
  it('keeps everything when all is on', () => {
    expect(inputOf(ALL)).toEqual({
      'gen_ai.system_instructions': INPUT.systemInstructions,
      'gen_ai.input.messages': INPUT.messages,
      'gen_ai.tool.definitions': INPUT.toolDefinitions,
    });
  });

  it('keeps nothing when all is off', () => {
    const attributes: Attributes = {};
    addOutput(attributes, { messages: [CALL] }, OFF);
    expect([wantsInput(OFF), inputOf(OFF), attributes]).toEqual([false, {}, {}]);
  });

  it('leaves system messages out of the messages when only they are unwanted', () => {
    expect(inputOf({ ...ALL, system: false, tools: false })).toEqual({
      'gen_ai.input.messages': [USER, CALL, RESULT],
    });
  });

  it('keeps only the roles that were named', () => {
    expect(inputOf({ ...ALL, roles: ['user'], system: false, tools: false })).toEqual({
      'gen_ai.input.messages': [USER],
    });
  });

  it('empties tool calls and their results when arguments are unwanted', () => {
    const { messages } = {
      messages: inputOf({ ...ALL, toolArguments: false })['gen_ai.input.messages'] as Message[],
    };
    expect(messages.slice(2)).toEqual([
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'find' }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: null }] },
    ]);
  });
});

describe('what is too big', () => {
  it('finds bytes inside the results of tools and inside documents', () => {
    const blob = { type: 'blob', modality: 'image', content: Buffer.from('pixels').toString('base64') };
    const sha256 = createHash('sha256').update('pixels').digest('hex');
    const slim = { type: 'blob', modality: 'image', sha256, bytes: 6 };
    const text = { type: 'text', content: 'Here.' };
    const whole = (part: object): Message => ({
      role: 'tool',
      parts: [
        { type: 'tool_call_response', id: 'c1', response: [text, part] as never },
        {
          type: 'server_tool_call_response',
          server_tool_call_response: { type: 'fetch', content: part as never },
        },
        { type: 'document', content: [part] as never },
        { type: 'tool_call_response', id: 'c2', response: { rows: [1, null] } },
      ],
    });
    const messages = [whole(blob)];
    const attributes = inputOf(ALL, { ...INPUT, messages });
    expect(attributes['gen_ai.input.messages']).toEqual([whole(slim)]);
    expect(messages).toEqual([whole(blob)]);
  });

  it('replaces bytes by their hash and size', () => {
    const bytes = Buffer.alloc(100_000, 7);
    const message: Message = {
      role: 'user',
      parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: bytes.toString('base64') }],
    };
    expect(inputOf(ALL, { ...INPUT, messages: [message] })['gen_ai.input.messages']).toEqual([
      {
        role: 'user',
        parts: [
          {
            type: 'blob',
            modality: 'image',
            mime_type: 'image/png',
            sha256: createHash('sha256').update(bytes).digest('hex'),
            bytes: 100_000,
          },
        ],
      },
    ]);
  });

  it('cuts long content, keeps it valid JSON and says how long it was', () => {
    const message: Message = { role: 'user', parts: [{ type: 'text', content: 'long '.repeat(10_000) }] };
    const attributes: Attributes = {};
    addInput(attributes, { messages: [message] }, ALL);
    const json = attributes['gen_ai.input.messages'] as string;
    expect(json.length).toBeLessThanOrEqual(ALL.maxLength);
    expect(JSON.parse(json)).toMatchObject([{ role: 'user', parts: [{ type: 'text' }] }]);
    expect(attributes['spoor.truncated.gen_ai.input.messages']).toBe(JSON.stringify([message]).length);
  });
});
