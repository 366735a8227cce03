import type { JsonObject, JsonValue } from '../../../semconv/model/json.js';
import type { Turn } from '../script.js';
import { asJsonObject } from './json-object.js';
import { turnUsage, type ReplyContext } from './reply.js';

export interface ResponseState {
  readonly id: string;
  /** False in the events that open a stream. */
  readonly ended: boolean;
}

/** What the provider fills in for each request field that was left out. */
const DEFAULTS: Readonly<Record<string, JsonValue>> = {
  background: false,
  frequency_penalty: 0,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  store: true,
  temperature: 1,
  tool_choice: 'auto',
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
  metadata: {},
};

/** The `response` object: most of it echoes the request. */
export function responseObject(
  turn: Turn,
  context: ReplyContext,
  state: ResponseState,
  output: JsonObject[],
): JsonObject {
  const { body, created } = context;
  const incomplete = turn.finishReason === 'length' || turn.finishReason === 'content_filter';
  const reason = turn.finishReason === 'length' ? 'max_output_tokens' : 'content_filter';
  const status = incomplete ? 'incomplete' : 'completed';
  const echoed = Object.entries(DEFAULTS).map(([key, value]) => [key, body[key] ?? value]);
  return {
    id: state.id,
    object: 'response',
    created_at: created,
    status: state.ended ? status : 'in_progress',
    completed_at: state.ended && !incomplete ? created + 1 : null,
    error: null,
    incomplete_details: state.ended && incomplete ? { reason } : null,
    model: context.model,
    output,
    ...Object.fromEntries(echoed),
    reasoning: { effort: null, summary: null, ...asJsonObject(body['reasoning']) },
    service_tier: state.ended ? 'default' : 'auto',
    text: { format: { type: 'text' }, verbosity: 'medium', ...asJsonObject(body['text']) },
    tools: tools(body['tools']),
    usage: state.ended ? usage(turn, body) : null,
  };
}

function usage(turn: Turn, body: JsonObject): JsonObject {
  const used = turnUsage(turn, body);
  return {
    input_tokens: used.input,
    input_tokens_details: { cached_tokens: used.cacheRead },
    output_tokens: used.output,
    output_tokens_details: { reasoning_tokens: used.reasoning },
    total_tokens: used.input + used.output,
  };
}

/** Functions come back with the flags that the provider sets by default. */
function tools(value: JsonValue | undefined): JsonValue[] {
  if (!Array.isArray(value)) return [];
  return value.map((tool) =>
    asJsonObject(tool)['type'] === 'function'
      ? { description: null, strict: true, ...asJsonObject(tool) }
      : tool,
  );
}
