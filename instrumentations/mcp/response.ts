import { ATTR_RPC_RESPONSE_STATUS_CODE, ATTR_MCP_PROTOCOL_VERSION } from '../../semconv/attributes.js';
import { errorMessage, errorType } from '../../src/instrument/call-error.js';
import { blobPart, modalityOf } from '../../src/instrument/media.js';
import { fieldsOf, listOf, textOf } from '../../src/instrument/read.js';
import type { McpResult } from './sdk-types.js';

/** `error.type` of a tool that was called and said that it failed. */
const TOOL_ERROR = 'tool_error';
const INTERNAL_ERROR = -32603;
/** Codes that the packages give to what happens on this side: connection closed, time-out. No answer has them. */
const LOCAL_CODES: ReadonlySet<number> = new Set([-32000, -32001]);

/** Why a request failed. */
export interface ReadFailure {
  type: string;
  message?: string | undefined;
  attributes: Record<string, string>;
}

/** Set when a result says that its tool failed. What the tool said is content, and stays with the result. */
export function readToolFailure(result: unknown): { type: string } | undefined {
  return fieldsOf(result)['isError'] === true ? { type: TOOL_ERROR } : undefined;
}

/** Version of the protocol that an `initialize` request was answered with. */
export function readProtocolVersion(result: unknown): string | undefined {
  return textOf(fieldsOf(result)['protocolVersion']);
}

/** How a version is said on a span. */
export function versionAttributes(version: string | undefined): Record<string, string> {
  return version === undefined ? {} : { [ATTR_MCP_PROTOCOL_VERSION]: version };
}

/** A request that was sent and rejected: by an error that was answered, or on this side. */
export function readRejection(error: unknown): ReadFailure {
  const { code } = fieldsOf(error);
  if (typeof code !== 'number' || !Number.isSafeInteger(code)) {
    // The second line of packages names what happens on this side: `REQUEST_TIMEOUT`, `CONNECTION_CLOSED` …
    const type = typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : errorType(error);
    return { type, message: errorMessage(error), attributes: {} };
  }
  const attributes = LOCAL_CODES.has(code) ? {} : { [ATTR_RPC_RESPONSE_STATUS_CODE]: String(code) };
  return { type: String(code), message: errorMessage(error), attributes };
}

/** A request that was handled and failed, with the code that the packages answer it with. */
export function readHandlerFailure(error: unknown): ReadFailure {
  const { code } = fieldsOf(error);
  const answered = String(typeof code === 'number' && Number.isSafeInteger(code) ? code : INTERNAL_ERROR);
  const attributes = { [ATTR_RPC_RESPONSE_STATUS_CODE]: answered };
  return { type: answered, message: errorMessage(error), attributes };
}

/** The result of a tool as content: bytes become parts of their own, which leave the attribute; metadata is left out. */
export function readToolResult(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const { _meta, content, ...rest } = result as McpResult;
  if (!Array.isArray(content)) return { ...rest, ...(content === undefined ? {} : { content }) };
  return { content: listOf(content).map(readContent), ...rest };
}

function readContent(item: unknown): unknown {
  const { type, data, mimeType, resource } = fieldsOf(item);
  if (typeof data === 'string' && (type === 'image' || type === 'audio')) {
    return blobPart(type, textOf(mimeType), data);
  }
  const { blob, mimeType: resourceType, uri } = fieldsOf(resource);
  if (type !== 'resource' || typeof blob !== 'string') return item;
  return { ...blobPart(modalityOf(textOf(resourceType)), textOf(resourceType), blob), uri };
}
