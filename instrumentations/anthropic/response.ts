import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { CallOutput, CallResponse, ReportedUsage } from '../../src/instrument/records.js';
import type { ApiCompletion, ApiMessage, ApiUsage, ContentBlock, MediaSource } from './sdk-types.js';

/** Words of the API → words of the conventions. Others stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  refusal: 'content_filter',
};

/** Names that the conventions give a shape to: a foreign block of the same name must not be taken for one of them. */
const PART_TYPES: ReadonlySet<string> = new Set([
  'text',
  'reasoning',
  'tool_call',
  'tool_call_response',
  'server_tool_call',
  'server_tool_call_response',
  'blob',
  'uri',
  'file',
]);

/** Facts of a whole message, the answer of `messages.create` without `stream`. */
export function readMessage(message: ApiMessage): CallResponse {
  const { id, model, stop_reason: reason } = message;
  return {
    id: typeof id === 'string' ? id : undefined,
    model: typeof model === 'string' ? model : undefined,
    finishReasons: typeof reason === 'string' ? [finishReason(reason)] : undefined,
    usage: readUsage(message.usage),
    providerAttributes: responseAttributes(message),
    error: readError(message),
  };
}

/** Content of a whole message. */
export function readMessageOutput(message: ApiMessage): CallOutput {
  if (message.content === undefined || message.content === null) return {};
  const output: Message = {
    role: typeof message.role === 'string' ? message.role : 'assistant',
    parts: contentParts(message.content),
  };
  if (typeof message.stop_reason === 'string') output.finish_reason = finishReason(message.stop_reason);
  return { messages: [output] };
}

/** Facts of a whole answer of the older `completions.create`. */
export function readCompletion(completion: ApiCompletion): CallResponse {
  return readMessage({
    id: completion.id,
    model: completion.model,
    stop_reason: completion.stop_reason,
  });
}

/** Content of a whole answer of the older `completions.create`. */
export function readCompletionOutput(completion: ApiCompletion): CallOutput {
  if (typeof completion.completion !== 'string') return {};
  return readMessageOutput({ content: completion.completion, stop_reason: completion.stop_reason });
}

/** The answer of `messages.countTokens`. It is not usage: nothing was consumed. */
export function readTokenCount(answer: { input_tokens?: unknown }): CallResponse {
  if (typeof answer.input_tokens !== 'number') return {};
  return {
    providerAttributes: { 'anthropic.message.count_tokens.input_tokens': answer.input_tokens },
  };
}

/** The convention's word for a stop reason, or the reason itself when there is none. */
export function finishReason(stopReason: string): string {
  return FINISH_REASONS[stopReason] ?? stopReason;
}

/**
 * Token counts with the input total as the conventions define it: the API's `input_tokens` plus what was read from and
 * written to the cache. A count that the API did not give is absent.
 */
export function readUsage(usage: ApiUsage | null | undefined): ReportedUsage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const read = count(usage.cache_read_input_tokens);
  const written = count(usage.cache_creation_input_tokens);
  const input = count(usage.input_tokens);
  const output = count(usage.output_tokens);
  const reasoning = count(usage.output_tokens_details?.thinking_tokens);
  if ((input ?? output ?? read ?? written ?? reasoning) === undefined) return undefined;
  return {
    inputTokens: input === undefined ? undefined : input + (read ?? 0) + (written ?? 0),
    outputTokens: output,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    reasoningTokens: reasoning,
  };
}

/** Facts that only this provider has, under the names that its own tracing gives them. */
function responseAttributes({ stop_reason: reason, usage }: ApiMessage): CallResponse['providerAttributes'] {
  let attributes: Record<string, string | number> | undefined;
  if (typeof reason === 'string') attributes = { 'anthropic.message.stop_reason': reason };
  if (usage === undefined || usage === null) return attributes;
  const { service_tier: tier, cache_creation: creation } = usage;
  if (typeof tier === 'string') (attributes ??= {})['anthropic.response.service_tier'] = tier;
  if (creation === undefined || creation === null) return attributes;
  const short = count(creation.ephemeral_5m_input_tokens);
  const long = count(creation.ephemeral_1h_input_tokens);
  if (short !== undefined) (attributes ??= {})[`${CACHE_CREATION}ephemeral_5m_input_tokens`] = short;
  if (long !== undefined) (attributes ??= {})[`${CACHE_CREATION}ephemeral_1h_input_tokens`] = long;
  return attributes;
}

const CACHE_CREATION = 'anthropic.usage.cache_creation.';

/** An error that came with a success status: `{ type: 'error', error: { type, message } }`. */
export function readError(answer: { type?: unknown; error?: unknown }): CallResponse['error'] {
  if (answer.type !== 'error' && !isObject(answer.error)) return undefined;
  const error = isObject(answer.error) ? answer.error : {};
  return {
    type: typeof error['type'] === 'string' ? error['type'] : 'error',
    ...(typeof error['message'] === 'string' ? { message: error['message'] } : {}),
  };
}

