import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
} from '../../semconv/attributes.js';
import { ATTR_SPOOR_OBSERVATION_TYPE } from '../../semconv/spoor-attributes.js';
import type { ObservationType } from '../../semconv/model/observation.js';
import * as values from '../../semconv/values.js';
import { textOf } from '../../src/instrument/read.js';
import type { SdkTrace, SpanData } from './sdk-types.js';

/** What is said of a piece of work when it begins. */
export interface Beginning {
  name: string;
  attributes: Record<string, string>;
  /** Set for the call of a model. */
  covers?: string;
}

/** The whole of a run, or of what the program put in one trace. */
export function readTrace({ name }: SdkTrace): Beginning {
  return {
    name: `${values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW} ${name}`,
    attributes: {
      [ATTR_SPOOR_OBSERVATION_TYPE]: 'CHAIN',
      [ATTR_GEN_AI_OPERATION_NAME]: values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_WORKFLOW_NAME]: name,
    },
  };
}

/** One span of the SDK, by its kind. A kind that is not known is a plain span with its name. */
export function readBeginning(data: SpanData): Beginning {
  const name = textOf(data.name);
  switch (data.type) {
    case 'agent':
      return named('AGENT', values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, ATTR_GEN_AI_AGENT_NAME, name);
    case 'function':
      return named('TOOL', values.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, ATTR_GEN_AI_TOOL_NAME, name);
    case 'generation':
    case 'response':
      return readModelCall(textOf(data.model));
    case 'turn':
      return plain('CHAIN', 'turn', typeof data.turn === 'number' ? String(data.turn) : undefined);
    case 'task':
      return plain('CHAIN', 'task', name);
    case 'handoff':
      return plain('SPAN', 'handoff', textOf(data.to_agent));
    case 'mcp_tools':
      return plain('SPAN', 'mcp_tools', textOf(data.server));
    case 'custom':
      return plain('SPAN', name ?? 'custom');
    default:
      return plain('SPAN', data.type, name);
  }
}

/** The name of a model call; its model is often known only when it has ended. */
export function modelCallName(model: string | undefined): string {
  const operation = values.GEN_AI_OPERATION_NAME_VALUE_CHAT;
  return model === undefined ? operation : `${operation} ${model}`;
}

function readModelCall(model: string | undefined): Beginning {
  const operation = values.GEN_AI_OPERATION_NAME_VALUE_CHAT;
  const { attributes } = plain('GENERATION', operation);
  return {
    name: modelCallName(model),
    attributes: { ...attributes, [ATTR_GEN_AI_OPERATION_NAME]: operation },
    covers: operation,
  };
}

function named(
  type: ObservationType,
  operation: string,
  nameKey: string,
  name: string | undefined,
): Beginning {
  const { name: spanName, attributes } = plain(type, operation, name);
  attributes[ATTR_GEN_AI_OPERATION_NAME] = operation;
  if (name !== undefined) attributes[nameKey] = name;
  return { name: spanName, attributes };
}

function plain(type: ObservationType, word: string, subject?: string): Beginning {
  return {
    name: subject === undefined ? word : `${word} ${subject}`,
    attributes: { [ATTR_SPOOR_OBSERVATION_TYPE]: type },
  };
}
