/**
 * The subset of the SDK's shapes that is read here. Every field is optional: a caller may leave it out, a provider may
 * stop sending it, and an unexpected shape must pass through.
 */

/** Parameters of `generateContent`, `embedContent` and `countTokens`, as the SDK's internal methods get them. */
export interface ModelParams {
  model?: unknown;
  /** A text, a part, a content, or a list of them. */
  contents?: unknown;
  /** One content, in place of `contents`: how some embedding models are called. */
  content?: unknown;
  config?: ModelConfig | null;
}

export interface ModelConfig {
  httpOptions?: { baseUrl?: unknown } | null;
  abortSignal?: AbortSignal | null;
  systemInstruction?: unknown;
  temperature?: unknown;
  topP?: unknown;
  topK?: unknown;
  candidateCount?: unknown;
  maxOutputTokens?: unknown;
  stopSequences?: unknown;
  presencePenalty?: unknown;
  frequencyPenalty?: unknown;
  seed?: unknown;
  responseMimeType?: unknown;
  responseModalities?: unknown;
  thinkingConfig?: { thinkingLevel?: unknown } | null;
  tools?: unknown;
  outputDimensionality?: unknown;
}

/** What is read of the resource that the methods belong to. */
export interface ModelsResource {
  apiClient?: { clientOptions?: { vertexai?: unknown; httpOptions?: { baseUrl?: unknown } } };
}

export interface Content {
  role?: unknown;
  parts?: unknown;
}

/** One part of a content: exactly one of these is its kind. */
export interface Part {
  text?: unknown;
  thought?: unknown;
  functionCall?: FunctionCall;
  functionResponse?: FunctionResponse;
  inlineData?: Media;
  fileData?: Media;
  executableCode?: { id?: unknown; language?: unknown; code?: unknown };
  codeExecutionResult?: { id?: unknown; outcome?: unknown; output?: unknown };
  toolCall?: { id?: unknown; toolType?: unknown; args?: unknown };
  toolResponse?: { id?: unknown; toolType?: unknown; response?: unknown };
  [key: string]: unknown;
}

export interface FunctionCall {
  id?: unknown;
  name?: unknown;
  args?: unknown;
  /** Arguments that come in pieces, each with the path of its place. */
  partialArgs?: unknown;
  willContinue?: unknown;
}

export interface FunctionResponse {
  id?: unknown;
  name?: unknown;
  response?: unknown;
  parts?: unknown;
}

export interface Media {
  data?: unknown;
  fileUri?: unknown;
  mimeType?: unknown;
  displayName?: unknown;
}

export interface ApiUsage {
  promptTokenCount?: unknown;
  toolUsePromptTokenCount?: unknown;
  candidatesTokenCount?: unknown;
  thoughtsTokenCount?: unknown;
  cachedContentTokenCount?: unknown;
}

export interface Candidate {
  index?: unknown;
  content?: Content | null;
  finishReason?: unknown;
}

/** A whole answer, or one chunk of a streamed one. */
export interface ApiResponse {
  responseId?: unknown;
  modelVersion?: unknown;
  candidates?: unknown;
  promptFeedback?: { blockReason?: unknown } | null;
  usageMetadata?: ApiUsage | null;
}

export interface EmbedResponse {
  embeddings?: unknown;
  usageMetadata?: ApiUsage | null;
}
