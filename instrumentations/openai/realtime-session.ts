import { addBase64, blobDigest, type BlobDigest } from '../../src/instrument/blob-digest.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { keepsInput } from '../../src/instrument/capture.js';
import { fieldsOf, listOf, textOf, type Fields } from '../../src/instrument/read.js';
import { addTranscript, awaitsTranscript, slimItem, soundType, type RealtimeItem } from './realtime-items.js';
import { REALTIME, type RealtimeAsk } from './realtime.js';
import type { SocketSession } from './socket-calls.js';

/** More is not kept of a conversation between two responses, nor of what waits for something. */
const MOST_ITEMS = 128;

/**
 * What is known of one Realtime session: its configuration, and what was said since the last response began. Nothing is kept
 * for longer than the next response needs it, and never any bytes.
 */
export class RealtimeSession implements SocketSession {
  readonly mapper: CallMapper = REALTIME;
  readonly isSerial: boolean = false;
  private readonly model: string | undefined;
  private config: Fields;
  private items: RealtimeItem[];
  /** Of the items: those that the program sent and the server has not yet named. */
  private unnamed: RealtimeItem[];
  /** What was said into the microphone since the last time that it was taken for an item. */
  private sound: BlobDigest | undefined;
  private readonly sounds: Map<string, BlobDigest>;
  /** Items whose transcript is still to come, and the response that they are input of. */
  private readonly unheard: Map<string, { item: RealtimeItem; ask: RealtimeAsk | undefined }>;

  constructor(url: unknown) {
    this.model = modelOf(url);
    this.config = {};
    this.items = [];
    this.unnamed = [];
    this.sound = undefined;
    this.sounds = new Map();
    this.unheard = new Map();
  }

  sends(event: Fields): unknown[] | undefined {
    switch (event['type']) {
      case 'response.create':
        return [this.ask(fieldsOf(event['response']))];
      case 'session.update':
        this.config = { ...this.config, ...fieldsOf(event['session']) };
        break;
      case 'conversation.item.create':
        this.sendsItem(event['item']);
        break;
      case 'conversation.item.delete':
        this.items = this.items.filter(({ id }) => id === undefined || id !== event['item_id']);
        break;
      case 'input_audio_buffer.append':
        this.hears(event['audio']);
        break;
      case 'input_audio_buffer.clear':
        this.sound = undefined;
        break;
    }
    return undefined;
  }

  receives(event: Fields): void {
    switch (event['type']) {
      case 'session.created':
      case 'session.updated':
        this.config = fieldsOf(event['session']);
        break;
      case 'input_audio_buffer.committed':
        this.takesSound(textOf(event['item_id']));
        break;
      // The older protocol says `created`, the newer one `added`.
      case 'conversation.item.created':
      case 'conversation.item.added':
        this.namesItem(fieldsOf(event['item']));
        break;
      case 'conversation.item.input_audio_transcription.completed':
        this.understands(event);
        break;
    }
  }

  unasked(): unknown[] {
    return [this.ask({})];
  }

  begins([value]: unknown[]): void {
    const ask = value as RealtimeAsk;
    // A response that is given its input has nothing to do with the conversation.
    if (ask.isApart) return;
    ask.items = this.items;
    for (const item of this.items) {
      const waiting = item.id === undefined ? undefined : this.unheard.get(item.id);
      if (waiting !== undefined) waiting.ask = ask;
    }
    this.items = [];
    this.unnamed = [];
  }

  ends([value]: unknown[]): boolean {
    const ask = value as RealtimeAsk;
    for (const { id } of ask.items) if (id !== undefined) this.unheard.delete(id);
    return ask.isChanged;
  }

  isFinal(event: Fields): boolean {
    return event['type'] === 'response.done';
  }

  private ask(params: Fields): RealtimeAsk {
    const isApart = Array.isArray(params['input']);
    const type = soundType(this.config, 'input');
    const items = isApart ? listOf(params['input']).map((item) => slimItem(item, type)) : [...this.items];
    return { params, config: this.config, model: this.model, items, isApart, isChanged: false };
  }

  private sendsItem(value: unknown): void {
    if (!keepsInput()) return;
    const item = slimItem(value, soundType(this.config, 'input'));
    this.adds(item);
    this.unnamed.push(item);
  }

  private adds(item: RealtimeItem): void {
    if (this.items.push(item) > MOST_ITEMS) this.items.shift();
    if (this.unnamed.length > MOST_ITEMS) this.unnamed.shift();
    this.waits(item);
  }

  private waits(item: RealtimeItem): void {
    if (item.id === undefined || !awaitsTranscript(item)) return;
    this.unheard.set(item.id, { item, ask: undefined });
    dropOldest(this.unheard);
  }

  /** The server tells of every item: of those that the program sent, and of what it heard or said itself. */
  private namesItem(value: Fields): void {
    if (!keepsInput()) return;
    const id = textOf(value['id']);
    const index = this.unnamed.findIndex(
      ({ id: own, fields }) =>
        own === id ||
        (own === undefined && fields['type'] === value['type'] && fields['role'] === value['role']),
    );
    const [item] = index < 0 ? [] : this.unnamed.splice(index, 1);
    if (item !== undefined) {
      item.id = id;
      this.waits(item);
    } else if (value['role'] === 'user') {
      const sound = id === undefined ? undefined : this.sounds.get(id);
      if (id !== undefined) this.sounds.delete(id);
      this.adds(slimItem(value, soundType(this.config, 'input'), sound));
    }
  }

  private hears(audio: unknown): void {
    if (typeof audio !== 'string' || !keepsInput()) return;
    this.sound ??= blobDigest('audio', soundType(this.config, 'input'));
    addBase64(this.sound, audio);
  }

  private takesSound(id: string | undefined): void {
    if (id !== undefined && this.sound !== undefined) {
      this.sounds.set(id, this.sound);
      dropOldest(this.sounds);
    }
    this.sound = undefined;
  }

  private understands(event: Fields): void {
    const waiting = this.unheard.get(textOf(event['item_id']) ?? '');
    const transcript = textOf(event['transcript']);
    if (waiting === undefined || transcript === undefined) return;
    addTranscript(waiting.item, event['content_index'], transcript);
    if (waiting.ask !== undefined) waiting.ask.isChanged = true;
  }
}

function dropOldest(map: Map<string, unknown>): void {
  if (map.size > MOST_ITEMS) map.delete(map.keys().next().value as string);
}

/** Azure calls it a deployment. */
function modelOf(url: unknown): string | undefined {
  if (!(url instanceof URL)) return undefined;
  return url.searchParams.get('model') ?? url.searchParams.get('deployment') ?? undefined;
}
