import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { errorOf, responsesOutput, responsesResponse } from './response.js';
import type { ResponsesEvent } from './sdk-types.js';

interface Item {
  /** As the provider first sent it, and in its final form once that has come. */
  item: Record<string, unknown>;
  isDone: boolean;
  /** Text that came in pieces, by the field that it belongs to. */
  pieces: Map<string, string>;
}

/**
 * Folds the events of a streamed response. The last event carries the whole response, so the pieces are only needed when
 * the stream ends before it.
 */
export function responsesReducer(keepContent: boolean): StreamReducer {
  let response: unknown;
  let error: CallResponse['error'];
  let finished = false;
  const items = new Map<number, Item>();

  function add(event: ResponsesEvent): void {
    const { type } = event;
    if (type === undefined) return;
    if (event.response !== undefined && type.startsWith('response.')) {
      response = event.response;
      if (FINAL.has(type)) finished = true;
    } else if (type === 'error') {
      error = errorOf(event);
    } else if (keepContent) {
      addPiece(items, event);
    }
  }

  return {
    add,
    response(): CallResponse {
      const known = responsesResponse(response);
      return error === undefined ? known : { ...known, error };
    },
    output(): CallOutput {
      if (!keepContent) return {};
      if (finished) return responsesOutput(response);
      return responsesOutput({
        output: [...items.entries()].toSorted(([a], [b]) => a - b).map(([, item]) => assembled(item)),
      });
    },
    get finished(): boolean {
      return finished;
    },
  };
}

const FINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** Which field of an item the pieces of an event belong to. */
const PIECES: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'text',
  'response.refusal.delta': 'refusal',
  'response.function_call_arguments.delta': 'arguments',
  'response.custom_tool_call_input.delta': 'input',
  'response.reasoning_text.delta': 'reasoning',
  'response.reasoning_summary_text.delta': 'reasoning',
};

function addPiece(items: Map<number, Item>, event: ResponsesEvent): void {
  const index = event.output_index ?? 0;
  if (event.item !== undefined) {
    items.set(index, {
      item: { ...(event.item as object) },
      isDone: event.type === 'response.output_item.done',
      pieces: new Map(),
    });
    return;
  }
  const field = PIECES[event.type as string];
  const item = items.get(index);
  if (field === undefined || item === undefined || typeof event.delta !== 'string') return;
  item.pieces.set(field, (item.pieces.get(field) ?? '') + event.delta);
}

function assembled({ item, isDone, pieces }: Item): Record<string, unknown> {
  if (isDone) return item;
  const content = [];
  if (pieces.has('text')) content.push({ type: 'output_text', text: pieces.get('text') });
  if (pieces.has('refusal')) content.push({ type: 'refusal', refusal: pieces.get('refusal') });
  if (pieces.has('reasoning')) content.push({ type: 'text', text: pieces.get('reasoning') });
  const whole: Record<string, unknown> = { ...item };
  if (content.length > 0) whole['content'] = content;
  for (const field of ['arguments', 'input']) if (pieces.has(field)) whole[field] = pieces.get(field);
  return whole;
}
