import { ATTR_GEN_AI_TOOL_CALL_RESULT, ATTR_JSONRPC_REQUEST_ID } from '../../semconv/attributes.js';
import { MCP_METHOD_NAME_VALUE_INITIALIZE } from '../../semconv/values.js';
import { addValue } from '../../src/instrument/capture.js';
import { takeEnclosingTool, type EnclosingTool } from '../../src/instrument/enclosing-tool.js';
import { guard } from '../../src/instrument/guard.js';
import { startOpenSpan, type OpenSpan } from '../../src/instrument/open-span.js';
import type { Caller } from '../../src/instrument/patch-sdk.js';
import { traceFields } from '../../src/instrument/propagate.js';
import { addRequestContent, connectionAttributes, noteOpening } from './connection.js';
import { readRequest, withTraceFields } from './request.js';
import { readRejection, readToolFailure, readToolResult } from './response.js';
import type { McpRequest, Protocol, RequestOptions } from './sdk-types.js';
import { openSession } from './session.js';

/** Where a sending method has the request and its options among its arguments. */
interface Positions {
  request: number;
  options: number;
}

/** A request under way: its own span, or the span of ours that already stands for the tool it calls. */
interface Sending {
  protocol: Protocol;
  request: McpRequest;
  options: RequestOptions | undefined;
  span: OpenSpan | undefined;
  tool: EnclosingTool | undefined;
  /** On the clock of `performance.now()`. */
  startedAt: number;
}

/**
 * Traces the method that sends a request and returns the promise of its answer. It is called by client and server alike:
 * whoever asks is the client of that request.
 */
export function sendRequest(at: Positions): Caller {
  return (target, args, original) => {
    const sending = guard('request', () => startSending(target as Protocol, args, at));
    if (sending === undefined) return Reflect.apply(original, target, args);
    const sent = guard('request context', () => withContext(sending, args, at)) ?? args;
    const id = sending.protocol._requestMessageId;
    let answer: unknown;
    try {
      answer =
        sending.span === undefined
          ? Reflect.apply(original, target, sent)
          : sending.span.run(() => Reflect.apply(original, target, sent));
    } catch (error) {
      failed(sending, error);
      throw error;
    }
    // The number is used up when the request went out; it did not when the connection was closed before.
    if (id !== undefined && sending.protocol._requestMessageId !== id)
      say(sending, { [ATTR_JSONRPC_REQUEST_ID]: String(id) });
    if (!(answer instanceof Promise)) {
      sending.span?.abandon();
      return answer;
    }
    return answer.then(
      (result: unknown) => {
        guard('answer', () => answered(sending, result));
        return result;
      },
      (error: unknown) => {
        failed(sending, error);
        throw error;
      },
    );
  };
}

function startSending(protocol: Protocol, args: unknown[], at: Positions): Sending | undefined {
  const request = args[at.request] as McpRequest | undefined;
  if (typeof request?.method !== 'string') return undefined;
  const options = args[at.options] as RequestOptions | undefined;
  const startedAt = performance.now();
  const read = readRequest(request);
  const attributes = { ...read.attributes, ...connectionAttributes(protocol) };
  const tool = read.tool === undefined ? undefined : takeEnclosingTool(read.tool);
  if (tool !== undefined) {
    tool.set(attributes);
    return { protocol, request, options, span: undefined, tool, startedAt };
  }
  const span = startOpenSpan({ sdk: 'mcp', name: read.spanName, kind: 'CLIENT', attributes });
  if (span === undefined) return undefined;
  addRequestContent(span, read);
  return { protocol, request, options, span, tool, startedAt };
}

function withContext({ request, span, tool }: Sending, args: unknown[], at: Positions): unknown[] {
  const context = span?.context ?? tool?.context;
  if (context === undefined) return args;
  const sent = withTraceFields(request, traceFields(context));
  return sent === request ? args : args.with(at.request, sent);
}

function say({ span, tool }: Sending, attributes: Record<string, string | number>): void {
  span?.set(attributes);
  tool?.set(attributes);
}

function answered(sending: Sending, result: unknown): void {
  const { span, tool, protocol, request, startedAt } = sending;
  say(sending, noteOpening(protocol, request.method, result));
  if (request.method === MCP_METHOD_NAME_VALUE_INITIALIZE) openSession(protocol, 'client', startedAt);
  const failure = readToolFailure(result);
  if (failure !== undefined) tool?.fail(failure.type);
  tool?.answered(startedAt, failure?.type);
  if (span === undefined) return;
  addToolResult(span, request.method, result);
  if (failure === undefined) span.end();
  else span.endFailed(failure);
}

/** Adds what a tool said, as far as the policy allows. */
export function addToolResult(span: OpenSpan, method: string, result: unknown): void {
  if (method !== 'tools/call' || !span.policy.toolArguments) return;
  guard('result', () => {
    const attributes = {};
    addValue(attributes, ATTR_GEN_AI_TOOL_CALL_RESULT, readToolResult(result), span.policy);
    span.set(attributes);
  });
}

function failed({ span, tool, options, startedAt }: Sending, error: unknown): void {
  guard('rejection', () => {
    const { attributes, ...failure } = readRejection(error);
    const isCancelled = options?.signal?.aborted === true;
    tool?.set(attributes);
    tool?.answered(startedAt, isCancelled ? undefined : failure.type);
    if (isCancelled) span?.end(attributes, 'cancelled');
    else span?.endFailed(failure, attributes);
  });
}
