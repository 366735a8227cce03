import type { Attributes } from '@opentelemetry/api';
import * as gen from '../../semconv/attributes.js';
import type { Server } from './server.js';
import type { CallRequest, CallResponse, ReportedUsage, RequestParameters } from './records.js';

/** The only place of the kit that knows attribute names: canonical records in, attributes out. Zeros are values. */

const PARAMETERS: Readonly<Record<keyof RequestParameters, string>> = {
  maxTokens: gen.ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  choiceCount: gen.ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  temperature: gen.ATTR_GEN_AI_REQUEST_TEMPERATURE,
  topP: gen.ATTR_GEN_AI_REQUEST_TOP_P,
  topK: gen.ATTR_GEN_AI_REQUEST_TOP_K,
  stopSequences: gen.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  frequencyPenalty: gen.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  presencePenalty: gen.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  encodingFormats: gen.ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
  seed: gen.ATTR_GEN_AI_REQUEST_SEED,
  reasoningLevel: gen.ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  previousResponseId: gen.ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  dimensionCount: gen.ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
};

const USAGE: Readonly<Record<keyof ReportedUsage, string>> = {
  inputTokens: gen.ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  outputTokens: gen.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheReadTokens: gen.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWriteTokens: gen.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  reasoningTokens: gen.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
};

/** `{operation} {model}`, or the operation alone. */
export function spanName({ operation, model, target }: CallRequest): string {
  const subject = model ?? target;
  return subject === undefined ? operation : `${operation} ${subject}`;
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
  if (request.parameters !== undefined) putAll(attributes, PARAMETERS, request.parameters);
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
  if (response.usage !== undefined) putAll(attributes, USAGE, response.usage);
  putProvider(attributes, response.providerAttributes);
}

type Value = string | number | boolean | string[] | null | undefined;

/** Null and undefined are left out; everything else, zero and false included, is kept. */
function put(attributes: Attributes, key: string, value: Value): void {
  if (value !== undefined && value !== null) attributes[key] = value;
}

function putAll<K extends string>(
  attributes: Attributes,
  names: Readonly<Record<K, string>>,
  values: Partial<Record<K, Value>>,
): void {
  for (const key in values) put(attributes, names[key], values[key]);
}

function putProvider(attributes: Attributes, values: CallRequest['providerAttributes']): void {
  if (values === undefined) return;
  for (const key in values) put(attributes, key, values[key]);
}
