import { describe, expect, it } from 'vitest';
import {
  createInteraction,
  getInteraction,
  interactionInput,
  interactionOutput,
  interactionResponse,
} from '../../../instrumentations/google-genai/interactions.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

const text = (content: string): object => ({ type: 'text', content });
const delta = (value: object): object => ({ event_type: 'step.delta', index: 0, delta: value });

function fold(events: readonly object[], keepContent = true): StreamReducer {
  const reducer = createInteraction.reducer?.(keepContent);
  if (reducer === undefined) throw new TypeError('interactions are streamed');
  for (const event of events) reducer.add(event);
  return reducer;
}

describe('the input of an interaction', () => {
  it('is one message of the user, whether a text, a content or contents', () => {
    const content = { type: 'text', text: 'Hi.' };
    const image = { type: 'image', uri: 'https://example.org/a.png', mime_type: 'image/png' };
    const said = { role: 'user', parts: [text('Hi.')] };
    expect(['Hi.', content, [content]].map((input) => interactionInput({ input }).messages)).toEqual([
      [said],
      [said],
      [said],
    ]);
    expect(interactionInput({ input: [content, image] }).messages).toEqual([
      {
        role: 'user',
        parts: [
          text('Hi.'),
          { type: 'uri', modality: 'image', mime_type: 'image/png', uri: 'https://example.org/a.png' },
        ],
      },
    ]);
  });

  it('keeps turns apart, with results of functions as messages of tools', () => {
    const input = [
      { role: 'user', content: 'Weather?' },
      { role: 'model', content: [{ type: 'function_call', id: 'c', name: 'look', arguments: { a: 0 } }] },
      { role: 'user', content: [{ type: 'function_result', call_id: 'c', name: 'look', result: 'Sun.' }] },
    ];
    expect(interactionInput({ input }).messages).toEqual([
      { role: 'user', parts: [text('Weather?')] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 'look', arguments: { a: 0 } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', name: 'look', response: 'Sun.' }] },
    ]);
  });

  it('is nothing where there is nothing, and passes what it does not know', () => {
    expect(interactionInput({}).messages).toEqual([]);
    expect(interactionInput({ input: { type: 'smell', note: 'rose' } }).messages).toEqual([
      { role: 'assistant', parts: [{ type: 'smell', note: 'rose' }] },
    ]);
  });
});

describe('an interaction', () => {
  it('says how it ended by its state', () => {
    const reasons = ['completed', 'requires_action', 'incomplete', 'cancelled', 'in_progress'].map(
      (status) => interactionResponse({ status }).finishReasons,
    );
    expect(reasons).toEqual([['stop'], ['tool_call'], ['length'], ['error'], undefined]);
  });

  it('that failed says why', () => {
    const error = { code: 8, message: 'No room.' };
    expect(interactionResponse({ status: 'failed', steps: [{ type: 'model_output', error }] }).error).toEqual(
      {
        type: '8',
        message: 'No room.',
      },
    );
    expect(interactionResponse({ status: 'failed' }).error).toEqual({ type: 'failed' });
  });

  it('counts thoughts as output and what tools read as input', () => {
    const usage = {
      total_input_tokens: 5,
      total_tool_use_tokens: 2,
      total_output_tokens: 0,
      total_thought_tokens: 3,
    };
    expect(interactionResponse({ usage }).usage).toEqual({
      inputTokens: 7,
      outputTokens: 3,
      reasoningTokens: 3,
    });
  });

  it('leaves out what it was asked', () => {
    const steps = [
      { type: 'user_input', content: [{ type: 'text', text: 'Hi.' }] },
      { type: 'model_output', content: [{ type: 'text', text: 'Yes?' }] },
    ];
    expect(interactionOutput({ steps }).messages).toEqual([{ role: 'assistant', parts: [text('Yes?')] }]);
  });

  it('costs nothing when it is fetched', () => {
    const interaction = { id: 'i', status: 'completed', usage: { total_input_tokens: 5 } };
    expect(getInteraction.response(interaction)).toEqual({
      id: 'i',
      status: 'completed',
      finishReasons: ['stop'],
    });
  });
});

describe('a streamed interaction', () => {
  it('joins sound that comes in pieces, and keeps images apart', () => {
    const reducer = fold([
      { event_type: 'step.start', index: 0, step: { type: 'model_output' } },
      delta({ type: 'audio', mime_type: 'audio/pcm', data: 'c3Bv' }),
      delta({ type: 'audio', mime_type: 'audio/pcm', data: 'b3I=' }),
      delta({ type: 'image', mime_type: 'image/png', data: 'c3Bvb3I=' }),
      delta({ type: 'image', mime_type: 'image/png', data: 'c3Bvb3I=' }),
    ]);
    const blob = {
      type: 'blob',
      bytes: 5,
      sha256: '600b861067c1e2d2f749f0eb54fb9f471dac8a1a24e5758cffd955a65e83cf03',
    };
    expect(reducer.output().messages?.[0]?.parts).toEqual([
      { ...blob, modality: 'audio', mime_type: 'audio/pcm' },
      { ...blob, modality: 'image', mime_type: 'image/png' },
      { ...blob, modality: 'image', mime_type: 'image/png' },
    ]);
  });

  it('that was broken off has the usage that was told so far', () => {
    const usage = { total_input_tokens: 5, total_output_tokens: 2 };
    const reducer = fold([
      { event_type: 'interaction.created', interaction: { id: 'i', status: 'in_progress' } },
      { event_type: 'step.delta', index: 0, delta: { type: 'text', text: 'Hel' }, metadata: { usage } },
    ]);
    expect(reducer.finished).toBe(false);
    expect(reducer.response()).toEqual({
      id: 'i',
      status: 'in_progress',
      usage: { inputTokens: 5, outputTokens: 2 },
    });
    expect(reducer.output().messages).toEqual([{ role: 'assistant', parts: [text('Hel')] }]);
  });

  it('fails with its error event', () => {
    const reducer = fold([{ event_type: 'error', error: { code: 429, message: 'Slow down.' } }]);
    expect(reducer.response().error).toEqual({ type: '429', message: 'Slow down.' });
  });

  it('keeps no content when it may not, and takes any chunk', () => {
    const reducer = fold(
      [
        { event_type: 'step.start', index: 0, step: { type: 'model_output' } },
        { event_type: 'step.delta', index: 0, delta: { type: 'text', text: 'Hel' } },
        { event_type: 'step.delta' },
        { event_type: 'interaction.completed', interaction: { status: 'completed' } },
      ],
      false,
    );
    for (const chunk of [undefined, null, 'text', 7, {}]) reducer.add(chunk);
    expect(reducer.finished).toBe(true);
    expect(reducer.output()).toEqual({});
  });
});
