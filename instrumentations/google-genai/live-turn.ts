import type { Message, MessagePart } from '../../semconv/model/message.js';
import { addBase64, blobDigest, digestPart, type BlobDigest } from '../../src/instrument/blob-digest.js';
import { growText, growingText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import { modalityOf } from '../../src/instrument/media.js';
import { fieldsOf, listOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { StreamReducer } from '../../src/instrument/records.js';
import { messagesOf } from './request.js';
import { finishReasonOf, messageOf, partsOf, usageOf } from './response.js';
import { mergeUsage } from './stream.js';
import type { ApiUsage } from './sdk-types.js';

/** What the program sent for one turn of the model. Sound and pictures are not kept: their hash is. */
export interface LiveInput {
  messages: Message[];
  media: Map<string, BlobDigest>;
  typed: string[];
  /** What the provider heard. */
  heard: GrowingText | undefined;
}

export function liveInput(): LiveInput {
  return { messages: [], media: new Map(), typed: [], heard: undefined };
}

/** `sendClientContent` */
export function addContents(input: LiveInput, params: Fields): void {
  input.messages.push(...messagesOf(params['turns']));
}

/** `sendToolResponse` */
export function addToolResponses(input: LiveInput, { functionResponses }: Fields): void {
  const list = Array.isArray(functionResponses) ? functionResponses : [functionResponses];
  const parts = list.map((functionResponse: unknown) => ({ functionResponse }));
  input.messages.push(messageOf({ role: 'user', parts }));
}

/** `sendRealtimeInput`: a piece of sound, a picture, or a text. */
export function addRealtime(input: LiveInput, params: Fields): void {
  const text = textOf(params['text']);
  if (text !== undefined) input.typed.push(text);
  for (const key of ['media', 'audio', 'video']) {
    const { data, mimeType } = fieldsOf(params[key]);
    if (typeof data === 'string') addBase64(digestOf(input.media, textOf(mimeType)), data);
  }
}

export function addHeard(input: LiveInput, text: string): void {
  input.heard ??= growingText();
  growText(input.heard, text);
}

/** The messages of a turn; what was said and shown in real time is one of them. */
export function liveMessages({ messages, media, typed, heard }: LiveInput): Message[] {
  const parts: MessagePart[] = [...media.values()].map(digestPart);
  for (const content of typed) parts.push({ type: 'text', content });
  if (heard !== undefined) parts.push({ type: 'text', content: grownText(heard) });
  return parts.length === 0 ? messages : [...messages, { role: 'user', parts }];
}

function digestOf(digests: Map<string, BlobDigest>, mimeType: string | undefined): BlobDigest {
  const key = mimeType ?? '';
  let digest = digests.get(key);
  if (digest === undefined) digests.set(key, (digest = blobDigest(modalityOf(mimeType), mimeType)));
  return digest;
}

type GrowingPart =
  | { kind: 'text' | 'reasoning'; text: GrowingText }
  | { kind: 'heard'; text: GrowingText }
  | { kind: 'part'; part: MessagePart };

/** Folds the server's messages of one turn of the model. */
export function createTurnReducer(keepContent: boolean): StreamReducer {
  const parts: GrowingPart[] = [];
  const sound = new Map<string, BlobDigest>();
  let usage: ApiUsage | undefined;
  let reason: string | undefined;
  let isInterrupted = false;
  let isWhole = false;

  function addText(kind: 'text' | 'reasoning', piece: string): void {
    let last = parts.at(-1);
    if (last?.kind !== kind) parts.push((last = { kind, text: growingText() }));
    growText(last.text, piece);
  }

  /** The transcript of the sound comes between the sound's own pieces. */
  function addTranscript(piece: string): void {
    let known = parts.find((part) => part.kind === 'heard');
    if (known === undefined) parts.push((known = { kind: 'heard', text: growingText() }));
    growText(known.text, piece);
  }

  function addPart(part: Fields): void {
    const text = textOf(part['text']);
    const { data, mimeType } = fieldsOf(part['inlineData']);
    if (text !== undefined) addText(part['thought'] === true ? 'reasoning' : 'text', text);
    else if (typeof data === 'string') addBase64(digestOf(sound, textOf(mimeType)), data);
    else parts.push(...partsOf([part]).map((whole) => ({ kind: 'part' as const, part: whole })));
  }

  function addContent(content: Fields): void {
    if (content['interrupted'] === true) isInterrupted = true;
    if (content['generationComplete'] === true || content['turnComplete'] === true) {
      isWhole = true;
      reason ??= 'stop';
    }
    const said = textOf(content['turnCompleteReason']);
    if (said !== undefined && !said.endsWith('_UNSPECIFIED')) reason = finishReasonOf(said);
    if (!keepContent) return;
    for (const part of listOf(fieldsOf(content['modelTurn'])['parts'])) addPart(fieldsOf(part));
    const transcript = textOf(fieldsOf(content['outputTranscription'])['text']);
    if (transcript !== undefined) addTranscript(transcript);
  }

  function addCalls(calls: readonly unknown[]): void {
    reason = 'tool_call';
    isWhole = true;
    if (!keepContent) return;
    const called = partsOf(calls.map((functionCall) => ({ functionCall })));
    parts.push(...called.map((part) => ({ kind: 'part' as const, part })));
  }

  return {
    add(chunk: unknown): void {
      const { usageMetadata, serverContent, toolCall } = fieldsOf(chunk);
      if (usageMetadata) usage = mergeUsage(usage, inUsualWords(fieldsOf(usageMetadata)));
      if (serverContent) addContent(fieldsOf(serverContent));
      if (toolCall) addCalls(listOf(fieldsOf(toolCall)['functionCalls']));
    },
    response: () => ({
      usage: usageOf(usage),
      finishReasons: reason === undefined || isInterrupted ? undefined : [reason],
    }),
    output: () => {
      const all = [...[...sound.values()].map(digestPart), ...parts.map(partOf)];
      return all.length === 0 ? {} : { messages: [{ role: 'assistant', parts: all }] };
    },
    get finished(): boolean {
      return isWhole && !isInterrupted;
    },
  };
}

/** What other calls have under `candidates` is under `response` here. */
function inUsualWords({ responseTokenCount, ...usage }: Fields): ApiUsage {
  return responseTokenCount === undefined ? usage : { ...usage, candidatesTokenCount: responseTokenCount };
}

function partOf(part: GrowingPart): MessagePart {
  if (part.kind === 'part') return part.part;
  return { type: part.kind === 'reasoning' ? 'reasoning' : 'text', content: grownText(part.text) };
}
