import type { JsonObject } from '../../../semconv/model/json.js';
import type { Turn } from '../script.js';
import { parseJsonObject } from './json-object.js';
import {
  argumentPieces,
  argumentText,
  textPieces,
  turnUsage,
  type Endpoint,
  type Frame,
  type ReplyContext,
} from './reply.js';

/** `POST /v1/messages`. */
export const anthropicMessages: Endpoint = { json, frames };

/** `POST /v1/messages/count_tokens`. */
export const anthropicCountTokens: Endpoint = {
  json: (turn, context) => ({ input_tokens: turnUsage(turn, context.body).input }),
};

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_call: 'tool_use',
  content_filter: 'refusal',
};

function stopReason(turn: Turn): string {
  if (turn.finishReason !== undefined) return STOP_REASONS[turn.finishReason] ?? turn.finishReason;
  if (turn.refusal !== undefined) return 'refusal';
  return turn.toolCalls?.length ? 'tool_use' : 'end_turn';
}

/** One block, with the pieces that it is streamed in. */
interface Block {
  readonly whole: JsonObject;
  readonly start: JsonObject;
  readonly deltas: readonly JsonObject[];
}

function blocks(turn: Turn, context: ReplyContext): Block[] {
  const list: Block[] = [];
  if (turn.reasoning !== undefined) {
    const signature = `${context.id('', 86)}==`;
    list.push({
      whole: { type: 'thinking', thinking: turn.reasoning, signature },
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...textPieces(turn.reasoning).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature },
      ],
    });
  }
  const text = turn.text ?? turn.refusal;
  if (text !== undefined) {
    list.push({
      whole: { type: 'text', text },
      start: { type: 'text', text: '' },
      deltas: textPieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
    });
  }
  for (const call of turn.toolCalls ?? []) {
    const head = { type: 'tool_use', id: call.id ?? context.id('toolu_01', 22), name: call.name };
    const input = argumentText(call.arguments);
    list.push({
      // A plain answer has no room for arguments that are not JSON: they are wrapped.
      whole: { ...head, input: parseJsonObject(input) ?? { INVALID_JSON: input } },
      start: { ...head, input: {} },
      deltas: ['', ...argumentPieces(input)].map((piece) => ({
        type: 'input_json_delta',
        partial_json: piece,
      })),
    });
  }
  return list;
}

/** The caller's `input` counts the cached tokens; this API reports them apart. */
function usage(turn: Turn, body: JsonObject): JsonObject & { input_tokens: number; output_tokens: number } {
  const { input, output, cacheRead, cacheWrite } = turnUsage(turn, body);
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
  };
}

/** Present only when the model thought. */
function thinkingUsage(turn: Turn, body: JsonObject): JsonObject {
  const { reasoning } = turnUsage(turn, body);
  return reasoning === 0 ? {} : { output_tokens_details: { thinking_tokens: reasoning } };
}

function message(
  context: ReplyContext,
  content: JsonObject[],
  stop: string | null,
  used: JsonObject,
): JsonObject {
  return {
    model: context.model,
    id: context.id('msg_01', 22),
    type: 'message',
    role: 'assistant',
    content,
    stop_reason: stop,
    stop_sequence: null,
    stop_details: null,
    usage: {
      ...used,
      cache_creation: {
        ephemeral_5m_input_tokens: used['cache_creation_input_tokens'] ?? 0,
        ephemeral_1h_input_tokens: 0,
      },
      service_tier: 'standard',
      inference_geo: 'not_available',
    },
  };
}

function json(turn: Turn, context: ReplyContext): JsonObject {
  const content = blocks(turn, context).map((block) => block.whole);
  const used = { ...usage(turn, context.body), ...thinkingUsage(turn, context.body) };
  return message(context, content, stopReason(turn), used);
}

function frames(turn: Turn, context: ReplyContext): Frame[] {
  const used = usage(turn, context.body);
  const start = message(context, [], null, { ...used, output_tokens: 1 });
  const list: Frame[] = [frame({ type: 'message_start', message: start }, 7)];
  for (const [index, block] of blocks(turn, context).entries()) {
    list.push(frame({ type: 'content_block_start', index, content_block: block.start }, list.length));
    if (index === 0) list.push({ event: 'ping', data: '{"type": "ping"}' });
    for (const delta of block.deltas) {
      list.push(frame({ type: 'content_block_delta', index, delta }, list.length));
    }
    list.push(frame({ type: 'content_block_stop', index }, list.length));
  }
  const delta = { stop_reason: stopReason(turn), stop_sequence: null, stop_details: null };
  const total = { ...used, ...thinkingUsage(turn, context.body) };
  list.push(frame({ type: 'message_delta', delta, usage: total }, list.length));
  list.push(frame({ type: 'message_stop' }, list.length));
  return list;
}

/** The provider pads its events with a varying number of blanks before the last brace. */
function frame(body: JsonObject & { type: string }, seed: number): Frame {
  const text = JSON.stringify(body);
  return { event: body.type, data: `${text.slice(0, -1)}${' '.repeat((seed * 7) % 15)}}` };
}