/** Content of a message, a string or a list of blocks, as parts. */
export function contentParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) => (isObject(block) ? blockPart(block) : otherPart({ value: block })));
}

function blockPart(block: ContentBlock): MessagePart {
  switch (block.type) {
    case 'text':
      return textPart(block);
    case 'thinking':
      // The signature is an opaque token of the API, not content.
      return { type: 'reasoning', content: typeof block.thinking === 'string' ? block.thinking : '' };
    case 'redacted_thinking':
      return { type: 'reasoning', content: '', redacted: true };
    case 'tool_use':
      return {
        type: 'tool_call',
        ...idOf(block.id),
        name: nameOf(block),
        ...(block.input === undefined ? {} : { arguments: block.input as JsonValue }),
      };
    case 'tool_result':
      return toolResultPart(block);
    case 'image':
    case 'document':
      return mediaPart(block, block.type);
    default:
      return serverToolPart(block) ?? otherPart(block);
  }
}

function textPart(block: ContentBlock): MessagePart {
  const content = typeof block.text === 'string' ? block.text : '';
  if (!Array.isArray(block.citations) || block.citations.length === 0) return { type: 'text', content };
  return { type: 'text', content, citations: block.citations as JsonValue };
}

/** The content of a result is mapped as well, so that an image in it is a blob that the content policy finds. */
function toolResultPart(block: ContentBlock): MessagePart {
  const { content } = block;
  return {
    type: 'tool_call_response',
    ...idOf(block.tool_use_id),
    response: Array.isArray(content)
      ? (contentParts(content) as unknown as JsonValue)
      : ((content ?? null) as JsonValue),
    ...(typeof block.is_error === 'boolean' ? { is_error: block.is_error } : {}),
  };
}

/** Tools that the provider runs itself: web search, code execution, MCP servers … and those that come later. */
function serverToolPart(block: ContentBlock): MessagePart | undefined {
  const { type, input, content } = block;
  if (type === 'server_tool_use' || type === 'mcp_tool_use') {
    return {
      type: 'server_tool_call',
      ...idOf(block.id),
      name: nameOf(block),
      server_tool_call: {
        type: type === 'mcp_tool_use' ? 'mcp' : nameOf(block),
        ...(typeof block.server_name === 'string' ? { server_name: block.server_name } : {}),
        ...(input === undefined ? {} : { arguments: input as JsonValue }),
      },
    };
  }
  if (typeof type !== 'string' || !type.endsWith('_tool_result')) return undefined;
  return {
    type: 'server_tool_call_response',
    ...idOf(block.tool_use_id),
    server_tool_call_response: {
      type,
      ...(typeof block.is_error === 'boolean' ? { is_error: block.is_error } : {}),
      ...(content === undefined ? {} : { content: fetchedContent(content) as JsonValue }),
    },
  };
}

/** What a fetch brought may be a document with bytes of its own. */
function fetchedContent(content: unknown): unknown {
  if (!isObject(content) || !isObject(content['content'])) return content;
  const document = content['content'];
  return document['type'] === 'document' ? { ...content, content: mediaPart(document, 'document') } : content;
}

function mediaPart(block: ContentBlock, modality: 'image' | 'document'): MessagePart {
  const source: MediaSource = isObject(block.source) ? block.source : {};
  const title = typeof block.title === 'string' ? { title: block.title } : {};
  const mime = typeof source.media_type === 'string' ? { mime_type: source.media_type } : {};
  if (source.type === 'base64' && typeof source.data === 'string') {
    return { type: 'blob', modality, ...mime, content: source.data, ...title };
  }
  if (source.type === 'url' && typeof source.url === 'string') {
    return { type: 'uri', modality, ...mime, uri: source.url, ...title };
  }
  if (source.type === 'file' && typeof source.file_id === 'string') {
    return { type: 'file', modality, ...mime, file_id: source.file_id, ...title };
  }
  if (source.type === 'text' && typeof source.data === 'string') {
    return { type: 'text', content: source.data, ...title };
  }
  if (source.type === 'content') {
    return { type: modality, content: contentParts(source.content) as unknown as JsonValue, ...title };
  }
  return otherPart(block);
}

/** A block that the conventions have no part for is kept as it came. */
function otherPart(block: ContentBlock): MessagePart {
  const type = typeof block.type === 'string' ? block.type : 'unknown';
  return { ...(block as Record<string, JsonValue>), type: PART_TYPES.has(type) ? `anthropic_${type}` : type };
}

function idOf(id: unknown): { id?: string } {
  return typeof id === 'string' ? { id } : {};
}

function nameOf(block: ContentBlock): string {
  return typeof block.name === 'string' ? block.name : '';
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
