import type { JsonObject, JsonValue } from '../model/json.js';
import { isObject, parseJson } from './attribute-reader.js';

/** LangChain's classes of messages → roles. */
const ROLES: Readonly<Record<string, string>> = {
  SystemMessage: 'system',
  HumanMessage: 'user',
  HumanMessageChunk: 'user',
  AIMessage: 'assistant',
  AIMessageChunk: 'assistant',
  ToolMessage: 'tool',
};

/** The same classes, as the Python library names them where it writes a message as `{ type, data }`. */
const TYPES: Readonly<Record<string, string>> = {
  system: 'SystemMessage',
  human: 'HumanMessage',
  ai: 'AIMessage',
  tool: 'ToolMessage',
};

/**
 * A message as LangChain serialises itself, `{ lc, id: [..., 'AIMessage'], kwargs }` → the chat shape. Undefined when the value
 * is none.
 */
export function fromLangChain(value: JsonValue | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const [name, kwargs] = serialised(value);
  if (typeof name !== 'string' || !isObject(kwargs)) return undefined;
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : kwargs.role;
  if (typeof role !== 'string') return undefined;
  const calls = callsOf(kwargs);
  return {
    role,
    content: kwargs.content ?? null,
    ...(calls === undefined ? {} : { tool_calls: calls }),
    ...(kwargs.tool_call_id === undefined ? {} : { tool_call_id: kwargs.tool_call_id }),
  };
}

function serialised(value: JsonObject): [name: JsonValue | undefined, fields: JsonValue | undefined] {
  if (value.lc !== undefined && Array.isArray(value.id)) return [value.id.at(-1), value.kwargs];
  const { type, data } = value;
  return typeof type === 'string' && Object.hasOwn(TYPES, type)
    ? [TYPES[type], data]
    : [undefined, undefined];
}

/** `{ name, args, id }` each, or the provider's own beside them. */
function callsOf(kwargs: JsonObject): JsonValue[] | undefined {
  const { tool_calls: own, additional_kwargs: more } = kwargs;
  if (Array.isArray(own) && own.length > 0) {
    return own.map((call) =>
      isObject(call) && call.args !== undefined ? { ...call, arguments: call.args } : call,
    );
  }
  const theirs = isObject(more) ? more.tool_calls : undefined;
  return Array.isArray(theirs) && theirs.length > 0 ? theirs : undefined;
}

/** The answer in `{ generations: [[{ message }]] }`, serialised, with the model that gave it. */
export function langChainAnswer(
  value: JsonValue | undefined,
): { message: JsonValue; model: string | undefined } | undefined {
  const batch = isObject(value) && Array.isArray(value.generations) ? value.generations[0] : undefined;
  const first = Array.isArray(batch) ? batch[0] : undefined;
  const message = isObject(first) ? first.message : undefined;
  if (message === undefined || fromLangChain(message) === undefined) return undefined;
  const kwargs = isObject(message) && isObject(message.kwargs) ? message.kwargs : {};
  const { model_name: model } = isObject(kwargs.response_metadata) ? kwargs.response_metadata : {};
  return { message, model: typeof model === 'string' ? model : undefined };
}

/** What a tool gave back, out of the message that LangChain wraps it in. Other values are given back as they are. */
export function unwrapToolMessage(value: JsonValue): { result: JsonValue; callId?: string } {
  const wrapped = isObject(value) && value.output !== undefined ? value.output : value;
  const message = fromLangChain(wrapped);
  if (message === undefined || message.role !== 'tool') return { result: value };
  const { content = null, tool_call_id: callId } = message;
  return {
    result: parseJson(content) ?? null,
    ...(typeof callId === 'string' ? { callId } : {}),
  };
}
