/**
 * The subset of the SDK's shapes that is read here. Every field is optional: a caller may leave it out, a model may stop
 * sending it, and an unexpected shape must pass through. Contents of messages are read field by field, as they come.
 */

/** What is read of a client. */
export interface BedrockClient {
  /** `endpointProvider` works out the endpoint of each call: `{ url: URL }`. */
  config?: { serviceId?: unknown; endpointProvider?: unknown } | null;
}

/** A command: what `send` takes. */
export interface BedrockCommand {
  input?: unknown;
  /** Of newer versions: `[9, namespace, operation, …]`. It keeps its name when a bundler renames classes. */
  schema?: unknown;
}

/** Input of `ConverseCommand` and of `ConverseStreamCommand`. */
export interface ConverseInput {
  modelId?: unknown;
  messages?: unknown;
  system?: unknown;
  inferenceConfig?: unknown;
  toolConfig?: { tools?: unknown } | null;
  guardrailConfig?: { guardrailIdentifier?: unknown } | null;
  additionalModelRequestFields?: unknown;
  outputConfig?: { textFormat?: { type?: unknown } | null; effort?: unknown } | null;
}

/** Answer of `ConverseCommand`. Models of the provider itself answer `InvokeModelCommand` in the same form. */
export interface ConverseAnswer {
  output?: { message?: unknown } | null;
  stopReason?: unknown;
  usage?: ConverseUsage | null;
  trace?: { promptRouter?: { invokedModelId?: unknown } | null } | null;
}

/** Token counts: `inputTokens` leaves out what was read from and written to the cache. */
export interface ConverseUsage {
  inputTokens?: unknown;
  outputTokens?: unknown;
  cacheReadInputTokens?: unknown;
  cacheWriteInputTokens?: unknown;
  /** The same two under the names that bodies of models use. */
  cacheReadInputTokenCount?: unknown;
  cacheWriteInputTokenCount?: unknown;
}

/** One event of a streamed conversation. */
export interface ConverseEvent {
  messageStart?: { role?: unknown } | null;
  contentBlockStart?: { contentBlockIndex?: unknown; start?: unknown } | null;
  contentBlockDelta?: { contentBlockIndex?: unknown; delta?: unknown } | null;
  messageStop?: { stopReason?: unknown } | null;
  metadata?: Pick<ConverseAnswer, 'usage' | 'trace'> | null;
}

/** Input of `InvokeModelCommand` and of `InvokeModelWithResponseStreamCommand`. */
export interface InvokeInput {
  modelId?: unknown;
  body?: unknown;
  guardrailIdentifier?: unknown;
}
