import { describe, expect, it } from 'vitest';
import { conversation, streamedConversation } from '../../../instrumentations/mistral/conversations.js';
import * as media from '../../../instrumentations/mistral/media-calls.js';
import type { StreamReducer } from '../../../src/instrument/records.js';

const text = (content: string): object => ({ type: 'text', content });

function fold(events: readonly object[], keepContent = true): StreamReducer {
  const reducer = streamedConversation.reducer?.(keepContent);
  if (reducer === undefined) throw new TypeError('conversations are streamed');
  for (const data of events) reducer.add({ data });
  return reducer;
}

describe('a conversation', () => {
  it('is of an agent or of a model, and goes on under its id', () => {
    const begun = conversation.request([{ agentId: 'a', inputs: 'Hi.' }], {});
    const params = { conversationId: 'c', conversationAppendRequest: { completionArgs: { temperature: 0 } } };
    const appended = conversation.request([params], {});
    expect([begun.operation, begun.providerAttributes, begun.model]).toEqual([
      'invoke_agent',
      { 'gen_ai.agent.id': 'a' },
      undefined,
    ]);
    expect([appended.operation, appended.conversationId, appended.parameters?.temperature]).toEqual([
      'chat',
      'c',
      0,
    ]);
  });

  it('keeps entries of every kind, without their times', () => {
    const inputs = [
      {
        type: 'message.input',
        role: 'user',
        content: [{ type: 'text', text: 'Hi.' }],
        createdAt: new Date(),
      },
      { type: 'function.call', toolCallId: 'f', name: 'look', arguments: { q: 1 } },
      { type: 'function.result', toolCallId: 'f', result: 'Nothing.' },
      { type: 'agent.handoff', id: 'h', previousAgentId: 'a', nextAgentId: 'b', completedAt: null },
    ];
    expect(conversation.input([{ inputs }]).messages).toEqual([
      { role: 'user', parts: [text('Hi.')] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'f', name: 'look', arguments: { q: 1 } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'f', response: 'Nothing.' }] },
      {
        role: 'user',
        parts: [{ type: 'agent.handoff', id: 'h', previousAgentId: 'a', nextAgentId: 'b' }],
      },
    ]);
  });

  it('streamed, keeps entries apart by their place and thoughts for what they are', () => {
    const reducer = fold([
      { type: 'conversation.response.started', conversationId: 'c' },
      { type: 'message.output.delta', outputIndex: 1, content: 'Sun' },
      {
        type: 'message.output.delta',
        outputIndex: 0,
        content: { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      },
      { type: 'message.output.delta', outputIndex: 1, content: { type: 'text', text: 'ny.' } },
      { type: 'conversation.response.done', usage: { promptTokens: 0, completionTokens: 2 } },
    ]);
    expect(reducer.output().messages).toEqual([
      { role: 'assistant', parts: [{ type: 'reasoning', content: 'Hm.' }, text('Sunny.')] },
    ]);
    expect([reducer.finished, reducer.response()]).toEqual([
      true,
      { conversationId: 'c', usage: { inputTokens: 0, outputTokens: 2 } },
    ]);
  });

  it('keeps no content when it may not, and takes any chunk', () => {
    const reducer = fold([{ type: 'message.output.delta', content: 'Hel' }, {}], false);
    for (const chunk of [undefined, null, 7, {}]) reducer.add(chunk);
    expect([reducer.output(), reducer.finished]).toEqual([{}, false]);
  });
});

describe('calls that are no chat', () => {
  it('have sound as bytes, and a file by its id', () => {
    expect(media.speech.output({ audioData: 'c3Bvb3I=' })).toEqual({
      messages: [{ role: 'assistant', parts: [{ type: 'blob', modality: 'audio', content: 'c3Bvb3I=' }] }],
    });
    expect(media.transcription.input([{ fileId: 'f' }]).messages).toEqual([
      { role: 'user', parts: [{ type: 'file', modality: 'audio', file_id: 'f' }] },
    ]);
  });

  it('judge each text by itself', () => {
    expect(media.moderation.input([{ inputs: ['One.', 'Two.'] }]).messages).toEqual([
      { role: 'user', parts: [text('One.')] },
      { role: 'user', parts: [text('Two.')] },
    ]);
  });

  it('have what was heard so far when the stream is broken off', () => {
    const reducer = media.streamedTranscription.reducer?.(true);
    reducer?.add({ data: { type: 'transcription.text.delta', text: 'Hel' } });
    expect([reducer?.finished, reducer?.output()]).toEqual([
      false,
      { messages: [{ role: 'assistant', parts: [text('Hel')] }] },
    ]);
  });
});
