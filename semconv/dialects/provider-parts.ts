import type { JsonObject, JsonValue } from '../model/json.js';
import { isObject, parseJson } from './attribute-reader.js';

/**
 * A part of a message in a provider's or a framework's own words → the conventions' part. One of a type that has no such
 * part, or that lacks what it needs, is given back as it is.
 */
export function toConventionPart(part: JsonValue): JsonValue {
  if (!isObject(part)) return part;
  const type = typeof part.type === 'string' ? part.type : '';
  return (Object.hasOwn(PARTS, type) ? PARTS[type]?.(part) : undefined) ?? part;
}

type PartMap = (part: JsonObject) => JsonObject | undefined;

const PARTS: Readonly<Record<string, PartMap>> = {
  text: toText,
  input_text: toText,
  output_text: toText,
  thinking: (part) => said('reasoning', part.thinking),
  reasoning: (part) => said('reasoning', part.text ?? part.content),
  tool_use: (part) => toCall(part.id, part.name, part.input),
  'tool-call': (part) => toCall(part.toolCallId, part.toolName, part.input ?? part.args),
  tool_result: (part) => toResponse(part.tool_use_id, part.content),
  'tool-result': (part) => toResponse(part.toolCallId, unwrapped(part.output ?? part.result)),
  image_url: (part) => toMedia('image', isObject(part.image_url) ? part.image_url.url : part.image_url),
  input_image: (part) => toMedia('image', part.image_url),
  image: toImage,
  file: (part) =>
    toMedia(modalityOf(part.mediaType ?? part.mimeType), part.data, part.mediaType ?? part.mimeType),
};

function toText(part: JsonObject): JsonObject | undefined {
  return said('text', part.text ?? part.content);
}

function said(type: string, content: JsonValue | undefined): JsonObject | undefined {
  return typeof content === 'string' ? { type, content } : undefined;
}

function toCall(
  id: JsonValue | undefined,
  name: JsonValue | undefined,
  given: JsonValue | undefined,
): JsonObject | undefined {
  if (typeof name !== 'string') return undefined;
  return {
    type: 'tool_call',
    ...(typeof id === 'string' ? { id } : {}),
    name,
    ...(given === undefined ? {} : { arguments: parseJson(given) ?? null }),
  };
}

function toResponse(id: JsonValue | undefined, answer: JsonValue | undefined): JsonObject | undefined {
  if (answer === undefined) return undefined;
  return {
    type: 'tool_call_response',
    ...(typeof id === 'string' ? { id } : {}),
    response: parseJson(answer) ?? null,
  };
}

/** The AI SDK says `{ type: 'json', value }` since its fifth version. */
function unwrapped(output: JsonValue | undefined): JsonValue | undefined {
  return isObject(output) && typeof output.type === 'string' && output.value !== undefined
    ? output.value
    : output;
}

/** `{ image }` of the AI SDK, `{ source }` of Anthropic, `{ image: { url } }` of OpenInference. */
function toImage(part: JsonObject): JsonObject | undefined {
  const { image, source } = part;
  if (isObject(source)) return toMedia('image', source.url ?? source.data, source.media_type);
  if (isObject(image)) return toMedia('image', isObject(image.image) ? image.image.url : image.url);
  return toMedia('image', image, part.mediaType ?? part.mimeType);
}

const DATA_URL = /^data:([\w.+/-]*);base64,/;

function toMedia(modality: string, from: JsonValue | undefined, mime?: JsonValue): JsonObject | undefined {
  if (typeof from !== 'string') return undefined;
  const type = typeof mime === 'string' ? { mime_type: mime } : {};
  const inline = DATA_URL.exec(from);
  if (inline !== null) {
    return { type: 'blob', modality, mime_type: inline[1] ?? '', content: from.slice(inline[0].length) };
  }
  return /^[a-z][a-z\d+.-]*:\/\//i.test(from)
    ? { type: 'uri', modality, ...type, uri: from }
    : { type: 'blob', modality, ...type, content: from };
}

function modalityOf(mime: JsonValue | undefined): string {
  const kind = typeof mime === 'string' ? mime.split('/')[0] : '';
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}
