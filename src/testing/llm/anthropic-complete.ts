import type { JsonObject } from '../../../semconv/model/json.js';
import type { Turn } from '../script.js';
import { textPieces, type Endpoint, type Frame, type ReplyContext } from './reply.js';

/** `POST /v1/complete`, the old text API. */
export const anthropicComplete: Endpoint = { json, frames, lineEnd: '\r\n' };

function stopReason(turn: Turn): string {
  return turn.finishReason === 'length' ? 'max_tokens' : (turn.finishReason ?? 'stop_sequence');
}

function completion(context: ReplyContext, id: string, text: string, stop: string | null): JsonObject {
  return {
    type: 'completion',
    id,
    completion: text,
    stop_reason: stop,
    model: context.model,
    stop: stop === 'stop_sequence' ? '\n\nHuman:' : null,
    log_id: id,
  };
}

function json(turn: Turn, context: ReplyContext): JsonObject {
  return completion(context, context.id('compl_01', 22), turn.text ?? '', stopReason(turn));
}

function frames(turn: Turn, context: ReplyContext): Frame[] {
  const id = context.id('compl_01', 22);
  const event = (text: string, stop: string | null): Frame => ({
    event: 'completion',
    data: JSON.stringify(completion(context, id, text, stop)),
  });
  const pieces = textPieces(turn.text ?? '');
  const last = pieces.pop() ?? '';
  return [
    ...pieces.map((piece) => event(piece, null)),
    { event: 'ping', data: '{"type": "ping"}' },
    event(last, stopReason(turn)),
  ];
}
