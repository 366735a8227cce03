import type { JsonValue } from '../../semconv/model/json.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../semconv/values.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';
import type { CallInput, CallRequest, RequestParameters } from '../../src/instrument/records.js';
import { messageParts } from './response.js';
import { providerName } from './provider.js';
import type { CallOptions, Model } from './sdk-types.js';

/** Facts of one call of a language model: by the options that the model gets, or by the event that is published of it. */
export function readChatRequest(options: CallOptions, model: Model, isStream: boolean): CallRequest {
  const request: CallRequest = {
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    provider: providerName(model.provider ?? options.provider),
    model: textOf(model.modelId ?? options.modelId),
    parameters: readParameters(options),
  };
  if (isStream) request.stream = true;
  if (fieldsOf(options.responseFormat)['type'] === 'json') request.outputType = 'json';
  return request;
}

function readParameters(options: CallOptions): RequestParameters {
  const stops = listOf(options.stopSequences).filter((stop) => typeof stop === 'string');
  return {
    maxTokens: numberOf(options.maxOutputTokens),
    temperature: numberOf(options.temperature),
    topP: numberOf(options.topP),
    topK: numberOf(options.topK),
    stopSequences: stops.length > 0 ? stops : undefined,
    frequencyPenalty: numberOf(options.frequencyPenalty),
    presencePenalty: numberOf(options.presencePenalty),
    seed: numberOf(options.seed),
    reasoningLevel: textOf(options.reasoning),
  };
}

/** Content of one call of a language model. System messages at the head are the instructions. */
export function readChatInput(options: CallOptions): CallInput {
  const messages = listOf(options.prompt ?? options.messages).map(fieldsOf);
  const firstOther = messages.findIndex(({ role }) => role !== 'system');
  const head = firstOther < 0 ? messages.length : firstOther;
  const instructions = [
    ...instructionTexts(options.instructions),
    ...messages.slice(0, head).map(({ content }) => content),
  ];
  return {
    systemInstructions: instructions.filter((text) => typeof text === 'string').map(textPart),
    messages: messages.slice(head).map(readMessage),
    toolDefinitions: listOf(options.tools).map((tool) => readTool(fieldsOf(tool))),
  };
}

/** A text, or one or more system messages. */
function instructionTexts(instructions: unknown): unknown[] {
  const list = Array.isArray(instructions) ? instructions : [instructions];
  return list.map((one) => (typeof one === 'string' ? one : fieldsOf(one)['content']));
}

function textPart(content: string): MessagePart {
  return { type: 'text', content };
}

function readMessage({ role, content }: Fields): Message {
  return { role: textOf(role) ?? 'user', parts: messageParts(content) };
}

function readTool(tool: Fields): ToolDefinition {
  const isFunction = tool['type'] === 'function';
  return withoutGaps<ToolDefinition>({
    type: textOf(tool['type']) ?? 'function',
    name: textOf(tool['name']) ?? textOf(tool['id']) ?? '',
    description: textOf(tool['description']),
    // A tool of the provider has settings and no schema.
    parameters: (isFunction ? tool['inputSchema'] : undefined) as JsonValue | undefined,
  });
}

/** Facts of `embed` and `embedMany`: by the options of the function, or by its event. */
export function readEmbedRequest(args: readonly unknown[]): CallRequest {
  const options = fieldsOf(args[0]);
  const dimensionCount = numberOf(options['dimensions']);
  return {
    operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    ...target(options),
    ...(dimensionCount === undefined ? {} : { parameters: { dimensionCount } }),
  };
}

export function readEmbedInput(args: readonly unknown[]): CallInput {
  const { value, values = value } = fieldsOf(args[0]);
  const list = Array.isArray(values) ? values : [values];
  const texts = list.filter((text) => typeof text === 'string' && text !== '');
  return { messages: texts.map((text) => ({ role: 'user', parts: [textPart(String(text))] })) };
}

/** Facts of `rerank`. The conventions have no word for it. */
export function readRerankRequest(args: readonly unknown[]): CallRequest {
  return { operation: 'rerank', ...target(fieldsOf(args[0])) };
}

export function readRerankInput(args: readonly unknown[]): CallInput {
  const query = textOf(fieldsOf(args[0])['query']);
  return query === undefined ? {} : { messages: [{ role: 'user', parts: [textPart(query)] }] };
}

/** A model may be given by name: then the package finds the provider, and we do not know it. */
function target(options: Fields): Pick<CallRequest, 'provider' | 'model'> {
  const { model } = options;
  if (typeof model === 'string') return { provider: providerName(model.split('/', 1)[0]), model };
  const source: Model = model === undefined ? options : fieldsOf(model);
  return { provider: providerName(source.provider), model: textOf(source.modelId) };
}

/** The last thing that the user said, for the span of the whole run. */
export function lastQuestion(options: Fields): string | undefined {
  const { prompt, messages } = options;
  if (typeof prompt === 'string') return prompt;
  const list = listOf(Array.isArray(prompt) ? prompt : messages).map(fieldsOf);
  const content = list.findLast(({ role }) => role === 'user')?.['content'];
  if (typeof content === 'string') return content;
  const texts = listOf(content).flatMap((part) => textOf(fieldsOf(part)['text']) ?? []);
  return texts.length === 0 ? undefined : texts.join('\n');
}
