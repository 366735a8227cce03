import { ATTR_SESSION_ID, ATTR_USER_ID } from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Observation, ObservationType } from '../model/observation.js';
import type { Session } from '../model/session.js';
import { chatMessages } from './chat-messages.js';
import { writeGenAi } from './write-genai.js';
import { defined, flat, json, text, without, type Fields, type Writable } from './written-fields.js';

const TYPES: Readonly<Record<ObservationType, string>> = {
  AGENT: 'agent',
  SPAN: 'span',
  TOOL: 'tool',
  GENERATION: 'generation',
  RETRIEVAL: 'retriever',
  EMBEDDING: 'embedding',
  EVENT: 'event',
  CHAIN: 'chain',
  EVALUATION: 'evaluator',
};
/** What it has names of its own for; the rest keeps the names of the OpenTelemetry conventions, which its back end reads. */
const NATIVE = [
  'inputMessages',
  'outputMessages',
  'input',
  'output',
  'parameters',
  'usage',
  'cost',
  'level',
  'tags',
  'metadata',
] as const satisfies readonly (keyof Observation)[];

/**
 * The attributes by which Langfuse's own SDK says an observation. Scores are objects of its API, which no span can say: they
 * keep the names of the OpenTelemetry conventions.
 */
export function writeLangfuse(observation: Writable): JsonObject {
  return defined({
    ...writeGenAi(without(observation, NATIVE)),
    'langfuse.observation.type': TYPES[observation.type],
    'langfuse.observation.level': observation.level,
    'langfuse.observation.status_message': observation.statusMessage,
    'langfuse.observation.model.name': observation.responseModel ?? observation.requestModel,
    'langfuse.observation.model.parameters': json(observation.parameters),
    'langfuse.observation.input': text(inputOf(observation)),
    'langfuse.observation.output': text(outputOf(observation)),
    ...writeDetails(observation),
    'langfuse.observation.completion_start_time': completionStart(observation),
    'langfuse.trace.tags': observation.tags,
    ...prefixed('langfuse.observation.metadata', observation.metadata),
    [ATTR_SESSION_ID]: observation.sessionId,
    [ATTR_USER_ID]: observation.userId,
  });
}

/** What only the span that begins a session says: its trace is called, and shown, by it. */
export function writeLangfuseSession(session: Partial<Session>): JsonObject {
  return defined({
    'langfuse.trace.name': session.name,
    'langfuse.trace.input': session.task,
    'langfuse.trace.tags': session.tags,
    'langfuse.environment': session.environment,
    ...prefixed('langfuse.trace.metadata', session.metadata),
  });
}

/** Messages in the shape of chat completions, which it renders as a conversation; else what went in. */
function inputOf({ input, tool, systemInstructions, inputMessages }: Writable): JsonValue | undefined {
  if (inputMessages === undefined && systemInstructions === undefined) return tool?.arguments ?? input;
  const system = systemInstructions === undefined ? [] : [{ role: 'system', parts: systemInstructions }];
  return chatMessages([...system, ...(inputMessages ?? [])]);
}

function outputOf({ output, tool, outputMessages }: Writable): JsonValue | undefined {
  return outputMessages === undefined ? (tool?.result ?? output) : chatMessages(outputMessages);
}

/** Its buckets do not overlap either, and it sums those whose names begin with `input` and `output`. */
function writeDetails({ usage, cost }: Writable): Fields {
  const details = usage && {
    input: usage.input,
    output: usage.output,
    input_cached_tokens: usage.cacheRead,
    input_cache_creation: usage.cacheWrite,
    output_reasoning_tokens: usage.reasoning,
  };
  return {
    'langfuse.observation.usage_details': json(details),
    'langfuse.observation.cost_details': json(cost === undefined ? undefined : { total: cost }),
    'spoor.usage.reported': json(usage?.reported),
  };
}

/** An instant, where the conventions have a time since the start; its SDK writes it as JSON text. */
function completionStart(observation: Writable): string | undefined {
  const { timeToFirstChunkMs } = observation;
  if (timeToFirstChunkMs === undefined || !('startMs' in observation)) return undefined;
  const instant = new Date(observation.startMs + timeToFirstChunkMs);
  return Number.isNaN(instant.getTime()) ? undefined : json(instant.toISOString());
}

function prefixed(prefix: string, values: JsonObject | undefined): Fields {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([key, value]): [string, JsonValue] => [
      `${prefix}.${key}`,
      flat(value),
    ]),
  );
}
