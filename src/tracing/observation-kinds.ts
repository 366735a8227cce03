import { SpanKind, type Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
} from '../../semconv/spoor-attributes.js';
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '../../semconv/values.js';
import type { ObservationType } from '../../semconv/model/observation.js';
import { SpoorError } from '../shared/errors.js';

/** How one type of observation becomes a span. */
export interface ObservationKind {
  readonly spanKind: SpanKind;
  /** `gen_ai.operation.name`; it is also the first word of the span's name. */
  readonly operation?: string;
  /** The attribute that holds the observation's own name. */
  readonly nameKey?: string;
  /** True when the span is named after the model rather than the observation. */
  readonly namedByModel?: boolean;
  readonly inputKey: string;
  readonly outputKey: string;
  /** Which part of the content policy its input and output belong to. */
  readonly content: {
    readonly input: 'input' | 'toolArguments';
    readonly output: 'output' | 'toolArguments';
  };
}

const PLAIN: ObservationKind = {
  spanKind: SpanKind.INTERNAL,
  inputKey: ATTR_SPOOR_OBSERVATION_INPUT,
  outputKey: ATTR_SPOOR_OBSERVATION_OUTPUT,
  content: { input: 'input', output: 'output' },
};

const KINDS: Readonly<Record<ObservationType, ObservationKind>> = {
  AGENT: { ...PLAIN, operation: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, nameKey: ATTR_GEN_AI_AGENT_NAME },
  SPAN: PLAIN,
  TOOL: {
    spanKind: SpanKind.INTERNAL,
    operation: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
    nameKey: ATTR_GEN_AI_TOOL_NAME,
    inputKey: ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
    outputKey: ATTR_GEN_AI_TOOL_CALL_RESULT,
    content: { input: 'toolArguments', output: 'toolArguments' },
  },
  GENERATION: {
    ...PLAIN,
    spanKind: SpanKind.CLIENT,
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    namedByModel: true,
  },
  RETRIEVAL: {
    ...PLAIN,
    spanKind: SpanKind.CLIENT,
    operation: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
    nameKey: ATTR_GEN_AI_DATA_SOURCE_ID,
  },
  EMBEDDING: {
    ...PLAIN,
    spanKind: SpanKind.CLIENT,
    operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    namedByModel: true,
  },
  EVENT: PLAIN,
  CHAIN: PLAIN,
  EVALUATION: PLAIN,
};

/** The kind of a type. */
export function observationKind(type: ObservationType): ObservationKind {
  return KINDS[type];
}

/**
 * The type that a text names, in any case.
 * @throws SpoorError SPOOR_OBSERVATION_TYPE_UNKNOWN, listing the types.
 */
export function parseObservationType(given: unknown): ObservationType {
  const wanted = typeof given === 'string' ? given.toUpperCase() : given;
  if (typeof wanted === 'string' && Object.hasOwn(KINDS, wanted)) return wanted as ObservationType;
  throw new SpoorError(
    'SPOOR_OBSERVATION_TYPE_UNKNOWN',
    `Observation type ${JSON.stringify(given) ?? typeof given} does not exist. Types are: ${Object.keys(KINDS).join(', ')}.`,
  );
}

/** Name of the span and the attributes that say what the observation is. */
export function observationIdentity(
  kind: ObservationKind,
  name: string,
  model: string | undefined,
): { spanName: string; attributes: Attributes } {
  const subject = kind.namedByModel === true ? (model ?? name) : name;
  return {
    spanName: kind.operation === undefined ? name : `${kind.operation} ${subject}`,
    attributes: {
      ...(kind.operation === undefined ? {} : { [ATTR_GEN_AI_OPERATION_NAME]: kind.operation }),
      ...(kind.nameKey === undefined ? {} : { [kind.nameKey]: name }),
      ...(model === undefined ? {} : { [ATTR_GEN_AI_REQUEST_MODEL]: model }),
    },
  };
}
