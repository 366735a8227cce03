import { describe, expect, it } from 'vitest';
import {
  addContents,
  addHeard,
  addRealtime,
  addToolResponses,
  createTurnReducer,
  liveInput,
  liveMessages,
} from '../../../instrumentations/google-genai/live-turn.js';
import { imagesInput, imagesOutput, imagesRequest } from '../../../instrumentations/google-genai/images.js';

const SHA = '600b861067c1e2d2f749f0eb54fb9f471dac8a1a24e5758cffd955a65e83cf03';
const server = (serverContent: object): object => ({ serverContent });

describe('what is sent in a live session', () => {
  it('is put together: contents, results of tools, and one message for all that is said and shown', () => {
    const input = liveInput();
    addContents(input, { turns: [{ role: 'user', parts: [{ text: 'Hi.' }] }] });
    addToolResponses(input, { functionResponses: [{ id: 'c', name: 'look', response: { a: 1 } }] });
    addRealtime(input, { video: { mimeType: 'image/jpeg', data: 'c3Bvb3I=' } });
    addRealtime(input, { audio: { mimeType: 'audio/pcm', data: 'c3Bv' } });
    addRealtime(input, { media: { mimeType: 'audio/pcm', data: 'b3I=' } });
    addRealtime(input, { text: 'Well?' });
    addHeard(input, 'Hel');
    addHeard(input, 'lo.');
    const digest = { type: 'blob', bytes: 5, sha256: SHA };
    expect(liveMessages(input)).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hi.' }] },
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: 'c', name: 'look', response: { a: 1 } }],
      },
      {
        role: 'user',
        parts: [
          { ...digest, modality: 'image', mime_type: 'image/jpeg' },
          { ...digest, modality: 'audio', mime_type: 'audio/pcm' },
          { type: 'text', content: 'Well?' },
          { type: 'text', content: 'Hello.' },
        ],
      },
    ]);
  });
});

describe('a turn of the model', () => {
  it('joins the pieces of its transcript, though sound comes between them', () => {
    const reducer = createTurnReducer(true);
    reducer.add(server({ modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm', data: 'c3Bv' } }] } }));
    reducer.add(server({ outputTranscription: { text: 'Hel' } }));
    reducer.add(server({ modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm', data: 'b3I=' } }] } }));
    reducer.add(server({ outputTranscription: { text: 'lo.' }, turnComplete: true }));
    expect(reducer.finished).toBe(true);
    expect(reducer.output().messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'blob', modality: 'audio', mime_type: 'audio/pcm', sha256: SHA, bytes: 5 },
          { type: 'text', content: 'Hello.' },
        ],
      },
    ]);
    expect(reducer.response().finishReasons).toEqual(['stop']);
  });

  it('that was interrupted is not finished, and has the usage of its end', () => {
    const reducer = createTurnReducer(true);
    reducer.add(server({ modelTurn: { parts: [{ text: 'Hel' }] } }));
    reducer.add(server({ interrupted: true }));
    reducer.add({
      usageMetadata: { promptTokenCount: 4, responseTokenCount: 0 },
      ...server({ turnComplete: true }),
    });
    expect([reducer.finished, reducer.response()]).toEqual([
      false,
      { usage: { inputTokens: 4, outputTokens: 0 }, finishReasons: undefined },
    ]);
  });

  it('that the provider ended says its reason', () => {
    const reasons = ['MALFORMED_FUNCTION_CALL', 'RESPONSE_REJECTED', 'TURN_COMPLETE_REASON_UNSPECIFIED'].map(
      (turnCompleteReason) => {
        const reducer = createTurnReducer(true);
        reducer.add(server({ turnComplete: true, turnCompleteReason }));
        return reducer.response().finishReasons;
      },
    );
    expect(reasons).toEqual([['error'], ['RESPONSE_REJECTED'], ['stop']]);
  });

  it('keeps no content when it may not, and takes any message', () => {
    const reducer = createTurnReducer(false);
    for (const message of [undefined, null, 7, {}, server({ modelTurn: { parts: [{ text: 'Hel' }] } })])
      reducer.add(message);
    reducer.add({ toolCall: { functionCalls: [{ name: 'look' }] } });
    expect([reducer.output(), reducer.finished, reducer.response().finishReasons]).toEqual([
      {},
      true,
      ['tool_call'],
    ]);
  });
});

describe('images by a model that makes nothing else', () => {
  it('have their prompt, with what it refers to, and their number', () => {
    const params = {
      model: 'models/painter',
      prompt: 'A fox.',
      referenceImages: [{ referenceImage: { gcsUri: 'gs://a/b.png', mimeType: 'image/png' } }],
      config: { numberOfImages: 2, seed: 0 },
    };
    expect(imagesRequest(params, {})).toEqual({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      model: 'painter',
      outputType: 'image',
      parameters: { choiceCount: 2, seed: 0 },
    });
    expect(imagesInput(params).messages).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'A fox.' },
          { type: 'uri', modality: 'image', mime_type: 'image/png', uri: 'gs://a/b.png' },
        ],
      },
    ]);
  });

  it('are one message; one that was refused is not there', () => {
    const generatedImages = [
      { image: { imageBytes: 'c3Bvb3I=', mimeType: 'image/png' }, enhancedPrompt: 'A red fox.' },
      { raiFilteredReason: 'Not allowed.' },
    ];
    expect(imagesOutput({ generatedImages }).messages).toEqual([
      {
        role: 'assistant',
        parts: [
          {
            type: 'blob',
            modality: 'image',
            mime_type: 'image/png',
            content: 'c3Bvb3I=',
            revised_prompt: 'A red fox.',
          },
        ],
      },
    ]);
  });
});
