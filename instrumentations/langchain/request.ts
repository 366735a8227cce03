import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../../semconv/values.js';
import * as values from '../../semconv/values.js';
import type { JsonValue } from '../../semconv/model/json.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps } from '../../src/instrument/read.js';
import type { CallInput, CallRequest } from '../../src/instrument/records.js';
import { serverOf } from '../../src/instrument/server.js';
import { canonicalMessage } from './messages.js';
import type { Model } from './sdk-types.js';

/** What LangChain calls the providers whose name in the conventions is another one. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: values.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI,
  amazon_bedrock: values.GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  google_genai: values.GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  google_vertexai: values.GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
  mistral: values.GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
  xai: values.GEN_AI_PROVIDER_NAME_VALUE_X_AI,
};

/** Arguments are those of `_generate(messages, options)`. The model says by itself what it will ask for. */
export function chatRequest(args: readonly unknown[], model: unknown): CallRequest {
  return modelRequest(GEN_AI_OPERATION_NAME_VALUE_CHAT, args, model as Model);
}

/** Arguments are those of `_generate(prompts, options)` of a completion model. */
export function completionRequest(args: readonly unknown[], model: unknown): CallRequest {
  return modelRequest(GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION, args, model as Model);
}

function modelRequest(operation: string, [, options]: readonly unknown[], model: Model): CallRequest {
  const said = fieldsOf(model.getLsParams?.(fieldsOf(options)));
  const stop = said['ls_stop'] ?? fieldsOf(options)['stop'];
  const parameters = {
    temperature: numberOf(said['ls_temperature']),
    maxTokens: numberOf(said['ls_max_tokens']),
    stopSequences: Array.isArray(stop) && stop.length > 0 ? (stop as string[]) : undefined,
  };
  return {
    operation,
    provider: providerOf(textOf(said['ls_provider']) ?? textOf(model._llmType?.())),
    model: textOf(said['ls_model_name']) ?? textOf(model.model) ?? textOf(model.modelName),
    ...serverOf(baseUrlOf(model)),
    parameters,
  };
}

/** The integrations keep a base URL that the program has set, each in a field of its own; the default one they do not know. */
function baseUrlOf(model: Model): unknown {
  const { clientConfig, apiUrl, baseUrl } = fieldsOf(model);
  return textOf(fieldsOf(clientConfig)['baseURL']) ?? textOf(apiUrl) ?? textOf(baseUrl);
}

function providerOf(name: string | undefined): string {
  if (name === undefined) return 'langchain';
  return PROVIDERS[name] ?? name;
}

/** Messages and tools of a chat model's call. */
export function chatInput([messages, options]: readonly unknown[]): CallInput {
  const tools = listOf(fieldsOf(options)['tools']).map(toolDefinition);
  return {
    messages: listOf(messages).map(canonicalMessage),
    ...(tools.length === 0 ? {} : { toolDefinitions: tools }),
  };
}

/** Prompts of a completion model's call. */
export function completionInput([prompts]: readonly unknown[]): CallInput {
  const texts = typeof prompts === 'string' ? [prompts] : listOf(prompts);
  return {
    messages: texts.map((text) => ({
      role: 'user',
      parts: [{ type: 'text', content: textOf(text) ?? '' }],
    })),
  };
}

/** A tool in LangChain's own form, or in that of a provider. A schema that is no JSON is left out. */
function toolDefinition(value: unknown): ToolDefinition {
  const tool = fieldsOf(value);
  const body = fieldsOf(tool['function'] ?? tool['toolSpec'] ?? tool);
  const schema = body['parameters'] ?? body['input_schema'] ?? body['schema'];
  const isJson = typeof schema === 'object' && schema !== null && !('_def' in schema) && !('_zod' in schema);
  return withoutGaps<ToolDefinition>({
    type: textOf(tool['type']) ?? 'function',
    name: textOf(body['name']) ?? textOf(tool['type']) ?? '',
    description: textOf(body['description']),
    parameters: isJson ? (schema as JsonValue) : undefined,
  });
}
