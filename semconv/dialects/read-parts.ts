import type { JsonValue } from '../model/json.js';
import type { GenericPart, MessagePart } from '../model/message.js';
import { isObject, parseJson } from './attribute-reader.js';

/**
 * A message part from whatever an emitter wrote. Parts of the conventions must have their shape; one that has not is kept
 * whole inside a part of type `malformed`. Types that the conventions lack pass as they are.
 */
export function readPart(value: JsonValue): MessagePart {
  if (typeof value === 'string') return { type: 'text', content: value };
  if (!isTyped(value)) return malformed(value);
  const read = Object.hasOwn(PARTS, value.type) ? PARTS[value.type] : undefined;
  if (read === undefined) return value;
  return read(value) ?? malformed(value);
}

/** Parts from an array, one part, or plain text. Undefined for what cannot be parts at all. */
export function readParts(value: JsonValue): MessagePart[] | undefined {
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', content: value }];
  if (Array.isArray(value)) return value.map((part) => readPart(part));
  return isObject(value) ? [readPart(value)] : undefined;
}

type PartReader = (part: GenericPart) => MessagePart | undefined;

const PARTS: Readonly<Record<string, PartReader>> = {
  text: (part) => readText(part, 'text'),
  reasoning: (part) => readText(part, 'reasoning'),
  tool_call: readToolCall,
  tool_call_response: readToolResponse,
  server_tool_call: (part) =>
    hasId(part) && isText(part.name) && isTyped(part.server_tool_call) ? part : undefined,
  server_tool_call_response: (part) =>
    hasId(part) && isTyped(part.server_tool_call_response) ? part : undefined,
  blob: readBlob,
  uri: (part) => readMedia(part, 'uri'),
  file: (part) => readMedia(part, 'file_id'),
};

/** Providers' own text parts say `text` where the conventions say `content`. */
function readText(part: GenericPart, type: 'text' | 'reasoning'): MessagePart | undefined {
  if (isText(part.content)) return part;
  if (!isText(part.text) || part.content !== undefined) return undefined;
  const { text, ...rest } = part;
  return { ...rest, type, content: text };
}

function readToolCall(part: GenericPart): MessagePart | undefined {
  if (!hasId(part) || !isText(part.name)) return undefined;
  if (part.arguments === undefined) return part;
  return { ...part, type: 'tool_call', arguments: parseJson(part.arguments) ?? null };
}

/** Earlier schemas called the response `result`. */
function readToolResponse(part: GenericPart): MessagePart | undefined {
  if (!hasId(part)) return undefined;
  const { response, result, ...rest } = part;
  const answer = response ?? result;
  if (answer === undefined) return undefined;
  return { ...rest, type: 'tool_call_response', response: parseJson(answer) ?? null };
}

function readMedia(part: GenericPart, key: 'uri' | 'file_id'): MessagePart | undefined {
  return isMedia(part) && isText(part[key]) ? part : undefined;
}

/** Bytes, or what stands for them. */
function readBlob(part: GenericPart): MessagePart | undefined {
  const { content, sha256, bytes } = part;
  const whole =
    (content === undefined || isText(content)) &&
    (sha256 === undefined || isText(sha256)) &&
    (bytes === undefined || typeof bytes === 'number');
  return whole && isMedia(part) ? part : undefined;
}

function isMedia(part: GenericPart): boolean {
  const mime = part.mime_type;
  return isText(part.modality) && (mime === undefined || mime === null || isText(mime));
}

function malformed(part: JsonValue): MessagePart {
  return { type: 'malformed', part };
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string';
}

function hasId(part: GenericPart): boolean {
  return part.id === undefined || part.id === null || isText(part.id);
}

function isTyped(value: JsonValue | undefined): value is GenericPart {
  return isObject(value) && isText(value.type);
}
