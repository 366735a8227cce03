import type { MessagePart } from '../../semconv/model/message.js';
import { fieldsOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { fromModel, imageParts, transcriptOutput, transcriptResponse } from './media-calls.js';
import { errorOf, responsesUsage } from './response.js';

/** Folds a streamed image: sketches, each in the place of the one before, then the image. */
export function imageReducer(keepContent: boolean): StreamReducer {
  let sketch: MessagePart[] = [];
  const images: MessagePart[] = [];
  let usage: unknown;
  let error: CallResponse['error'];
  let finished = false;
  return {
    add(chunk: unknown): void {
      const event = fieldsOf(chunk);
      const type = textOf(event['type']) ?? '';
      error ??= errorOf(event['error']);
      if (type.endsWith('.completed')) {
        finished = true;
        usage = event['usage'];
        sketch = [];
        if (keepContent) images.push(...imageParts(event));
      } else if (keepContent && type.endsWith('.partial_image')) {
        sketch = imageParts(event);
      }
    },
    response: () => ({ usage: responsesUsage(usage), error }),
    output: () => fromModel([...images, ...sketch]),
    get finished(): boolean {
      return finished;
    },
  };
}

/** Folds a streamed transcript: pieces of text, then the whole of it with the usage. */
export function transcriptReducer(keepContent: boolean): StreamReducer {
  let text = '';
  let whole: Fields = {};
  let error: CallResponse['error'];
  let finished = false;
  return {
    add(chunk: unknown): void {
      const event = fieldsOf(chunk);
      error ??= errorOf(event['error']);
      if (event['type'] === 'transcript.text.done') {
        finished = true;
        whole = event;
      } else if (keepContent && event['type'] === 'transcript.text.delta') {
        text += textOf(event['delta']) ?? '';
      }
    },
    response: () => ({ ...transcriptResponse(whole), error }),
    output: (): CallOutput => transcriptOutput(finished && keepContent ? whole : text),
    get finished(): boolean {
      return finished;
    },
  };
}
