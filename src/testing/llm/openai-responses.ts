import type { JsonObject } from '../../../semconv/model/json.js';
import type { Turn } from '../script.js';
import { responseObject, type ResponseState } from './openai-response-object.js';
import {
  argumentPieces,
  argumentText,
  textPieces,
  type Endpoint,
  type Frame,
  type ReplyContext,
} from './reply.js';

/** `POST /v1/responses`. */
export const openaiResponses: Endpoint = { json, frames };

type Piece = JsonObject & { type: string };

/** One output item, with the events between `output_item.added` and `output_item.done`. */
interface Item {
  readonly start: JsonObject;
  readonly whole: JsonObject;
  readonly events: readonly Piece[];
}

function json(turn: Turn, context: ReplyContext): JsonObject {
  const state: ResponseState = { id: context.id('resp_', 48), ended: true };
  return responseObject(
    turn,
    context,
    state,
    items(turn, context).map((item) => item.whole),
  );
}

function frames(turn: Turn, context: ReplyContext): Frame[] {
  const id = context.id('resp_', 48);
  const opening = responseObject(turn, context, { id, ended: false }, []);
  const output = items(turn, context);
  const closing = responseObject(
    turn,
    context,
    { id, ended: true },
    output.map((item) => item.whole),
  );
  const pieces: Piece[] = [
    { type: 'response.created', response: opening },
    { type: 'response.in_progress', response: opening },
    ...output.flatMap((item, index): Piece[] => [
      { type: 'response.output_item.added', output_index: index, item: item.start },
      ...item.events.map((event) => ({ ...event, output_index: index })),
      { type: 'response.output_item.done', output_index: index, item: item.whole },
    ]),
    {
      type: closing['status'] === 'incomplete' ? 'response.incomplete' : 'response.completed',
      response: closing,
    },
  ];
  return pieces.map((piece, at) => ({
    event: piece.type,
    data: JSON.stringify({ ...piece, sequence_number: at }),
  }));
}

function items(turn: Turn, context: ReplyContext): Item[] {
  const list: Item[] = [];
  if (turn.reasoning !== undefined) list.push(reasoningItem(turn.reasoning, context));
  if (turn.text !== undefined || turn.refusal !== undefined) list.push(messageItem(turn, context));
  for (const call of turn.toolCalls ?? []) {
    const callId = call.id ?? context.id('call_', 24);
    list.push(callItem(call.name, argumentText(call.arguments), callId, context));
  }
  return list;
}

function reasoningItem(text: string, context: ReplyContext): Item {
  const id = context.id('rs_', 48);
  const at = { item_id: id, summary_index: 0 };
  const part = { type: 'summary_text', text };
  const { include } = context.body;
  const asked = Array.isArray(include) && include.includes('reasoning.encrypted_content');
  const head = { id, type: 'reasoning', ...(asked ? { encrypted_content: context.id('gAAAAAB', 120) } : {}) };
  return {
    start: { ...head, summary: [] },
    whole: { ...head, summary: [part] },
    events: [
      { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
      ...textPieces(text).map((delta) => ({
        type: 'response.reasoning_summary_text.delta',
        ...at,
        delta,
        obfuscation: context.id('', 12),
      })),
      { type: 'response.reasoning_summary_text.done', ...at, text },
      { type: 'response.reasoning_summary_part.done', ...at, part },
    ],
  };
}

function messageItem(turn: Turn, context: ReplyContext): Item {
  const id = context.id('msg_', 48);
  const at = { item_id: id, content_index: 0 };
  const refused = turn.refusal !== undefined;
  const text = turn.refusal ?? turn.text ?? '';
  const kind = refused ? 'refusal' : 'output_text';
  const part = (said: string): JsonObject =>
    refused
      ? { type: 'refusal', refusal: said }
      : { type: 'output_text', annotations: [], logprobs: [], text: said };
  const extra: JsonObject = refused ? {} : { logprobs: [] };
  const head = { id, type: 'message', role: 'assistant' };
  return {
    start: { ...head, status: 'in_progress', content: [] },
    whole: {
      ...head,
      status: turn.finishReason === 'length' ? 'incomplete' : 'completed',
      content: [part(text)],
    },
    events: [
      { type: 'response.content_part.added', ...at, part: part('') },
      ...textPieces(text).map((delta) => ({
        type: `response.${kind}.delta`,
        ...at,
        delta,
        ...extra,
        obfuscation: context.id('', 12),
      })),
      refused
        ? { type: 'response.refusal.done', ...at, refusal: text }
        : { type: 'response.output_text.done', ...at, text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part: part(text) },
    ],
  };
}

function callItem(name: string, input: string, callId: string, context: ReplyContext): Item {
  const id = context.id('fc_', 48);
  const head = { id, type: 'function_call', call_id: callId, name };
  return {
    start: { ...head, status: 'in_progress', arguments: '' },
    whole: { ...head, status: 'completed', arguments: input },
    events: [
      ...argumentPieces(input).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        item_id: id,
        delta,
        obfuscation: context.id('', 12),
      })),
      { type: 'response.function_call_arguments.done', item_id: id, arguments: input },
    ],
  };
}
