import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { fieldsOf, parsedOrText, textOf } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import { finishReason } from './response.js';

/** A part that is still growing. Pieces are joined as they come: text, or the JSON text of a tool's arguments. */
interface GrowingPart {
  start: MessagePart;
  text: string;
  pieces: JsonValue[];
}

/** One streamed answer, in whatever order its choices and their parts grow. */
export interface GrowingAnswer {
  /** What is known of the answer as a whole. */
  readonly facts: Pick<CallResponse, 'id' | 'model'> & { role?: string; usage?: ReportedUsage | undefined };
  /** Begins a part, unless there is one at that place. Does nothing when no content is kept. */
  begin(choice: number, index: number, start: MessagePart): void;
  /** Adds a piece of text to the part, which is of the type `type` if it begins with it. */
  grow(choice: number, index: number, type: 'text' | 'reasoning' | 'tool_call', piece: string): void;
  /** Adds a field to a part that is there. */
  mark(choice: number, index: number, fields: Readonly<Record<string, JsonValue>>): void;
  /** Adds a part to the content of the tool's result, or a citation to the text, at that place. */
  append(choice: number, index: number, piece: JsonValue): void;
  /** The model has ended a choice, by the provider's own word. */
  finish(choice: number, reason: string): void;
  readonly finished: boolean;
  response(): CallResponse;
  output(): CallOutput;
}

const ORDER = 100_000;

/** An answer that keeps no text when `keepContent` is false. */
export function createGrowingAnswer(keepContent: boolean): GrowingAnswer {
  const facts: GrowingAnswer['facts'] = {};
  const parts = new Map<number, GrowingPart>();
  const reasons = new Map<number, string>();

  function partAt(choice: number, index: number, start: MessagePart): GrowingPart {
    const place = choice * ORDER + index;
    let part = parts.get(place);
    if (part === undefined) parts.set(place, (part = { start, text: '', pieces: [] }));
    return part;
  }

  function messages(): Message[] {
    const byChoice = new Map<number, MessagePart[]>();
    for (const [place, part] of [...parts].toSorted(([a], [b]) => a - b)) {
      const choice = Math.floor(place / ORDER);
      const list = byChoice.get(choice) ?? [];
      byChoice.set(choice, list);
      list.push(wholePart(part));
    }
    return [...byChoice].map(([choice, list]) => {
      const reason = reasons.get(choice);
      const message: Message = { role: facts.role ?? 'assistant', parts: list };
      return reason === undefined ? message : { ...message, finish_reason: reason };
    });
  }

  return {
    facts,
    begin(choice, index, start) {
      if (keepContent) partAt(choice, index, start);
    },
    grow(choice, index, type, piece) {
      if (!keepContent) return;
      const start: MessagePart = type === 'tool_call' ? { type, name: '' } : { type, content: '' };
      partAt(choice, index, start).text += piece;
    },
    mark(choice, index, fields) {
      const part = parts.get(choice * ORDER + index);
      if (part !== undefined) part.start = { ...part.start, ...fields };
    },
    append(choice, index, piece) {
      if (keepContent) partAt(choice, index, { type: 'text', content: '' }).pieces.push(piece);
    },
    finish(choice, reason) {
      reasons.set(choice, finishReason(reason));
    },
    get finished() {
      return reasons.size > 0;
    },
    response() {
      const { id, model, usage } = facts;
      const inOrder = [...reasons].toSorted(([a], [b]) => a - b).map(([, reason]) => reason);
      return {
        ...(id === undefined ? {} : { id }),
        ...(model === undefined ? {} : { model }),
        ...(inOrder.length === 0 ? {} : { finishReasons: inOrder }),
        ...(usage === undefined ? {} : { usage }),
      };
    },
    output() {
      return parts.size === 0 ? {} : { messages: messages() };
    },
  };
}

/** The part as an answer that was not streamed would have had it. Arguments that were broken off stay as text. */
function wholePart({ start, text, pieces }: GrowingPart): MessagePart {
  const fields: Readonly<Record<string, unknown>> = { ...start };
  const given = text === '' ? {} : { arguments: parsedOrText(text) };
  switch (start.type) {
    case 'text':
    case 'reasoning': {
      const cited = pieces.length === 0 ? {} : { citations: pieces };
      return { ...start, content: (textOf(fields['content']) ?? '') + text, ...cited };
    }
    case 'tool_call':
      return { ...start, ...given };
    case 'server_tool_call':
      return { ...start, server_tool_call: { ...jsonOf(fields['server_tool_call']), ...given } };
    case 'tool_call_response':
      return { ...start, response: pieces };
    case 'server_tool_call_response': {
      const response = jsonOf(fields['server_tool_call_response']);
      return { ...start, server_tool_call_response: { ...response, content: pieces } };
    }
    default:
      return start;
  }
}

function jsonOf(value: unknown): Record<string, JsonValue> {
  return fieldsOf(value) as Record<string, JsonValue>;
}
