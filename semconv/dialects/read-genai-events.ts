import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
} from '../attributes.js';
import { EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS } from '../events.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message, MessagePart } from '../model/message.js';
import { createAttributeReader, isObject, parseJson } from './attribute-reader.js';
import type { DialectSpan } from './dialect.js';
import { readMessage, readMessages } from './read-messages.js';
import { readParts } from './read-parts.js';

/** What span events say of a conversation, in the three ways that the conventions have had. */
export interface EventContent {
  systemInstructions?: MessagePart[];
  inputMessages?: Message[];
  outputMessages?: Message[];
}

type EventReader = (attributes: { readonly [key: string]: JsonValue }, into: Required<EventContent>) => void;

/** Older events are one message each: `gen_ai.<role>.message`, and `gen_ai.choice` for an answer. */
const EVENT_READERS: Readonly<Record<string, EventReader>> = {
  [EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS]: readDetails,
  'gen_ai.system.message': (attributes, into) => into.inputMessages.push(...oneMessage(attributes, 'system')),
  'gen_ai.user.message': (attributes, into) => into.inputMessages.push(...oneMessage(attributes, 'user')),
  'gen_ai.assistant.message': (attributes, into) =>
    into.inputMessages.push(...oneMessage(attributes, 'assistant')),
  'gen_ai.tool.message': (attributes, into) => into.inputMessages.push(...oneMessage(attributes, 'tool')),
  'gen_ai.choice': readChoice,
  'gen_ai.content.prompt': (attributes, into) =>
    into.inputMessages.push(...(readMessages(parse(attributes['gen_ai.prompt']), 'user') ?? [])),
  'gen_ai.content.completion': (attributes, into) =>
    into.outputMessages.push(...(readMessages(parse(attributes['gen_ai.completion']), 'assistant') ?? [])),
};

export function readGenAiEvents(events: DialectSpan['events']): EventContent {
  const into: Required<EventContent> = { systemInstructions: [], inputMessages: [], outputMessages: [] };
  for (const event of events) {
    if (Object.hasOwn(EVENT_READERS, event.name)) EVENT_READERS[event.name]?.(event.attributes, into);
  }
  const content: EventContent = {};
  if (into.systemInstructions.length > 0) content.systemInstructions = into.systemInstructions;
  if (into.inputMessages.length > 0) content.inputMessages = into.inputMessages;
  if (into.outputMessages.length > 0) content.outputMessages = into.outputMessages;
  return content;
}

function readDetails(attributes: { readonly [key: string]: JsonValue }, into: Required<EventContent>): void {
  const reader = createAttributeReader(attributes);
  into.systemInstructions.push(...(reader.mapped(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, readParts) ?? []));
  into.inputMessages.push(
    ...(reader.mapped(ATTR_GEN_AI_INPUT_MESSAGES, (value) => readMessages(value, 'user')) ?? []),
  );
  into.outputMessages.push(
    ...(reader.mapped(ATTR_GEN_AI_OUTPUT_MESSAGES, (value) => readMessages(value, 'assistant')) ?? []),
  );
}

/** `{ index, finish_reason, message }`, the message structured or as JSON. */
function readChoice(attributes: { readonly [key: string]: JsonValue }, into: Required<EventContent>): void {
  const body = bodyOf(attributes);
  const inner = parse(body['message']);
  const message = readMessage(isObject(inner) ? inner : body, 'assistant');
  if (message === undefined) return;
  const reason = body['finish_reason'];
  if (typeof reason === 'string' && message.finish_reason === undefined) message.finish_reason = reason;
  into.outputMessages.push(message);
}

function oneMessage(attributes: { readonly [key: string]: JsonValue }, role: string): Message[] {
  const body = bodyOf(attributes);
  const { content, tool_calls, id } = body;
  const message = readMessage(
    {
      role: typeof body['role'] === 'string' ? body['role'] : role,
      ...(content === undefined ? {} : { content: parse(content) }),
      ...(tool_calls === undefined ? {} : { tool_calls: parse(tool_calls) }),
      ...(role === 'tool' && typeof id === 'string' ? { tool_call_id: id } : {}),
    },
    role,
  );
  return message === undefined ? [] : [message];
}

/** Some emitters put the event's body into one attribute. */
function bodyOf(attributes: { readonly [key: string]: JsonValue }): JsonObject {
  const content = parse(attributes['gen_ai.event.content']);
  return isObject(content) ? content : { ...attributes };
}

function parse(value: JsonValue | undefined): JsonValue {
  return value === undefined ? null : (parseJson(value) ?? null);
}
