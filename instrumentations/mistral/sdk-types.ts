/**
 * The subset of the SDK's shapes that is read here, in the SDK's own spelling. Every field is optional: a caller may leave it
 * out, a provider may stop sending it, and an unexpected shape must pass through.
 */

/** Parameters of `chat`, `agents` and `fim`. */
export interface CompletionParams {
  model?: unknown;
  agentId?: unknown;
  messages?: unknown;
  prompt?: unknown;
  suffix?: unknown;
  maxTokens?: unknown;
  temperature?: unknown;
  topP?: unknown;
  n?: unknown;
  stop?: unknown;
  randomSeed?: unknown;
  presencePenalty?: unknown;
  frequencyPenalty?: unknown;
  reasoningEffort?: unknown;
  responseFormat?: unknown;
  tools?: unknown;
}

export interface EmbeddingParams {
  model?: unknown;
  inputs?: unknown;
  outputDimension?: unknown;
  encodingFormat?: unknown;
}

/** What is read of the client or of a resource: each resource is a client of its own. */
export interface MistralClient {
  _baseURL?: { href?: unknown } | null;
  _options?: { hooks?: { beforeRequestHooks?: unknown } };
}

/** The part of the SDK by which it traces itself (2.7 and later). */
export interface TracingHook {
  _mistralTracingHook?: unknown;
  /** Set by the program, or by the SDK for a back end of its maker. */
  tracerProvider?: unknown;
  /** Set when `tracerProvider` is the SDK's own. */
  _autoTelemetryProvider?: unknown;
  _telemetryUseGlobalProvider?: unknown;
  _telemetryAutoDisabled?: unknown;
}

export interface ChatMessage {
  role?: unknown;
  content?: unknown;
  toolCalls?: unknown;
  toolCallId?: unknown;
  name?: unknown;
}

export interface Choice {
  index?: unknown;
  message?: ChatMessage;
  delta?: ChatMessage;
  finishReason?: unknown;
}

export interface Completion {
  id?: unknown;
  model?: unknown;
  choices?: unknown;
  usage?: unknown;
}

export interface ToolCall {
  id?: unknown;
  index?: unknown;
  function?: { name?: unknown; arguments?: unknown };
}
