import { fieldsOf, listOf, numberOf, textOf } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { choicesOf, completionOutput, completionResponse } from './response.js';
import type { ChatMessage, Completion, ToolCall } from './sdk-types.js';

/** A tool call that is still growing. */
interface GrowingCall {
  id: unknown;
  name: string;
  arguments: unknown;
}

interface GrowingChoice {
  /** Text and thoughts, in the order in which they came. */
  content: { type: string; text: string }[];
  others: unknown[];
  calls: Map<number, GrowingCall>;
  finishReason: unknown;
}

/** Folds the events of one streamed answer, choices apart. */
export function createCompletionReducer(keepContent: boolean): StreamReducer {
  const answer: Completion = {};
  const choices = new Map<number, GrowingChoice>();

  function whole(): Completion {
    const inOrder = [...choices].toSorted(([a], [b]) => a - b);
    return { ...answer, choices: inOrder.map(([, choice]) => wholeChoice(choice, keepContent)) };
  }

  return {
    add(chunk: unknown): void {
      const piece: Completion = fieldsOf(fieldsOf(chunk)['data']);
      answer.id ??= piece.id;
      answer.model ??= piece.model;
      answer.usage = piece.usage ?? answer.usage;
      for (const { index, delta, finishReason } of choicesOf(piece)) {
        const choice = choiceAt(choices, numberOf(index) ?? 0);
        if (textOf(finishReason) !== undefined) choice.finishReason = finishReason;
        if (keepContent && delta) growChoice(choice, delta);
      }
    },
    response(): CallResponse {
      return completionResponse(whole());
    },
    output(): CallOutput {
      return completionOutput(whole());
    },
    get finished(): boolean {
      return (
        choices.size > 0 && [...choices.values()].every(({ finishReason }) => finishReason !== undefined)
      );
    },
  };
}

function choiceAt(choices: Map<number, GrowingChoice>, index: number): GrowingChoice {
  let choice = choices.get(index);
  if (choice === undefined) {
    choices.set(index, (choice = { content: [], others: [], calls: new Map(), finishReason: undefined }));
  }
  return choice;
}

function growChoice(choice: GrowingChoice, delta: ChatMessage): void {
  if (typeof delta.content === 'string') growText(choice, 'text', delta.content);
  for (const chunk of listOf(delta.content)) growContent(choice, fieldsOf(chunk));
  for (const call of listOf(delta.toolCalls)) growCall(choice.calls, fieldsOf(call));
}

function growContent(choice: GrowingChoice, chunk: Readonly<Record<string, unknown>>): void {
  if (chunk['type'] === 'text') growText(choice, 'text', textOf(chunk['text']) ?? '');
  else if (chunk['type'] === 'thinking') {
    for (const piece of listOf(chunk['thinking']))
      growText(choice, 'thinking', textOf(fieldsOf(piece)['text']) ?? '');
  } else choice.others.push(chunk);
}

function growText(choice: GrowingChoice, type: string, text: string): void {
  if (text === '') return;
  const last = choice.content.at(-1);
  if (last?.type === type) last.text += text;
  else choice.content.push({ type, text });
}

/** Calls are told apart by their index; the SDK gives all of them 0 where the API gave none, and then a new id is a new call. */
function growCall(calls: Map<number, GrowingCall>, { id, index, function: called }: ToolCall): void {
  let key = numberOf(index) ?? 0;
  const known = calls.get(key);
  if (known !== undefined && isId(id) && known.id !== id) key = calls.size;
  const call = calls.get(key) ?? { id, name: '', arguments: undefined };
  calls.set(key, call);
  call.name += textOf(called?.name) ?? '';
  const given = called?.arguments;
  const isText = typeof given === 'string' && typeof call.arguments === 'string';
  call.arguments = isText ? `${call.arguments as string}${given}` : (given ?? call.arguments);
}

function isId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id !== 'null';
}

function wholeChoice(choice: GrowingChoice, hasContent: boolean): object {
  const { content, others, calls, finishReason } = choice;
  if (!hasContent) return { finishReason };
  const chunks = content.map(({ type, text }) =>
    type === 'text' ? { type, text } : { type, thinking: text },
  );
  const toolCalls = [...calls.values()].map(({ id, ...called }) => ({ id, function: called }));
  return { message: { role: 'assistant', content: [...chunks, ...others], toolCalls }, finishReason };
}
