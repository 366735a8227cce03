import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import { fieldsOf, listOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallInput, CallRequest } from '../../src/instrument/records.js';
import { bodyMessage, bodyParts, bodyTools, toolCallPart } from './message-parts.js';
import { guardrail, readParameters, target } from './request.js';
import type { BedrockClient, InvokeInput } from './sdk-types.js';

/**
 * Requests to a model in the model's own form. The form is told from the body: the id of an inference profile, of an import
 * or of a custom model does not say whose model it is.
 */

/** Facts of an `InvokeModelCommand` or of an `InvokeModelWithResponseStreamCommand`. */
export function readInvokeRequest(
  input: InvokeInput,
  body: Fields,
  client: BedrockClient,
  stream: boolean,
): CallRequest {
  const operation = operationOf(textOf(input.modelId) ?? '', body);
  const parameters = readParameters(parameterPlaces(body));
  return {
    operation,
    ...target(input.modelId, client),
    ...(stream ? { stream } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...outputType(operation, body),
    ...guardrail(input.guardrailIdentifier),
  };
}

/** Content of a body. */
export function readInvokeInput(body: Fields): CallInput {
  const systemInstructions = bodyParts(body['system'] ?? body['preamble']);
  const messages = messagesOf(body);
  const toolDefinitions = bodyTools(body);
  return {
    ...(systemInstructions.length > 0 ? { systemInstructions } : {}),
    ...(messages.length > 0 ? { messages } : {}),
    ...(toolDefinitions.length > 0 ? { toolDefinitions } : {}),
  };
}

/** Fields that only a request for embeddings has. */
const EMBEDDING_FIELDS = [
  'texts',
  'normalize',
  'dimensions',
  'embeddingConfig',
  'embeddingTypes',
  'input_type',
];

function operationOf(modelId: string, body: Fields): string {
  const task = textOf(body['taskType']) ?? '';
  if (/embed/i.test(modelId) || /EMBEDDING/.test(task)) return 'embeddings';
  if (EMBEDDING_FIELDS.some((field) => body[field] !== undefined)) return 'embeddings';
  if (body['messages'] !== undefined || body['message'] !== undefined) return 'chat';
  if (isImageRequest(body)) return 'generate_content';
  return 'text_completion';
}

/** Models that make images take a task or weighted prompts. */
function isImageRequest(body: Fields): boolean {
  return (
    body['taskType'] !== undefined || body['text_prompts'] !== undefined || body['aspect_ratio'] !== undefined
  );
}

function outputType(operation: string, body: Fields): Pick<CallRequest, 'outputType'> {
  if (operation === 'generate_content') return { outputType: 'image' };
  const format = textOf(fieldsOf(body['response_format'])['type']);
  const claude = textOf(fieldsOf(fieldsOf(body['output_config'])['format'])['type']);
  return (format ?? claude)?.startsWith('json') === true ? { outputType: 'json' } : {};
}

function parameterPlaces(body: Fields): Fields[] {
  const nested = [
    'textGenerationConfig',
    'inferenceConfig',
    'embeddingConfig',
    'singleEmbeddingParams',
    'imageGenerationConfig',
  ];
  return [body, ...nested.map((name) => fieldsOf(body[name]))];
}

function messagesOf(body: Fields): Message[] {
  if (Array.isArray(body['messages'])) return body['messages'].map(bodyMessage);
  if (typeof body['message'] === 'string') return cohereMessages(body);
  const parts = promptParts(body);
  return parts.length > 0 ? [{ role: 'user', parts }] : [];
}

const ROLES: Readonly<Record<string, string>> = {
  CHATBOT: 'assistant',
  USER: 'user',
  SYSTEM: 'system',
  TOOL: 'tool',
};

function cohereMessages(body: Fields): Message[] {
  const results = listOf(body['tool_results']).map(cohereResult);
  const asked = bodyParts(body['message']);
  return [
    ...listOf(body['chat_history']).map((item) => {
      const { role, message, tool_calls: calls, tool_results: told } = fieldsOf(item);
      return {
        role: ROLES[textOf(role) ?? ''] ?? 'user',
        parts: [...bodyParts(message), ...listOf(calls).map(toolCallPart), ...listOf(told).map(cohereResult)],
      };
    }),
    ...(asked.length > 0 ? [{ role: 'user', parts: asked }] : []),
    ...(results.length > 0 ? [{ role: 'tool', parts: results }] : []),
  ];
}

function cohereResult(value: unknown): MessagePart {
  const { call, outputs } = fieldsOf(value);
  const name = textOf(fieldsOf(call)['name']);
  return {
    type: 'tool_call_response',
    id: null,
    response: (outputs ?? null) as JsonValue,
    ...(name === undefined ? {} : { name }),
  };
}

/** A prompt, or the texts and images of a request that has no messages. */
function promptParts(body: Fields): MessagePart[] {
  const single = fieldsOf(body['singleEmbeddingParams']);
  const image = textOf(body['inputImage']);
  return [
    ...texts(body['prompt']),
    ...texts(body['inputText']),
    ...texts(body['texts']),
    ...texts(fieldsOf(single['text'])['value']),
    ...texts(fieldsOf(body['textToImageParams'])['text']),
    ...listOf(body['text_prompts']).flatMap((prompt) => texts(fieldsOf(prompt)['text'])),
    ...listOf(body['inputs']).flatMap((item) => bodyParts(fieldsOf(item)['content'])),
    ...(image === undefined ? [] : [{ type: 'blob', modality: 'image', content: image }]),
  ];
}

function texts(value: unknown): MessagePart[] {
  return (Array.isArray(value) ? value : [value]).flatMap((text) =>
    typeof text === 'string' ? [{ type: 'text', content: text }] : [],
  );
}
