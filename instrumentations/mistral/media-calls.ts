import type { JsonValue } from '../../semconv/model/json.js';
import type { MessagePart } from '../../semconv/model/message.js';
import * as values from '../../semconv/values.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { growText, growingText, grownText } from '../../src/instrument/growing-text.js';
import { blobPart, mediaPart } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallRequest, StreamReducer } from '../../src/instrument/records.js';
import { target } from './request.js';
import { chunkPart, completionResponse, messageOf } from './response.js';

/** Documents, sound and moderations: calls that are no chat. */
const { GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT: GENERATE } = values;

/** `ocr.process`: text of each page. Pictures in it are not kept. */
export const recognition: CallMapper = {
  ...calls(GENERATE, values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT),
  input: ([params]) => asked([chunkPart(fieldsOf(fieldsOf(params)['document']))]),
  output: (value) => said(listOf(fieldsOf(value)['pages']).map((page) => fieldsOf(page)['markdown'])),
};

/** `classifiers.moderate` */
export const moderation: CallMapper = {
  ...calls('moderation'),
  input: ([params]) => {
    const { inputs } = fieldsOf(params);
    const texts: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
    return { messages: texts.flatMap((text) => asked(textParts(text)).messages) };
  },
  // A message for each judgement, as it came.
  output: (value) => ({
    messages: listOf(fieldsOf(value)['results']).map((result) => ({
      role: 'assistant',
      parts: [{ ...(fieldsOf(result) as Record<string, JsonValue>), type: 'moderation' }],
    })),
  }),
};

/** `classifiers.moderateChat` */
export const chatModeration: CallMapper = {
  ...moderation,
  input: ([params]) => ({ messages: listOf(fieldsOf(params)['inputs']).flat().map(messageOf) }),
};

/** `audio.transcriptions.complete`. A file cannot be read without taking it from the SDK, so only its address is kept. */
export const transcription: CallMapper = {
  ...calls(GENERATE, values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT),
  input: ([params]) => asked(soundParts(fieldsOf(params))),
  output: (value) => said([fieldsOf(value)['text']]),
};

export const streamedTranscription: CallMapper = {
  ...transcription,
  request: (args, client) => ({ ...transcription.request(args, client), stream: true }),
  reducer: createTranscriptReducer,
};

/** `audio.speech.complete` */
export const speech: CallMapper = {
  ...calls(GENERATE, values.GEN_AI_OUTPUT_TYPE_VALUE_SPEECH),
  input: ([params]) => asked(textParts(fieldsOf(params)['input'])),
  output: (value) => {
    const sound = textOf(fieldsOf(value)['audioData']);
    if (sound === undefined) return {};
    return { messages: [{ role: 'assistant', parts: [blobPart('audio', undefined, sound)] }] };
  },
};

function calls(operation: string, outputType?: string): Pick<CallMapper, 'request' | 'response'> {
  return {
    request: ([params], client): CallRequest => {
      const { model, temperature } = fieldsOf(params);
      return {
        operation,
        ...target(model, fieldsOf(client)),
        parameters: { temperature: numberOf(temperature) },
        outputType,
      };
    },
    response: (value) => completionResponse(fieldsOf(value)),
  };
}

function asked(parts: MessagePart[]): { messages: { role: string; parts: MessagePart[] }[] } {
  return { messages: parts.length === 0 ? [] : [{ role: 'user', parts }] };
}

function said(texts: readonly unknown[]): CallOutput {
  const parts = texts.flatMap(textParts);
  return parts.length === 0 ? {} : { messages: [{ role: 'assistant', parts }] };
}

function textParts(text: unknown): MessagePart[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'text', content: text }] : [];
}

function soundParts({ fileUrl, fileId }: Fields): MessagePart[] {
  if (typeof fileUrl === 'string') return [mediaPart('audio', fileUrl)];
  return typeof fileId === 'string' ? [{ type: 'file', modality: 'audio', file_id: fileId }] : [];
}

/** Folds a streamed transcript: pieces of text, then the whole of it with the usage. */
function createTranscriptReducer(keepContent: boolean): StreamReducer {
  const text = growingText();
  let whole: Fields | undefined;
  return {
    add(chunk: unknown): void {
      const event = fieldsOf(fieldsOf(chunk)['data']);
      if (event['type'] === 'transcription.done') whole = event;
      else if (keepContent && event['type'] === 'transcription.text.delta')
        growText(text, textOf(event['text']) ?? '');
    },
    response: () => completionResponse(fieldsOf(whole)),
    output: () => (keepContent ? said([textOf(whole?.['text']) ?? grownText(text)]) : {}),
    get finished(): boolean {
      return whole !== undefined;
    },
  };
}
