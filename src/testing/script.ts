import type { JsonObject, JsonValue } from '../../semconv/model/json.js';

/** The calls that the scripted server answers, by the provider's own name for them. */
export const LLM_ENDPOINTS = [
  'openai.chat',
  'openai.responses',
  'openai.completions',
  'openai.embeddings',
  'openai.models',
  'anthropic.messages',
  'anthropic.count_tokens',
  'anthropic.complete',
  'anthropic.models',
] as const;
export type LlmEndpoint = (typeof LLM_ENDPOINTS)[number];

/** One request that reached the server. */
export interface LlmRequest {
  /** Position among all requests, from 0. */
  readonly index: number;
  readonly method: string;
  /** Path with the query, as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body; an empty object when there was none. */
  readonly body: JsonObject;
  /** Absent when the path is none that the server knows. */
  readonly endpoint?: LlmEndpoint;
  readonly model?: string;
  /** True when the caller asked for a stream. */
  readonly stream: boolean;
  /** Position in the script of the turn that answered. */
  readonly turn?: number;
  /** Frames written so far: 1 for a plain answer. */
  readonly framesSent: number;
  /** `open` while it is being answered, `aborted` when the caller closed first, `cut` when a fault of the script did. */
  readonly outcome: 'open' | 'finished' | 'aborted' | 'cut';
}

/** A call that the model makes. Arguments given as text are sent as they are, valid JSON or not. */
export interface ScriptedToolCall {
  readonly name: string;
  readonly arguments: JsonObject | string;
  /** Taken from the counter when absent. */
  readonly id?: string;
}

/** Tokens, counted as the OpenTelemetry conventions do: `input` includes the cached ones, `output` the reasoning ones. */
export interface ScriptedUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
}

/** What goes wrong. Several may be combined; times are milliseconds. */
export interface Fault {
  /** Answer with this HTTP status and an error in the provider's format. */
  readonly status?: number;
  /** The provider's error type, for example `rate_limit_error`; by default the one that goes with the status. */
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
  /** Sent as `retry-after` and `retry-after-ms`. */
  readonly retryAfterMs?: number;
  /** Wait before the first byte. */
  readonly delayMs?: number;
  /** Wait between the frames of a stream. */
  readonly chunkDelayMs?: number;
  /** Destroy the connection after so many frames; in a plain answer, in the middle of the body. */
  readonly cutAfterChunks?: number;
  /** Send an error event inside the running stream after so many frames, then end it. */
  readonly errorAfterChunks?: number;
  /** Keep the connection open and silent after so many frames. */
  readonly hangAfterChunks?: number;
  /** Never answer at all. */
  readonly hang?: boolean;
  /** Answer 200 with a body that is not JSON; in a stream, one frame that is not. */
  readonly invalidJson?: boolean;
  /** Answer 200 with an error object in place of the choices or content, as some proxies do. */
  readonly withoutChoices?: boolean;
}

/** Which requests a turn is meant for: every field that is given must hold. */
export interface TurnMatch {
  readonly endpoint?: LlmEndpoint;
  readonly model?: string;
  readonly stream?: boolean;
  /** Text, or several texts, that the JSON of the request's body must contain. */
  readonly includes?: string | readonly string[];
}

/** One alternative of an answer. */
export interface ScriptedChoice {
  readonly text?: string;
  readonly refusal?: string;
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** `stop`, `length`, `tool_call`, `content_filter`, or the provider's own word. By default the one that fits. */
  readonly finishReason?: string;
}

/** What the model says to one request, in no provider's format. */
export interface Turn extends ScriptedChoice {
  /** Shown in messages about this turn. */
  readonly name?: string;
  readonly when?: TurnMatch | ((request: LlmRequest) => boolean);
  /** How many requests it answers: 1 by default. */
  readonly times?: number;
  /** Thinking, where the format has a place for it; elsewhere it is only counted in the usage. */
  readonly reasoning?: string;
  /** Further choices, for a request with `n` above 1. */
  readonly alternatives?: readonly ScriptedChoice[];
  /** Estimated from the length of the texts when absent. */
  readonly usage?: ScriptedUsage;
  /** The model named in the answer: by default the one that was asked for. */
  readonly model?: string;
  readonly embeddings?: readonly (readonly number[])[];
  readonly fault?: Fault;
  /** Sent in place of everything else. An object goes out as JSON, text as it is. */
  readonly raw?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: JsonValue;
  };
}

/** A turn that was found for a request. */
export interface TakenTurn {
  readonly turn: Turn;
  /** Position in the script, from 0. */
  readonly position: number;
  /** Which use of that turn, from 0. */
  readonly use: number;
}

/** Hands out the turns of a script: to each request the first one that still has uses left and fits it. */
export function createScript(turns: readonly Turn[]): (request: LlmRequest) => TakenTurn | undefined {
  const uses = turns.map(() => 0);
  return (request) => {
    for (const [position, turn] of turns.entries()) {
      const use = uses[position] ?? 0;
      if (use >= (turn.times ?? 1) || !fits(turn, request)) continue;
      uses[position] = use + 1;
      return { turn, position, use };
    }
    return undefined;
  };
}

function fits({ when }: Turn, request: LlmRequest): boolean {
  if (when === undefined) return true;
  if (typeof when === 'function') return when(request);
  if (when.endpoint !== undefined && when.endpoint !== request.endpoint) return false;
  if (when.model !== undefined && when.model !== request.model) return false;
  if (when.stream !== undefined && when.stream !== request.stream) return false;
  const body = when.includes === undefined ? '' : JSON.stringify(request.body);
  return [when.includes ?? []].flat().every((text) => body.includes(JSON.stringify(text).slice(1, -1)));
}
