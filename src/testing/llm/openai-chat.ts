import type { JsonObject } from '../../../semconv/model/json.js';
import type { ScriptedChoice, Turn } from '../script.js';
import { asJsonObject } from './json-object.js';
import { openaiFinishReason, openaiFrame, openaiUsage } from './openai-common.js';
import {
  argumentPieces,
  argumentText,
  textPieces,
  type Endpoint,
  type Frame,
  type ReplyContext,
} from './reply.js';

/** `POST /v1/chat/completions`. */
export const openaiChat: Endpoint = { json, frames };

function json(turn: Turn, context: ReplyContext): JsonObject {
  return {
    id: context.id('chatcmpl-', 29),
    object: 'chat.completion',
    created: context.created,
    model: context.model,
    choices: choices(turn, context).map((choice, index) => ({
      index,
      message: message(choice, context),
      logprobs: null,
      finish_reason: finishReason(choice),
    })),
    usage: openaiUsage(turn, context.body),
    service_tier: 'default',
    system_fingerprint: 'fp_5f0c2e1a9b',
  };
}

function message(choice: ScriptedChoice, context: ReplyContext): JsonObject {
  return {
    role: 'assistant',
    content: choice.text ?? null,
    ...(choice.toolCalls?.length
      ? {
          tool_calls: choice.toolCalls.map((call) => ({
            id: call.id ?? context.id('call_', 24),
            type: 'function',
            function: { name: call.name, arguments: argumentText(call.arguments) },
          })),
        }
      : {}),
    refusal: choice.refusal ?? null,
    annotations: [],
  };
}

/** As many choices as `n` asks for; those that the turn does not spell out repeat its first. */
function choices(turn: Turn, { body }: ReplyContext): ScriptedChoice[] {
  const said = [turn, ...(turn.alternatives ?? [])];
  const wanted = typeof body['n'] === 'number' ? body['n'] : said.length;
  return Array.from({ length: Math.max(1, wanted) }, (_, index) => said[index] ?? turn);
}

function finishReason(choice: ScriptedChoice): string {
  return openaiFinishReason(choice.finishReason ?? (choice.toolCalls?.length ? 'tool_call' : 'stop'));
}

function frames(turn: Turn, context: ReplyContext): Frame[] {
  const options = asJsonObject(context.body['stream_options']);
  const head = {
    id: context.id('chatcmpl-', 29),
    object: 'chat.completion.chunk',
    created: context.created,
    model: context.model,
    service_tier: 'default',
    system_fingerprint: 'fp_5f0c2e1a9b',
  };
  const counted = options['include_usage'] === true;
  const chunk = (body: JsonObject): Frame =>
    openaiFrame({
      ...head,
      ...body,
      ...(options['include_obfuscation'] === false ? {} : { obfuscation: context.id('', 9) }),
    });
  const deltas = choices(turn, context).map((choice, index) =>
    choiceDeltas(choice, context).map(([delta, reason]) =>
      chunk({
        choices: [{ index, delta, logprobs: null, finish_reason: reason }],
        ...(counted ? { usage: null } : {}),
      }),
    ),
  );
  const last = counted ? [chunk({ choices: [], usage: openaiUsage(turn, context.body) })] : [];
  return [...interleave(deltas), ...last, { data: '[DONE]' }];
}

type Delta = readonly [delta: JsonObject, finishReason: string | null];

function choiceDeltas(choice: ScriptedChoice, context: ReplyContext): Delta[] {
  const calls = (choice.toolCalls ?? []).map((call, index) => ({
    start: {
      index,
      id: call.id ?? context.id('call_', 24),
      type: 'function',
      function: { name: call.name, arguments: '' },
    },
    pieces: argumentPieces(argumentText(call.arguments)),
  }));
  const deltas: JsonObject[] = [
    ...opening(
      choice,
      calls.map((call) => call.start),
    ),
    ...textPieces(choice.text ?? '').map((content): JsonObject => ({ content })),
    ...textPieces(choice.refusal ?? '').map((refusal): JsonObject => ({ refusal })),
  ];
  for (const [index, { start, pieces }] of calls.entries()) {
    if (!opensWithCall(choice)) deltas.push({ tool_calls: [start] });
    deltas.push(...pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })));
  }
  return [...deltas.map((delta): Delta => [delta, null]), [{}, finishReason(choice)]];
}

/** A single call without any text comes in the very first delta. */
function opensWithCall(choice: ScriptedChoice): boolean {
  return choice.toolCalls?.length === 1 && choice.text === undefined && choice.refusal === undefined;
}

function opening(choice: ScriptedChoice, starts: JsonObject[]): JsonObject[] {
  if (opensWithCall(choice)) {
    return [{ role: 'assistant', content: null, tool_calls: starts, refusal: null }];
  }
  const silent = starts.length > 0 && choice.text === undefined && choice.refusal === undefined;
  return [silent ? { role: 'assistant', content: null } : { role: 'assistant', content: '', refusal: null }];
}

/** The choices of one answer arrive in turns, not one after the other. */
function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
