/** The shapes of the MCP packages that are read here. Both package lines have them; everything may be missing. */

/** A request of JSON-RPC, as a program gives it and as it comes in. */
export interface McpRequest {
  method: string;
  params?: McpParams | undefined;
  /** Only on what comes in. */
  id?: string | number;
}

export interface McpParams {
  _meta?: Record<string, unknown> | undefined;
  name?: unknown;
  arguments?: unknown;
  uri?: unknown;
  [key: string]: unknown;
}

/** The class below `Client` and `Server`: it frames requests and answers of both. */
export interface Protocol {
  _transport?: Transport | undefined;
  _requestMessageId?: number;
  _requestHandlers?: unknown;
  fallbackRequestHandler?: Handler | undefined;
}

export type Handler = (this: unknown, ...args: unknown[]) => unknown;

/** What is passed to a handler beside the request: `extra` in the first line of packages, `ctx` in the second. */
export interface HandlerContext {
  signal?: AbortSignal;
  mcpReq?: { signal?: AbortSignal };
}

/** A transport. The fields tell the kinds apart, because class names do not survive a bundler. */
export interface Transport {
  sessionId?: string | undefined;
  /** HTTP and WebSocket, on the client's side. */
  _url?: unknown;
  /** Standard input and output: the child's command line, or the streams. */
  _serverParams?: unknown;
  _stdin?: unknown;
  /** HTTP, on the server's side. */
  handleRequest?: unknown;
  handlePostMessage?: unknown;
}

/** The parts of a result that are read. */
export interface McpResult {
  isError?: unknown;
  protocolVersion?: unknown;
  _meta?: unknown;
  content?: unknown;
  [key: string]: unknown;
}

/** What a request is sent with. */
export interface RequestOptions {
  signal?: AbortSignal;
}
