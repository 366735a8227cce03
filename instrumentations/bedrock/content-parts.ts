import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import { blobPart } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';
import { bytesOf } from './body-json.js';

/** Messages and tools of a conversation as the conventions have them. A block is an object with one key: its kind. */

/** MIME types that are not made of the modality and the format. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  html: 'text/html',
  txt: 'text/plain',
  md: 'text/markdown',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  three_gp: 'video/3gpp',
};

/** One message of a conversation. */
export function conversationMessage(value: unknown): Message {
  const message = fieldsOf(value);
  return { role: textOf(message['role']) ?? 'user', parts: conversationParts(message['content']) };
}

/** Content of a message, of a tool's result or of the system's instructions. */
export function conversationParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  return listOf(content).flatMap((block) => conversationPart(fieldsOf(block)) ?? []);
}

/** Undefined for what is not content: a mark for the cache. */
function conversationPart(block: Fields): MessagePart | undefined {
  const text = textOf(block['text']);
  if (text !== undefined) return { type: 'text', content: text };
  const kind = Object.keys(block).find((key) => block[key] !== undefined && key !== 'cachePoint');
  if (kind === undefined) return undefined;
  const body = fieldsOf(block[kind]);
  switch (kind) {
    case 'toolUse':
      return toolUsePart(body);
    case 'toolResult':
      return toolResultPart(body, conversationParts(body['content']));
    case 'reasoningContent':
      return reasoningPart(body);
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
      return mediaPart(kind, body);
    case 'guardContent':
      return guardedPart(body);
    case 'citationsContent':
      return citedPart(body);
    case '$unknown':
      return unknownPart(block);
    default:
      return { type: kind, value: withoutBytes(block[kind]) };
  }
}

function unknownPart(block: Fields): MessagePart | undefined {
  const known = knownBlock(block);
  return known === block
    ? { type: 'unknown', value: withoutBytes(block['$unknown']) }
    : conversationPart(known);
}

/** A version of the SDK that is older than a kind of block gives it as `{ $unknown: [kind, body] }`. */
export function knownBlock(block: Fields): Fields {
  const [kind, body] = listOf(block['$unknown']);
  return typeof kind === 'string' && kind !== '$unknown' ? { [kind]: body } : block;
}

/** A call of a tool: the program's, or one that the provider runs itself. */
export function toolUsePart(body: Fields): MessagePart {
  const id = textOf(body['toolUseId']) ?? null;
  const name = textOf(body['name']) ?? '';
  const input = body['input'] as JsonValue | undefined;
  const given = input === undefined ? {} : { arguments: input };
  if (body['type'] !== 'server_tool_use') return { type: 'tool_call', id, name, ...given };
  return { type: 'server_tool_call', id, name, server_tool_call: { type: name, ...given } };
}

/** `parts` is the content: mapped as well, so that an image in it is a blob that the content policy finds. */
export function toolResultPart(body: Fields, parts: readonly MessagePart[]): MessagePart {
  const id = textOf(body['toolUseId']) ?? null;
  const type = textOf(body['type']);
  const content = parts as unknown as JsonValue;
  const failed = body['status'] === 'error' ? { is_error: true } : {};
  if (type === undefined || type === 'tool_result') {
    return { type: 'tool_call_response', id, response: content, ...failed };
  }
  return {
    type: 'server_tool_call_response',
    id,
    server_tool_call_response: { type, content, ...failed },
  };
}

/** The signature is an opaque token of the API, not content; so are redacted thoughts. */
function reasoningPart(body: Fields): MessagePart {
  const text = textOf(fieldsOf(body['reasoningText'])['text']);
  if (text !== undefined) return { type: 'reasoning', content: text };
  return { type: 'reasoning', content: '', ...(body['redactedContent'] ? { redacted: true } : {}) };
}

function mediaPart(modality: string, body: Fields): MessagePart {
  const format = textOf(body['format']);
  const mime =
    format && (MIME_TYPES[format] ?? (modality === 'document' ? undefined : `${modality}/${format}`));
  const name = textOf(body['name']);
  const title = name === undefined ? {} : { title: name };
  const source = fieldsOf(body['source']);
  const text = textOf(source['text']);
  if (text !== undefined) return { type: 'text', content: text, ...title };
  const bytes = base64Of(source['bytes']);
  if (bytes !== undefined) return { ...blobPart(modality, mime, bytes), ...title };
  const uri = textOf(fieldsOf(source['s3Location'])['uri']);
  if (uri !== undefined) {
    return { type: 'uri', modality, ...(mime === undefined ? {} : { mime_type: mime }), uri, ...title };
  }
  const content = conversationParts(source['content']) as unknown as JsonValue;
  return { type: modality, content, ...title };
}

function base64Of(bytes: unknown): string | undefined {
  return typeof bytes === 'string' ? bytes : bytesOf(bytes)?.toString('base64');
}

/** Content that a guardrail is to look at. */
function guardedPart(body: Fields): MessagePart {
  if (body['image'] !== undefined) return mediaPart('image', fieldsOf(body['image']));
  const { text, qualifiers } = fieldsOf(body['text']);
  const marks = listOf(qualifiers);
  return {
    type: 'text',
    content: textOf(text) ?? '',
    ...(marks.length === 0 ? {} : { qualifiers: marks as JsonValue }),
  };
}

function citedPart(body: Fields): MessagePart {
  const texts = listOf(body['content']).map((piece) => textOf(fieldsOf(piece)['text']) ?? '');
  return { type: 'text', content: texts.join(''), citations: withoutBytes(body['citations'] ?? []) };
}

const MAX_DEPTH = 8;

/** A block that is not known stays as it came, but bytes become a blob. */
export function withoutBytes(value: unknown, depth: number = MAX_DEPTH): JsonValue {
  const bytes = bytesOf(value);
  if (bytes !== undefined) return { ...blobPart('document', undefined, bytes.toString('base64')) };
  if (typeof value !== 'object' || value === null || depth === 0) return value as JsonValue;
  if (Array.isArray(value)) return value.map((item) => withoutBytes(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBytes(item, depth - 1)]));
}

/** Tools offered to the model; marks for the cache stand in the same list. */
export function conversationTools(tools: unknown): ToolDefinition[] {
  return listOf(tools).flatMap((item): ToolDefinition[] => {
    const { toolSpec, systemTool } = fieldsOf(item);
    if (toolSpec !== undefined) return [functionTool(fieldsOf(toolSpec))];
    if (systemTool === undefined) return [];
    return [{ type: 'system', name: textOf(fieldsOf(systemTool)['name']) ?? 'system' }];
  });
}

function functionTool(spec: Fields): ToolDefinition {
  return withoutGaps<ToolDefinition>({
    type: 'function',
    name: textOf(spec['name']) ?? 'function',
    description: textOf(spec['description']),
    parameters: fieldsOf(spec['inputSchema'])['json'] as JsonValue | undefined,
  });
}

/** The index of a block in its message. */
export function indexOf(value: unknown): number {
  return numberOf(value) ?? 0;
}
