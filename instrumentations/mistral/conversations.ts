import { ATTR_GEN_AI_AGENT_ID } from '../../semconv/attributes.js';
import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import * as values from '../../semconv/values.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { growText, growingText, grownText, type GrowingText } from '../../src/instrument/growing-text.js';
import {
  fieldsOf,
  listOf,
  numberOf,
  parsedOrText,
  textOf,
  withoutGaps,
  type Fields,
} from '../../src/instrument/read.js';
import type {
  CallInput,
  CallOutput,
  CallRequest,
  CallResponse,
  StreamReducer,
} from '../../src/instrument/records.js';
import { outputType, parametersOf, target, toolOf } from './request.js';
import { contentParts, usageOf } from './response.js';

/** `beta.conversations`: the API keeps the conversation, and runs agents and its own tools by itself. */
export const conversation: CallMapper = {
  request: ([params], client) => conversationRequest(fieldsOf(params), fieldsOf(client)),
  input: ([params]) => conversationInput(fieldsOf(params)),
  response: (value) => conversationResponse(fieldsOf(value)),
  output: (value) => outputOf(listOf(fieldsOf(value)['outputs']).flatMap(entryParts)),
};

export const streamedConversation: CallMapper = {
  ...conversation,
  request: (args, client) => ({ ...conversation.request(args, client), stream: true }),
  reducer: createConversationReducer,
};

/** All but the first call of a conversation have their body in a field of their own. */
function bodyOf(params: Fields): Fields {
  const inner = Object.keys(params).find((key) => /^conversation(Append|Restart)(Stream)?Request$/.test(key));
  return inner === undefined ? params : fieldsOf(params[inner]);
}

function conversationRequest(params: Fields, client: Fields): CallRequest {
  const body = bodyOf(params);
  const args = fieldsOf(body['completionArgs']);
  const agent = textOf(body['agentId']);
  return withoutGaps<CallRequest>({
    operation:
      agent === undefined
        ? values.GEN_AI_OPERATION_NAME_VALUE_CHAT
        : values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
    ...target(body['model'], client),
    conversationId: textOf(params['conversationId']),
    outputType: outputType(args['responseFormat']),
    parameters: parametersOf(args),
    providerAttributes: agent === undefined ? undefined : { [ATTR_GEN_AI_AGENT_ID]: agent },
  });
}

function conversationInput(params: Fields): CallInput {
  const { inputs, instructions, tools } = bodyOf(params);
  const entries: readonly unknown[] = typeof inputs === 'string' ? [{ content: inputs }] : listOf(inputs);
  const system = textOf(instructions);
  const definitions = listOf(tools).map(toolOf);
  return {
    messages: entries.map(entryMessage),
    ...(system !== undefined && { systemInstructions: [{ type: 'text', content: system }] }),
    ...(definitions.length > 0 && { toolDefinitions: definitions }),
  };
}

function conversationResponse(answer: Fields): CallResponse {
  const models = listOf(answer['outputs']).flatMap((entry) => textOf(fieldsOf(entry)['model']) ?? []);
  return withoutGaps<CallResponse>({
    conversationId: textOf(answer['conversationId']),
    model: models.at(-1),
    usage: usageOf(fieldsOf(answer['usage'])),
  });
}

function outputOf(parts: MessagePart[]): CallOutput {
  return parts.length === 0 ? {} : { messages: [{ role: 'assistant', parts }] };
}

const ROLES: Readonly<Record<string, string>> = {
  'function.result': 'tool',
  'function.call': 'assistant',
  'tool.execution': 'assistant',
  'message.output': 'assistant',
};

function entryMessage(entry: unknown): Message {
  const { type, role } = fieldsOf(entry);
  return { role: ROLES[textOf(type) ?? ''] ?? textOf(role) ?? 'user', parts: entryParts(entry) };
}

