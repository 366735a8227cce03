import type { JsonObject, JsonValue } from '../model/json.js';
import type { Message, MessagePart } from '../model/message.js';
import type { ToolDefinition } from '../model/tool.js';
import { isObject, parseJson } from './attribute-reader.js';
import type { ObservationFacts } from './dialect.js';
import { fromLangChain, langChainAnswer } from './langchain-messages.js';
import { present } from './present.js';
import { toConventionPart } from './provider-parts.js';
import { readMessages } from './read-messages.js';
import { readParts } from './read-parts.js';
import { readToolDefinitions } from './read-tools.js';

/** Messages in a provider's or a framework's own shape: their parts are put into the conventions' words. */
export function readChatMessages(value: JsonValue | undefined, defaultRole: string): Message[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list = Array.isArray(value) ? value : [value];
  // LangChain batches: a list of conversations, of which one call has one.
  const only = list.length === 1 && Array.isArray(list[0]) ? list[0] : list;
  if (typeof value === 'string') return readMessages(value, defaultRole);
  return readMessages(
    only.map((item) => (isObject(item) ? toChatMessage(item) : item)),
    defaultRole,
  );
}

/** Frameworks that say `ai` and `human`, and what Google's models are called in a conversation. */
const ROLES: Readonly<Record<string, string>> = { ai: 'assistant', human: 'user', model: 'assistant' };

function toChatMessage(given: JsonObject): JsonObject {
  const message = fromLangChain(given) ?? given;
  const { role, type, content, ...rest } = message;
  const said = typeof role === 'string' ? role : type;
  const known = typeof said === 'string' && Object.hasOwn(ROLES, said) ? ROLES[said] : role;
  return {
    ...withoutEmpty(rest),
    // A `type` that named the role has been read; any other is kept.
    ...(type === undefined || (role === undefined && known !== undefined) ? {} : { type }),
    ...(known === undefined ? {} : { role: known }),
    ...(content === undefined ? {} : { content: toConventionContent(content) }),
  };
}

/** Answers put back into a conversation bring the fields along that they did not use. */
function withoutEmpty(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function toConventionContent(content: JsonValue): JsonValue {
  const parsed = typeof content === 'string' ? (parseJson(content) ?? content) : content;
  // Text that happens to be JSON stays the text that it is; a list of typed parts was meant as parts.
  if (!Array.isArray(parsed) || !parsed.every((part) => isObject(part))) return content;
  if (typeof content === 'string' && !parsed.every((part) => isObject(part) && typeof part.type === 'string'))
    return content;
  return parsed.map((part) => toConventionPart(part));
}

type Request = Pick<
  ObservationFacts,
  'inputMessages' | 'systemInstructions' | 'toolDefinitions' | 'streamed' | 'parameters'
>;

/** The body of a request, as tracers record it whole: messages, a system prompt, tools. Undefined when it is none. */
export function readChatRequest(value: JsonValue | undefined): Request | undefined {
  if (Array.isArray(value)) {
    const inputMessages = value.every((item) => isObject(item) || Array.isArray(item))
      ? readChatMessages(value, 'user')
      : undefined;
    return inputMessages === undefined ? undefined : { inputMessages };
  }
  if (!isObject(value)) return undefined;
  const { messages, input, prompt, system, instructions, tools, stream, model: _, ...parameters } = value;
  const inputMessages = readChatMessages(messages ?? input ?? prompt, 'user');
  if (inputMessages === undefined) return undefined;
  return present<Request>({
    inputMessages,
    systemInstructions: readSystem(system ?? instructions),
    toolDefinitions: tools === undefined ? undefined : readTools(tools),
    streamed: typeof stream === 'boolean' ? stream : undefined,
    parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
  });
}

/** A system prompt: text, or parts. */
export function readSystem(value: JsonValue | undefined): MessagePart[] | undefined {
  const parts = value === undefined || value === null ? undefined : readParts(value);
  return parts === undefined || parts.length === 0 ? undefined : parts;
}

/** Tools, each possibly as JSON text. */
export function readTools(value: JsonValue): ToolDefinition[] | undefined {
  const list = parseJson(value);
  return Array.isArray(list) ? readToolDefinitions(list.map((tool) => parseJson(tool) ?? null)) : undefined;
}

type Response = Pick<ObservationFacts, 'outputMessages' | 'finishReasons'>;

/** An answer, as tracers record it whole: a provider's response, a message, a list of them. Undefined when it is none. */
export function readChatResponse(value: JsonValue | undefined): Response | undefined {
  const messages = responseMessages(value);
  if (messages === undefined) return undefined;
  const reasons = messages.flatMap((message) => message.finish_reason ?? []);
  return reasons.length === 0
    ? { outputMessages: messages }
    : { outputMessages: messages, finishReasons: reasons };
}

function responseMessages(value: JsonValue | undefined): Message[] | undefined {
  // The agents' SDK of OpenAI records the answers of a turn as a list.
  if (Array.isArray(value) && value.length === 1) {
    const [only] = value;
    if (isObject(only) && only.object === 'response') return responseMessages(only);
  }
  if (!isObject(value)) return readChatMessages(value, 'assistant');
  const { choices, messages, output, message } = value;
  const chained = langChainAnswer(value);
  if (chained !== undefined) return readChatMessages(chained.message, 'assistant');
  if (Array.isArray(choices)) {
    return readChatMessages(
      choices.map((choice) => fromChoice(choice)),
      'assistant',
    );
  }
  const inner = messages ?? message ?? (value.content === undefined ? output : undefined);
  return inner === undefined || inner === null
    ? readChatMessages(value, 'assistant')
    : readChatMessages(inner, 'assistant');
}

function fromChoice(choice: JsonValue): JsonValue {
  if (!isObject(choice) || !isObject(choice.message)) return choice;
  return typeof choice.finish_reason === 'string'
    ? { ...choice.message, finish_reason: choice.finish_reason }
    : choice.message;
}
