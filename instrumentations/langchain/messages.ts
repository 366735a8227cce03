import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { blobPart, mediaPart } from '../../src/instrument/media.js';
import {
  fieldsOf,
  listOf,
  parsedOrText,
  textOf,
  withoutGaps,
  type Fields,
} from '../../src/instrument/read.js';
import type { LangChainMessage } from './sdk-types.js';

/** LangChain's messages and documents, in the canonical form. */

const ROLES: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant', function: 'tool' };

/** Told by its shape: there may be several copies of the class. */
export function isMessage(value: unknown): value is LangChainMessage {
  return typeof (value as { _getType?: unknown } | null | undefined)?._getType === 'function';
}

/** A message as the conventions write it. */
export function canonicalMessage(value: unknown): Message {
  const message = fieldsOf(value);
  const role = roleOf(value, message);
  if (role === 'tool') return toolMessage(message);
  const parts = [...reasoningParts(message), ...contentParts(message['content'])];
  parts.push(...listOf(message['tool_calls']).map(toolCallPart));
  return withoutGaps<Message>({ role, parts, name: textOf(message['name']) });
}

function roleOf(value: unknown, message: Fields): string {
  const type = isMessage(value) ? value._getType() : textOf(message['role']);
  if (type === 'generic') return textOf(message['role']) ?? 'user';
  return type === undefined ? 'user' : (ROLES[type] ?? type);
}

function toolMessage(message: Fields): Message {
  const content = message['content'];
  const response =
    typeof content === 'string' ? parsedOrText(content) : (contentParts(content) as unknown as JsonValue);
  const id = textOf(message['tool_call_id']) ?? null;
  return { role: 'tool', parts: [{ type: 'tool_call_response', id, response }] };
}

/** Content is a text or a list of blocks, whose form is LangChain's own or that of a provider. */
export function contentParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return listOf(content).flatMap((block) => contentPart(block) ?? []);
}

/** These blocks say again what `tool_calls` says. */
const REPEATED = new Set(['tool_use', 'tool_call', 'tool_call_chunk', 'input_json_delta', 'function_call']);

const MODALITIES: Readonly<Record<string, string>> = {
  image: 'image',
  audio: 'audio',
  video: 'video',
  file: 'document',
};

function contentPart(value: unknown): MessagePart | undefined {
  if (typeof value === 'string') return { type: 'text', content: value };
  const block = fieldsOf(value);
  const type = textOf(block['type']) ?? 'unknown';
  if (REPEATED.has(type)) return undefined;
  const modality = MODALITIES[type];
  if (modality !== undefined) return mediaBlock(modality, block);
  if (type === 'text' || type === 'text_delta') return { type: 'text', content: textOf(block['text']) ?? '' };
  if (type === 'reasoning' || type === 'thinking') {
    return { type: 'reasoning', content: textOf(block['reasoning']) ?? textOf(block['thinking']) ?? '' };
  }
  if (type === 'image_url') return mediaPart('image', urlOf(block['image_url']));
  return { ...(block as Record<string, JsonValue>), type };
}

function urlOf(value: unknown): string {
  return textOf(fieldsOf(value)['url']) ?? textOf(value) ?? '';
}

/** Bytes, an address or an id: under the names of both forms of block that LangChain has had. */
function mediaBlock(modality: string, block: Fields): MessagePart {
  const source = fieldsOf(block['source']);
  const data = textOf(block['data']) ?? textOf(source['data']);
  const mime = textOf(block['mime_type']) ?? textOf(block['mimeType']) ?? textOf(source['media_type']);
  if (data !== undefined) return blobPart(modality, mime, data);
  if (block['data'] instanceof Uint8Array) {
    return blobPart(modality, mime, Buffer.from(block['data']).toString('base64'));
  }
  const url = textOf(block['url']) ?? textOf(source['url']);
  if (url !== undefined) return mediaPart(modality, url);
  return { type: 'file', modality, file_id: textOf(block['id']) ?? textOf(block['fileId']) ?? '' };
}

/** Some integrations keep the reasoning beside the content. */
function reasoningParts(message: Fields): MessagePart[] {
  const text = textOf(fieldsOf(message['additional_kwargs'])['reasoning_content']);
  return text === undefined || text === '' ? [] : [{ type: 'reasoning', content: text }];
}

/** A call of a tool that the model asks for. */
export function toolCallPart(value: unknown): MessagePart {
  const call = fieldsOf(value);
  return {
    type: 'tool_call',
    id: textOf(call['id']) ?? null,
    name: textOf(call['name']) ?? '',
    arguments: (call['args'] ?? {}) as JsonValue,
  };
}

const MAX_DEPTH = 4;

/** A run's input or output with the messages in it in canonical form. What holds none stays as it is. */
export function readableValue(value: unknown, depth: number = MAX_DEPTH): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isMessage(value)) return canonicalMessage(value);
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => readableValue(item, depth - 1));
  const prompt = (value as { toChatMessages?: () => unknown }).toChatMessages;
  if (typeof prompt === 'function') return readableValue(Reflect.apply(prompt, value, []), depth - 1);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, readableValue(item, depth - 1)]),
  );
}
