import { describe, expect, it } from 'vitest';
import * as media from '../../../instrumentations/openai/media-calls.js';
import { imageReducer, transcriptReducer } from '../../../instrumentations/openai/media-stream.js';

const CLIENT = { baseURL: 'https://api.openai.com/v1' };
const HEAD = {
  operation: 'generate_content',
  provider: 'openai',
  serverAddress: 'api.openai.com',
  serverPort: 443,
  providerAttributes: {},
};
const IMAGE = 'aW1hZ2U=';
const BLOB = { type: 'blob', modality: 'image', mime_type: 'image/webp', content: IMAGE };
const said = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const text = (content: string): object => ({
  messages: [{ role: 'assistant', parts: [{ type: 'text', content }] }],
});

describe('images', () => {
  it('reads the request, and of files what they say of themselves', () => {
    const image = new File([new Uint8Array(7)], 'dune.png', { type: 'image/png' });
    const body = { model: 'm', prompt: 'Make it night.', image: [image, image], mask: image, n: 2 };
    expect(said(media.imageRequest([body], CLIENT))).toEqual({
      ...HEAD,
      model: 'm',
      parameters: { choiceCount: 2 },
      outputType: 'image',
    });
    const upload = { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 7, name: 'dune.png' };
    expect(media.imageInput([{ ...body, mask: undefined }])).toEqual({
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'Make it night.' }, upload, upload] }],
    });
    expect(media.imageInput([{ image, mask: image }])).toEqual({
      messages: [{ role: 'user', parts: [upload, upload] }],
    });
  });

  it('reads images by their bytes and by their address, with the prompt that the provider made', () => {
    const answer = {
      output_format: 'webp',
      data: [
        { b64_json: IMAGE, revised_prompt: 'A dune.' },
        { url: 'https://example.org/1.png' },
        { other: 1 },
      ],
      usage: { input_tokens: 0, output_tokens: 40, input_tokens_details: { cached_tokens: 0 } },
    };
    expect(said(media.imageResponse(answer))).toEqual({
      usage: { inputTokens: 0, outputTokens: 40, cacheReadTokens: 0 },
    });
    expect(media.imageOutput(answer)).toEqual({
      messages: [
        {
          role: 'assistant',
          parts: [
            { ...BLOB, revised_prompt: 'A dune.' },
            { type: 'uri', modality: 'image', uri: 'https://example.org/1.png' },
          ],
        },
      ],
    });
  });

  it('fails with the error of a 200 answer', () => {
    const answer = { error: { code: 'moderation_blocked', message: 'No.' } };
    expect(said(media.imageResponse(answer))).toEqual({
      error: { type: 'moderation_blocked', message: 'No.' },
    });
    expect(media.imageOutput(answer)).toEqual({});
  });

  it('keeps of a stream the images, and of a broken one the last sketch', () => {
    const sketch = { type: 'image_edit.partial_image', b64_json: IMAGE, output_format: 'webp' };
    const whole = {
      ...sketch,
      type: 'image_edit.completed',
      b64_json: 'd2hvbGU=',
      usage: { output_tokens: 9 },
    };
    const reducer = imageReducer(true);
    for (const event of [undefined, sketch, sketch]) reducer.add(event);
    expect([reducer.finished, reducer.output()]).toEqual([
      false,
      { messages: [{ role: 'assistant', parts: [BLOB] }] },
    ]);
    reducer.add(whole);
    expect(said([reducer.finished, reducer.response(), reducer.output()])).toEqual([
      true,
      { usage: { outputTokens: 9 } },
      { messages: [{ role: 'assistant', parts: [{ ...BLOB, content: 'd2hvbGU=' }] }] },
    ]);
    const silent = imageReducer(false);
    for (const event of [sketch, whole]) silent.add(event);
    expect(silent.output()).toEqual({});
  });
});

