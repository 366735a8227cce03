import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
} from './attributes.js';
import {
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
  METRIC_GEN_AI_WORKFLOW_DURATION,
  METRIC_MCP_CLIENT_OPERATION_DURATION,
  METRIC_MCP_CLIENT_SESSION_DURATION,
  METRIC_MCP_SERVER_OPERATION_DURATION,
  METRIC_MCP_SERVER_SESSION_DURATION,
} from './metrics.js';
import {
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
  GEN_AI_PROVIDER_NAME_VALUE_X_AI,
} from './values.js';

/** The names in motion, by what they stand for. */
export interface EmitProfile {
  /** Raised whenever one of the names changes. */
  readonly version: number;
  readonly schemaUrl: string;
  readonly usage: {
    readonly input: string;
    readonly cacheRead: string;
    readonly cacheWrite: string;
    readonly output: string;
    readonly reasoning: string;
  };
  readonly metrics: {
    readonly tokenUsage: string;
    readonly operationDuration: string;
    readonly timeToFirstChunk: string;
    readonly timePerOutputChunk: string;
    readonly toolDuration: string;
    readonly agentDuration: string;
    readonly agentInferenceCalls: string;
    readonly agentToolCalls: string;
    readonly workflowDuration: string;
    readonly mcpClientDuration: string;
    readonly mcpServerDuration: string;
    readonly mcpClientSession: string;
    readonly mcpServerSession: string;
  };
}

/**
 * The names in motion that we emit. The conventions are not stable: what they rename is changed here, and nowhere else.
 * Everything that a name was called before stays readable through {@link readAlias}.
 */
export const EMIT_PROFILE: EmitProfile = {
  version: 1,
  schemaUrl: 'https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev',
  usage: {
    input: ATTR_GEN_AI_USAGE_INPUT_TOKENS,
    cacheRead: ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
    cacheWrite: ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
    output: ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
    reasoning: ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  },
  metrics: {
    tokenUsage: METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
    operationDuration: METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
    timeToFirstChunk: METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
    timePerOutputChunk: METRIC_GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK,
    toolDuration: METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
    agentDuration: METRIC_GEN_AI_INVOKE_AGENT_DURATION,
    agentInferenceCalls: METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
    agentToolCalls: METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
    workflowDuration: METRIC_GEN_AI_WORKFLOW_DURATION,
    mcpClientDuration: METRIC_MCP_CLIENT_OPERATION_DURATION,
    mcpServerDuration: METRIC_MCP_SERVER_OPERATION_DURATION,
    mcpClientSession: METRIC_MCP_CLIENT_SESSION_DURATION,
    mcpServerSession: METRIC_MCP_SERVER_SESSION_DURATION,
  },
};

/** Current name → the names that it had before, newest first. Prompts and completions of that age were whole JSON texts. */
export const READ_ALIASES: { readonly [key: string]: readonly string[] } = {
  [ATTR_GEN_AI_PROVIDER_NAME]: ['gen_ai.system'],
  [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: ['gen_ai.usage.prompt_tokens'],
  [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: ['gen_ai.usage.completion_tokens'],
  [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: ['gen_ai.usage.cache_read_input_tokens'],
  [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: [
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
  ],
  [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: ['gen_ai.usage.reasoning_tokens'],
  [ATTR_GEN_AI_INPUT_MESSAGES]: ['gen_ai.prompt'],
  [ATTR_GEN_AI_OUTPUT_MESSAGES]: ['gen_ai.completion'],
  [ATTR_GEN_AI_REQUEST_SEED]: ['gen_ai.openai.request.seed'],
  [ATTR_GEN_AI_OUTPUT_TYPE]: ['gen_ai.openai.request.response_format'],
  [ATTR_OPENAI_REQUEST_SERVICE_TIER]: ['gen_ai.openai.request.service_tier'],
  [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: ['gen_ai.openai.response.service_tier'],
  [ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: ['gen_ai.openai.response.system_fingerprint'],
};

/** Former value of `gen_ai.system` → value of `gen_ai.provider.name`. Values that did not change are absent. */
export const PROVIDER_ALIASES: { readonly [system: string]: string } = {
  'az.ai.inference': GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  'az.ai.openai': GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI,
  vertex_ai: GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
  gemini: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  xai: GEN_AI_PROVIDER_NAME_VALUE_X_AI,
};

const FORMER_NAMES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(READ_ALIASES));

/** The name under which the attributes hold a fact: the current one, else the newest former one. Undefined when none. */
export function findName(attributes: { readonly [key: string]: unknown }, key: string): string | undefined {
  if (has(attributes, key)) return key;
  return FORMER_NAMES.get(key)?.find((alias) => has(attributes, alias));
}

/** The value of an attribute under its current or a former name. Undefined when it has none of them. */
export function readAlias<T>(attributes: { readonly [key: string]: T }, key: string): T | undefined {
  const name = findName(attributes, key);
  return name === undefined ? undefined : attributes[name];
}

function has(attributes: { readonly [key: string]: unknown }, key: string): boolean {
  const value = attributes[key];
  // Most names are absent: then one look is enough.
  return value !== undefined && value !== null && Object.hasOwn(attributes, key);
}
