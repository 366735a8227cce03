import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_RESOURCE_URI,
} from '../../semconv/attributes.js';
import * as values from '../../semconv/values.js';
import { fieldsOf, textOf } from '../../src/instrument/read.js';
import type { McpParams, McpRequest } from './sdk-types.js';

/** Requests whose params may have `_meta`, whoever answers. A method of the program's own may be read by a strict schema. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  values.MCP_METHOD_NAME_VALUE_INITIALIZE,
  values.MCP_METHOD_NAME_VALUE_PING,
  values.MCP_METHOD_NAME_VALUE_RESOURCES_LIST,
  values.MCP_METHOD_NAME_VALUE_RESOURCES_TEMPLATES_LIST,
  values.MCP_METHOD_NAME_VALUE_RESOURCES_READ,
  values.MCP_METHOD_NAME_VALUE_RESOURCES_SUBSCRIBE,
  values.MCP_METHOD_NAME_VALUE_RESOURCES_UNSUBSCRIBE,
  values.MCP_METHOD_NAME_VALUE_PROMPTS_LIST,
  values.MCP_METHOD_NAME_VALUE_PROMPTS_GET,
  values.MCP_METHOD_NAME_VALUE_TOOLS_LIST,
  values.MCP_METHOD_NAME_VALUE_TOOLS_CALL,
  values.MCP_METHOD_NAME_VALUE_LOGGING_SET_LEVEL,
  values.MCP_METHOD_NAME_VALUE_SAMPLING_CREATE_MESSAGE,
  values.MCP_METHOD_NAME_VALUE_COMPLETION_COMPLETE,
  values.MCP_METHOD_NAME_VALUE_ROOTS_LIST,
  values.MCP_METHOD_NAME_VALUE_ELICITATION_CREATE,
]);

/** What is said of a request before it is sent, or handled. */
export interface ReadRequest {
  spanName: string;
  attributes: Record<string, string>;
  /** The tool that it calls. */
  tool?: string | undefined;
  /** The tool's arguments. */
  toolArguments?: unknown;
  /** The values that a prompt is made with, by name. */
  promptArguments?: unknown;
}

/** Name and attributes of a request; its id, session and transport come from the connection. */
export function readRequest({ method, params }: McpRequest): ReadRequest {
  const attributes: Record<string, string> = { [ATTR_MCP_METHOD_NAME]: method };
  const { name, uri } = fieldsOf(params);
  if (method === values.MCP_METHOD_NAME_VALUE_TOOLS_CALL) {
    const tool = textOf(name);
    attributes[ATTR_GEN_AI_OPERATION_NAME] = values.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL;
    if (tool !== undefined) attributes[ATTR_GEN_AI_TOOL_NAME] = tool;
    return { spanName: nameOf(method, tool), attributes, tool, toolArguments: params?.arguments };
  }
  if (method === values.MCP_METHOD_NAME_VALUE_PROMPTS_GET) {
    const prompt = textOf(name);
    if (prompt !== undefined) attributes[ATTR_GEN_AI_PROMPT_NAME] = prompt;
    return { spanName: nameOf(method, prompt), attributes, promptArguments: params?.arguments };
  }
  // The address is not part of the name: there are too many of them.
  if (typeof uri === 'string') attributes[ATTR_MCP_RESOURCE_URI] = uri;
  return { spanName: method, attributes };
}

function nameOf(method: string, target: string | undefined): string {
  return target === undefined ? method : `${method} ${target}`;
}

/**
 * The request with `fields` in its `_meta`: a copy, the caller's objects stay as they are. Fields that the caller gave count
 * more; a method that is not the protocol's own gets none.
 */
export function withTraceFields(request: McpRequest, fields: Readonly<Record<string, string>>): McpRequest {
  const given = request.params?._meta;
  if (!KNOWN_METHODS.has(request.method) || Object.keys(fields).length === 0) return request;
  if (given !== undefined && 'traceparent' in given) return request;
  const params: McpParams = { ...request.params, _meta: { ...fields, ...given } };
  return { ...request, params };
}