describe('transcripts', () => {
  it('reads the request without touching the file', () => {
    const file = {
      name: 'a.mp3',
      get stream(): never {
        throw new Error('was read');
      },
    };
    expect(said(media.transcriptRequest([{ file, model: 'm', temperature: 0 }], CLIENT))).toEqual({
      ...HEAD,
      model: 'm',
      parameters: { temperature: 0 },
      outputType: 'text',
    });
    expect(media.transcriptInput([{ file, prompt: '' }])).toEqual({
      messages: [{ role: 'user', parts: [{ type: 'blob', modality: 'audio', name: 'a.mp3' }] }],
    });
  });

  it.each([
    [
      'JSON',
      { text: 'Hi.', usage: { type: 'tokens', input_tokens: 3, output_tokens: 2 } },
      { inputTokens: 3, outputTokens: 2 },
    ],
    ['minutes', { text: 'Hi.', usage: { type: 'duration', seconds: 4 } }, undefined],
    ['bare text', 'Hi.', undefined],
  ])('reads an answer in %s', (_form, answer, usage) => {
    expect(said(media.transcriptResponse(answer))).toEqual(usage === undefined ? {} : { usage });
    expect(media.transcriptOutput(answer)).toEqual({
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi.' }] }],
    });
  });

  it('joins the pieces of a stream, until the whole of it comes', () => {
    const reducer = transcriptReducer(true);
    reducer.add({ type: 'transcript.text.delta', delta: 'Good ' });
    reducer.add({ type: 'transcript.text.segment', text: 'Good' });
    reducer.add({ type: 'transcript.text.delta', delta: 'mor' });
    expect([reducer.finished, reducer.output()]).toEqual([false, text('Good mor')]);
    const usage = { type: 'tokens', input_tokens: 3, output_tokens: 2 };
    reducer.add({ type: 'transcript.text.done', text: 'Good morning.', usage });
    expect(said([reducer.finished, reducer.response(), reducer.output()])).toEqual([
      true,
      { usage: { inputTokens: 3, outputTokens: 2 } },
      text('Good morning.'),
    ]);
  });
});

describe('speech', () => {
  it('reads the text and how it is to be said', () => {
    const body = { model: 'm', input: 'Good morning.', instructions: 'Slowly.', voice: 'alloy' };
    expect(said(media.speechRequest([body], CLIENT))).toEqual({
      ...HEAD,
      model: 'm',
      parameters: {},
      outputType: 'speech',
    });
    expect(media.speechInput([body])).toEqual({
      systemInstructions: [{ type: 'text', content: 'Slowly.' }],
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'Good morning.' }] }],
    });
  });
});

describe('moderations', () => {
  it.each([
    ['a text', 'one', [['one']]],
    ['texts', ['one', 'two'], [['one'], ['two']]],
    [
      'parts',
      [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
      [['one', 'two']],
    ],
  ])('reads %s', (_form, input, texts) => {
    expect(media.moderationInput([{ input }])).toEqual({
      messages: texts.map((own) => ({
        role: 'user',
        parts: own.map((content) => ({ type: 'text', content })),
      })),
    });
  });

  it('keeps each judgement as it came', () => {
    const results = [{ flagged: true, categories: { hate: true } }, { flagged: false }];
    const answer = { id: 'modr-1', model: 'm-2', results };
    expect(said(media.moderationResponse(answer))).toEqual({ id: 'modr-1', model: 'm-2' });
    expect(media.moderationOutput(answer)).toEqual({
      messages: results.map((result) => ({
        role: 'assistant',
        parts: [{ ...result, type: 'moderation' }],
      })),
    });
  });
});

it('reads nothing from what has no known shape', () => {
  for (const nothing of [undefined, null, 7, 'text', []]) {
    expect(media.imageInput([nothing])).toEqual({});
    expect(media.transcriptInput([nothing])).toEqual({});
    expect(media.moderationInput([nothing])).toEqual({ messages: [] });
    expect(media.imageOutput(nothing)).toEqual({});
    expect(media.moderationOutput(nothing)).toEqual({ messages: [] });
  }
});
