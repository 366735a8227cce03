import type { ObservationType } from '../model/observation.js';
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../values.js';

/** Some emitters name operations that the conventions do not have. */
const OTHER_OPERATIONS: [string, ObservationType][] = [
  ['handle_conversation_turn', 'AGENT'],
  ['agent_step', 'CHAIN'],
  ['rerank', 'RETRIEVAL'],
];

const TYPE_OF_OPERATION: ReadonlyMap<string, ObservationType> = new Map<string, ObservationType>([
  [GEN_AI_OPERATION_NAME_VALUE_CHAT, 'GENERATION'],
  [GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT, 'GENERATION'],
  [GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION, 'GENERATION'],
  [GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS, 'EMBEDDING'],
  [GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL, 'RETRIEVAL'],
  [GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY, 'RETRIEVAL'],
  [GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, 'TOOL'],
  [GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT, 'AGENT'],
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, 'AGENT'],
  [GEN_AI_OPERATION_NAME_VALUE_PLAN, 'AGENT'],
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW, 'CHAIN'],
  ...OTHER_OPERATIONS,
]);

/** What a span is by its operation; a span without a known one, by what it speaks about. */
export function observationTypeOf(span: {
  operation: string | undefined;
  hasTool: boolean;
  hasModel: boolean;
  hasScore: boolean;
}): ObservationType {
  const known = span.operation === undefined ? undefined : TYPE_OF_OPERATION.get(span.operation);
  if (known !== undefined) return known;
  if (span.hasTool) return 'TOOL';
  // A named operation that is no inference (`fetch_response`, the memory operations) may well name a model.
  if (span.hasModel && span.operation === undefined) return 'GENERATION';
  return span.hasScore ? 'EVALUATION' : 'SPAN';
}

const OPERATION_OF_TYPE: Readonly<Partial<Record<ObservationType, string>>> = {
  GENERATION: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  EMBEDDING: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  RETRIEVAL: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  TOOL: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  AGENT: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  CHAIN: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
};

/** The operation of the conventions that comes nearest to a type; undefined for the types that they do not have. */
export function operationOf(type: ObservationType): string | undefined {
  return OPERATION_OF_TYPE[type];
}
