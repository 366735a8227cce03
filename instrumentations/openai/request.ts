import { ATTR_OPENAI_API_TYPE, ATTR_OPENAI_REQUEST_SERVICE_TIER } from '../../semconv/attributes.js';
import * as values from '../../semconv/values.js';
import type { CallInput, CallRequest, RequestParameters } from '../../src/instrument/records.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import { chatMessage, chatTools } from './chat-messages.js';
import { providerOf } from './provider.js';
import { responsesMessages, responsesTools } from './responses-items.js';

/** Requests of the SDK to canonical records. Pure; nothing of the caller's objects is changed or kept. */

/** `chat.completions.create` */
export function chatRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  return request(body, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_CHAT,
    apiType: 'chat_completions',
    parameters: sampling(
      body,
      numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']),
      textOf(body['reasoning_effort']),
    ),
    outputType: listOf(body['modalities']).includes('audio') ? 'speech' : outputType(body['response_format']),
  });
}

export function chatInput(args: readonly unknown[]): CallInput {
  const body = fieldsOf(args[0]);
  return {
    messages: listOf(body['messages']).map((message) => chatMessage(message)),
    toolDefinitions:
      body['functions'] == null
        ? chatTools(body['tools'])
        : [...chatTools(body['tools']), ...chatTools(body['functions'])],
  };
}

/** `completions.create`, the older call that continues a text. */
export function completionRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  return request(body, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
    parameters: sampling(body, numberOf(body['max_tokens'])),
  });
}

export function completionInput(args: readonly unknown[]): CallInput {
  return { messages: textsOf(fieldsOf(args[0])['prompt']) };
}

/** `responses.create` and `responses.compact` */
export function responsesRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  const conversation = body['conversation'];
  return request(body, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_CHAT,
    apiType: 'responses',
    parameters: {
      temperature: numberOf(body['temperature']),
      topP: numberOf(body['top_p']),
      maxTokens: numberOf(body['max_output_tokens']),
      reasoningLevel: textOf(fieldsOf(body['reasoning'])['effort']),
      previousResponseId: textOf(body['previous_response_id']),
    },
    outputType: outputType(fieldsOf(body['text'])['format']),
    conversationId: textOf(conversation) ?? textOf(fieldsOf(conversation)['id']),
  });
}

export function responsesInput(args: readonly unknown[]): CallInput {
  const body = fieldsOf(args[0]);
  const instructions = textOf(body['instructions']);
  const input: CallInput = {
    messages: responsesMessages(body['input'], 'user'),
    toolDefinitions: responsesTools(body['tools']),
  };
  if (instructions !== undefined) input.systemInstructions = [{ type: 'text', content: instructions }];
  return input;
}

/** `embeddings.create` */
export function embeddingsRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  const format = textOf(body['encoding_format']);
  return request(body, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    parameters: {
      dimensionCount: numberOf(body['dimensions']),
      encodingFormats: format === undefined ? undefined : [format],
    },
  });
}

export function embeddingsInput(args: readonly unknown[]): CallInput {
  return { messages: textsOf(fieldsOf(args[0])['input']) };
}

/** What one kind of call adds to the facts that all have. */
export interface Particulars {
  operation: string;
  apiType?: string;
  parameters: RequestParameters;
  outputType?: string | undefined;
  conversationId?: string | undefined;
}

export function request(body: Fields, client: unknown, call: Particulars): CallRequest {
  const { provider, serverAddress, serverPort } = providerOf(client);
  return {
    operation: call.operation,
    provider,
    serverAddress,
    serverPort,
    model: textOf(body['model']),
    stream: body['stream'] === true ? true : undefined,
    parameters: call.parameters,
    outputType: call.outputType,
    conversationId: call.conversationId,
    providerAttributes: openaiAttributes(call.apiType, body['service_tier']),
  };
}

/** Only what was said: what is left out is looked at by nobody. */
function openaiAttributes(apiType: string | undefined, tier: unknown): CallRequest['providerAttributes'] {
  const attributes: NonNullable<CallRequest['providerAttributes']> = {};
  if (apiType !== undefined) attributes[ATTR_OPENAI_API_TYPE] = apiType;
  if (typeof tier === 'string' && tier !== 'auto') attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER] = tier;
  return attributes;
}

/** The parameters that both completion calls share. */
function sampling(body: Fields, maxTokens: number | undefined, reasoningLevel?: string): RequestParameters {
  const choices = numberOf(body['n']);
  const stop = body['stop'];
  return {
    maxTokens,
    reasoningLevel,
    choiceCount: choices === 1 ? undefined : choices,
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    topK: numberOf(body['top_k']),
    frequencyPenalty: numberOf(body['frequency_penalty']),
    presencePenalty: numberOf(body['presence_penalty']),
    seed: numberOf(body['seed']),
    stopSequences: typeof stop === 'string' ? [stop] : stringsOf(stop),
  };
}

function stringsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is string => typeof item === 'string');
}

export function outputType(format: unknown): string | undefined {
  const type = textOf(fieldsOf(format)['type']);
  if (type === 'json_object' || type === 'json_schema') return values.GEN_AI_OUTPUT_TYPE_VALUE_JSON;
  return type === 'text' ? values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT : undefined;
}

/** One text or several, each as a message of the user. Token numbers are left out: they say nothing to a reader. */
export function textsOf(input: unknown): NonNullable<CallInput['messages']> {
  const texts = typeof input === 'string' ? [input] : (stringsOf(input) ?? []);
  return texts.map((content) => ({ role: 'user', parts: [{ type: 'text', content }] }));
}
