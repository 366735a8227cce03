import type { AttributeValue, Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../semconv/attributes.js';
import {
  ATTR_SPOOR_EVENT_ARGUMENTS,
  ATTR_SPOOR_EVENT_DESCRIPTION,
  ATTR_SPOOR_EVENT_RESULT,
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_LEVEL,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_SESSION_END_REASON,
  SCOPE_SPOOR,
  SPAN_NAME_SESSION,
} from '../../../semconv/spoor-attributes.js';
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../../../semconv/values.js';
import type { ObservationType } from '../../../semconv/model/observation.js';

/** The facts that have a field of their own, and the attributes that have none. */
export interface Facts {
  readonly name: string | undefined;
  readonly input: unknown;
  readonly output: unknown;
  readonly model: string | undefined;
  readonly usage: Readonly<Record<string, number>> | undefined;
  readonly level: string | undefined;
  readonly rest: Attributes;
}

/** The first that is there is the input; another one keeps its own name. */
const INPUTS = [
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_SPOOR_EVENT_ARGUMENTS,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_SPOOR_EVENT_DESCRIPTION,
] as const;
const OUTPUTS = [
  ATTR_SPOOR_OBSERVATION_OUTPUT,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_SPOOR_EVENT_RESULT,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
] as const;
const USAGE: Readonly<Record<string, string>> = {
  [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 'input_tokens',
  [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: 'output_tokens',
  [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: 'cache_read_tokens',
  [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: 'cache_write_tokens',
  [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: 'reasoning_tokens',
};
const TYPES: Readonly<Record<string, ObservationType>> = {
  [GEN_AI_OPERATION_NAME_VALUE_CHAT]: 'GENERATION',
  [GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT]: 'GENERATION',
  [GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION]: 'GENERATION',
  [GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS]: 'EMBEDDING',
  [GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL]: 'RETRIEVAL',
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: 'AGENT',
  [GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: 'TOOL',
};
/** Where the observation's own name is, when the span is called after its operation too. */
const NAMES: Readonly<Partial<Record<ObservationType, string>>> = {
  AGENT: ATTR_GEN_AI_AGENT_NAME,
  TOOL: ATTR_GEN_AI_TOOL_NAME,
  RETRIEVAL: ATTR_GEN_AI_DATA_SOURCE_ID,
};

/** Reads the facts off a span's attributes. */
export function readFacts(attributes: Attributes): Facts {
  const rest: Attributes = { ...attributes };
  const type = observationType(attributes);
  const nameKey = NAMES[type];
  delete rest[ATTR_SPOOR_OBSERVATION_TYPE];
  return {
    name: nameKey === undefined ? undefined : text(attributes[nameKey]),
    input: takeContent(rest, INPUTS),
    output: takeContent(rest, OUTPUTS),
    model: takeModel(rest),
    usage: takeUsage(rest),
    level: text(take(rest, ATTR_SPOOR_OBSERVATION_LEVEL))?.toLowerCase(),
    rest,
  };
}

/** As the span says, else by the operation that the conventions name. */
export function observationType(attributes: Attributes): ObservationType {
  const given = attributes[ATTR_SPOOR_OBSERVATION_TYPE];
  if (typeof given === 'string') return given as ObservationType;
  return TYPES[text(attributes[ATTR_GEN_AI_OPERATION_NAME]) ?? ''] ?? 'SPAN';
}

/** True for the span that a session is. */
export function isSessionSpan(span: ReadableSpan): boolean {
  return (
    span.instrumentationScope.name === SCOPE_SPOOR &&
    (span.attributes[ATTR_SPOOR_SESSION_END_REASON] !== undefined ||
      span.name === SPAN_NAME_SESSION ||
      span.name.startsWith(`${SPAN_NAME_SESSION} `)) &&
    span.parentSpanContext === undefined &&
    span.attributes[ATTR_SPOOR_OBSERVATION_TYPE] === undefined
  );
}

function takeContent(rest: Attributes, keys: readonly string[]): unknown {
  for (const key of keys) {
    if (rest[key] !== undefined) return readJson(take(rest, key));
  }
  return undefined;
}

/** The one that answered; the one that was asked for stays in the rest when it differs. */
function takeModel(rest: Attributes): string | undefined {
  const asked = text(rest[ATTR_GEN_AI_REQUEST_MODEL]);
  const model = text(rest[ATTR_GEN_AI_RESPONSE_MODEL]) ?? asked;
  delete rest[ATTR_GEN_AI_RESPONSE_MODEL];
  if (model === asked) delete rest[ATTR_GEN_AI_REQUEST_MODEL];
  return model;
}

function takeUsage(rest: Attributes): Record<string, number> | undefined {
  const usage: Record<string, number> = {};
  for (const [key, name] of Object.entries(USAGE)) {
    const value = rest[key];
    if (typeof value !== 'number') continue;
    usage[name] = value;
    delete rest[key];
  }
  const { input_tokens: input, output_tokens: output } = usage;
  if (input !== undefined && output !== undefined) usage['total_tokens'] = input + output;
  return Object.keys(usage).length === 0 ? undefined : usage;
}

function take(rest: Attributes, key: string): AttributeValue | undefined {
  const value = rest[key];
  delete rest[key];
  return value;
}

/** Content is JSON in an attribute; in a line of JSON it is itself. */
function readJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
