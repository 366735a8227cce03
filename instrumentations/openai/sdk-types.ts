/**
 * The shapes of the openai package that we read, versions 4 to 7, and those of providers that speak its protocol. Every
 * field may be missing.
 */
export interface ChatChunk {
  id?: string;
  model?: string;
  choices?: ChatChunkChoice[];
  usage?: ChatUsage | null;
  service_tier?: string | null;
  system_fingerprint?: string | null;
  /** Groq reports the usage of a stream here. */
  x_groq?: { usage?: ChatUsage };
}

export interface ChatChunkChoice {
  index?: number;
  delta?: ChatDelta | null;
  finish_reason?: string | null;
  /** Moonshot reports the usage of a stream here. */
  usage?: ChatUsage | null;
}

export interface ChatDelta {
  role?: string;
  content?: string | null;
  refusal?: string | null;
  /** DeepSeek and others. */
  reasoning_content?: string | null;
  /** OpenRouter, Groq, vLLM and others. */
  reasoning?: string | null;
  tool_calls?: ToolCallDelta[] | null;
  function_call?: { name?: string; arguments?: string } | null;
  audio?: { id?: string; data?: string; transcript?: string } | null;
}

export interface ToolCallDelta {
  index?: number;
  id?: string;
  type?: string;
  function?: { name?: string; arguments?: string };
  custom?: { name?: string; input?: string };
}

export interface ChatUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number } | null;
  completion_tokens_details?: { reasoning_tokens?: number } | null;
  /** DeepSeek. */
  prompt_cache_hit_tokens?: number;
}

/** One event of a Responses stream. */
export interface ResponsesEvent {
  type?: string;
  response?: unknown;
  output_index?: number;
  item?: unknown;
  content_index?: number;
  delta?: unknown;
  code?: string | null;
  message?: string;
}
