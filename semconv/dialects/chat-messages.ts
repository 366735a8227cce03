import type { JsonObject, JsonValue } from '../model/json.js';
import type { GenericPart, Message } from '../model/message.js';
import { keysOf, text } from './written-fields.js';

/**
 * Messages in the shape of chat completions (`{ role, content, tool_calls }`): the one that every viewer knows. Parts that it
 * has no words for stay in `content` as the conventions have them; a message that answers several calls becomes several.
 */
export function chatMessages(messages: readonly Message[]): JsonValue {
  return messages.flatMap((message) => chatMessage(message));
}

function chatMessage({ role, parts: given, name, ...rest }: Message): JsonValue[] {
  const parts = given.map((part) => keysOf(part));
  const answers = parts.filter((part) => part.type === 'tool_call_response');
  const calls = parts.filter((part) => part.type === 'tool_call');
  const said = parts.filter((part) => part.type !== 'tool_call' && part.type !== 'tool_call_response');
  const named: JsonObject = name === undefined ? {} : { name };
  const chat: JsonValue[] = answers.map((part) => ({
    role: 'tool',
    ...named,
    ...(typeof part.id === 'string' ? { tool_call_id: part.id } : {}),
    content: text(part.response) ?? '',
  }));
  if (answers.length > 0 && said.length === 0 && calls.length === 0) return chat;
  // What is left of a message is JSON by its type; the compiler sees only optional fields.
  const kept = rest as JsonObject;
  chat.push({
    ...kept,
    role,
    ...named,
    content: contentOf(said),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => chatToolCall(call)) }),
  });
  return chat;
}

function contentOf(parts: readonly GenericPart[]): JsonValue {
  const [only] = parts;
  if (only === undefined) return null;
  if (parts.length === 1 && only.type === 'text' && typeof only.content === 'string') return only.content;
  return parts.map((part) =>
    part.type === 'text' && typeof part.content === 'string' ? { type: 'text', text: part.content } : part,
  );
}

function chatToolCall(call: GenericPart): JsonValue {
  return {
    ...(typeof call.id === 'string' ? { id: call.id } : {}),
    type: 'function',
    function: { name: text(call.name) ?? '', arguments: text(call.arguments ?? {}) ?? '' },
  };
}
