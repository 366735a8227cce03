import type { MessagePart } from '../../semconv/model/message.js';
import { addBase64, blobDigest, digestPart, type BlobDigest } from '../../src/instrument/blob-digest.js';
import { growText, growingText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import {
  fieldsOf,
  numberOf,
  parsedOrText,
  textOf,
  withoutGaps,
  type Fields,
} from '../../src/instrument/read.js';
import type { CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { asReasoning, itemParts, outputParts } from './interactions-items.js';

/** A step of the answer (in the first major: a content) that is still growing. */
interface GrowingStep {
  start: Fields;
  /** What later events say of the step itself. */
  rest: Record<string, unknown>;
  contents: (GrowingText | BlobDigest | Fields)[];
  arguments: GrowingText | undefined;
}

/** Events whose deltas are opaque tokens of the API or notes on a text, not content. */
const NO_CONTENT: ReadonlySet<string> = new Set(['thought_signature', 'text_annotation']);
const UNFINISHED: ReadonlySet<string | undefined> = new Set([
  undefined,
  'queued',
  'in_progress',
  'requires_continuation',
]);

/**
 * Folds the events of a streamed interaction. The SDK may continue one that was cut short by another request: what is
 * streamed then is the next part of one answer, and its usage comes on top.
 */
export function createInteractionReducer(
  keepContent: boolean,
  responseOf: (interaction: Fields) => CallResponse,
): StreamReducer {
  const steps = new Map<string, GrowingStep>();
  let request = 0;
  let interaction: Record<string, unknown> = {};
  let usage: Record<string, number> | undefined;
  let running: unknown;
  let error: CallResponse['error'];

  function addState(type: string, state: Fields): void {
    if (isBegin(type)) request += 1;
    interaction = { ...interaction, ...state };
    if (!isEnd(type)) return;
    running = undefined;
    usage = sumOf(usage, fieldsOf(state['usage']));
  }

  function addStep(key: string, start: Fields): void {
    steps.set(key, { start, rest: {}, contents: [], arguments: undefined });
  }

  function growing(key: string, delta: Fields): GrowingStep {
    const known = steps.get(key);
    if (known !== undefined) return known;
    // A stream that was taken up again begins in the middle.
    addStep(key, { type: STEP_OF[textOf(delta['type']) ?? ''] ?? 'model_output' });
    return steps.get(key) as GrowingStep;
  }

  return {
    add(chunk: unknown): void {
      const event = fieldsOf(chunk);
      const type = textOf(event['event_type']) ?? '';
      running = fieldsOf(event['metadata'])['usage'] ?? event['usage'] ?? running;
      if (type === 'error') error ??= errorOf(fieldsOf(event['error']));
      else if (type === 'interaction.status_update')
        addState(type, withoutGaps({ status: event['status'], id: event['interaction_id'] }));
      else if (type.startsWith('interaction.')) addState(type, fieldsOf(event['interaction']));
      else if (keepContent) {
        const key = `${request}.${numberOf(event['index']) ?? 0}`;
        if (type.endsWith('.start')) addStep(key, fieldsOf(event['step'] ?? event['content']));
        else if (type.endsWith('.delta')) {
          const delta = fieldsOf(event['delta']);
          growStep(growing(key, delta), delta);
        }
      }
    },
    response: () => {
      const response = responseOf({ ...interaction, usage: usage ?? running });
      return error === undefined ? response : { ...response, error };
    },
    output: () => {
      const own = [...steps.values()].flatMap(grownParts);
      const parts = own.length > 0 || !keepContent ? own : outputParts(interaction['steps']);
      return parts.length === 0 ? {} : { messages: [{ role: 'assistant', parts }] };
    },
    get finished(): boolean {
      return !UNFINISHED.has(textOf(interaction['status']));
    },
  };
}

/** The step that a kind of delta belongs to, where it is not the model's own words. */
const STEP_OF: Readonly<Record<string, string>> = {
  thought_summary: 'thought',
  thought_signature: 'thought',
  arguments_delta: 'function_call',
};

/** `interaction.start` is the word of the first major. */
function isBegin(type: string): boolean {
  return type === 'interaction.created' || type === 'interaction.start';
}

function isEnd(type: string): boolean {
  return type === 'interaction.completed' || type === 'interaction.complete';
}

function sumOf(known: Record<string, number> | undefined, usage: Fields): Record<string, number> | undefined {
  const sum = { ...known };
  for (const [key, count] of Object.entries(usage)) {
    if (typeof count === 'number') sum[key] = (sum[key] ?? 0) + count;
  }
  return Object.keys(sum).length === 0 ? undefined : sum;
}

function errorOf({ code, message }: Fields): CallResponse['error'] {
  const type = typeof code === 'number' ? String(code) : (textOf(code) ?? 'error');
  return typeof message === 'string' ? { type, message } : { type };
}

/** On the path of every chunk. */
function growStep(step: GrowingStep, delta: Fields): void {
  const type = textOf(delta['type']) ?? '';
  if (NO_CONTENT.has(type)) return;
  if (type === 'text') addText(step, textOf(delta['text']) ?? '');
  else if (type === 'arguments_delta') {
    step.arguments ??= growingText();
    growText(step.arguments, textOf(delta['arguments']) ?? '');
  } else if (type === 'thought_summary') addContent(step, fieldsOf(delta['content']));
  else if (isMedia(type)) addContent(step, delta);
  else Object.assign(step.rest, delta);
}

function addContent(step: GrowingStep, content: Fields): void {
  const text = textOf(content['text']);
  if (text !== undefined) {
    addText(step, text);
    return;
  }
  const data = textOf(content['data']);
  if (data === undefined) {
    step.contents.push(content);
    return;
  }
  const modality = textOf(content['type']) ?? '';
  const mimeType = textOf(content['mime_type']);
  let last = step.contents.at(-1);
  // Sound comes in many pieces; each other one is whole.
  if (!isDigest(last) || modality !== 'audio' || last.modality !== modality) {
    step.contents.push((last = blobDigest(modality, mimeType)));
  }
  addBase64(last, data);
}

function addText(step: GrowingStep, piece: string): void {
  let last = step.contents.at(-1);
  if (!isText(last)) step.contents.push((last = growingText()));
  growText(last, piece);
}

function isMedia(type: string): boolean {
  return type === 'image' || type === 'audio' || type === 'video' || type === 'document';
}

function isText(content: unknown): content is GrowingText {
  return 'pieces' in fieldsOf(content);
}

function isDigest(content: unknown): content is BlobDigest {
  return 'hash' in fieldsOf(content);
}

function grownParts({ start, rest, contents, arguments: args }: GrowingStep): MessagePart[] {
  const type = textOf(start['type']);
  const grown = contents.flatMap((content) => {
    if (isText(content)) return [{ type: 'text', content: grownText(content) } as const];
    return isDigest(content) ? [digestPart(content)] : itemParts(content);
  });
  if (args !== undefined) return itemParts({ ...start, ...rest, arguments: parsedOrText(grownText(args)) });
  const own = itemParts({ ...start, ...rest, type }).filter((part) => !isEmpty(part));
  return [...own, ...(type === 'thought' ? grown.map(asReasoning) : grown)];
}

/** A text begins with nothing in it. */
function isEmpty(part: MessagePart): boolean {
  return part.type === 'text' && 'content' in part && part.content === '';
}
