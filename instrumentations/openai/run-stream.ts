import type { Message } from '../../semconv/model/message.js';
import { growText, growingText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { runOutput, runResponse, threadMessage } from './run-calls.js';

/** Folds the events of a streamed run: the run as it goes on, and the messages that it adds to its thread. */
export function runReducer(keepContent: boolean): StreamReducer {
  let run: Fields = {};
  const whole = new Map<string, Message>();
  const growing = new Map<string, GrowingText[]>();

  function add(chunk: unknown): void {
    const { event, data } = fieldsOf(chunk);
    const type = textOf(event) ?? '';
    if (type.startsWith('thread.run.') && !type.startsWith('thread.run.step.')) run = fieldsOf(data);
    else if (keepContent && type.startsWith('thread.message.')) addMessage(type, fieldsOf(data));
  }

  function addMessage(type: string, message: Fields): void {
    const id = textOf(message['id']) ?? '';
    if (type === 'thread.message.completed' || type === 'thread.message.incomplete') {
      growing.delete(id);
      whole.set(id, threadMessage(message));
    } else if (type === 'thread.message.delta') {
      let texts = growing.get(id);
      if (texts === undefined) growing.set(id, (texts = []));
      addPieces(texts, fieldsOf(message['delta'])['content']);
    }
  }

  return {
    add,
    response: (): CallResponse => runResponse(run),
    output(): CallOutput {
      if (!keepContent) return {};
      const broken = [...growing.values()].map((texts) => ({
        role: 'assistant',
        parts: texts.flatMap((text) => ({ type: 'text' as const, content: grownText(text) })),
      }));
      return { messages: [...whole.values(), ...broken, ...(runOutput(run).messages ?? [])] };
    },
    get finished(): boolean {
      return ENDED.has(textOf(run['status']) ?? '');
    },
  };
}

const ENDED = new Set(['completed', 'requires_action', 'incomplete', 'failed', 'cancelled', 'expired']);

function addPieces(texts: GrowingText[], content: unknown): void {
  for (const value of listOf(content)) {
    const part = fieldsOf(value);
    const piece = textOf(fieldsOf(part['text'])['value']);
    if (piece !== undefined) growText((texts[numberOf(part['index']) ?? 0] ??= growingText()), piece);
  }
}
