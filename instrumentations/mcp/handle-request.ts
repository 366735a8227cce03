import { ATTR_JSONRPC_REQUEST_ID } from '../../semconv/attributes.js';
import { MCP_METHOD_NAME_VALUE_INITIALIZE } from '../../semconv/values.js';
import { guard } from '../../src/instrument/guard.js';
import { startOpenSpan, type OpenSpan, type SpanStart } from '../../src/instrument/open-span.js';
import type { Method } from '../../src/instrument/patch-sdk.js';
import { contextOfMessage } from '../../src/instrument/propagate.js';
import { addRequestContent, connectionAttributes, noteOpening } from './connection.js';
import { readRequest } from './request.js';
import { readHandlerFailure, readToolFailure } from './response.js';
import type { Handler, HandlerContext, McpRequest, Protocol } from './sdk-types.js';
import { addToolResult } from './send-request.js';
import { openSession } from './session.js';

type MessageContext = Pick<SpanStart, 'parent' | 'links'>;

const METHOD_NOT_FOUND = { code: -32601, message: 'Method not found' };

/**
 * Traces what a request that comes in is answered by. The method that we stand in looks its handler up before it returns, so
 * for that time a traced one takes the handler's place; the span begins when the handler is called, which it may never be.
 */
export function handleRequest(target: unknown, args: unknown[], original: Method): unknown {
  const protocol = target as Protocol;
  const request = args[0] as McpRequest | undefined;
  const handlers = protocol._requestHandlers;
  if (!(handlers instanceof Map) || typeof request?.method !== 'string') {
    return Reflect.apply(original, target, args);
  }
  const { method } = request;
  const message = guard('message context', () => contextOfMessage(request.params?._meta));
  const registered: unknown = handlers.get(method);
  const handler = registered ?? protocol.fallbackRequestHandler;
  if (typeof handler !== 'function') {
    guard('unknown method', () => refuse(startHandling(protocol, request, message)));
    return Reflect.apply(original, target, args);
  }
  handlers.set(method, tracedHandler(protocol, request, message, handler as Handler));
  try {
    return Reflect.apply(original, target, args);
  } finally {
    if (registered === undefined) handlers.delete(method);
    else handlers.set(method, registered);
  }
}

function startHandling(
  protocol: Protocol,
  request: McpRequest,
  message: MessageContext | undefined,
): OpenSpan | undefined {
  const read = readRequest(request);
  const attributes = {
    ...read.attributes,
    ...connectionAttributes(protocol),
    ...(request.id === undefined ? {} : { [ATTR_JSONRPC_REQUEST_ID]: String(request.id) }),
  };
  const span = startOpenSpan({ sdk: 'mcp', name: read.spanName, kind: 'SERVER', attributes, ...message });
  if (span !== undefined) addRequestContent(span, read);
  return span;
}

function refuse(span: OpenSpan | undefined): void {
  const { attributes, ...failure } = readHandlerFailure(METHOD_NOT_FOUND);
  span?.endFailed(failure, attributes);
}

function tracedHandler(
  protocol: Protocol,
  request: McpRequest,
  message: MessageContext | undefined,
  handler: Handler,
): Handler {
  return function traced(this: unknown, ...args: unknown[]): unknown {
    const span = guard('handler', () => startHandling(protocol, request, message));
    if (span === undefined) return Reflect.apply(handler, this, args);
    const done = endWith(span, protocol, request.method, signalOf(args[1]));
    let result: unknown;
    try {
      result = span.run(() => Reflect.apply(handler, this, args));
    } catch (error) {
      done.failed(error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      done.answered(result);
      return result;
    }
    return result.then(
      (value: unknown) => {
        done.answered(value);
        return value;
      },
      (error: unknown) => {
        done.failed(error);
        throw error;
      },
    );
  };
}

interface Ending {
  answered(result: unknown): void;
  failed(error: unknown): void;
}

/** A request that the peer called off, or whose connection is gone, is over at once: nobody waits for the handler. */
function endWith(
  span: OpenSpan,
  protocol: Protocol,
  method: string,
  signal: AbortSignal | undefined,
): Ending {
  const startedAt = performance.now();
  const onAbort = (): void => span.end({}, 'cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  const settled = (work: () => void): void => {
    guard('handled request', () => {
      signal?.removeEventListener('abort', onAbort);
      work();
    });
  };
  return {
    answered: (result) =>
      settled(() => {
        span.set(noteOpening(protocol, method, result));
        if (method === MCP_METHOD_NAME_VALUE_INITIALIZE) openSession(protocol, 'server', startedAt);
        addToolResult(span, method, result);
        const failure = readToolFailure(result);
        if (failure === undefined) span.end();
        else span.endFailed(failure);
      }),
    failed: (error) =>
      settled(() => {
        const { attributes, ...failure } = readHandlerFailure(error);
        span.endFailed(failure, attributes);
      }),
  };
}

function signalOf(context: unknown): AbortSignal | undefined {
  const { signal, mcpReq } = (context ?? {}) as HandlerContext;
  return signal ?? mcpReq?.signal;
}
