import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_REQUEST_STREAM_CURSOR,
  ATTR_GEN_AI_RESPONSE_ID,
} from '../../semconv/attributes.js';
import type { JsonValue } from '../../semconv/model/json.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import * as values from '../../semconv/values.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps, type Fields } from '../../src/instrument/read.js';
import type {
  CallInput,
  CallOutput,
  CallRequest,
  CallResponse,
  ReportedUsage,
} from '../../src/instrument/records.js';
import { serverOf } from '../../src/instrument/server.js';
import { messagesOf, outputParts } from './interactions-items.js';
import { createInteractionReducer } from './interactions-stream.js';

/** States of an interaction that end it → words of the conventions. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  completed: 'stop',
  requires_action: 'tool_call',
  incomplete: 'length',
  requires_continuation: 'length',
  budget_exceeded: 'length',
  failed: 'error',
  cancelled: 'error',
};

/** `interactions.create`: a call of a model, or the work of an agent of the provider's. */
export const createInteraction: CallMapper = {
  request: ([params], resource) => interactionRequest(fieldsOf(params), fieldsOf(resource)),
  input: ([params]) => interactionInput(fieldsOf(params)),
  response: (value) => interactionResponse(fieldsOf(value)),
  output: (value) => interactionOutput(fieldsOf(value)),
  reducer: (keepContent) => createInteractionReducer(keepContent, interactionResponse),
  signal: ([, options]) => signalOf(fieldsOf(options)),
};

/** `interactions.get`: nothing is generated, so the usage that the answer repeats is not counted again. */
export const getInteraction: CallMapper = {
  ...createInteraction,
  request: ([id, params], resource) => fetchRequest(id, fieldsOf(params), fieldsOf(resource)),
  input: () => ({}),
  response: (value) => fetched(interactionResponse(fieldsOf(value))),
  reducer: (keepContent) =>
    createInteractionReducer(keepContent, (interaction) => fetched(interactionResponse(interaction))),
  signal: ([, , options]) => signalOf(fieldsOf(options)),
};

