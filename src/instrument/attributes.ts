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
  const attributes: Attributes = {
    [gen.ATTR_GEN_AI_OPERATION_NAME]: request.operation,
    [gen.ATTR_GEN_AI_PROVIDER_NAME]: request.provider,
  };
  put(attributes, gen.ATTR_GEN_AI_REQUEST_MODEL, request.model);
  put(attributes, gen.ATTR_SERVER_ADDRESS, request.serverAddress);
  put(attributes, gen.ATTR_SERVER_PORT, request.serverPort);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_STREAM, request.stream);
  put(attributes, gen.ATTR_GEN_AI_OUTPUT_TYPE, request.outputType);
  put(attributes, gen.ATTR_GEN_AI_CONVERSATION_ID, request.conversationId);
  if (request.parameters !== undefined) putParameters(attributes, request.parameters);
  putProvider(attributes, request.providerAttributes);
  return attributes;
}

/** Where a call goes. */
export function serverAttributes(server: Server): Attributes {
  const attributes: Attributes = {};
  put(attributes, gen.ATTR_SERVER_ADDRESS, server.serverAddress);
  put(attributes, gen.ATTR_SERVER_PORT, server.serverPort);
  return attributes;
}

/** Adds what the answer says to `attributes`. */
export function addResponseAttributes(attributes: Attributes, response: CallResponse): void {
  put(attributes, gen.ATTR_GEN_AI_RESPONSE_ID, response.id);
  put(attributes, gen.ATTR_GEN_AI_RESPONSE_MODEL, response.model);
  put(attributes, gen.ATTR_GEN_AI_RESPONSE_FINISH_REASONS, response.finishReasons);
  put(attributes, gen.ATTR_GEN_AI_RESPONSE_STATUS, response.status);
  put(attributes, gen.ATTR_GEN_AI_CONVERSATION_ID, response.conversationId);
  if (response.usage !== undefined) putUsage(attributes, response.usage);
  putProvider(attributes, response.providerAttributes);
}

type Value = string | number | boolean | string[] | null | undefined;

/** Null and undefined are left out; everything else, zero and false included, is kept. */
function put(attributes: Attributes, key: string, value: Value): void {
  if (value !== undefined && value !== null) attributes[key] = value;
}

/** Field by field, not by a table: it is on the path of every call. */
function putParameters(attributes: Attributes, parameters: RequestParameters): void {
  put(attributes, gen.ATTR_GEN_AI_REQUEST_MAX_TOKENS, parameters.maxTokens);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_CHOICE_COUNT, parameters.choiceCount);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_TEMPERATURE, parameters.temperature);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_TOP_P, parameters.topP);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_TOP_K, parameters.topK);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, parameters.stopSequences);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, parameters.frequencyPenalty);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, parameters.presencePenalty);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_ENCODING_FORMATS, parameters.encodingFormats);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_SEED, parameters.seed);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_REASONING_LEVEL, parameters.reasoningLevel);
  put(attributes, gen.ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID, parameters.previousResponseId);
  put(attributes, gen.ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, parameters.dimensionCount);
}

function putUsage(attributes: Attributes, usage: ReportedUsage): void {
  put(attributes, gen.ATTR_GEN_AI_USAGE_INPUT_TOKENS, usage.inputTokens);
  put(attributes, gen.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, usage.outputTokens);
  put(attributes, gen.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, usage.cacheReadTokens);
  put(attributes, gen.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, usage.cacheWriteTokens);
  put(attributes, gen.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, usage.reasoningTokens);
}

function putProvider(attributes: Attributes, values: CallRequest['providerAttributes']): void {
  if (values === undefined) return;
  for (const key in values) put(attributes, key, values[key]);
}
