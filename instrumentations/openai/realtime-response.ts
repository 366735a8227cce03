import * as gen from '../../semconv/attributes.js';
import { fieldsOf, listOf, numberOf, textOf } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse } from '../../src/instrument/records.js';
import { itemMessages, slimItem } from './realtime-items.js';
import { errorOf } from './response.js';

/** Answers of a Realtime session to canonical records. Pure. */

export function realtimeResponse(value: unknown): CallResponse {
  const response = fieldsOf(value);
  const details = fieldsOf(response['status_details']);
  const why = textOf(details['reason']);
  const status = textOf(response['status']);
  return {
    id: textOf(response['id']),
    model: textOf(response['model']),
    status,
    finishReasons: why === undefined ? undefined : [why],
    conversationId: textOf(response['conversation_id']),
    error: status === 'failed' ? (errorOf(details['error']) ?? { type: status }) : undefined,
    ...realtimeUsage(response['usage']),
  };
}

/** Totals, and what of them was text, sound and images. */
function realtimeUsage(value: unknown): Pick<CallResponse, 'usage' | 'providerAttributes'> {
  if (typeof value !== 'object' || value === null) return {};
  const usage = fieldsOf(value);
  const input = fieldsOf(usage['input_token_details']);
  const cached = fieldsOf(input['cached_tokens_details']);
  const output = fieldsOf(usage['output_token_details']);
  return {
    usage: {
      inputTokens: numberOf(usage['input_tokens']),
      outputTokens: numberOf(usage['output_tokens']),
      cacheReadTokens: numberOf(input['cached_tokens']),
      reasoningTokens: numberOf(output['reasoning_tokens']),
    },
    providerAttributes: {
      [gen.ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS]: numberOf(input['text_tokens']),
      [gen.ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS]: numberOf(input['audio_tokens']),
      [gen.ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS]: numberOf(input['image_tokens']),
      [gen.ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS]: numberOf(cached['text_tokens']),
      [gen.ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS]: numberOf(cached['audio_tokens']),
      [gen.ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS]: numberOf(cached['image_tokens']),
      [gen.ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS]: numberOf(output['text_tokens']),
      [gen.ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS]: numberOf(output['audio_tokens']),
    },
  };
}

export function realtimeOutput(value: unknown): CallOutput {
  const items = listOf(fieldsOf(value)['output']).map((item) => slimItem(item, undefined));
  return { messages: itemMessages(items, 'assistant') };
}
