import { ATTR_GEN_AI_AGENT_ID } from '../../semconv/attributes.js';
import type { JsonValue } from '../../semconv/model/json.js';
import type { Message } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import * as values from '../../semconv/values.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps } from '../../src/instrument/read.js';
import type { CallInput, CallRequest, RequestParameters } from '../../src/instrument/records.js';
import { serverOf } from '../../src/instrument/server.js';
import { messageOf } from './response.js';
import type { CompletionParams, EmbeddingParams, MistralClient } from './sdk-types.js';

/** Facts of a call of `chat` or `agents`. */
export function chatRequest(params: CompletionParams, client: MistralClient): CallRequest {
  const agent = textOf(params.agentId);
  return withoutGaps<CallRequest>({
    ...completionRequest(params, client),
    operation: values.GEN_AI_OPERATION_NAME_VALUE_CHAT,
    outputType: outputType(params.responseFormat),
    providerAttributes: agent === undefined ? undefined : { [ATTR_GEN_AI_AGENT_ID]: agent },
  });
}

/** Facts of a call of `fim`: a completion between a prompt and a suffix. */
export function completionRequest(params: CompletionParams, client: MistralClient): CallRequest {
  return {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
    ...target(params.model, client),
    parameters: parametersOf(params),
  };
}

/** Facts of a call of `embeddings`. */
export function embeddingsRequest(params: EmbeddingParams, client: MistralClient): CallRequest {
  const format = textOf(params.encodingFormat);
  return {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    ...target(params.model, client),
    parameters: {
      dimensionCount: numberOf(params.outputDimension),
      encodingFormats: format === undefined ? undefined : [format],
    },
  };
}

/** Content of a call of `chat` or `agents`. */
export function chatInput(params: CompletionParams): CallInput {
  const input: CallInput = { messages: listOf(params.messages).map(messageOf) };
  const tools = listOf(params.tools).map(toolOf);
  if (tools.length > 0) input.toolDefinitions = tools;
  return input;
}

/** Content of a call of `fim`. */
export function completionInput(params: CompletionParams): CallInput {
  const texts = [params.prompt, params.suffix].flatMap((text) => textOf(text) ?? []);
  return { messages: [userMessage(texts)] };
}

/** Content of a call of `embeddings`: each text is embedded by itself. */
export function embeddingsInput(params: EmbeddingParams): CallInput {
  const inputs: readonly unknown[] = Array.isArray(params.inputs) ? params.inputs : [params.inputs];
  return { messages: inputs.flatMap((text) => (typeof text === 'string' ? userMessage([text]) : [])) };
}

function userMessage(texts: readonly string[]): Message {
  return { role: 'user', parts: texts.map((content) => ({ type: 'text', content })) };
}

export function target(
  model: unknown,
  client: MistralClient,
): Pick<CallRequest, 'provider' | 'model' | 'serverAddress' | 'serverPort'> {
  return {
    provider: values.GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
    model: textOf(model),
    ...serverOf(client._baseURL?.href),
  };
}

export function parametersOf(params: CompletionParams): RequestParameters {
  const choices = numberOf(params.n);
  return {
    maxTokens: numberOf(params.maxTokens),
    choiceCount: choices === 1 ? undefined : choices,
    temperature: numberOf(params.temperature),
    topP: numberOf(params.topP),
    stopSequences: stopSequences(params.stop),
    frequencyPenalty: numberOf(params.frequencyPenalty),
    presencePenalty: numberOf(params.presencePenalty),
    seed: numberOf(params.randomSeed),
    reasoningLevel: textOf(params.reasoningEffort),
  };
}

function stopSequences(stop: unknown): string[] | undefined {
  if (typeof stop === 'string') return [stop];
  return Array.isArray(stop) ? stop.filter((item): item is string => typeof item === 'string') : undefined;
}

/** `parse` takes a schema object in the place of a format, and always asks for JSON. */
export function outputType(format: unknown): string | undefined {
  if (format === undefined || format === null) return undefined;
  return fieldsOf(format)['type'] === 'text'
    ? values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT
    : values.GEN_AI_OUTPUT_TYPE_VALUE_JSON;
}

/** A function of the program; a tool that the provider runs keeps its own type. */
export function toolOf(tool: unknown): ToolDefinition {
  const fields = fieldsOf(tool);
  const { name, description, parameters } = fieldsOf(fields['function']);
  const type = textOf(fields['type']) ?? 'function';
  return withoutGaps<ToolDefinition>({
    type,
    name: textOf(name) ?? type,
    description: textOf(description),
    parameters: parameters as JsonValue | undefined,
  });
}
