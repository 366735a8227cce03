import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message } from '../model/message.js';
import { isObject } from './attribute-reader.js';
import { readMessages } from './read-messages.js';

/** Genkit's messages: parts that are told apart by their keys, and a role `model`. Undefined when they are none. */
export function readGenkitMessages(value: JsonValue | undefined, defaultRole: string): Message[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const messages: JsonObject[] = [];
  for (const message of value) {
    if (!isObject(message) || !Array.isArray(message.content)) return undefined;
    const { content, role, ...rest } = message;
    messages.push({
      ...rest,
      role: role === 'model' ? 'assistant' : (role ?? defaultRole),
      parts: content.map((part) => toPart(part)),
    });
  }
  return readMessages(messages, defaultRole);
}

function toPart(part: JsonValue): JsonValue {
  if (!isObject(part)) return part;
  const { text, reasoning, toolRequest, toolResponse, media } = part;
  if (typeof text === 'string') return { type: 'text', content: text };
  if (typeof reasoning === 'string') return { type: 'reasoning', content: reasoning };
  if (isObject(toolRequest) && typeof toolRequest.name === 'string') {
    return {
      type: 'tool_call',
      ...idOf(toolRequest.ref),
      name: toolRequest.name,
      ...(toolRequest.input === undefined ? {} : { arguments: toolRequest.input }),
    };
  }
  if (isObject(toolResponse)) {
    return { type: 'tool_call_response', ...idOf(toolResponse.ref), response: toolResponse.output ?? null };
  }
  if (isObject(media) && typeof media.url === 'string') {
    const mime = typeof media.contentType === 'string' ? { mime_type: media.contentType } : {};
    return { type: 'uri', modality: 'image', ...mime, uri: media.url };
  }
  return { type: 'genkit', ...part };
}

function idOf(ref: JsonValue | undefined): JsonObject {
  return typeof ref === 'string' ? { id: ref } : {};
}
