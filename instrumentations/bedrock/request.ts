import { ATTR_AWS_BEDROCK_GUARDRAIL_ID } from '../../semconv/attributes.js';
import { GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK } from '../../semconv/values.js';
import type { CallInput, CallRequest, RequestParameters } from '../../src/instrument/records.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';
import { conversationMessage, conversationParts, conversationTools } from './content-parts.js';
import { serverOfClient } from './endpoint.js';
import type { BedrockClient, ConverseInput } from './sdk-types.js';

/** Facts of a `ConverseCommand` or of a `ConverseStreamCommand`. */
export function readConverseRequest(
  input: ConverseInput,
  client: BedrockClient,
  stream: boolean,
): CallRequest {
  const extra = fieldsOf(input.additionalModelRequestFields);
  const parameters = readParameters([
    fieldsOf(input.inferenceConfig),
    extra,
    fieldsOf(extra['inferenceConfig']),
  ]);
  const effort = textOf(input.outputConfig?.effort);
  if (effort !== undefined) parameters.reasoningLevel = effort;
  const isJson = input.outputConfig?.textFormat?.type === 'json_schema';
  return {
    operation: 'chat',
    ...target(input.modelId, client),
    ...(stream ? { stream } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(isJson ? { outputType: 'json' } : {}),
    ...guardrail(input.guardrailConfig?.guardrailIdentifier),
  };
}

/** Content of a `ConverseCommand` or of a `ConverseStreamCommand`. */
export function readConverseInput(input: ConverseInput): CallInput {
  const systemInstructions = conversationParts(input.system);
  const toolDefinitions = conversationTools(input.toolConfig?.tools);
  return {
    ...(systemInstructions.length > 0 ? { systemInstructions } : {}),
    ...(Array.isArray(input.messages) ? { messages: input.messages.map(conversationMessage) } : {}),
    ...(toolDefinitions.length > 0 ? { toolDefinitions } : {}),
  };
}

/** Who answers, and where. */
export function target(
  modelId: unknown,
  client: BedrockClient,
): Pick<CallRequest, 'provider' | 'model' | 'serverAddress' | 'serverPort'> {
  return {
    provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
    ...(typeof modelId === 'string' ? { model: modelId } : {}),
    ...serverOfClient(client),
  };
}

/** The guardrail of a call. */
export function guardrail(id: unknown): Pick<CallRequest, 'providerAttributes'> {
  return typeof id === 'string' ? { providerAttributes: { [ATTR_AWS_BEDROCK_GUARDRAIL_ID]: id } } : {};
}

/** Names of one parameter over all models; the first that has a value is used. */
const NUMBERS: readonly (readonly [keyof RequestParameters, readonly string[]])[] = [
  [
    'maxTokens',
    [
      'maxTokens',
      'max_tokens',
      'max_completion_tokens',
      'max_tokens_to_sample',
      'max_gen_len',
      'max_new_tokens',
      'maxTokenCount',
    ],
  ],
  ['temperature', ['temperature']],
  ['topP', ['topP', 'top_p', 'p']],
  ['topK', ['topK', 'top_k', 'k']],
  ['frequencyPenalty', ['frequency_penalty']],
  ['presencePenalty', ['presence_penalty']],
  ['seed', ['seed']],
  ['choiceCount', ['n', 'num_generations', 'numResults']],
  ['dimensionCount', ['dimensions', 'output_dimension', 'embeddingDimension', 'outputEmbeddingLength']],
];
const TEXT_LISTS: readonly (readonly [keyof RequestParameters, readonly string[]])[] = [
  ['stopSequences', ['stopSequences', 'stop_sequences', 'stop']],
  ['encodingFormats', ['embeddingTypes', 'embedding_types']],
];

/** Parameters, from the places where a request may have them. */
export function readParameters(places: readonly Fields[]): RequestParameters {
  const parameters: Record<string, unknown> = {};
  for (const [parameter, names] of NUMBERS) parameters[parameter] = firstOf(places, names, numberOf);
  for (const [parameter, names] of TEXT_LISTS) parameters[parameter] = firstOf(places, names, textsOf);
  parameters['reasoningLevel'] = firstOf(
    places,
    ['reasoning_effort', 'output_config', 'reasoningConfig'],
    effortOf,
  );
  return withoutGaps(parameters) as RequestParameters;
}

function firstOf<T>(
  places: readonly Fields[],
  names: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  for (const place of places) {
    for (const name of names) {
      const value = read(place[name]);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function textsOf(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  const texts = listOf(value).filter((item) => typeof item === 'string');
  return texts.length > 0 ? texts : undefined;
}

/** `reasoning_effort` is a word; the others are objects with one. */
function effortOf(value: unknown): string | undefined {
  const { effort, maxReasoningEffort } = fieldsOf(value);
  return textOf(value) ?? textOf(effort) ?? textOf(maxReasoningEffort);
}
