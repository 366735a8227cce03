import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
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

/** Items of the Responses API, of requests and of answers, to messages. */

/** A bare text is a message of `role`; items that belong together (an answer's reasoning, calls, text) become one message. */
export function responsesMessages(input: unknown, role: string): Message[] {
  if (typeof input === 'string') return [{ role, parts: [{ type: 'text', content: input }] }];
  const messages: Message[] = [];
  for (const value of listOf(input)) {
    const item = fieldsOf(value);
    const message = itemMessage(item, value);
    const last = messages.at(-1);
    if (last !== undefined && last.role === message.role && last.role === 'assistant')
      last.parts.push(...message.parts);
    else messages.push(message);
  }
  return messages;
}

function itemMessage(item: Fields, value: unknown): Message {
  const type = textOf(item['type']) ?? 'message';
  if (type === 'message') {
    return { role: textOf(item['role']) ?? 'user', parts: contentParts(item['content']) };
  }
  const role = type.endsWith('_output') ? 'tool' : 'assistant';
  return { role, parts: [itemPart(type, item, value)] };
}

function itemPart(type: string, item: Fields, value: unknown): MessagePart {
  const id = textOf(item['call_id']) ?? textOf(item['id']) ?? null;
  switch (type) {
    case 'function_call':
      return withoutGaps<MessagePart>({
        type: 'tool_call',
        id,
        name: textOf(item['name']) ?? '',
        arguments: parsedOrText(textOf(item['arguments']) ?? ''),
      });
    case 'custom_tool_call':
      return {
        type: 'tool_call',
        id,
        name: textOf(item['name']) ?? '',
        arguments: textOf(item['input']) ?? '',
      };
    case 'reasoning':
      return { type: 'reasoning', content: reasoningText(item) };
    case 'image_generation_call': {
      const image = textOf(item['result']);
      return image === undefined
        ? serverToolPart(type, id, value)
        : blobPart('image', imageMime(item), image);
    }
    default:
      return otherPart(type, id, item, value);
  }
}

function otherPart(type: string, id: string | null, item: Fields, value: unknown): MessagePart {
  if (type.endsWith('_output')) {
    const output = item['output'];
    const response = typeof output === 'string' ? parsedOrText(output) : ((output ?? null) as JsonValue);
    return { type: 'tool_call_response', id, response };
  }
  if (type.endsWith('_call')) return serverToolPart(type, id, value);
  return { ...(item as Record<string, JsonValue>), type };
}

/** A tool that the provider ran by itself. */
function serverToolPart(type: string, id: string | null, value: unknown): MessagePart {
  const name = type.replace(/_call$/, '');
  return {
    type: 'server_tool_call',
    id,
    name,
    server_tool_call: { ...(value as Record<string, JsonValue>), type: name },
  };
}

function imageMime(item: Fields): string | undefined {
  const format = textOf(item['output_format']);
  return format === undefined ? undefined : `image/${format}`;
}

/** The reasoning itself where the provider shows it, else its summary. */
function reasoningText(item: Fields): string {
  const shown = listOf(item['content']);
  return (shown.length > 0 ? shown : listOf(item['summary']))
    .map((part) => textOf(fieldsOf(part)['text']) ?? '')
    .join('\n');
}

function contentParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  return listOf(content).map((value) => contentPart(fieldsOf(value)));
}

function contentPart(part: Fields): MessagePart {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', content: textOf(part['text']) ?? '' };
    case 'refusal':
      return { type: 'refusal', content: textOf(part['refusal']) ?? '' };
    case 'input_image':
      return filePart('image', part, textOf(part['image_url']));
    case 'input_file':
      return filePart('document', part, textOf(part['file_url']) ?? textOf(part['file_data']));
    case 'input_audio': {
      const audio = fieldsOf(part['input_audio']);
      const format = textOf(audio['format']);
      return blobPart(
        'audio',
        format === undefined ? undefined : `audio/${format}`,
        textOf(audio['data']) ?? '',
      );
    }
    default:
      return { ...(part as Record<string, JsonValue>), type: textOf(part['type']) ?? 'unknown' };
  }
}

function filePart(modality: string, part: Fields, url: string | undefined): MessagePart {
  const id = textOf(part['file_id']);
  if (id !== undefined) return { type: 'file', modality, file_id: id };
  const mime = /^data:([^;,]*)/.exec(url ?? '')?.[1];
  return mediaPart(mime === undefined ? modality : modalityOf(mime), url ?? '');
}

/** Tools offered to the model. Those of the provider have a type and no name. */
export function responsesTools(value: unknown): ToolDefinition[] {
  return listOf(value).map((item) => {
    const tool = fieldsOf(item);
    const type = textOf(tool['type']) ?? 'function';
    return withoutGaps<ToolDefinition>({
      type,
      name: textOf(tool['name']) ?? textOf(tool['server_label']) ?? type,
      description: textOf(tool['description']),
      parameters: tool['parameters'] as JsonValue | undefined,
    });
  });
}
