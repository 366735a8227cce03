import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message, MessagePart } from '../model/message.js';
import { isObject, parseJson } from './attribute-reader.js';
import { readParts } from './read-parts.js';

/**
 * Messages from an attribute: the conventions' shape, or the chat shape (`{ role, content, tool_calls }`) that older
 * emitters write. A bare text or a list of texts is one message of `defaultRole`. Undefined when it is none of these.
 */
export function readMessages(value: JsonValue, defaultRole: string): Message[] | undefined {
  if (typeof value === 'string') {
    return value === '' ? undefined : [{ role: defaultRole, parts: [{ type: 'text', content: value }] }];
  }
  const list = Array.isArray(value) ? value : [value];
  const messages: Message[] = [];
  for (const item of list) {
    const message = readMessage(item, defaultRole);
    if (message === undefined) return undefined;
    messages.push(message);
  }
  return messages.length === 0 ? undefined : messages;
}

/** One message, or undefined when the value has neither parts nor content. */
export function readMessage(value: JsonValue, defaultRole: string): Message | undefined {
  if (typeof value === 'string') return { role: defaultRole, parts: [{ type: 'text', content: value }] };
  if (!isObject(value)) return undefined;
  const {
    role,
    parts,
    content,
    tool_calls: toolCalls,
    tool_call_id: toolCallId,
    name,
    finish_reason,
    ...rest
  } = value;
  const read = parts === undefined ? chatParts(content, toolCalls, toolCallId) : readParts(parts);
  if (read === undefined) return undefined;
  const kept: JsonObject =
    parts === undefined ? rest : { ...rest, ...others(content, toolCalls, toolCallId) };
  const message: Message = { ...kept, role: typeof role === 'string' ? role : defaultRole, parts: read };
  if (typeof name === 'string') message.name = name;
  if (typeof finish_reason === 'string' && finish_reason !== '') message.finish_reason = finish_reason;
  return message;
}

/** A message that has parts may have these keys too: they are kept, not understood. */
function others(
  content: JsonValue | undefined,
  toolCalls: JsonValue | undefined,
  toolCallId: JsonValue | undefined,
): JsonObject {
  return {
    ...(content === undefined ? {} : { content }),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  };
}

function chatParts(
  content: JsonValue | undefined,
  toolCalls: JsonValue | undefined,
  toolCallId: JsonValue | undefined,
): MessagePart[] | undefined {
  if (typeof toolCallId === 'string') {
    return [{ type: 'tool_call_response', id: toolCallId, response: parseJson(content ?? null) ?? null }];
  }
  const said = content === undefined || content === null ? [] : readParts(content);
  const calls = Array.isArray(toolCalls) ? toolCalls.map((call) => chatToolCall(call)) : [];
  if (said === undefined || (content === undefined && toolCalls === undefined)) return undefined;
  return [...said, ...calls];
}

/** `{ id, type: 'function', function: { name, arguments } }` or the flat form. */
function chatToolCall(call: JsonValue): MessagePart {
  const target = isObject(call) && isObject(call.function) ? call.function : call;
  if (!isObject(call) || !isObject(target) || typeof target.name !== 'string') {
    return { type: 'malformed', part: call };
  }
  return {
    type: 'tool_call',
    ...(typeof call.id === 'string' ? { id: call.id } : {}),
    name: target.name,
    ...(target.arguments === undefined ? {} : { arguments: parseJson(target.arguments) ?? null }),
  };
}
