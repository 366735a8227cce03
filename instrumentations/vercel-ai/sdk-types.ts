/**
 * What we read of the package's shapes, over its majors. Model versions 2, 3 and 4 (of majors 5, 6 and 7) differ in how
 * usage and finish reasons are written; a field is `unknown` where they do, or where a provider may write what it likes.
 */

/** A model, as a provider makes it. */
export interface Model {
  provider?: unknown;
  modelId?: unknown;
  doGenerate?: unknown;
  doStream?: unknown;
}

/** Options of a call of a model, or the event that major 7 publishes of it. */
export interface CallOptions {
  provider?: unknown;
  modelId?: unknown;
  /** Messages of the model's interface. */
  prompt?: unknown;
  /** Messages of the program's interface, in the event. */
  messages?: unknown;
  instructions?: unknown;
  tools?: unknown;
  maxOutputTokens?: unknown;
  temperature?: unknown;
  topP?: unknown;
  topK?: unknown;
  stopSequences?: unknown;
  frequencyPenalty?: unknown;
  presencePenalty?: unknown;
  seed?: unknown;
  reasoning?: unknown;
  responseFormat?: unknown;
}

/** What a model answers. */
export interface ModelResult {
  content?: unknown;
  finishReason?: unknown;
  usage?: unknown;
  response?: unknown;
  stream?: unknown;
}

/** One part of a message, of an answer or of a stream. */
export interface Part {
  type?: unknown;
  id?: unknown;
  text?: unknown;
  delta?: unknown;
  data?: unknown;
  image?: unknown;
  mediaType?: unknown;
  toolCallId?: unknown;
  toolName?: unknown;
  input?: unknown;
  output?: unknown;
  result?: unknown;
  providerExecuted?: unknown;
}

/** The `experimental_telemetry` option of 5 and 6, `telemetry` in 7. */
export interface TelemetrySettings {
  isEnabled?: unknown;
  recordInputs?: unknown;
  recordOutputs?: unknown;
  functionId?: unknown;
  metadata?: unknown;
  tracer?: unknown;
}

/** What is read of the options of `generateText` and its like. */
export interface FunctionOptions {
  model?: unknown;
  prompt?: unknown;
  messages?: unknown;
  tools?: unknown;
  abortSignal?: unknown;
  experimental_telemetry?: unknown;
  telemetry?: unknown;
  prepareStep?: unknown;
  experimental_prepareStep?: unknown;
}
