import { errorMessage, errorType } from '../../src/instrument/call-error.js';
import { fieldsOf, textOf } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { readOutput, readResult } from './response.js';
import type { ModelResult, Part } from './sdk-types.js';

/** A part that grows: its text is joined once, when the output is asked for. */
interface GrowingPart {
  part: Part;
  pieces: string[];
}

/** Folds the parts of one stream of a language model, of any version of the interface. */
export function createStreamReducer(keepContent: boolean): StreamReducer {
  const result: ModelResult = {};
  const parts: GrowingPart[] = [];
  const growing = new Map<unknown, GrowingPart>();
  let error: CallResponse['error'];
  let finished = false;

  function open(key: string, part: Part): void {
    const grown = { part, pieces: [] };
    growing.set(key, grown);
    parts.push(grown);
  }

  function addContent(type: string, chunk: Part): void {
    const [kind, step] = splitType(type);
    const key = `${kind} ${String(chunk.id)}`;
    if (step === 'start') open(key, startOf(kind, chunk));
    else if (step === 'delta') growing.get(key)?.pieces.push(textOf(chunk.delta) ?? '');
    else if (step === undefined && WHOLE.has(type)) addWhole(chunk);
  }

  /** A whole call of a tool takes the place of the pieces that it came in. */
  function addWhole(chunk: Part): void {
    const pieces = growing.get(`tool-input ${String(chunk.toolCallId)}`);
    if (chunk.type === 'tool-call' && pieces !== undefined) {
      pieces.part = chunk;
      pieces.pieces = [];
    } else parts.push({ part: chunk, pieces: [] });
  }

  return {
    add(chunk: unknown): void {
      const part = fieldsOf(chunk) as Part & ModelResult & { error?: unknown };
      if (typeof part.type !== 'string') return;
      switch (part.type) {
        case 'response-metadata':
          result.response = { ...fieldsOf(result.response), ...known(part) };
          break;
        case 'finish':
          result.finishReason = part.finishReason;
          result.usage = part.usage;
          finished = true;
          break;
        case 'error':
          error ??= readError(part.error);
          break;
        default:
          if (keepContent) addContent(part.type, part);
      }
    },
    response(): CallResponse {
      const response = readResult(result);
      return error ? { ...response, error } : response;
    },
    output(): CallOutput {
      if (parts.length === 0) return {};
      return readOutput({ ...result, content: parts.map(wholePart) });
    },
    get finished(): boolean {
      return finished;
    },
  };
}

/** Parts that come in one piece. */
const WHOLE: ReadonlySet<string> = new Set(['tool-call', 'tool-result', 'file', 'reasoning-file', 'source']);

/** `text-delta` → `text`, `delta`. */
function splitType(type: string): [string, string?] {
  const found = /^(text|reasoning|tool-input)-(start|delta|end)$/.exec(type);
  return found === null ? [type] : [found[1] ?? '', found[2] ?? ''];
}

function startOf(kind: string, chunk: Part): Part {
  if (kind !== 'tool-input') return { type: kind, text: '' };
  return { ...chunk, type: 'tool-call', toolCallId: chunk.id, input: '' };
}

function wholePart({ part, pieces }: GrowingPart): Part {
  if (pieces.length === 0) return part;
  const text = pieces.join('');
  return part.type === 'tool-call' ? { ...part, input: text } : { ...part, text };
}

/** What a later event leaves out stands. */
function known(metadata: object): object {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

function readError(error: unknown): NonNullable<CallResponse['error']> {
  const message = errorMessage(error);
  const type = errorType(error);
  return message === undefined ? { type } : { type, message };
}