export function interactionRequest(params: Fields, resource: Fields): CallRequest {
  const config = fieldsOf(params['generation_config']);
  const agent = textOf(params['agent']);
  return withoutGaps<CallRequest>({
    operation:
      agent === undefined
        ? values.GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT
        : values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
    ...target(resource),
    model: textOf(params['model'])?.replace(/^models\//, ''),
    stream: params['stream'] === true ? true : undefined,
    outputType: outputType(params),
    parameters: {
      maxTokens: numberOf(config['max_output_tokens']),
      temperature: numberOf(config['temperature']),
      topP: numberOf(config['top_p']),
      stopSequences: stringsOf(config['stop_sequences']),
      seed: numberOf(config['seed']),
      reasoningLevel: textOf(config['thinking_level'])?.toLowerCase(),
      previousResponseId: textOf(params['previous_interaction_id']),
    },
    providerAttributes: agent === undefined ? undefined : { [ATTR_GEN_AI_AGENT_ID]: agent },
  });
}

function fetchRequest(id: unknown, params: Fields, resource: Fields): CallRequest {
  return withoutGaps<CallRequest>({
    operation: values.GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
    ...target(resource),
    stream: params['stream'] === true ? true : undefined,
    providerAttributes: {
      [ATTR_GEN_AI_RESPONSE_ID]: textOf(id),
      [ATTR_GEN_AI_REQUEST_STREAM_CURSOR]: textOf(params['last_event_id']),
    },
  });
}

export function interactionInput(params: Fields): CallInput {
  const instructions = textOf(params['system_instruction']);
  const tools = listOf(params['tools']).map((tool) => toolOf(fieldsOf(tool)));
  return {
    messages: messagesOf(params['input']),
    ...(instructions !== undefined && { systemInstructions: [{ type: 'text', content: instructions }] }),
    ...(tools.length > 0 && { toolDefinitions: tools }),
  };
}

/** Facts of an interaction, or of the last state that a stream told of it. */
export function interactionResponse(interaction: Fields): CallResponse {
  const status = textOf(interaction['status']);
  const reason = status === undefined ? undefined : FINISH_REASONS[status];
  return withoutGaps<CallResponse>({
    id: textOf(interaction['id']),
    model: textOf(interaction['model']),
    status,
    finishReasons: reason === undefined ? undefined : [reason],
    usage: usageOf(interaction['usage']),
    error: errorOf(interaction),
  });
}

export function interactionOutput(interaction: Fields): CallOutput {
  const parts = outputParts(interaction['steps'] ?? interaction['outputs']);
  return parts.length === 0 ? {} : { messages: [{ role: 'assistant', parts }] };
}

function fetched({ usage: _usage, error: _error, ...response }: CallResponse): CallResponse {
  return response;
}

/** An interaction that failed says why in the step that did. */
function errorOf(interaction: Fields): CallResponse['error'] {
  if (interaction['status'] !== 'failed') return undefined;
  const errors = [interaction, ...listOf(interaction['steps'])].map((one) => fieldsOf(one)['error']);
  const { code, message } = fieldsOf(errors.find((error) => error !== undefined));
  const type = typeof code === 'number' ? String(code) : (textOf(code) ?? 'failed');
  return typeof message === 'string' ? { type, message } : { type };
}

function target(resource: Fields): Pick<CallRequest, 'provider' | 'serverAddress' | 'serverPort'> {
  // The first major has a client of its own below the resource.
  const inner = fieldsOf(resource['_client']);
  const { clientOptions } = fieldsOf(resource['parentClient'] ?? inner['clientAdapter']);
  const { vertexai, httpOptions } = fieldsOf(clientOptions);
  return {
    provider:
      vertexai === true
        ? values.GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI
        : values.GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
    ...serverOf(inner['baseURL'] ?? fieldsOf(httpOptions)['baseUrl']),
  };
}

/** What a model thought, and what the provider's tools put into the prompt, is counted apart from the rest. */
function usageOf(value: unknown): ReportedUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const usage = fieldsOf(value);
  const reasoning = numberOf(usage['total_thought_tokens']);
  return withoutGaps<ReportedUsage>({
    inputTokens: plus(numberOf(usage['total_input_tokens']), numberOf(usage['total_tool_use_tokens'])),
    outputTokens: plus(numberOf(usage['total_output_tokens']), reasoning),
    cacheReadTokens: numberOf(usage['total_cached_tokens']),
    reasoningTokens: reasoning,
  });
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}

function stringsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

function outputType(params: Fields): string | undefined {
  const modalities = stringsOf(params['response_modalities']) ?? [];
  if (modalities.includes('image')) return values.GEN_AI_OUTPUT_TYPE_VALUE_IMAGE;
  if (modalities.includes('audio')) return values.GEN_AI_OUTPUT_TYPE_VALUE_SPEECH;
  const format = fieldsOf(params['response_format']);
  const mimeType = params['response_mime_type'] ?? format['mime_type'];
  return mimeType === 'application/json' ? values.GEN_AI_OUTPUT_TYPE_VALUE_JSON : undefined;
}

/** Functions of the program by their declarations; a tool that the provider runs by its own name. */
function toolOf({ type, name, description, parameters }: Fields): ToolDefinition {
  const kind = textOf(type) ?? 'function';
  return withoutGaps<ToolDefinition>({
    type: kind,
    name: textOf(name) ?? kind,
    description: textOf(description),
    parameters: parameters as JsonValue | undefined,
  });
}

function signalOf(options: Fields): AbortSignal | undefined {
  const { fetch_options: newer, fetchOptions: older, signal } = options;
  return (signal ?? fieldsOf(newer)['signal'] ?? fieldsOf(older)['signal']) as AbortSignal | undefined;
}
