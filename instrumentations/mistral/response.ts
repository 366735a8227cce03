import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { mediaPart } from '../../src/instrument/media.js';
import {
  type Fields,
  fieldsOf,
  listOf,
  numberOf,
  parsedOrText,
  textOf,
  withoutGaps,
} from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import type { ChatMessage, Choice, Completion, ToolCall } from './sdk-types.js';

/** Words of the API → words of the conventions. Others stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = { tool_calls: 'tool_call', model_length: 'length' };

/** Facts of a whole answer of any call, or of a stream that was put together. */
export function completionResponse(answer: Completion): CallResponse {
  const reasons = choicesOf(answer).flatMap(({ finishReason }) => textOf(finishReason) ?? []);
  return withoutGaps<CallResponse>({
    id: textOf(answer.id),
    model: textOf(answer.model),
    finishReasons: reasons.length > 0 ? reasons.map(finishReasonOf) : undefined,
    usage: usageOf(fieldsOf(answer.usage)),
  });
}

/** Content of a whole answer: one message a choice. */
export function completionOutput(answer: Completion): CallOutput {
  const messages = choicesOf(answer).flatMap(({ message, finishReason }) => {
    if (message === undefined) return [];
    const reason = textOf(finishReason);
    const output = messageOf({ role: 'assistant', ...message });
    return reason === undefined ? output : { ...output, finish_reason: finishReasonOf(reason) };
  });
  return messages.length === 0 ? {} : { messages };
}

/** One message of a request or of an answer. */
export function messageOf(message: unknown): Message {
  const { role, content, toolCalls, toolCallId, name }: ChatMessage = fieldsOf(message);
  const parts = contentParts(content);
  if (role === 'tool') {
    const response = Array.isArray(content)
      ? (parts as unknown as JsonValue)
      : ((content ?? null) as JsonValue);
    const known = withoutGaps<{ id?: string; name?: string }>({ id: textOf(toolCallId), name: textOf(name) });
    return { role, parts: [{ type: 'tool_call_response', ...known, response }] };
  }
  return { role: textOf(role) ?? 'user', parts: [...parts, ...listOf(toolCalls).map(toolCallPart)] };
}

export function choicesOf(answer: Completion): Choice[] {
  return listOf(answer.choices).map((choice) => fieldsOf(choice));
}

function finishReasonOf(reason: string): string {
  return FINISH_REASONS[reason] ?? reason;
}

/**
 * Counts that the SDK's types do not know come under the API's own names, beside the others or, in older versions, in a field
 * of their own.
 */
export function usageOf(usage: Fields): ReportedUsage | undefined {
  const extra: Fields = { ...fieldsOf(usage['additionalProperties']), ...usage };
  const found = withoutGaps<ReportedUsage>({
    inputTokens: numberOf(usage['promptTokens']),
    outputTokens: numberOf(usage['completionTokens']),
    cacheReadTokens:
      numberOf(fieldsOf(extra['prompt_tokens_details'])['cached_tokens']) ??
      numberOf(extra['num_cached_tokens']),
    reasoningTokens: numberOf(fieldsOf(extra['completion_tokens_details'])['reasoning_tokens']),
  });
  return Object.keys(found).length === 0 ? undefined : found;
}

function toolCallPart(call: unknown): MessagePart {
  const { id, function: called }: ToolCall = fieldsOf(call);
  const { name, arguments: given } = called ?? {};
  return withoutGaps<MessagePart>({
    type: 'tool_call',
    // The SDK writes the word where the API gave no id.
    id: id === 'null' ? undefined : textOf(id),
    name: textOf(name) ?? '',
    arguments: typeof given === 'string' ? parsedOrText(given) : (given as JsonValue | undefined),
  });
}

/** An empty text beside a tool call is no content. */
export function contentParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return listOf(content).map((chunk) => chunkPart(fieldsOf(chunk)));
}

export function chunkPart(chunk: Fields): MessagePart {
  switch (chunk['type']) {
    case 'text':
      return { type: 'text', content: textOf(chunk['text']) ?? '' };
    case 'thinking':
      return { type: 'reasoning', content: joinedText(chunk['thinking']) };
    case 'image_url':
      return mediaPart(
        'image',
        textOf(chunk['imageUrl']) ?? textOf(fieldsOf(chunk['imageUrl'])['url']) ?? '',
      );
    case 'document_url':
      return mediaPart('document', textOf(chunk['documentUrl']) ?? '');
    case 'input_audio':
      return audioPart(textOf(chunk['inputAudio']) ?? '');
    case 'file':
      return { type: 'file', modality: 'document', file_id: textOf(chunk['fileId']) ?? '' };
    default:
      return { ...(chunk as Record<string, JsonValue>), type: textOf(chunk['type']) ?? 'unknown' };
  }
}

/** A thought is a list of chunks; those that are no text refer to sources. */
function joinedText(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking;
  return listOf(thinking)
    .map((chunk) => textOf(fieldsOf(chunk)['text']) ?? '')
    .join('');
}

/** Base64, or where the audio is. */
function audioPart(audio: string): MessagePart {
  if (/^(https?|data):/.test(audio)) return mediaPart('audio', audio);
  return { type: 'blob', modality: 'audio', content: audio };
}
