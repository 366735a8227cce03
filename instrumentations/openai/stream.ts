import type { Message } from '../../semconv/model/message.js';
import { growingText, growText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import type { CallOutput, CallResponse, ReportedUsage, StreamReducer } from '../../src/instrument/records.js';
import { chatMessage, finishReason } from './chat-messages.js';
import { chatAttributes, chatUsage, errorOf } from './response.js';
import type { ChatChunk, ChatChunkChoice, ChatDelta, ToolCallDelta } from './sdk-types.js';

interface Choice {
  text: GrowingText;
  reasoning: GrowingText;
  refusal: string;
  audio: { id?: string; data: string; transcript: string } | undefined;
  calls: ToolCall[];
  finishReason: string | undefined;
}

interface ToolCall {
  index: number;
  id: string | undefined;
  name: string;
  text: GrowingText;
  isCustom: boolean;
}

/** Folds the chunks of a streamed chat completion, each choice and each tool call by its index. */
export function chatReducer(keepContent: boolean): StreamReducer {
  const choices: (Choice | undefined)[] = [];
  const head: {
    id?: string;
    model?: string;
    service_tier?: string;
    system_fingerprint?: string;
    error?: unknown;
  } = {};
  let usage: ReportedUsage | undefined;
  let open = 0;

  function add(chunk: ChatChunk): void {
    if (head.id === undefined || head.id === '') readHead(head, chunk);
    if (chunk.usage != null) usage = chatUsage(chunk.usage);
    const list = chunk.choices;
    if (list === undefined || list === null) {
      head.error ??= (chunk as { error?: unknown }).error;
      return;
    }
    for (let i = 0; i < list.length; i += 1) addChoice(list[i] as ChatChunkChoice, chunk);
  }

  function addChoice(part: ChatChunkChoice, chunk: ChatChunk): void {
    const index = part.index ?? 0;
    let choice = choices[index];
    if (choice === undefined) {
      choice = choices[index] = newChoice();
      open += 1;
    }
    if (keepContent && part.delta != null) addDelta(choice, part.delta);
    if (part.finish_reason == null) return;
    if (choice.finishReason === undefined) open -= 1;
    choice.finishReason = part.finish_reason;
    // Some providers report the usage beside the last choice; service tier and fingerprint may come late, too.
    const reported = part.usage ?? chunk.x_groq?.usage;
    if (usage === undefined && reported != null) usage = chatUsage(reported);
    readHead(head, chunk);
  }

  return {
    add,
    response(): CallResponse {
      const reasons = choices.flatMap((choice) => choice?.finishReason ?? []);
      return {
        id: head.id,
        model: head.model,
        finishReasons: reasons.length > 0 ? reasons : undefined,
        usage,
        error: errorOf(head.error),
        providerAttributes: chatAttributes(head),
      };
    },
    output(): CallOutput {
      return {
        messages: keepContent
          ? choices.flatMap((choice) => (choice === undefined ? [] : toMessage(choice)))
          : [],
      };
    },
    get finished(): boolean {
      return open === 0 && choices.length > 0;
    },
  };
}

function newChoice(): Choice {
  return {
    text: growingText(),
    reasoning: growingText(),
    refusal: '',
    audio: undefined,
    calls: [],
    finishReason: undefined,
  };
}

/** Some send an empty id and model first (Azure, with what its content filter says of the prompt): the next chunk has them. */
function readHead(head: Record<string, unknown>, chunk: ChatChunk): void {
  head['id'] ||= chunk.id;
  head['model'] ||= chunk.model;
  head['service_tier'] ??= chunk.service_tier;
  head['system_fingerprint'] ??= chunk.system_fingerprint;
}

function addDelta(choice: Choice, delta: ChatDelta): void {
  if (typeof delta.content === 'string') growText(choice.text, delta.content);
  if (delta.tool_calls != null) for (const call of delta.tool_calls) addToolCall(choice.calls, call);
  const reasoning = delta.reasoning_content ?? delta.reasoning;
  if (typeof reasoning === 'string') growText(choice.reasoning, reasoning);
  if (typeof delta.refusal === 'string') choice.refusal += delta.refusal;
  if (delta.function_call != null) addToolCall(choice.calls, { index: 0, function: delta.function_call });
  if (delta.audio != null) addAudio(choice, delta.audio);
}

function addAudio(choice: Choice, audio: NonNullable<ChatDelta['audio']>): void {
  const kept = (choice.audio ??= { data: '', transcript: '' });
  if (audio.id !== undefined) kept.id = audio.id;
  kept.data += audio.data ?? '';
  kept.transcript += audio.transcript ?? '';
}

/** Calls are told apart by index. Where a provider leaves it out, a new id begins a new call. */
function addToolCall(calls: ToolCall[], delta: ToolCallDelta): void {
  const last = calls.at(-1);
  const begins = last === undefined || (delta.id !== undefined && delta.id !== '' && delta.id !== last.id);
  const index = delta.index ?? (begins ? calls.length : last.index);
  let call = calls.find((known) => known.index === index);
  if (call === undefined) {
    call = { index, id: delta.id, name: '', text: growingText(), isCustom: false };
    calls.push(call);
  }
  call.id ??= delta.id;
  if (delta.custom !== undefined) {
    call.isCustom = true;
    addPiece(call, delta.custom.name, delta.custom.input);
  } else {
    addPiece(call, delta.function?.name, delta.function?.arguments);
  }
}

function addPiece(call: ToolCall, name: string | undefined, text: string | undefined): void {
  call.name += name ?? '';
  if (typeof text === 'string') growText(call.text, text);
}

function toMessage(choice: Choice): Message {
  const message = chatMessage({
    role: 'assistant',
    content: grownText(choice.text),
    reasoning: grownText(choice.reasoning),
    refusal: choice.refusal === '' ? undefined : choice.refusal,
    audio: choice.audio,
    tool_calls: choice.calls.map(({ id, name, text, isCustom }) =>
      isCustom
        ? { id, custom: { name, input: grownText(text) } }
        : { id, function: { name, arguments: grownText(text) } },
    ),
  });
  if (choice.finishReason !== undefined) message.finish_reason = finishReason(choice.finishReason);
  return message;
}

type TextChoice = ChatChunkChoice & { text?: string };

/** Folds the chunks of the older streamed completion call: the same frame, with `text` instead of a delta. */
export function completionReducer(keepContent: boolean): StreamReducer {
  const reducer = chatReducer(keepContent);
  return {
    add(chunk: unknown): void {
      const { choices, ...rest } = chunk as Omit<ChatChunk, 'choices'> & { choices?: TextChoice[] };
      if (choices === undefined) reducer.add(rest);
      else
        reducer.add({
          ...rest,
          choices: choices.map((choice) => ({ ...choice, delta: { content: choice.text } })),
        });
    },
    response: reducer.response,
    output: reducer.output,
    get finished(): boolean {
      return reducer.finished;
    },
  };
}
