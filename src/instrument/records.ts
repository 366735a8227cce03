import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';

/**
 * The canonical form of one LLM call, between an SDK's shapes (mapped by the pure functions of an instrumentation folder)
 * and the attributes of a span (written by this kit alone). Everything is optional that a provider may leave out;
 * a field that is undefined was left out.
 */

/** Cheap facts of a request, read for every call and set when the span starts. */
export interface CallRequest {
  /** `gen_ai.operation.name`: `chat`, `text_completion`, `embeddings` … */
  operation: string;
  /** `gen_ai.provider.name`. */
  provider: string;
  model?: string | undefined;
  /** What the span is named after in the place of the model: the source that is searched. Empty for nothing. */
  target?: string | undefined;
  serverAddress?: string | undefined;
  serverPort?: number | undefined;
  stream?: boolean | undefined;
  /** `gen_ai.request.*` without the prefix. Zeros are values. */
  parameters?: RequestParameters | undefined;
  /** `gen_ai.output.type`: `text`, `json`, `image`, `speech`. */
  outputType?: string | undefined;
  /** Only when the caller or the provider gave one. */
  conversationId?: string | undefined;
  /** Attributes of the provider's own namespace (`<provider>.request.service_tier` …), under their full names. */
  providerAttributes?: Record<string, string | number | boolean | string[] | undefined> | undefined;
}

export interface RequestParameters {
  maxTokens?: number | undefined;
  choiceCount?: number | undefined;
  temperature?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  stopSequences?: string[] | undefined;
  frequencyPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  encodingFormats?: string[] | undefined;
  seed?: number | undefined;
  reasoningLevel?: string | undefined;
  previousResponseId?: string | undefined;
  /** `gen_ai.embeddings.dimension.count`. */
  dimensionCount?: number | undefined;
}

/** Content of a request: read only when the content policy wants it. */
export interface CallInput {
  systemInstructions?: MessagePart[];
  messages?: Message[];
  toolDefinitions?: ToolDefinition[];
  /** What is searched for. */
  query?: string | undefined;
}

/** Token counts as the provider reported them, totals included as the conventions define them. */
export interface ReportedUsage {
  /** Total input, cache reads and writes included. */
  inputTokens?: number | undefined;
  /** Total output, reasoning included. */
  outputTokens?: number | undefined;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  reasoningTokens?: number | undefined;
}

/** Cheap facts of a response. */
export interface CallResponse {
  id?: string | undefined;
  model?: string | undefined;
  finishReasons?: string[] | undefined;
  /** `gen_ai.response.status`, where a provider has one. */
  status?: string | undefined;
  usage?: ReportedUsage | undefined;
  conversationId?: string | undefined;
  providerAttributes?: Record<string, string | number | boolean | string[] | undefined> | undefined;
  /** Set when the answer itself says that the call failed (an `error` event in a 200 stream, `status: failed`). */
  error?: { type: string; message?: string } | undefined;
}

/** Content of a response: read only when the content policy wants it. */
export interface CallOutput {
  messages?: Message[];
  /** What a search found. */
  documents?: JsonValue[];
}

/**
 * Folds the chunks of one stream. Pure: no clock, no span. `add` is on the path of every chunk: it must not throw on an
 * unknown chunk and keeps text only when `keepContent` was asked for.
 */
export interface StreamReducer {
  add(chunk: unknown): void;
  /** What is known now; also after a failure in mid-stream. */
  response(): CallResponse;
  output(): CallOutput;
  /** True once the provider said that the answer is whole. */
  readonly finished: boolean;
}
