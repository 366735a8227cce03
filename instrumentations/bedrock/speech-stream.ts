import type { Message, MessagePart } from '../../semconv/model/message.js';
import { addBase64, blobDigest, digestPart, type BlobDigest } from '../../src/instrument/blob-digest.js';
import { fieldsOf, numberOf, parsedOrText, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallResponse, ReportedUsage, StreamReducer } from '../../src/instrument/records.js';
import { bodyFields } from './body-json.js';

/** Words of the API → words of the conventions. A turn that goes on is no end. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  END_TURN: 'stop',
  TOOL_USE: 'tool_call',
  MAX_TOKENS: 'length',
  CONTENT_FILTERED: 'content_filter',
};

/** One content of the stream: what was heard, what is said as text and as sound, or the call of a tool. */
interface Content {
  role: string;
  /** Text that may still change before it is spoken; it comes again as it was spoken. */
  isSpeculative: boolean;
  text: string;
  sound: BlobDigest | undefined;
  calls: MessagePart[];
}

/**
 * Folds what a model says over one `InvokeModelWithBidirectionalStreamCommand`: a conversation in speech, in both directions at
 * a time, so that the whole of it is one call.
 */
export function createSpeechReducer(keepContent: boolean): StreamReducer {
  const contents = new Map<string, Content>();
  let usage: ReportedUsage | undefined;
  let reason: string | undefined;
  let id: string | undefined;
  let finished = false;

  function contentAt(event: Fields): Content {
    const key = textOf(event['contentId']) ?? '';
    let content = contents.get(key);
    if (content === undefined) {
      const { generationStage } = bodyFields(event['additionalModelFields']);
      content = {
        role: textOf(event['role'])?.toLowerCase() ?? 'assistant',
        isSpeculative: generationStage === 'SPECULATIVE',
        text: '',
        sound: undefined,
        calls: [],
      };
      contents.set(key, content);
    }
    return content;
  }

  function addOutput(event: Fields): void {
    const { contentStart, textOutput, audioOutput, toolUse } = event;
    if (contentStart) contentAt(fieldsOf(contentStart));
    if (textOutput) contentAt(fieldsOf(textOutput)).text += textOf(fieldsOf(textOutput)['content']) ?? '';
    if (audioOutput) {
      const content = contentAt(fieldsOf(audioOutput));
      content.sound ??= blobDigest('audio', undefined);
      addBase64(content.sound, textOf(fieldsOf(audioOutput)['content']) ?? '');
    }
    if (toolUse) contentAt(fieldsOf(toolUse)).calls.push(callPart(fieldsOf(toolUse)));
  }

  return {
    add(chunk: unknown): void {
      const event = fieldsOf(bodyFields(fieldsOf(fieldsOf(chunk)['chunk'])['bytes'])['event']);
      const { completionStart, usageEvent, contentEnd, completionEnd } = event;
      id ??= textOf(fieldsOf(completionStart)['completionId']);
      if (usageEvent) usage = usageOf(fieldsOf(usageEvent));
      const said = FINISH_REASONS[textOf(fieldsOf(completionEnd ?? contentEnd)['stopReason']) ?? ''];
      reason = said ?? reason;
      if (completionEnd) finished = true;
      if (keepContent) addOutput(event);
    },
    response(): CallResponse {
      return {
        ...(id !== undefined && { id }),
        ...(usage !== undefined && { usage }),
        ...(reason !== undefined && { finishReasons: [reason] }),
      };
    },
    output: () => {
      const messages = messagesOf([...contents.values()]);
      return messages.length === 0 ? {} : { messages };
    },
    get finished(): boolean {
      return finished;
    },
  };
}

/** Running totals. */
function usageOf({ totalInputTokens, totalOutputTokens }: Fields): ReportedUsage {
  return { inputTokens: numberOf(totalInputTokens), outputTokens: numberOf(totalOutputTokens) };
}

function callPart({ toolUseId, toolName, content }: Fields): MessagePart {
  const id = textOf(toolUseId);
  return {
    type: 'tool_call',
    ...(id !== undefined && { id }),
    name: textOf(toolName) ?? '',
    arguments: parsedOrText(textOf(content) ?? ''),
  };
}

/** Contents of the same speaker that follow each other are one message. */
function messagesOf(contents: readonly Content[]): Message[] {
  const messages: Message[] = [];
  for (const { role: speaker, isSpeculative, text, sound, calls } of contents) {
    const role = speaker === 'tool' ? 'assistant' : speaker;
    const parts: MessagePart[] = text === '' || isSpeculative ? [] : [{ type: 'text', content: text }];
    if (sound !== undefined) parts.push(digestPart(sound));
    parts.push(...calls);
    const last = messages.at(-1);
    if (parts.length === 0) continue;
    if (last?.role === role) last.parts = [...last.parts, ...parts];
    else messages.push({ role, parts });
  }
  return messages;
}
