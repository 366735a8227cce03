import type { Message, MessagePart } from '../../semconv/model/message.js';
import { addBase64, blobDigest, digestPart, type BlobDigest } from '../../src/instrument/blob-digest.js';
import { fieldsOf, listOf, textOf, type Fields } from '../../src/instrument/read.js';
import { responsesMessages } from './responses-items.js';

/**
 * Items of a Realtime conversation. They are those of the Responses API, but for sound: it is there as bytes or is not there at
 * all, with its transcript beside it, which may come later.
 */

/** What is kept of an item: everything but the bytes of its sound. */
export interface RealtimeItem {
  id: string | undefined;
  fields: Fields;
}

/** In the place of the bytes of a part. */
const SOUND = 'sound';

/** A copy without bytes. `sound` stands for what was said into the microphone, of which the item itself has nothing. */
export function slimItem(value: unknown, mimeType: string | undefined, sound?: BlobDigest): RealtimeItem {
  const item = fieldsOf(value);
  const content = item['content'];
  const fields = Array.isArray(content)
    ? { ...item, content: content.map((part) => slimPart(fieldsOf(part), mimeType, sound)) }
    : { ...item };
  return { id: textOf(item['id']), fields };
}

function slimPart(part: Fields, mimeType: string | undefined, sound: BlobDigest | undefined): Fields {
  const { audio, ...rest } = part;
  if (typeof audio === 'string') {
    const digest = blobDigest('audio', mimeType);
    addBase64(digest, audio);
    return { ...rest, [SOUND]: digestPart(digest) };
  }
  return isSound(part) && sound !== undefined ? { ...rest, [SOUND]: digestPart(sound) } : { ...rest };
}

/** True when a transcript of the item may still come. */
export function awaitsTranscript({ fields }: RealtimeItem): boolean {
  return listOf(fields['content']).some((part) => isSound(fieldsOf(part)) && !fieldsOf(part)['transcript']);
}

function isSound(part: Fields): boolean {
  return part['type'] === 'input_audio' || part['type'] === 'audio' || part['type'] === 'output_audio';
}

/** Puts a transcript where it belongs. */
export function addTranscript(item: RealtimeItem, contentIndex: unknown, transcript: string): void {
  const index = typeof contentIndex === 'number' ? contentIndex : 0;
  const content = listOf(item.fields['content']).map((part, at) =>
    at === index ? { ...fieldsOf(part), transcript } : part,
  );
  item.fields = { ...item.fields, content };
}

export function itemMessages(items: readonly RealtimeItem[], role: string): Message[] {
  return responsesMessages(
    items.map(({ fields }) => withParts(fields)),
    role,
  );
}

/** Sound as two parts, its words and a reference to its bytes. */
function withParts(item: Fields): Fields {
  const content = item['content'];
  if (!Array.isArray(content)) return item;
  return { ...item, content: content.flatMap((part) => partsOf(fieldsOf(part))) };
}

function partsOf(part: Fields): object[] {
  if (!isSound(part)) return [part];
  const transcript = textOf(part['transcript']);
  const sound = (part[SOUND] as MessagePart | undefined) ?? { type: 'blob', modality: 'audio' };
  return transcript === undefined || transcript === ''
    ? [sound]
    : [{ type: 'text', text: transcript }, sound];
}

/** The MIME type of the sound of a session's input or output, in either form of its configuration. */
export function soundType(config: Fields, side: 'input' | 'output'): string | undefined {
  const format = fieldsOf(fieldsOf(config['audio'])[side])['format'] ?? config[`${side}_audio_format`];
  const type = textOf(fieldsOf(format)['type']) ?? textOf(format);
  if (type === undefined) return undefined;
  return FORMATS[type] ?? (type.includes('/') ? type : `audio/${type}`);
}

const FORMATS: Readonly<Record<string, string>> = {
  pcm16: 'audio/pcm',
  g711_ulaw: 'audio/pcmu',
  g711_alaw: 'audio/pcma',
};

/** The part that a piece of sound of an answer is a piece of. */
export function withSound(part: Fields, sound: BlobDigest | undefined): Fields {
  return sound === undefined ? part : { ...part, [SOUND]: digestPart(sound) };
}
