import type { Attributes } from '@opentelemetry/api';
import * as gen from '../../semconv/attributes.js';
import type { Server } from './server.js';
import type { CallRequest, CallResponse, ReportedUsage, RequestParameters } from './records.js';

/** The only place of the kit that knows attribute names: canonical records in, attributes out. Zeros are values. */

/** `{operation} {model}`, or the operation alone. */
export function spanName({ operation, model, target }: CallRequest): string {
  const subject = target ?? model ?? '';
  return subject === '' ? operation : `${operation} ${subject}`;
}

/** Everything that a sampler may want to see, set when the span starts. */
export function requestAttributes(request: CallRequest): Attributes {
  const { model, serverAddress, serverPort, stream, outputType, conversationId, parameters } = request;
  const attributes: Attributes = {
    [gen.ATTR_GEN_AI_OPERATION_NAME]: request.operation,
    [gen.ATTR_GEN_AI_PROVIDER_NAME]: request.provider,
  };
  if (model != null) attributes[gen.ATTR_GEN_AI_REQUEST_MODEL] = model;
  if (serverAddress != null) attributes[gen.ATTR_SERVER_ADDRESS] = serverAddress;
  if (serverPort != null) attributes[gen.ATTR_SERVER_PORT] = serverPort;
  if (stream != null) attributes[gen.ATTR_GEN_AI_REQUEST_STREAM] = stream;
  if (outputType != null) attributes[gen.ATTR_GEN_AI_OUTPUT_TYPE] = outputType;
  if (conversationId != null) attributes[gen.ATTR_GEN_AI_CONVERSATION_ID] = conversationId;
  if (parameters != null) addParameters(attributes, parameters);
  addProvider(attributes, request.providerAttributes);
  return attributes;
}

/** Where a call goes. */
export function serverAttributes({ serverAddress, serverPort }: Server): Attributes {
  const attributes: Attributes = {};
  if (serverAddress != null) attributes[gen.ATTR_SERVER_ADDRESS] = serverAddress;
  if (serverPort != null) attributes[gen.ATTR_SERVER_PORT] = serverPort;
  return attributes;
}

/** Adds what the answer says to `attributes`. */
export function addResponseAttributes(attributes: Attributes, response: CallResponse): void {
  const { id, model, finishReasons, status, conversationId, usage } = response;
  if (id != null) attributes[gen.ATTR_GEN_AI_RESPONSE_ID] = id;
  if (model != null) attributes[gen.ATTR_GEN_AI_RESPONSE_MODEL] = model;
  if (finishReasons != null) attributes[gen.ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = finishReasons;
  if (status != null) attributes[gen.ATTR_GEN_AI_RESPONSE_STATUS] = status;
  if (conversationId != null) attributes[gen.ATTR_GEN_AI_CONVERSATION_ID] = conversationId;
  if (usage != null) addUsage(attributes, usage);
  addProvider(attributes, response.providerAttributes);
}

/**
 * Null and undefined are left out; everything else, zero and false included, is kept. Field by field, not by a table or a
 * function: on the path of every call a key that the compiler knows costs a tenth of one that it does not.
 */
function addParameters(attributes: Attributes, parameters: RequestParameters): void {
  const { maxTokens, choiceCount, temperature, topP, topK, stopSequences } = parameters;
  if (maxTokens != null) attributes[gen.ATTR_GEN_AI_REQUEST_MAX_TOKENS] = maxTokens;
  if (choiceCount != null) attributes[gen.ATTR_GEN_AI_REQUEST_CHOICE_COUNT] = choiceCount;
  if (temperature != null) attributes[gen.ATTR_GEN_AI_REQUEST_TEMPERATURE] = temperature;
  if (topP != null) attributes[gen.ATTR_GEN_AI_REQUEST_TOP_P] = topP;
  if (topK != null) attributes[gen.ATTR_GEN_AI_REQUEST_TOP_K] = topK;
  if (stopSequences != null) attributes[gen.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES] = stopSequences;
  addRareParameters(attributes, parameters);
}

function addRareParameters(attributes: Attributes, parameters: RequestParameters): void {
  const { frequencyPenalty, presencePenalty, encodingFormats, seed } = parameters;
  const { reasoningLevel, previousResponseId, dimensionCount } = parameters;
  if (frequencyPenalty != null) attributes[gen.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY] = frequencyPenalty;
  if (presencePenalty != null) attributes[gen.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY] = presencePenalty;
  if (encodingFormats != null) attributes[gen.ATTR_GEN_AI_REQUEST_ENCODING_FORMATS] = encodingFormats;
  if (seed != null) attributes[gen.ATTR_GEN_AI_REQUEST_SEED] = seed;
  if (reasoningLevel != null) attributes[gen.ATTR_GEN_AI_REQUEST_REASONING_LEVEL] = reasoningLevel;
  if (previousResponseId != null)
    attributes[gen.ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID] = previousResponseId;
  if (dimensionCount != null) attributes[gen.ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT] = dimensionCount;
}

function addUsage(attributes: Attributes, usage: ReportedUsage): void {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
  if (inputTokens != null) attributes[gen.ATTR_GEN_AI_USAGE_INPUT_TOKENS] = inputTokens;
  if (outputTokens != null) attributes[gen.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] = outputTokens;
  if (cacheReadTokens != null) attributes[gen.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS] = cacheReadTokens;
  if (cacheWriteTokens != null) attributes[gen.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS] = cacheWriteTokens;
  if (reasoningTokens != null) attributes[gen.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS] = reasoningTokens;
}

function addProvider(attributes: Attributes, values: CallRequest['providerAttributes']): void {
  if (values === undefined) return;
  for (const key in values) {
    const value = values[key];
    if (value != null) attributes[key] = value;
  }
}
