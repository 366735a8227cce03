import { addBase64, blobDigest, type BlobDigest } from '../../src/instrument/blob-digest.js';
import { growText, growingText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { soundType, withSound } from './realtime-items.js';
import { realtimeOutput, realtimeResponse } from './realtime-response.js';

interface Part {
  type: 'text' | 'audio';
  /** What was written, or what was spoken in words. */
  text: GrowingText;
  sound: BlobDigest | undefined;
}

interface Item {
  fields: Fields;
  call: GrowingText;
  parts: Part[];
}

/**
 * Folds the events of one Realtime response. The last one carries the whole of it but the sound, of which only the hash and
 * the size are kept, piece by piece.
 */
export function realtimeReducer(keepContent: boolean): StreamReducer {
  let response: Fields = {};
  const items: (Item | undefined)[] = [];

  function add(chunk: unknown): void {
    const event = fieldsOf(chunk);
    if (event['response'] !== undefined) response = fieldsOf(event['response']);
    else if (keepContent) addPiece(event);
  }

  function addPiece(event: Fields): void {
    const index = numberOf(event['output_index']) ?? 0;
    if (event['item'] !== undefined) {
      const item = (items[index] ??= newItem());
      item.fields = fieldsOf(event['item']);
      return;
    }
    const piece = textOf(event['delta']);
    const kind = KINDS[textOf(event['type']) ?? ''];
    if (piece === undefined || kind === undefined) return;
    const item = (items[index] ??= newItem());
    if (kind === 'arguments') {
      growText(item.call, piece);
      return;
    }
    const at = numberOf(event['content_index']) ?? 0;
    const part = (item.parts[at] ??= newPart(kind === 'text' ? 'text' : 'audio'));
    if (kind !== 'sound') growText(part.text, piece);
    else addBase64((part.sound ??= blobDigest('audio', soundType(response, 'output'))), piece);
  }

  const isDone = (): boolean => DONE.has(textOf(response['status']) ?? '');

  return {
    add,
    response: (): CallResponse => realtimeResponse(response),
    output(): CallOutput {
      if (!keepContent) return {};
      const whole = listOf(response['output']);
      const output =
        whole.length > 0
          ? whole.map((item, index) => heard(fieldsOf(item), items[index]))
          : items.map((item) => (item === undefined ? {} : assembled(item)));
      return realtimeOutput({ output });
    },
    get finished(): boolean {
      return isDone();
    },
  };
}

const DONE = new Set(['completed', 'incomplete', 'failed']);

/** What the pieces of an event are pieces of, in the words of the older protocol and of the newer one. */
const KINDS: Readonly<Record<string, 'text' | 'words' | 'sound' | 'arguments'>> = {
  'response.text.delta': 'text',
  'response.output_text.delta': 'text',
  'response.audio_transcript.delta': 'words',
  'response.output_audio_transcript.delta': 'words',
  'response.audio.delta': 'sound',
  'response.output_audio.delta': 'sound',
  'response.function_call_arguments.delta': 'arguments',
};

function newItem(): Item {
  return { fields: {}, call: growingText(), parts: [] };
}

function newPart(type: Part['type']): Part {
  return { type, text: growingText(), sound: undefined };
}

/** A whole item with the sound that came in pieces. */
function heard(item: Fields, known: Item | undefined): Fields {
  const content = item['content'];
  if (known === undefined || !Array.isArray(content)) return item;
  return {
    ...item,
    content: content.map((part, at) => withSound(fieldsOf(part), known.parts[at]?.sound)),
  };
}

/** What there is of an item, when the response ends before it is whole. */
function assembled({ fields, call, parts }: Item): Fields {
  if (fields['status'] === 'completed' && listOf(fields['content']).length > 0)
    return heard(fields, { fields, call, parts });
  const args = grownText(call);
  const content = parts.map((part) => {
    const text = grownText(part.text);
    return part.type === 'text'
      ? { type: 'text', text }
      : withSound({ type: 'audio', transcript: text }, part.sound);
  });
  return {
    type: 'message',
    role: 'assistant',
    ...fields,
    ...(args === '' ? {} : { arguments: args }),
    ...(content.length === 0 ? {} : { content }),
  };
}
