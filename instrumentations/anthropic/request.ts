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
  const { output_config: config } = params;
  request.parameters = samplingParameters(params, params.max_tokens, config?.effort);
  if ((config?.format ?? params.output_format)?.type === 'json_schema') request.outputType = 'json';
  request.providerAttributes = requestAttributes(params);
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
  request.parameters = samplingParameters(params, params.max_tokens_to_sample);
  return request;
}

/** Content of a `messages.create` or `messages.countTokens` call. */
export function readMessagesInput(params: MessagesParams): CallInput {
  const input: CallInput = {};
  if (params.system !== undefined) input.systemInstructions = contentParts(params.system);
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
    stream: undefined,
    parameters: undefined,
    outputType: undefined,
    conversationId: undefined,
    providerAttributes: undefined,
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

function samplingParameters(
  params: MessagesParams | CompletionParams,
  maxTokens: unknown,
  effort?: unknown,
): RequestParameters | undefined {
  const { temperature, top_p: topP, top_k: topK, stop_sequences: stop } = params;
  let parameters: RequestParameters | undefined;
  if (typeof maxTokens === 'number') parameters = { maxTokens };
  if (typeof temperature === 'number') (parameters ??= {}).temperature = temperature;
  if (typeof topP === 'number') (parameters ??= {}).topP = topP;
  if (typeof topK === 'number') (parameters ??= {}).topK = topK;
  if (Array.isArray(stop) && stop.length > 0) (parameters ??= {}).stopSequences = stop.map(String);
  if (typeof effort === 'string') (parameters ??= {}).reasoningLevel = effort;
  return parameters;
}

/** Facts that only this provider has, under the names that its own tracing gives them. */
function requestAttributes({
  service_tier: tier,
  thinking,
}: MessagesParams): CallRequest['providerAttributes'] {
  // Most requests have none of these.
  if (tier === undefined && thinking === undefined) return undefined;
  const attributes: Record<string, string | number> = {};
  if (typeof tier === 'string') attributes['anthropic.request.service_tier'] = tier;
  if (typeof thinking?.type === 'string') attributes['anthropic.thinking.type'] = thinking.type;
  if (typeof thinking?.budget_tokens === 'number') {
    attributes['anthropic.thinking.budget_tokens'] = thinking.budget_tokens;
  }
  return attributes;
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
