import type { Message, MessagePart } from '../../semconv/model/message.js';
import { fieldsOf, listOf, numberOf, parsedOrText, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, ReportedUsage, StreamReducer } from '../../src/instrument/records.js';
import { contentParts } from './messages.js';
import { finishReason, reasonIn, responseId, usageOf } from './response.js';

interface ToolCall {
  id: string | undefined;
  name: string;
  text: string;
}

/** Folds generation chunks: `{ text, message, generationInfo }`. Usage of several chunks adds up, as LangChain does it. */
export function chatReducer(keepContent: boolean): StreamReducer {
  const response: CallResponse = {};
  const usage: Record<string, number> = {};
  let hasUsage = false;
  let reason: string | undefined;
  let text = '';
  let reasoning = '';
  const other: MessagePart[] = [];
  const calls = new Map<unknown, ToolCall>();

  const addUsage = (reported: ReportedUsage | undefined): void => {
    if (reported === undefined) return;
    hasUsage = true;
    for (const [key, value] of Object.entries(reported)) {
      const count: unknown = value;
      if (typeof count === 'number') usage[key] = (usage[key] ?? 0) + count;
    }
  };
  const addContent = (content: unknown): void => {
    for (const part of contentParts(content)) {
      if (part.type === 'text') text += textOf(part['content']) ?? '';
      else if (part.type === 'reasoning') reasoning += textOf(part['content']) ?? '';
      else other.push(part);
    }
  };
  const addCall = (value: unknown): void => {
    const chunk = fieldsOf(value);
    const key = numberOf(chunk['index']) ?? textOf(chunk['id']) ?? calls.size;
    const call = calls.get(key) ?? { id: undefined, name: '', text: '' };
    calls.set(key, call);
    call.id ??= textOf(chunk['id']);
    call.name += textOf(chunk['name']) ?? '';
    call.text += textOf(chunk['args']) ?? '';
  };
  const addMessage = (message: Fields): void => {
    const metadata = fieldsOf(message['response_metadata']);
    response.id ??= responseId(message);
    response.model = textOf(metadata['model_name']) ?? textOf(metadata['model']) ?? response.model;
    reason = reasonIn(metadata) ?? reasonIn(fieldsOf(message['additional_kwargs'])) ?? reason;
    addUsage(usageOf(message['usage_metadata']));
    if (!keepContent) return;
    reasoning += textOf(fieldsOf(message['additional_kwargs'])['reasoning_content']) ?? '';
    addContent(message['content']);
    for (const chunk of listOf(message['tool_call_chunks'])) addCall(chunk);
  };

  return {
    add(value: unknown): void {
      const chunk = fieldsOf(value);
      const message = chunk['message'];
      const info = fieldsOf(chunk['generationInfo']);
      if (message !== undefined) addMessage(fieldsOf(message));
      else if (keepContent) text += textOf(chunk['text']) ?? '';
      reason = reasonIn(info) ?? reason;
      response.model ??= textOf(info['model_name']);
    },
    response: () => ({
      ...response,
      ...(reason === undefined ? {} : { finishReasons: [reason] }),
      ...(hasUsage ? { usage } : {}),
    }),
    output(): CallOutput {
      const parts: MessagePart[] = [];
      if (reasoning !== '') parts.push({ type: 'reasoning', content: reasoning });
      if (text !== '') parts.push({ type: 'text', content: text });
      parts.push(...other, ...[...calls.values()].map(callPart));
      if (parts.length === 0 && reason === undefined) return {};
      const message: Message = { role: 'assistant', parts };
      return {
        messages: [reason === undefined ? message : { ...message, finish_reason: finishReason(reason) }],
      };
    },
    get finished() {
      return reason !== undefined;
    },
  };
}

function callPart({ id, name, text }: ToolCall): MessagePart {
  return { type: 'tool_call', id: id ?? null, name, arguments: parsedOrText(text) };
}
