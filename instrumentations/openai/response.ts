import {
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
} from '../../semconv/attributes.js';
import { ERROR_TYPE_VALUE_OTHER } from '../../semconv/values.js';
import type { Message } from '../../semconv/model/message.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import { chatMessage, finishReason } from './chat-messages.js';
import { responsesMessages } from './responses-items.js';

/** Answers of the SDK to canonical records. Pure. An answer of another shape gives an empty record. */

/** `chat.completions` and `completions` */
export function chatResponse(value: unknown): CallResponse {
  const body = fieldsOf(value);
  const reasons: string[] = [];
  for (const choice of listOf(body['choices'])) {
    const reason = textOf(fieldsOf(choice)['finish_reason']);
    if (reason !== undefined) reasons.push(reason);
  }
  return {
    id: textOf(body['id']),
    model: textOf(body['model']),
    finishReasons: reasons.length > 0 ? reasons : undefined,
    usage: chatUsage(body['usage']),
    error: errorOf(body['error']),
    providerAttributes: chatAttributes(body),
  };
}

export function chatOutput(value: unknown): CallOutput {
  return {
    messages: listOf(fieldsOf(value)['choices']).map((item) => {
      const choice = fieldsOf(item);
      return withReason(chatMessage(choice['message'], 'assistant'), choice);
    }),
  };
}

/** Texts of the older completion call. */
export function completionOutput(value: unknown): CallOutput {
  return {
    messages: listOf(fieldsOf(value)['choices']).map((item) => {
      const choice = fieldsOf(item);
      const content = textOf(choice['text']) ?? '';
      return withReason({ role: 'assistant', parts: [{ type: 'text', content }] }, choice);
    }),
  };
}

/** Adds to the message, which is ours. */
function withReason(message: Message, choice: Fields): Message {
  const reason = textOf(choice['finish_reason']);
  if (reason !== undefined) message.finish_reason = finishReason(reason);
  return message;
}

/** `responses` */
export function responsesResponse(value: unknown): CallResponse {
  const body = fieldsOf(value);
  const status = textOf(body['status']);
  const conversation = textOf(fieldsOf(body['conversation'])['id']);
  const why = textOf(fieldsOf(body['incomplete_details'])['reason']);
  return {
    id: textOf(body['id']),
    model: textOf(body['model']),
    status,
    finishReasons: why === undefined ? undefined : [why],
    usage: responsesUsage(body['usage']),
    conversationId: conversation,
    error: errorOf(body['error']),
    providerAttributes: chatAttributes(body),
  };
}

export function responsesOutput(value: unknown): CallOutput {
  return { messages: responsesMessages(fieldsOf(value)['output'], 'assistant') };
}

/** `embeddings`: the vectors are never kept. */
export function embeddingsResponse(value: unknown): CallResponse {
  const body = fieldsOf(value);
  return {
    model: textOf(body['model']),
    usage: chatUsage(body['usage']),
    error: errorOf(body['error']),
  };
}

export function noOutput(): CallOutput {
  return {};
}

export function chatAttributes(body: Fields): NonNullable<CallResponse['providerAttributes']> {
  const attributes: NonNullable<CallResponse['providerAttributes']> = {};
  const { service_tier: tier, system_fingerprint: fingerprint } = body;
  if (typeof tier === 'string') attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER] = tier;
  if (typeof fingerprint === 'string') attributes[ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT] = fingerprint;
  return attributes;
}

/** Totals as reported: OpenAI counts cached tokens in the prompt and reasoning in the completion, as the conventions do. */
export function chatUsage(value: unknown): ReportedUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const usage = fieldsOf(value);
  const ofPrompt = fieldsOf(usage['prompt_tokens_details']);
  const ofAnswer = fieldsOf(usage['completion_tokens_details']);
  return {
    inputTokens: numberOf(usage['prompt_tokens']),
    outputTokens: numberOf(usage['completion_tokens']),
    cacheReadTokens: numberOf(ofPrompt['cached_tokens']) ?? numberOf(usage['prompt_cache_hit_tokens']),
    cacheWriteTokens: numberOf(ofPrompt['cache_write_tokens']),
    reasoningTokens: numberOf(ofAnswer['reasoning_tokens']),
  };
}

export function responsesUsage(value: unknown): ReportedUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const usage = fieldsOf(value);
  return {
    inputTokens: numberOf(usage['input_tokens']),
    outputTokens: numberOf(usage['output_tokens']),
    cacheReadTokens: numberOf(fieldsOf(usage['input_tokens_details'])['cached_tokens']),
    reasoningTokens: numberOf(fieldsOf(usage['output_tokens_details'])['reasoning_tokens']),
  };
}

/** Proxies answer 200 with an `error` in the body, and the Responses API says `failed` in the same way. */
export function errorOf(value: unknown): CallResponse['error'] | undefined {
  if (value === undefined || value === null) return undefined;
  const error = fieldsOf(value);
  const code = error['code'] ?? error['type'];
  const type = typeof code === 'string' || typeof code === 'number' ? String(code) : ERROR_TYPE_VALUE_OTHER;
  const message = textOf(error['message']) ?? textOf(value);
  return message === undefined ? { type } : { type, message };
}
