import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import { blobPart, mediaPart } from '../../src/instrument/media.js';
import {
  fieldsOf,
  listOf,
  parsedOrText,
  textOf,
  withoutGaps,
  type Fields,
} from '../../src/instrument/read.js';
import { conversationParts, conversationTools } from './content-parts.js';

/**
 * Messages inside the bodies of models. Three forms: blocks with a `type` (Claude's), messages of the chat-completions form
 * (Mistral, Jamba, DeepSeek, gpt-oss …), and blocks with one key (Nova), which are those of a conversation.
 */

/** One message of a body. */
export function bodyMessage(value: unknown): Message {
  const message = fieldsOf(value);
  const role = textOf(message['role']) ?? 'user';
  const reasoning = textOf(message['reasoning_content']) ?? textOf(message['reasoning']);
  const content = bodyParts(message['content']);
  if (role === 'tool') return { role, parts: [toolAnswerPart(message, content)] };
  return {
    role,
    parts: [
      ...(reasoning === undefined || reasoning === '' ? [] : [{ type: 'reasoning', content: reasoning }]),
      ...content,
      ...listOf(message['tool_calls']).map(toolCallPart),
    ],
  };
}

/** Content of a message, of a tool's result or of the system's instructions. */
export function bodyParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return listOf(content).flatMap((item) => {
    const block = fieldsOf(item);
    return typeof block['type'] === 'string' ? [typedPart(block)] : conversationParts([block]);
  });
}

/** A block that says its type. */
export function typedPart(block: Fields): MessagePart {
  switch (block['type']) {
    case 'text':
      return citedText(block);
    case 'thinking':
      return { type: 'reasoning', content: textOf(block['thinking']) ?? '' };
    case 'redacted_thinking':
      return { type: 'reasoning', content: '', redacted: true };
    case 'tool_use':
      return {
        type: 'tool_call',
        id: textOf(block['id']) ?? null,
        name: textOf(block['name']) ?? '',
        ...argumentsOf(block['input']),
      };
    case 'tool_result':
      return {
        type: 'tool_call_response',
        id: textOf(block['tool_use_id']) ?? null,
        response: resultContent(block['content']),
        ...(block['is_error'] === true ? { is_error: true } : {}),
      };
    case 'image':
    case 'document':
      return sourcePart(block['type'], fieldsOf(block['source'])) ?? otherPart(block);
    case 'image_url':
      return imageUrlPart(block['image_url']);
    default:
      return otherPart(block);
  }
}

/** The URL itself, or an object with it. */
function imageUrlPart(image: unknown): MessagePart {
  return mediaPart('image', textOf(fieldsOf(image)['url']) ?? textOf(image) ?? '');
}

function citedText(block: Fields): MessagePart {
  const content = textOf(block['text']) ?? '';
  const citations = listOf(block['citations']);
  return { type: 'text', content, ...(citations.length > 0 ? { citations: citations as JsonValue } : {}) };
}

function sourcePart(modality: string, source: Fields): MessagePart | undefined {
  const text = textOf(source['data']);
  const url = textOf(source['url']);
  if (source['type'] === 'text' && text !== undefined) return { type: 'text', content: text };
  if (text !== undefined) return blobPart(modality, textOf(source['media_type']), text);
  return url === undefined ? undefined : mediaPart(modality, url);
}

/** Names that the conventions give a shape to: a foreign block of the same name must not be taken for one of them. */
const PART_TYPES: ReadonlySet<string> = new Set([
  'reasoning',
  'tool_call',
  'tool_call_response',
  'server_tool_call',
  'server_tool_call_response',
  'blob',
  'uri',
  'file',
]);

/** A block that the conventions have no part for is kept as it came. */
function otherPart(block: Fields): MessagePart {
  const type = textOf(block['type']) ?? 'unknown';
  return { ...(block as Record<string, JsonValue>), type: PART_TYPES.has(type) ? `model_${type}` : type };
}

function resultContent(content: unknown): JsonValue {
  return Array.isArray(content)
    ? (bodyParts(content) as unknown as JsonValue)
    : ((content ?? null) as JsonValue);
}

function argumentsOf(input: unknown): { arguments?: JsonValue } {
  if (input === undefined) return {};
  return { arguments: typeof input === 'string' ? parsedOrText(input) : (input as JsonValue) };
}

/** A call of a function in the chat-completions form, or in Cohere's. */
export function toolCallPart(value: unknown): MessagePart {
  const call = fieldsOf(value);
  const called = call['function'] === undefined ? call : fieldsOf(call['function']);
  return {
    type: 'tool_call',
    id: textOf(call['id']) ?? null,
    name: textOf(called['name']) ?? '',
    ...argumentsOf(called['arguments'] ?? called['parameters']),
  };
}

function toolAnswerPart(message: Fields, content: readonly MessagePart[]): MessagePart {
  const text = textOf(message['content']);
  return {
    type: 'tool_call_response',
    id: textOf(message['tool_call_id']) ?? null,
    response: text ?? (content as unknown as JsonValue),
  };
}

/** Tools offered to the model, in any of the forms. */
export function bodyTools(body: Fields): ToolDefinition[] {
  const { tools } = fieldsOf(body['toolConfig']);
  return [...conversationTools(tools), ...listOf(body['tools']).map(bodyTool)];
}

function bodyTool(value: unknown): ToolDefinition {
  const tool = fieldsOf(value);
  const spec = tool['function'] === undefined ? tool : fieldsOf(tool['function']);
  const type = textOf(tool['type']);
  const parameters = spec['parameters'] ?? spec['input_schema'] ?? spec['parameter_definitions'];
  return withoutGaps<ToolDefinition>({
    type: type === undefined || type === 'custom' ? 'function' : type,
    name: textOf(spec['name']) ?? type ?? 'function',
    description: textOf(spec['description']),
    parameters: parameters as JsonValue | undefined,
  });
}
