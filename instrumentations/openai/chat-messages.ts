import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { JsonValue } from '../../semconv/model/json.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import { blobPart, mediaPart, modalityOf } from '../../src/instrument/media.js';
import {
  fieldsOf,
  listOf,
  parsedOrText,
  textOf,
  withoutGaps,
  type Fields,
} from '../../src/instrument/read.js';

/** Messages and tools of Chat Completions, of requests and of answers. */

export function chatMessage(value: unknown, author: string = 'user'): Message {
  const message = fieldsOf(value);
  const role = textOf(message['role']) ?? author;
  if (role === 'tool' || role === 'function') return toolMessage(role, message);
  const parts: MessagePart[] = [];
  addReasoning(parts, message);
  addContent(parts, message['content']);
  const refusal = textOf(message['refusal']);
  if (refusal !== undefined) parts.push({ type: 'refusal', content: refusal });
  if (message['audio'] != null) addAudio(parts, fieldsOf(message['audio']));
  for (const call of listOf(message['tool_calls'])) parts.push(toolCallPart(call));
  if (message['function_call'] != null) parts.push(toolCallPart({ function: message['function_call'] }));
  const name = textOf(message['name']);
  return name === undefined ? { role, parts } : { role, parts, name };
}

function toolMessage(role: string, message: Fields): Message {
  const content = message['content'];
  const response: JsonValue = typeof content === 'string' ? parsedOrText(content) : joinedText(content);
  const id = textOf(message['tool_call_id']) ?? textOf(message['name']) ?? null;
  return withoutGaps<Message>({
    role: 'tool',
    parts: [{ type: 'tool_call_response', id, response }],
    name: role === 'function' ? textOf(message['name']) : undefined,
  });
}

function joinedText(content: unknown): string {
  return listOf(content)
    .map((part) => textOf(fieldsOf(part)['text']) ?? '')
    .join('');
}

function addContent(parts: MessagePart[], content: unknown): void {
  if (typeof content !== 'string') for (const part of listOf(content)) parts.push(contentPart(part));
  else if (content !== '') parts.push({ type: 'text', content });
}

function contentPart(value: unknown): MessagePart {
  const part = fieldsOf(value);
  switch (part['type']) {
    case 'text':
      return { type: 'text', content: textOf(part['text']) ?? '' };
    case 'refusal':
      return { type: 'refusal', content: textOf(part['refusal']) ?? '' };
    case 'image_url':
      return mediaPart(
        'image',
        textOf(fieldsOf(part['image_url'])['url']) ?? textOf(part['image_url']) ?? '',
      );
    case 'input_audio': {
      const audio = fieldsOf(part['input_audio']);
      return blobPart('audio', mimeOf('audio', audio['format']), textOf(audio['data']) ?? '');
    }
    case 'file':
      return filePart(fieldsOf(part['file']));
    default:
      return { ...(part as Record<string, JsonValue>), type: textOf(part['type']) ?? 'unknown' };
  }
}

function filePart(file: Fields): MessagePart {
  const id = textOf(file['file_id']);
  if (id !== undefined) return { type: 'file', modality: 'document', file_id: id };
  const data = textOf(file['file_data']) ?? '';
  const mime = /^data:([^;,]*)/.exec(data)?.[1];
  return data.startsWith('data:') ? mediaPart(modalityOf(mime), data) : blobPart('document', undefined, data);
}

function mimeOf(family: string, format: unknown): string | undefined {
  return typeof format === 'string' ? `${family}/${format}` : undefined;
}

/** Several providers show their reasoning beside the content, under two names. */
function addReasoning(parts: MessagePart[], message: Fields): void {
  const reasoning = textOf(message['reasoning_content']) ?? textOf(message['reasoning']);
  if (reasoning !== undefined && reasoning !== '') parts.push({ type: 'reasoning', content: reasoning });
}

function addAudio(parts: MessagePart[], audio: Fields): void {
  const transcript = textOf(audio['transcript']);
  const data = textOf(audio['data']);
  const id = textOf(audio['id']);
  if (transcript !== undefined) parts.push({ type: 'text', content: transcript });
  if (data !== undefined && data !== '') parts.push(blobPart('audio', undefined, data));
  else if (id !== undefined) parts.push({ type: 'file', modality: 'audio', file_id: id });
}

/** A call of a function or of a custom tool, whose input is free text. */
export function toolCallPart(value: unknown): MessagePart {
  const call = fieldsOf(value);
  const custom = call['custom'] === undefined ? undefined : fieldsOf(call['custom']);
  const called = custom ?? fieldsOf(call['function']);
  const text = textOf(custom === undefined ? called['arguments'] : called['input']);
  const part: MessagePart = {
    type: 'tool_call',
    id: textOf(call['id']) ?? null,
    name: textOf(called['name']) ?? '',
  };
  if (text !== undefined) part.arguments = custom === undefined ? parsedOrText(text) : text;
  return part;
}

/** Tools offered to the model: functions, custom tools, and the older bare functions. */
export function chatTools(value: unknown): ToolDefinition[] {
  return listOf(value).map((item) => {
    const tool = fieldsOf(item);
    const type = textOf(tool['type']) ?? 'function';
    const body = fieldsOf(tool['function'] ?? tool['custom'] ?? tool);
    return withoutGaps<ToolDefinition>({
      type,
      name: textOf(body['name']) ?? type,
      description: textOf(body['description']),
      parameters: body['parameters'] as JsonValue | undefined,
    });
  });
}

/** The conventions' word for why an answer ended. */
export function finishReason(reason: string): string {
  return reason === 'tool_calls' || reason === 'function_call' ? 'tool_call' : reason;
}
