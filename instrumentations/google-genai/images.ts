import type { MessagePart } from '../../semconv/model/message.js';
import * as values from '../../semconv/values.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { blobPart } from '../../src/instrument/media.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';
import type { CallInput, CallOutput, CallRequest } from '../../src/instrument/records.js';
import { generateRequest } from './request.js';
import type { ModelsResource } from './sdk-types.js';

/** `models.generateImages` and `models.editImage`: models that make images and nothing else. */
export const images: CallMapper = {
  request: ([params], models) => imagesRequest(fieldsOf(params), fieldsOf(models)),
  input: ([params]) => imagesInput(fieldsOf(params)),
  response: () => ({}),
  output: (value) => imagesOutput(fieldsOf(value)),
  signal: ([params]) => fieldsOf(fieldsOf(params)['config'])['abortSignal'] as AbortSignal | undefined,
};

export function imagesRequest(params: Fields, models: ModelsResource): CallRequest {
  const config = fieldsOf(params['config']);
  const count = numberOf(config['numberOfImages']);
  return {
    ...generateRequest({ model: params['model'], config }, models),
    parameters: withoutGaps({
      seed: numberOf(config['seed']),
      choiceCount: count === 1 ? undefined : count,
    }),
    outputType: values.GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  };
}

export function imagesInput(params: Fields): CallInput {
  const prompt = textOf(params['prompt']);
  const parts: MessagePart[] = prompt === undefined ? [] : [{ type: 'text', content: prompt }];
  for (const reference of listOf(params['referenceImages'])) {
    parts.push(...imageParts(fieldsOf(fieldsOf(reference)['referenceImage'])));
  }
  return parts.length === 0 ? {} : { messages: [{ role: 'user', parts }] };
}

/** One message with every image; a prompt that the provider changed is kept with the image that it made. */
export function imagesOutput(answer: Fields): CallOutput {
  const parts = listOf(answer['generatedImages']).flatMap((one) => {
    const { image, enhancedPrompt } = fieldsOf(one);
    const changed = textOf(enhancedPrompt);
    const more = changed === undefined ? {} : { revised_prompt: changed };
    return imageParts(fieldsOf(image)).map((part) => ({ ...part, ...more }));
  });
  return parts.length === 0 ? {} : { messages: [{ role: 'assistant', parts }] };
}

function imageParts({ imageBytes, gcsUri, mimeType }: Fields): MessagePart[] {
  const bytes = textOf(imageBytes);
  const uri = textOf(gcsUri);
  const type = textOf(mimeType);
  if (bytes !== undefined) return [blobPart('image', type ?? 'image/png', bytes)];
  return uri === undefined ? [] : [{ type: 'uri', modality: 'image', ...(type && { mime_type: type }), uri }];
}
