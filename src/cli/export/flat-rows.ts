import type { JsonValue } from '../../../semconv/model/json.js';
import type { Observation } from '../../../semconv/model/observation.js';
import type { SessionResponse } from '../../server/api-types.js';

/** One observation in columns of plain values: no lists, no objects, and the same columns in every row. */
export type FlatRow = Record<string, string | number | boolean | null>;

type Column = (observation: Observation, owner: Owner) => unknown;
interface Owner {
  sessionName: string | undefined;
  stepName: string | undefined;
  stepIndex: number | undefined;
}

/** Times are ISO 8601 in UTC, tokens are counts in buckets that do not overlap, costs are US dollars. */
const COLUMNS: Readonly<Record<string, Column>> = {
  session_id: (o) => o.sessionId,
  session_name: (_o, { sessionName }) => sessionName,
  step_id: (o) => o.stepId,
  step_index: (_o, { stepIndex }) => stepIndex,
  step_name: (_o, { stepName }) => stepName,
  trace_id: (o) => o.traceId,
  observation_id: (o) => o.id,
  parent_id: (o) => o.parentId,
  type: (o) => o.type,
  name: (o) => o.name,
  dialect: (o) => o.dialect,
  service_name: (o) => o.serviceName,
  start_time: (o) => isoTime(o.startMs),
  end_time: (o) => (o.endMs === undefined ? undefined : isoTime(o.endMs)),
  duration_ms: (o) => (o.endMs === undefined ? undefined : Number((o.endMs - o.startMs).toFixed(3))),
  status: (o) => o.status,
  status_message: (o) => o.statusMessage,
  error_type: (o) => o.errorType,
  outcome: (o) => o.outcome,
  level: (o) => o.level,
  operation: (o) => o.operation,
  provider: (o) => o.provider,
  request_model: (o) => o.requestModel,
  response_model: (o) => o.responseModel,
  response_id: (o) => o.responseId,
  finish_reasons: (o) => o.finishReasons,
  streamed: (o) => o.streamed,
  time_to_first_chunk_ms: (o) => o.timeToFirstChunkMs,
  input_tokens: (o) => o.usage?.input,
  cache_read_tokens: (o) => o.usage?.cacheRead,
  cache_write_tokens: (o) => o.usage?.cacheWrite,
  output_tokens: (o) => o.usage?.output,
  reasoning_tokens: (o) => o.usage?.reasoning,
  cost: (o) => o.cost,
  user_id: (o) => o.userId,
  conversation_id: (o) => o.conversationId,
  agent_id: (o) => o.agent?.id,
  agent_name: (o) => o.agent?.name,
  tool_name: (o) => o.tool?.name,
  tool_call_id: (o) => o.tool?.callId,
  tool_arguments: (o) => o.tool?.arguments,
  tool_result: (o) => o.tool?.result,
  parameters: (o) => o.parameters,
  system_instructions: (o) => o.systemInstructions,
  input_messages: (o) => o.inputMessages,
  output_messages: (o) => o.outputMessages,
  input: (o) => o.input,
  output: (o) => o.output,
  tags: (o) => o.tags,
  scores: (o) => o.scores,
  metadata: (o) => o.metadata,
  attributes: (o) => o.attributes,
};

export const FLAT_COLUMNS: readonly string[] = Object.keys(COLUMNS);

/** The observations of a session as rows; lists and objects are JSON text. */
export function flatRows({ session, steps, observations }: SessionResponse): FlatRow[] {
  const stepOf = new Map(steps.map((step) => [step.id, step]));
  return observations.map((observation) => {
    const step = observation.stepId === undefined ? undefined : stepOf.get(observation.stepId);
    const owner = { sessionName: session.name, stepName: step?.name, stepIndex: step?.index };
    return Object.fromEntries(
      Object.entries(COLUMNS).map(([name, read]) => [
        name,
        plain(read({ ...observation, sessionId: session.id }, owner) as JsonValue | undefined),
      ]),
    );
  });
}

function plain(value: JsonValue | undefined): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function isoTime(ms: number): string | undefined {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
