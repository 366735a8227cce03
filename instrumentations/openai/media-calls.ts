import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import * as values from '../../semconv/values.js';
import { blobPart, mediaPart } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';
import type { CallInput, CallOutput, CallRequest, CallResponse } from '../../src/instrument/records.js';
import { chatMessage } from './chat-messages.js';
import { request, textsOf } from './request.js';
import { errorOf, responsesUsage } from './response.js';

/**
 * Images, audio and moderations to canonical records. The conventions have one word for a call that makes or reads other
 * things than text, `generate_content`, and none for moderations.
 */
const GENERATE = values.GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT;

/** `images.generate`, `images.edit`, `images.createVariation` */
export function imageRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  const count = numberOf(body['n']);
  return request(body, client, {
    operation: GENERATE,
    parameters: { choiceCount: count === 1 ? undefined : count },
    outputType: values.GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  });
}

export function imageInput(args: readonly unknown[]): CallInput {
  const body = fieldsOf(args[0]);
  const images = Array.isArray(body['image']) ? body['image'] : [body['image'], body['mask']];
  return fromUser([
    ...textParts(body['prompt']),
    ...images.flatMap((image: unknown) => uploadParts('image', image)),
  ]);
}

export function imageResponse(value: unknown): CallResponse {
  const body = fieldsOf(value);
  return { usage: responsesUsage(body['usage']), error: errorOf(body['error']) };
}

export function imageOutput(value: unknown): CallOutput {
  const body = fieldsOf(value);
  return fromModel(listOf(body['data']).flatMap((image) => imageParts(fieldsOf(image), body)));
}

/** One image, of an answer or of a stream's event. */
export function imageParts(image: Fields, answer: Fields = image): MessagePart[] {
  const bytes = textOf(image['b64_json']);
  const url = textOf(image['url']);
  const prompt = textOf(image['revised_prompt']);
  const more = prompt === undefined ? {} : { revised_prompt: prompt };
  if (bytes !== undefined) {
    const type = `image/${textOf(answer['output_format']) ?? 'png'}`;
    return [{ ...blobPart('image', type, bytes), ...more }];
  }
  return url === undefined ? [] : [{ ...mediaPart('image', url), ...more }];
}

/** `audio.transcriptions.create` and `audio.translations.create` */
export function transcriptRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  return request(body, client, {
    operation: GENERATE,
    parameters: { temperature: numberOf(body['temperature']) },
    outputType: values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  });
}

export function transcriptInput(args: readonly unknown[]): CallInput {
  const body = fieldsOf(args[0]);
  return fromUser([...textParts(body['prompt']), ...uploadParts('audio', body['file'])]);
}

/** Priced by the minute, an answer has a duration in the place of token counts. Asked for as text, it is a bare string. */
export function transcriptResponse(value: unknown): CallResponse {
  const body = fieldsOf(value);
  const usage = fieldsOf(body['usage']);
  return {
    usage: usage['type'] === 'duration' ? undefined : responsesUsage(body['usage']),
    error: errorOf(body['error']),
  };
}

export function transcriptOutput(value: unknown): CallOutput {
  return fromModel(textParts(typeof value === 'string' ? value : fieldsOf(value)['text']));
}

/** `audio.speech.create`: its answer is the program's to read, so nothing of it is known but that it came. */
export function speechRequest(args: readonly unknown[], client: unknown): CallRequest {
  return request(fieldsOf(args[0]), client, {
    operation: GENERATE,
    parameters: {},
    outputType: values.GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  });
}

export function speechInput(args: readonly unknown[]): CallInput {
  const body = fieldsOf(args[0]);
  return {
    systemInstructions: textParts(body['instructions']),
    messages: textsOf(body['input']),
  };
}

export function noResponse(): CallResponse {
  return {};
}

/** `moderations.create` */
export function moderationRequest(args: readonly unknown[], client: unknown): CallRequest {
  return request(fieldsOf(args[0]), client, { operation: 'moderation', parameters: {} });
}

/** Texts, each judged by itself, or the parts of one message. */
export function moderationInput(args: readonly unknown[]): CallInput {
  const input = fieldsOf(args[0])['input'];
  const isParts = listOf(input).some((part) => typeof part === 'object');
  return { messages: isParts ? [chatMessage({ role: 'user', content: input })] : textsOf(input) };
}

export function moderationResponse(value: unknown): CallResponse {
  const body = fieldsOf(value);
  return { id: textOf(body['id']), model: textOf(body['model']), error: errorOf(body['error']) };
}

/** A message for each judgement, as it came. */
export function moderationOutput(value: unknown): CallOutput {
  return {
    messages: listOf(fieldsOf(value)['results']).map((result) => ({
      role: 'assistant',
      parts: [{ ...(fieldsOf(result) as Record<string, JsonValue>), type: 'moderation' }],
    })),
  };
}

function textParts(value: unknown): MessagePart[] {
  const content = textOf(value);
  return content === undefined || content === '' ? [] : [{ type: 'text', content }];
}

/** What a file says of itself. Its bytes belong to the request: it may be a stream, which can be read once. */
function uploadParts(modality: string, value: unknown): MessagePart[] {
  if (typeof value !== 'object' || value === null) return [];
  const file = fieldsOf(value);
  const type = textOf(file['type']);
  return [
    withoutGaps<MessagePart & { type: 'blob' }>({
      type: 'blob',
      modality,
      mime_type: type === '' ? undefined : type,
      bytes: numberOf(file['size']),
      name: textOf(file['name']),
    }),
  ];
}

function fromUser(parts: MessagePart[]): CallInput {
  return parts.length === 0 ? {} : { messages: [{ role: 'user', parts }] };
}

export function fromModel(parts: MessagePart[]): { messages?: Message[] } {
  return parts.length === 0 ? {} : { messages: [{ role: 'assistant', parts }] };
}
