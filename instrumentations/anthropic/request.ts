import type { JsonValue } from '../../semconv/model/json.js';
import type { Message } from '../../semconv/model/message.js';
import type { ToolDefinition } from '../../semconv/model/tool.js';
import type { CallInput, CallRequest, RequestParameters } from '../../src/instrument/records.js';
import { matchHost, serverOf, type Server } from '../../src/instrument/server.js';
import { contentParts } from './response.js';
import type {
  AnthropicClient,
  CompletionParams,
  MessageParam,
  MessagesParams,
  RequestOptions,
  ToolParam,
} from './sdk-types.js';

/** Hosts of others that serve this API. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'amazonaws.com': 'aws.bedrock',
  'googleapis.com': 'gcp.vertex_ai',
  'azure.com': 'azure.ai.inference',
};

/** Facts of a `messages.create` call. */
export function readMessagesRequest(
  params: MessagesParams,
  client: AnthropicClient,
  options: RequestOptions = {},
): CallRequest {
  const request = requestOf('chat', params.model, client);
  const conversationId = options.openTelemetry?.conversationId;
  if (typeof conversationId === 'string') request.conversationId = conversationId;
  if (params.stream === true) request.stream = true;
  const parameters = samplingParameters(params);
  if (typeof params.max_tokens === 'number') parameters.maxTokens = params.max_tokens;
  if (typeof params.output_config?.effort === 'string') {
    parameters.reasoningLevel = params.output_config.effort;
  }
  if (Object.keys(parameters).length > 0) request.parameters = parameters;
  if ((params.output_config?.format ?? params.output_format)?.type === 'json_schema') {
    request.outputType = 'json';
  }
  const attributes = requestAttributes(params);
  if (attributes) request.providerAttributes = attributes;
  return request;
}

/** Facts of a `messages.countTokens` call. */
export function readCountTokensRequest(params: MessagesParams, client: AnthropicClient): CallRequest {
  return requestOf('count_tokens', params.model, client);
}

/** Facts of a call of the older `completions.create`. */
export function readCompletionRequest(params: CompletionParams, client: AnthropicClient): CallRequest {
  const request = requestOf('text_completion', params.model, client);
  if (params.stream === true) request.stream = true;
  const parameters = samplingParameters(params);
  if (typeof params.max_tokens_to_sample === 'number') parameters.maxTokens = params.max_tokens_to_sample;
  if (Object.keys(parameters).length > 0) request.parameters = parameters;
  return request;
}

/** Content of a `messages.create` or `messages.countTokens` call. */
export function readMessagesInput(params: MessagesParams): CallInput {
  const input: CallInput = {};
  const instructions = contentParts(params.system);
  if (instructions.length > 0) input.systemInstructions = instructions;
  if (Array.isArray(params.messages)) input.messages = params.messages.map(readMessageParam);
  if (Array.isArray(params.tools) && params.tools.length > 0) {
    input.toolDefinitions = params.tools.map(readTool);
  }
  return input;
}

/** Content of a call of the older `completions.create`. */
export function readCompletionInput(params: CompletionParams): CallInput {
  if (typeof params.prompt !== 'string') return {};
  return { messages: [{ role: 'user', parts: contentParts(params.prompt) }] };
}

/** What every call has. */
export function requestOf(operation: string, model: unknown, client: AnthropicClient): CallRequest {
  const server = serverOf(client.baseURL);
  const { serverAddress, serverPort } = server;
  return {
    operation,
    provider: hostOf(server) ?? ownName(client),
    model: typeof model === 'string' ? model : undefined,
    serverAddress,
    serverPort,
  };
}

/** Clients have few base URLs, so what each one says is worked out once. `serverOf` gives the same object for the same URL. */
const known = new WeakMap<Server, { provider: string | undefined }>();

/** Who answers at a host that says so. */
function hostOf(server: Server): string | undefined {
  let found = known.get(server);
  if (found === undefined)
    known.set(server, (found = { provider: matchHost(server.serverAddress, PROVIDERS) }));
  return found.provider;
}

/** A subclassed client (Bedrock, Vertex) behind a proxy is known by what it says of itself. */
function ownName(client: AnthropicClient): string {
  const own = client['_genAIProviderName'];
  return typeof own === 'string' ? own : 'anthropic';
}

function samplingParameters(params: MessagesParams | CompletionParams): RequestParameters {
  const parameters: RequestParameters = {};
  if (typeof params.temperature === 'number') parameters.temperature = params.temperature;
  if (typeof params.top_p === 'number') parameters.topP = params.top_p;
  if (typeof params.top_k === 'number') parameters.topK = params.top_k;
  if (Array.isArray(params.stop_sequences) && params.stop_sequences.length > 0) {
    parameters.stopSequences = params.stop_sequences.map(String);
  }
  return parameters;
}

/** Facts that only this provider has, under the names that its own tracing gives them. */
function requestAttributes(params: MessagesParams): CallRequest['providerAttributes'] {
  const attributes: Record<string, string | number> = {};
  if (typeof params.service_tier === 'string') {
    attributes['anthropic.request.service_tier'] = params.service_tier;
  }
  if (typeof params.thinking?.type === 'string') {
    attributes['anthropic.thinking.type'] = params.thinking.type;
  }
  if (typeof params.thinking?.budget_tokens === 'number') {
    attributes['anthropic.thinking.budget_tokens'] = params.thinking.budget_tokens;
  }
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}

function readMessageParam(message: MessageParam): Message {
  return {
    role: typeof message?.role === 'string' ? message.role : 'user',
    parts: contentParts(message?.content),
  };
}

/** A tool of the caller is a `function`; one that the provider runs keeps its own type and settings. */
function readTool(tool: ToolParam): ToolDefinition {
  const name = firstString(tool?.name, tool?.mcp_server_name, tool?.type) ?? '';
  const description = typeof tool?.description === 'string' ? { description: tool.description } : {};
  if (typeof tool?.type === 'string' && tool.type !== 'custom') {
    return { type: tool.type, name, ...description };
  }
  return {
    type: 'function',
    name,
    ...description,
    ...(tool?.input_schema === undefined ? {} : { parameters: tool.input_schema as JsonValue }),
  };
}

function firstString(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string');
}
