import type { JsonObject } from '../../../semconv/model/json.js';
import type { Turn } from '../script.js';
import { asJsonObject } from './json-object.js';
import { openaiFinishReason, openaiFrame } from './openai-common.js';
import { textPieces, turnUsage, type Endpoint, type Frame, type ReplyContext } from './reply.js';

/** `POST /v1/completions`, the old text API. */
export const openaiCompletions: Endpoint = { json, frames };

function usage(turn: Turn, body: JsonObject): JsonObject {
  const { input, output } = turnUsage(turn, body);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function choice(text: string, reason: string | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: reason };
}

function json(turn: Turn, context: ReplyContext): JsonObject {
  return {
    id: context.id('cmpl-', 29),
    object: 'text_completion',
    created: context.created,
    model: context.model,
    choices: [choice(turn.text ?? '', openaiFinishReason(turn.finishReason ?? 'stop'))],
    usage: usage(turn, context.body),
  };
}

function frames(turn: Turn, context: ReplyContext): Frame[] {
  const head = { id: context.id('cmpl-', 29), object: 'text_completion', created: context.created };
  const counted = asJsonObject(context.body['stream_options'])['include_usage'] === true;
  const chunk = (choices: JsonObject[], used: JsonObject | null): Frame =>
    openaiFrame({ ...head, choices, model: context.model, ...(counted ? { usage: used } : {}) });
  return [
    ...textPieces(turn.text ?? '').map((piece) => chunk([choice(piece, null)], null)),
    chunk([choice('', openaiFinishReason(turn.finishReason ?? 'stop'))], null),
    ...(counted ? [chunk([], usage(turn, context.body))] : []),
    { data: '[DONE]' },
  ];
}
