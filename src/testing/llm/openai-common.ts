import type { JsonObject } from '../../../semconv/model/json.js';
import type { Turn } from '../script.js';
import { turnUsage, type Frame } from './reply.js';

const FINISH_REASONS: Readonly<Record<string, string>> = { tool_call: 'tool_calls' };

/** The word of the chat and completions API for a finish reason. */
export function openaiFinishReason(reason: string): string {
  return FINISH_REASONS[reason] ?? reason;
}

/** A data-only server-sent event. */
export function openaiFrame(body: JsonObject): Frame {
  return { data: JSON.stringify(body) };
}

/** `usage` of the chat API. Cached tokens are part of the prompt's, reasoning tokens part of the completion's. */
export function openaiUsage(turn: Turn, body: JsonObject): JsonObject {
  const usage = turnUsage(turn, body);
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
