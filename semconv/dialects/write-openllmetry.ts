import { ATTR_SESSION_ID, ATTR_USER_ID } from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Observation, ObservationType } from '../model/observation.js';
import type { Session } from '../model/session.js';
import { countsOf } from './usage-buckets.js';
import { writeGenAi } from './write-genai.js';
import { defined, flat, json, text, without, type Fields, type Writable } from './written-fields.js';

/** Calls say what they request; everything else is a workflow, a task, an agent or a tool. */
const SPAN_KINDS: Readonly<Partial<Record<ObservationType, string>>> = {
  AGENT: 'agent',
  TOOL: 'tool',
  CHAIN: 'workflow',
  SPAN: 'task',
  EVENT: 'task',
  EVALUATION: 'task',
  RETRIEVAL: 'task',
};
const PROPERTIES = 'traceloop.association.properties';
/** What it has names of its own for; the rest is the OpenTelemetry conventions, which it builds on. */
const NATIVE = [
  'sessionId',
  'userId',
  'metadata',
  'input',
  'output',
  'usage',
] as const satisfies readonly (keyof Observation)[];
/** Names in the association properties that stand for a fact of their own. */
const TAKEN: ReadonlySet<string> = new Set(['session_id', 'user_id', 'customer_id']);

/** The attributes by which OpenLLMetry says an observation. */
export function writeOpenLlmetry(observation: Writable): JsonObject {
  const { type, input, output, tool } = observation;
  return defined({
    ...writeGenAi(without(observation, NATIVE)),
    // Its receivers know these two, the others know the conventions' own names.
    [ATTR_SESSION_ID]: observation.sessionId,
    [ATTR_USER_ID]: observation.userId,
    'traceloop.span.kind': SPAN_KINDS[type],
    'llm.request.type': requestType(observation),
    'traceloop.entity.name': entityName(observation),
    'traceloop.entity.input': text(tool?.arguments ?? input),
    'traceloop.entity.output': text(tool?.result ?? output),
    ...writeProperties(observation),
    ...writeTokens(observation),
  });
}

/** What only the span that begins a session says: the name of the workflow. */
export function writeOpenLlmetrySession(session: Partial<Session>): JsonObject {
  return session.name === undefined ? {} : { 'traceloop.workflow.name': session.name };
}

function requestType({ type, operation }: Writable): string | undefined {
  if (type === 'EMBEDDING') return 'embedding';
  if (type !== 'GENERATION') return undefined;
  return operation === 'text_completion' ? 'completion' : 'chat';
}

function entityName({ type, tool, agent, name, attributes }: Writable): JsonValue | undefined {
  if (SPAN_KINDS[type] === undefined) return undefined;
  // A name of its own is among what was read of a span in this dialect.
  const own = attributes?.['traceloop.entity.name'] ?? tool?.name ?? agent?.name;
  // Its readers take the entity of an agent's span for the agent.
  return own ?? (type === 'AGENT' ? undefined : name);
}

function writeProperties({ sessionId, userId, metadata }: Writable): Fields {
  const fields: Fields = {
    [`${PROPERTIES}.session_id`]: sessionId,
    [`${PROPERTIES}.user_id`]: userId,
  };
  for (const [key, value] of Object.entries(metadata ?? {})) {
    fields[TAKEN.has(key) ? `spoor.observation.metadata.${key}` : `${PROPERTIES}.${key}`] = flat(value);
  }
  return fields;
}

function writeTokens({ usage }: Writable): Fields {
  if (usage === undefined) return {};
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = countsOf(usage);
  return {
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    // As its instrumentations of today have them; its own list of names is older.
    'gen_ai.usage.cache_read.input_tokens': cacheReadTokens,
    'gen_ai.usage.cache_creation.input_tokens': cacheWriteTokens,
    'gen_ai.usage.reasoning_tokens': reasoningTokens,
    'spoor.usage.reported': json(usage.reported),
  };
}
