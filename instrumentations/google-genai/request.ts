import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import * as values from '../../semconv/values.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps } from '../../src/instrument/read.js';
import type { CallInput, CallRequest, RequestParameters } from '../../src/instrument/records.js';
import { serverOf } from '../../src/instrument/server.js';
import { messageOf } from './response.js';
import type { ModelConfig, ModelParams, ModelsResource } from './sdk-types.js';

/** Facts of a `generateContent` call, streamed or not. */
export function generateRequest(params: ModelParams, models: ModelsResource): CallRequest {
  const config = params.config ?? {};
  return withoutGaps<CallRequest>({
    operation: values.GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
    ...target(params, models),
    parameters: parametersOf(config),
    outputType: outputType(config),
  });
}

/** Facts of an `embedContent` call. */
export function embedRequest(params: ModelParams, models: ModelsResource): CallRequest {
  return {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    ...target(params, models),
    parameters: { dimensionCount: numberOf(params.config?.outputDimensionality) },
  };
}

/** Facts of a `countTokens` call. */
export function countRequest(params: ModelParams, models: ModelsResource): CallRequest {
  return { operation: 'count_tokens', ...target(params, models) };
}

/** Content of a `generateContent` or `countTokens` call. */
export function generateInput(params: ModelParams): CallInput {
  const input: CallInput = { messages: messagesOf(params.contents) };
  const instructions = instructionsOf(params.config?.systemInstruction);
  if (instructions.length > 0) input.systemInstructions = instructions;
  const tools = listOf(params.config?.tools).flatMap(toolsOf);
  if (tools.length > 0) input.toolDefinitions = tools;
  return input;
}

/** Content of an `embedContent` call: every item of the list is embedded by itself. */
export function embedInput(params: ModelParams): CallInput {
  const contents = params.content ?? params.contents;
  return { messages: (Array.isArray(contents) ? contents : [contents]).flatMap(messagesOf) };
}

function target(
  params: ModelParams,
  models: ModelsResource,
): Pick<CallRequest, 'provider' | 'model' | 'serverAddress' | 'serverPort'> {
  const options = models.apiClient?.clientOptions;
  return {
    provider:
      options?.vertexai === true
        ? values.GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI
        : values.GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
    model: modelName(params.model),
    ...serverOf(params.config?.httpOptions?.baseUrl ?? options?.httpOptions?.baseUrl),
  };
}

/** The same model has many resource names: `gemini-x`, `models/gemini-x`, `projects/…/publishers/google/models/gemini-x`. */
function modelName(model: unknown): string | undefined {
  return textOf(model)?.replace(/^(.*\/)?models\/(?=[^/]+$)/, '');
}

function parametersOf(config: ModelConfig): RequestParameters {
  const choices = numberOf(config.candidateCount);
  return {
    maxTokens: numberOf(config.maxOutputTokens),
    choiceCount: choices === 1 ? undefined : choices,
    temperature: numberOf(config.temperature),
    topP: numberOf(config.topP),
    topK: numberOf(config.topK),
    stopSequences: stringsOf(config.stopSequences),
    frequencyPenalty: numberOf(config.frequencyPenalty),
    presencePenalty: numberOf(config.presencePenalty),
    seed: numberOf(config.seed),
    reasoningLevel: textOf(config.thinkingConfig?.thinkingLevel)?.toLowerCase(),
  };
}

function stringsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

function outputType(config: ModelConfig): string | undefined {
  const mimeType = textOf(config.responseMimeType);
  if (mimeType === 'application/json') return values.GEN_AI_OUTPUT_TYPE_VALUE_JSON;
  const modalities = stringsOf(config.responseModalities)?.map((name) => name.toUpperCase()) ?? [];
  if (modalities.includes('IMAGE')) return values.GEN_AI_OUTPUT_TYPE_VALUE_IMAGE;
  if (modalities.includes('AUDIO')) return values.GEN_AI_OUTPUT_TYPE_VALUE_SPEECH;
  return mimeType === 'text/plain' ? values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT : undefined;
}

/** The SDK takes a text, a part, a content, or a list; a list of texts and parts is one content of the user. */
export function messagesOf(contents: unknown): Message[] {
  if (contents === undefined || contents === null) return [];
  const list: readonly unknown[] = Array.isArray(contents) ? contents : [contents];
  if (list.length === 0) return [];
  return list.some(isContent) ? list.map(messageOf) : [messageOf({ role: 'user', parts: list })];
}

function isContent(value: unknown): boolean {
  return Array.isArray(fieldsOf(value)['parts']);
}

function instructionsOf(instruction: unknown): MessagePart[] {
  return messagesOf(instruction).flatMap(({ parts }) => parts);
}

/** Functions of the program by their declarations; a tool that the provider runs keeps its own name. */
function toolsOf(tool: unknown): ToolDefinition[] {
  return Object.entries(fieldsOf(tool)).flatMap(([kind, value]) => {
    if (value === undefined || value === null) return [];
    if (kind !== 'functionDeclarations') return [{ type: kind, name: kind }];
    return listOf(value).map((declaration) => {
      const { name, description, parameters, parametersJsonSchema } = fieldsOf(declaration);
      return withoutGaps<ToolDefinition>({
        type: 'function',
        name: textOf(name) ?? '',
        description: textOf(description),
        parameters: (parametersJsonSchema ?? parameters) as JsonValue | undefined,
      });
    });
  });
}
