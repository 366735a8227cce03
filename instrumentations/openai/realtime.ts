import * as values from '../../semconv/values.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallInput, CallRequest } from '../../src/instrument/records.js';
import { itemMessages, type RealtimeItem } from './realtime-items.js';
import { realtimeOutput, realtimeResponse } from './realtime-response.js';
import { realtimeReducer } from './realtime-stream.js';
import { request } from './request.js';
import { responsesTools } from './responses-items.js';

/** One response of a Realtime session: what was asked for, and what it is an answer to. */
export interface RealtimeAsk {
  /** The response's own settings. */
  params: Fields;
  /** Those of the session, which hold where it has none. */
  config: Fields;
  model: string | undefined;
  items: readonly RealtimeItem[];
  /** True when it was given its input. */
  isApart: boolean;
  /** True when an item has changed since the response began. */
  isChanged: boolean;
}

function realtimeRequest(args: readonly unknown[], client: unknown): CallRequest {
  const { params, config, model } = args[0] as RealtimeAsk;
  const setting = (name: string): unknown => params[name] ?? config[name];
  const modalities = listOf(setting('output_modalities') ?? setting('modalities'));
  return request({ model: model ?? config['model'], stream: true }, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_CHAT,
    apiType: 'realtime',
    parameters: {
      temperature: numberOf(setting('temperature')),
      // Without a limit it is a word.
      maxTokens: numberOf(setting('max_output_tokens') ?? setting('max_response_output_tokens')),
      reasoningLevel: textOf(fieldsOf(setting('reasoning'))['effort']),
    },
    outputType: outputType(modalities),
  });
}

function outputType(modalities: readonly unknown[]): string | undefined {
  if (modalities.includes('audio')) return values.GEN_AI_OUTPUT_TYPE_VALUE_SPEECH;
  return modalities.includes('text') ? values.GEN_AI_OUTPUT_TYPE_VALUE_TEXT : undefined;
}

function realtimeInput(args: readonly unknown[]): CallInput {
  const { params, config, items } = args[0] as RealtimeAsk;
  const instructions = textOf(params['instructions'] ?? config['instructions']);
  return {
    ...(instructions === undefined || instructions === ''
      ? {}
      : { systemInstructions: [{ type: 'text', content: instructions }] }),
    messages: itemMessages(items, 'user'),
    toolDefinitions: responsesTools(params['tools'] ?? config['tools']),
  };
}

export const REALTIME: CallMapper = {
  request: realtimeRequest,
  input: realtimeInput,
  response: realtimeResponse,
  output: realtimeOutput,
  reducer: realtimeReducer,
};
