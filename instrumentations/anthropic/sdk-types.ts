import type { Span } from '@opentelemetry/api';

/**
 * The subset of the SDK's shapes that is read here. Every field is optional: a caller may leave it out, a provider may
 * stop sending it, and an unexpected shape must pass through.
 */

/** A content block of a request or of a response. */
export interface ContentBlock {
  type?: unknown;
  text?: unknown;
  citations?: unknown;
  thinking?: unknown;
  id?: unknown;
  name?: unknown;
  input?: unknown;
  server_name?: unknown;
  tool_use_id?: unknown;
  content?: unknown;
  is_error?: unknown;
  source?: unknown;
  title?: unknown;
  [key: string]: unknown;
}

/** Where the bytes of an image or a document are. */
export interface MediaSource {
  type?: unknown;
  media_type?: unknown;
  data?: unknown;
  url?: unknown;
  file_id?: unknown;
  content?: unknown;
}

export interface MessageParam {
  role?: unknown;
  content?: unknown;
}

export interface ToolParam {
  type?: unknown;
  name?: unknown;
  description?: unknown;
  input_schema?: unknown;
  mcp_server_name?: unknown;
  [key: string]: unknown;
}

/** Parameters of `messages.create`, `messages.countTokens` and their beta forms. */
export interface MessagesParams {
  model?: unknown;
  messages?: unknown;
  system?: unknown;
  max_tokens?: unknown;
  temperature?: unknown;
  top_p?: unknown;
  top_k?: unknown;
  stop_sequences?: unknown;
  stream?: unknown;
  tools?: unknown;
  thinking?: { type?: unknown; budget_tokens?: unknown } | null;
  output_config?: { effort?: unknown; format?: { type?: unknown } | null } | null;
  output_format?: { type?: unknown } | null;
  service_tier?: unknown;
}

/** Parameters of the older `completions.create`. */
export interface CompletionParams {
  model?: unknown;
  prompt?: unknown;
  max_tokens_to_sample?: unknown;
  temperature?: unknown;
  top_p?: unknown;
  top_k?: unknown;
  stop_sequences?: unknown;
  stream?: unknown;
}

/** Token counts as the API reports them: `input_tokens` leaves the cached ones out. */
export interface ApiUsage {
  input_tokens?: unknown;
  output_tokens?: unknown;
  cache_read_input_tokens?: unknown;
  cache_creation_input_tokens?: unknown;
  cache_creation?: { ephemeral_5m_input_tokens?: unknown; ephemeral_1h_input_tokens?: unknown } | null;
  output_tokens_details?: { thinking_tokens?: unknown } | null;
  service_tier?: unknown;
}

export interface ApiMessage {
  id?: unknown;
  type?: unknown;
  role?: unknown;
  model?: unknown;
  content?: unknown;
  stop_reason?: unknown;
  usage?: ApiUsage | null;
  error?: unknown;
}

export interface ApiCompletion {
  id?: unknown;
  model?: unknown;
  completion?: unknown;
  stop_reason?: unknown;
}

/** One server-sent event of a streamed message, as the SDK yields it. */
export interface StreamEvent {
  type?: unknown;
  index?: unknown;
  message?: ApiMessage;
  content_block?: ContentBlock;
  delta?: {
    type?: unknown;
    text?: unknown;
    thinking?: unknown;
    partial_json?: unknown;
    citation?: unknown;
    content?: unknown;
    stop_reason?: unknown;
  };
  usage?: ApiUsage | null;
  error?: unknown;
}

/** Options of one request: the second argument of every method. */
export interface RequestOptions {
  openTelemetry?: { conversationId?: unknown } | null;
  __span?: OwnSpan | null;
}

/** A span of the SDK's own tracing, on its way down with the request. */
export interface OwnSpan {
  span: Span;
  name: string;
  startTime: number;
}

/** What is read of the client that a resource belongs to. */
export interface AnthropicClient {
  baseURL?: unknown;
  /** Set by the SDK's own tracing (0.134 and later). */
  _tracer?: unknown;
  _genAIProviderName?: unknown;
  openTelemetry?: { tracerProvider?: unknown };
}
