import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { blobPart } from '../../src/instrument/media.js';
import { fieldsOf, listOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';

/**
 * The Interactions API speaks in items: contents (a text, an image …) and steps (a thought, a call, what the model said).
 * In the SDK's first major calls and thoughts were contents too.
 */
const MEDIA: ReadonlySet<string> = new Set(['image', 'audio', 'video', 'document']);

/** A text, an item, a list of items, or a list of turns, as messages. Plain contents are the user's. */
export function messagesOf(input: unknown): Message[] {
  if (input === undefined || input === null) return [];
  const messages: Message[] = [];
  for (const item of Array.isArray(input) ? input : [input]) {
    const next = messageOf(item);
    const last = messages.at(-1);
    if (last !== undefined && last.role === next.role && !isTurn(item)) {
      last.parts = [...last.parts, ...next.parts];
    } else {
      messages.push(next);
    }
  }
  return messages.filter(({ parts }) => parts.length > 0);
}

/** What the model made of an interaction, as parts of one message. */
export function outputParts(items: unknown): MessagePart[] {
  return listOf(items).flatMap((item) => (isFromModel(item) ? itemParts(item) : []));
}

/** The parts of one item; none for one that holds nothing but a signature. */
export function itemParts(item: unknown): MessagePart[] {
  if (typeof item === 'string') return [{ type: 'text', content: item }];
  const { signature: _signature, ...fields } = fieldsOf(item);
  const type = textOf(fields['type']) ?? '';
  if (type === 'text') return [{ type: 'text', content: textOf(fields['text']) ?? '' }];
  if (MEDIA.has(type)) return [mediaPart(type, fields)];
  if (type === 'thought') return listOf(fields['summary']).flatMap(itemParts).map(asReasoning);
  if (type === 'function_call') return [callPart(fields)];
  if (type === 'function_result') return [resultPart(fields)];
  if (type === 'user_input' || type === 'model_output') return listOf(fields['content']).flatMap(itemParts);
  return [serverPart(type, fields)];
}

/** Text of a thought is reasoning; its images stay what they are. */
export function asReasoning(part: MessagePart): MessagePart {
  return part.type === 'text' ? { ...part, type: 'reasoning' } : part;
}

function isTurn(item: unknown): boolean {
  const { role, type } = fieldsOf(item);
  return typeof role === 'string' && type === undefined;
}

function messageOf(item: unknown): Message {
  if (!isTurn(item)) return { role: roleOf(item), parts: itemParts(item) };
  const { role, content } = fieldsOf(item);
  const items: readonly unknown[] = typeof content === 'string' ? [content] : listOf(content);
  const isResult = items.length > 0 && items.every((one) => roleOf(one) === 'tool');
  return { role: isResult ? 'tool' : wordOf(role), parts: items.flatMap(itemParts) };
}

function wordOf(role: unknown): string {
  return role === 'model' ? 'assistant' : (textOf(role) ?? 'user');
}

function roleOf(item: unknown): string {
  const type = textOf(fieldsOf(item)['type']) ?? 'text';
  if (type === 'function_result') return 'tool';
  return type === 'text' || type === 'user_input' || MEDIA.has(type) ? 'user' : 'assistant';
}

/** An interaction that is fetched may begin with what it was asked. */
function isFromModel(item: unknown): boolean {
  const { type } = fieldsOf(item);
  return type !== 'user_input' && type !== 'function_result';
}

function mediaPart(modality: string, { data, uri, mime_type: mimeType }: Fields): MessagePart {
  const type = textOf(mimeType);
  if (typeof data === 'string') return blobPart(modality, type, data);
  return { type: 'uri', modality, ...(type !== undefined && { mime_type: type }), uri: textOf(uri) ?? '' };
}

function callPart({ id, name, arguments: args }: Fields): MessagePart {
  return withoutGaps<MessagePart>({
    type: 'tool_call',
    id: textOf(id),
    name: textOf(name) ?? '',
    arguments: args as JsonValue | undefined,
  });
}

function resultPart({ call_id: id, name, result }: Fields): MessagePart {
  return {
    type: 'tool_call_response',
    ...withoutGaps<{ id?: string; name?: string }>({ id: textOf(id), name: textOf(name) }),
    response: slimResult(result),
  };
}

/** Images in a result become parts, so that their bytes are known for what they are. */
function slimResult(result: unknown): JsonValue {
  return (Array.isArray(result) ? result.flatMap(itemParts) : (result ?? null)) as JsonValue;
}

/** A call of a tool that the provider runs, or its result. What is neither stays as it came. */
function serverPart(type: string, { id, call_id: callId, ...fields }: Fields): MessagePart {
  if (type.endsWith('_call')) {
    const name = type.slice(0, -'_call'.length);
    return {
      type: 'server_tool_call',
      ...(typeof id === 'string' && { id }),
      name: textOf(fields['name']) ?? name,
      server_tool_call: { ...(fields as Record<string, JsonValue>), type: name },
    };
  }
  if (type.endsWith('_result')) {
    const result = 'result' in fields ? { result: slimResult(fields['result']) } : {};
    return {
      type: 'server_tool_call_response',
      ...(typeof callId === 'string' && { id: callId }),
      server_tool_call_response: {
        ...(fields as Record<string, JsonValue>),
        ...result,
        type: type.slice(0, -'_result'.length),
      },
    };
  }
  return { ...(fields as Record<string, JsonValue>), type: type === '' ? 'unknown' : type };
}
