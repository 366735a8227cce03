import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart, TextPart } from '../../semconv/model/message.js';
import { blobPart, mediaPart, modalityOf } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, parsedOrText, textOf, withoutGaps } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import type { ModelResult, Part } from './sdk-types.js';

/** Words of the package → words of the conventions. Others stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  'tool-calls': 'tool_call',
  'content-filter': 'content_filter',
};

/** Facts of a whole answer of a language model. */
export function readResult(result: ModelResult): CallResponse {
  const response = fieldsOf(result.response);
  const reason = finishReason(result.finishReason);
  return withoutGaps<CallResponse>({
    id: textOf(response['id']),
    model: textOf(response['modelId']),
    finishReasons: reason === undefined ? undefined : [reason],
    usage: readUsage(result.usage),
  });
}

/** Content of a whole answer of a language model. */
export function readOutput(result: ModelResult): CallOutput {
  if (!Array.isArray(result.content)) return {};
  const message: Message = { role: 'assistant', parts: messageParts(result.content) };
  const reason = finishReason(result.finishReason);
  if (reason !== undefined) message.finish_reason = reason;
  return { messages: [message] };
}

/** A word, or since model version 3 an object with the package's word and the provider's. */
export function finishReason(reason: unknown): string | undefined {
  const word = textOf(reason) ?? textOf(fieldsOf(reason)['unified']);
  return word === undefined ? undefined : (FINISH_REASONS[word] ?? word);
}

/** Counts as the provider reported them: totals, with what came from the cache and what was reasoning inside them. */
export function readUsage(usage: unknown): ReportedUsage | undefined {
  const fields = fieldsOf(usage);
  const input = fieldsOf(fields['inputTokens']);
  const output = fieldsOf(fields['outputTokens']);
  const reported = withoutGaps<ReportedUsage>({
    inputTokens: count(fields['inputTokens']) ?? count(input['total']) ?? count(fields['tokens']),
    outputTokens: count(fields['outputTokens']) ?? count(output['total']),
    cacheReadTokens: count(fields['cachedInputTokens']) ?? count(input['cacheRead']),
    cacheWriteTokens: count(input['cacheWrite']),
    reasoningTokens: count(fields['reasoningTokens']) ?? count(output['reasoning']),
  });
  return Object.keys(reported).length === 0 ? undefined : reported;
}

/** A provider without a count gives NaN. */
function count(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Facts of the answer of `embed`, `embedMany` or `rerank`. */
export function readValueResult(result: unknown): CallResponse {
  const fields = fieldsOf(result);
  const response = fieldsOf(fields['response']);
  return withoutGaps<CallResponse>({
    id: textOf(response['id']),
    model: textOf(response['modelId']),
    usage: readUsage(fields['usage']),
  });
}

/** Content of a message: a text, or parts of the model's interface or the program's. */
export function messageParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  return listOf(content).map((part) => readPart(fieldsOf(part)));
}

function readPart(part: Part): MessagePart {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { type: part.type, content: textOf(part.text) ?? '' };
    case 'image':
      return filePart(part.image, textOf(part.mediaType) ?? 'image/*');
    case 'file':
    case 'reasoning-file':
      return filePart(part.data, textOf(part.mediaType));
    case 'tool-call':
      return toolCall(part);
    case 'tool-result':
      return toolResult(part);
    default:
      return { ...(part as MessagePart), type: textOf(part.type) ?? 'unknown' };
  }
}

function toolCall(part: Part): MessagePart {
  const name = textOf(part.toolName) ?? '';
  const id = textOf(part.toolCallId) ?? null;
  const input = typeof part.input === 'string' ? parsedOrText(part.input) : (part.input as JsonValue);
  if (part.providerExecuted !== true) return { type: 'tool_call', id, name, arguments: input ?? null };
  return { type: 'server_tool_call', id, name, server_tool_call: { type: name, arguments: input ?? null } };
}

/** The model's interface has `result` in answers and `output` in prompts. */
function toolResult(part: Part): MessagePart {
  const id = textOf(part.toolCallId) ?? null;
  if (part.output === undefined && part.result !== undefined) {
    const body = { type: textOf(part.toolName) ?? '', content: part.result as JsonValue };
    return { type: 'server_tool_call_response', id, server_tool_call_response: body };
  }
  return { type: 'tool_call_response', id, response: toolOutput(part.output) };
}

/** `{ type: 'text' | 'json' | 'content' | 'error-text' …, value }`. */
function toolOutput(output: unknown): JsonValue {
  const { type, value, reason } = fieldsOf(output);
  if (type === 'content') return messageParts(value) as unknown as JsonValue;
  return (value ?? reason ?? output ?? null) as JsonValue;
}

/** Bytes, base64, an address, or since model version 4 an object that says which. */
function filePart(data: unknown, mediaType: string | undefined): MessagePart {
  const modality = modalityOf(mediaType);
  if (data instanceof Uint8Array) return blobPart(modality, mediaType, Buffer.from(data).toString('base64'));
  if (data instanceof ArrayBuffer) return filePart(new Uint8Array(data), mediaType);
  if (data instanceof URL) return mediaPart(modality, data.href);
  if (typeof data === 'string') {
    return /^(https?|data):/.test(data) ? mediaPart(modality, data) : blobPart(modality, mediaType, data);
  }
  const { data: inner, url, text } = fieldsOf(data);
  if (typeof text === 'string') return { type: 'text', content: text };
  if (inner !== undefined || url !== undefined) return filePart(inner ?? url, mediaType);
  return { type: 'file', modality, ...(data === undefined ? {} : { reference: data as JsonValue }) };
}

/** The text of an answer, for the span of the whole run. */
export function textOfOutput({ messages = [] }: CallOutput): string | undefined {
  const texts = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === 'text' ? (textOf((part as TextPart).content) ?? []) : []));
  return texts.length === 0 ? undefined : texts.join('');
}
