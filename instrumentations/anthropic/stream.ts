import { growingText, growText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import {
  readCompletion,
  readCompletionOutput,
  readError,
  readMessage,
  readMessageOutput,
} from './response.js';
import type { ApiCompletion, ApiMessage, ApiUsage, ContentBlock, StreamEvent } from './sdk-types.js';

/** A block that is still growing. Text arrives in many pieces: they are joined once, when the output is asked for. */
interface GrowingBlock {
  start: ContentBlock;
  text: GrowingText;
  /** Tool arguments: JSON text that is whole only at the end. */
  json: GrowingText;
  citations: unknown[];
}

type Delta = NonNullable<StreamEvent['delta']>;

/** Folds the events of one streamed message, in whatever order its blocks grow. */
export function createMessageReducer(keepContent: boolean): StreamReducer {
  const message: ApiMessage = {};
  const blocks = new Map<number, GrowingBlock>();
  /** The one that grew last: mostly the one that grows next. */
  let newest: GrowingBlock | undefined;
  let newestIndex: number | undefined;
  let error: CallResponse['error'];
  let finished = false;

  function addBlock(event: StreamEvent): void {
    if (!keepContent || typeof event.index !== 'number') return;
    if (event.type === 'content_block_start') {
      // A copy: the SDK's own helper grows the block of the event in place.
      const { citations, ...start } = event.content_block ?? {};
      newest = {
        start,
        text: growingText(),
        json: growingText(),
        citations: Array.isArray(citations) ? [...citations] : [],
      };
      newestIndex = event.index;
      blocks.set(event.index, newest);
      return;
    }
    if (event.index !== newestIndex) {
      newestIndex = event.index;
      newest = blocks.get(event.index);
    }
    if (newest !== undefined && event.delta) growBlock(newest, event.delta);
  }

  return {
    add(chunk: unknown): void {
      if (typeof chunk !== 'object' || chunk === null) return;
      const event = chunk as StreamEvent;
      switch (event.type) {
        // Nearly all of them: asked first.
        case 'content_block_delta':
        case 'content_block_start':
          addBlock(event);
          break;
        case 'message_start':
          startMessage(message, event.message);
          break;
        case 'message_delta':
          if (event.delta?.stop_reason !== undefined) message.stop_reason = event.delta.stop_reason;
          message.usage = mergeUsage(message.usage, event.usage);
          break;
        case 'message_stop':
          finished = true;
          break;
        default:
          error ??= readError(event);
      }
    },
    response(): CallResponse {
      const response = readMessage(message);
      return error ? { ...response, error } : response;
    },
    output(): CallOutput {
      if (blocks.size === 0) return {};
      const inOrder = [...blocks].toSorted(([a], [b]) => a - b);
      return readMessageOutput({ ...message, content: inOrder.map(([, block]) => wholeBlock(block)) });
    },
    get finished(): boolean {
      return finished;
    },
  };
}

/** Folds the events of one streamed answer of the older `completions.create`: each carries the next piece of text. */
export function createCompletionReducer(keepContent: boolean): StreamReducer {
  const completion: ApiCompletion = {};
  let text: string | undefined;
  let error: CallResponse['error'];
  let finished = false;
  return {
    add(chunk: unknown): void {
      if (typeof chunk !== 'object' || chunk === null) return;
      const event = chunk as ApiCompletion & { type?: unknown; error?: unknown };
      error ??= readError(event);
      if (keepContent && typeof event.completion === 'string') text = (text ?? '') + event.completion;
      completion.id ??= event.id;
      completion.model ??= event.model;
      if (typeof event.stop_reason === 'string') {
        completion.stop_reason = event.stop_reason;
        finished = true;
      }
    },
    response(): CallResponse {
      const response = readCompletion(completion);
      return error ? { ...response, error } : response;
    },
    output(): CallOutput {
      return readCompletionOutput({ ...completion, completion: text });
    },
    get finished(): boolean {
      return finished;
    },
  };
}

/** The count of output tokens that comes with the start is a placeholder: only a later `message_delta` has the real one. */
function startMessage(message: ApiMessage, start: ApiMessage | undefined): void {
  if (typeof start !== 'object' || start === null) return;
  message.id = start.id;
  message.role = start.role;
  message.model = start.model;
  message.stop_reason = start.stop_reason;
  if (start.usage) message.usage = { ...start.usage, output_tokens: undefined };
}

/** Counts of a later event are running totals; those that it leaves out, or gives as null, stand. */
function mergeUsage(known: ApiUsage | null | undefined, later: ApiUsage | null | undefined): ApiUsage {
  const usage: Record<string, unknown> = { ...known };
  for (const [key, value] of Object.entries(later ?? {})) {
    if (value !== null && value !== undefined) usage[key] = value;
  }
  return usage;
}

function growBlock(block: GrowingBlock, delta: Delta): void {
  if (typeof delta.text === 'string') growText(block.text, delta.text);
  else if (typeof delta.thinking === 'string') growText(block.text, delta.thinking);
  else if (typeof delta.partial_json === 'string') growText(block.json, delta.partial_json);
  else if (delta.citation !== undefined) block.citations.push(delta.citation);
  else if (typeof delta.content === 'string') growText(block.text, delta.content);
}

/** The block as an unstreamed answer would have had it. */
function wholeBlock(block: GrowingBlock): ContentBlock {
  const whole: ContentBlock = { ...block.start };
  const field = textField(whole.type);
  const text = grownText(block.text);
  if (text !== '') {
    const start = whole[field];
    whole[field] = (typeof start === 'string' ? start : '') + text;
  }
  const json = grownText(block.json);
  if (json !== '') whole.input = parsedOrText(json);
  if (block.citations.length > 0) whole.citations = block.citations;
  return whole;
}

function textField(type: unknown): 'text' | 'thinking' | 'content' {
  if (type === 'thinking') return 'thinking';
  return type === 'text' ? 'text' : 'content';
}

/** Arguments that were broken off are kept as the text that came. */
function parsedOrText(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