/** What one entry of a conversation holds. Its times and its id are no content. */
function entryParts(entry: unknown): MessagePart[] {
  const { createdAt: _from, completedAt: _to, object: _object, ...fields } = fieldsOf(entry);
  const type = textOf(fields['type']) ?? 'message.input';
  if (type.startsWith('message.')) return contentParts(fields['content']);
  const name = textOf(fields['name']) ?? '';
  const given = fields['arguments'];
  const args = typeof given === 'string' ? parsedOrText(given) : (given as JsonValue | undefined);
  const id = textOf(fields['toolCallId']);
  if (type === 'function.call')
    return [withoutGaps<MessagePart>({ type: 'tool_call', id, name, arguments: args })];
  if (type === 'function.result') {
    const response = (fields['result'] ?? null) as JsonValue;
    return [withoutGaps<MessagePart>({ type: 'tool_call_response', id, response })];
  }
  if (type !== 'tool.execution') return [{ ...(fields as Record<string, JsonValue>), type }];
  const call = withoutGaps({ type: name, arguments: args, info: fields['info'] as JsonValue | undefined });
  const entryId = textOf(fields['id']);
  return [
    { type: 'server_tool_call', ...(entryId !== undefined && { id: entryId }), name, server_tool_call: call },
  ];
}

/** An entry of the answer that is still growing. */
interface GrowingEntry {
  fields: Record<string, unknown>;
  arguments: GrowingText | undefined;
  content: (GrowingText | MessagePart)[];
}

/** Folds the events of a streamed answer, entries apart. */
function createConversationReducer(keepContent: boolean): StreamReducer {
  const entries = new Map<number, GrowingEntry>();
  const answer: Record<string, unknown> = {};
  let model: unknown;
  let error: CallResponse['error'];
  let finished = false;

  function addState(type: string, event: Fields): void {
    answer['conversationId'] ??= event['conversationId'];
    answer['usage'] = event['usage'] ?? answer['usage'];
    if (type.endsWith('.done')) finished = true;
    if (!type.endsWith('.error')) return;
    const message = textOf(event['message']);
    error = { type: String(event['code']), ...(message !== undefined && { message }) };
  }

  return {
    add(chunk: unknown): void {
      const event = fieldsOf(fieldsOf(chunk)['data']);
      const type = textOf(event['type']) ?? '';
      model = event['model'] ?? model;
      if (type.startsWith('conversation.response.')) addState(type, event);
      else if (keepContent) growEntry(entryAt(entries, numberOf(event['outputIndex']) ?? 0), type, event);
    },
    response: () => ({
      ...conversationResponse({ ...answer, outputs: [{ model }] }),
      ...(error !== undefined && { error }),
    }),
    output: () => {
      const inOrder = [...entries].toSorted(([a], [b]) => a - b);
      return outputOf(inOrder.flatMap(([, entry]) => grownEntry(entry)));
    },
    get finished(): boolean {
      return finished;
    },
  };
}

function entryAt(entries: Map<number, GrowingEntry>, index: number): GrowingEntry {
  let entry = entries.get(index);
  if (entry === undefined) entries.set(index, (entry = { fields: {}, arguments: undefined, content: [] }));
  return entry;
}

/** On the path of every chunk. `function.call.delta` is a piece of a `function.call`. */
function growEntry(entry: GrowingEntry, type: string, event: Fields): void {
  const {
    arguments: args,
    content,
    outputIndex: _index,
    contentIndex: _content,
    model: _model,
    ...fields
  } = event;
  Object.assign(entry.fields, fields, { type: type.replace(/\.(delta|started|done)$/, '') });
  if (typeof args === 'string') {
    entry.arguments ??= growingText();
    growText(entry.arguments, args);
  }
  if (typeof content === 'string') growContent(entry, content);
  else if (content !== undefined && content !== null) addChunk(entry, fieldsOf(content));
}

function addChunk(entry: GrowingEntry, chunk: Fields): void {
  if (chunk['type'] === 'text') growContent(entry, textOf(chunk['text']) ?? '');
  else entry.content.push(...contentParts([chunk]));
}

function growContent(entry: GrowingEntry, piece: string): void {
  let last = entry.content.at(-1);
  if (last === undefined || !('pieces' in last)) entry.content.push((last = growingText()));
  growText(last as GrowingText, piece);
}

function grownEntry({ fields, arguments: args, content }: GrowingEntry): MessagePart[] {
  if (textOf(fields['type'])?.startsWith('message.') !== true) {
    return entryParts(args === undefined ? fields : { ...fields, arguments: grownText(args) });
  }
  return content.map((part) =>
    'pieces' in part ? { type: 'text', content: grownText(part as GrowingText) } : part,
  );
}
