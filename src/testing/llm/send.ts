import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../../../semconv/model/json.js';
import type { Fault, Turn } from '../script.js';
import { providerOf, type OpenRequest } from './open-request.js';
import { errorBody, errorFrame } from './provider-error.js';
import type { Frame } from './reply.js';

const CUT_PAUSE_MS = 20;

/** One open answer. */
export interface Sender {
  readonly request: OpenRequest;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

function headers({ request, requestId }: Sender): Record<string, string> {
  return providerOf(request) === 'anthropic'
    ? { 'request-id': requestId, 'anthropic-organization-id': '00000000-0000-4000-8000-000000000000' }
    : {
        'x-request-id': requestId,
        'openai-organization': 'spoor-testing',
        'openai-processing-ms': '1',
        'openai-version': '2020-10-01',
      };
}

/** Sends a plain answer. `retry` false tells the SDKs not to ask again. */
export function sendJson(
  sender: Sender,
  body: JsonObject,
  fault: Fault = {},
  status = 200,
  retry = true,
): void {
  const { request, response } = sender;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers(sender),
    'content-type': 'application/json',
    ...(retry ? {} : { 'x-should-retry': 'false' }),
    ...(fault.retryAfterMs === undefined
      ? {}
      : {
          'retry-after': String(Math.ceil(fault.retryAfterMs / 1000)),
          'retry-after-ms': String(fault.retryAfterMs),
        }),
  });
  request.framesSent = 1;
  if (fault.invalidJson) response.end(text.slice(0, -1));
  else if (fault.hangAfterChunks !== undefined) response.write(text.slice(0, text.length / 2));
  else if (fault.cutAfterChunks !== undefined) {
    response.write(text.slice(0, text.length / 2));
    void cut(sender);
  } else response.end(text);
}

/** Sends an error in the provider's format. */
export function sendError(sender: Sender, status: number, fault: Fault, retry = true): void {
  const body = errorBody(providerOf(sender.request), status, fault, sender.requestId);
  sendJson(sender, body, fault, status, retry);
}

/** Sends what the script spells out. */
export function sendRaw(sender: Sender, raw: NonNullable<Turn['raw']>): void {
  const text = typeof raw.body === 'string' ? raw.body : JSON.stringify(raw.body);
  sender.response.writeHead(raw.status ?? 200, {
    ...headers(sender),
    'content-type': typeof raw.body === 'string' ? 'text/event-stream; charset=utf-8' : 'application/json',
    ...raw.headers,
  });
  sender.request.framesSent = 1;
  sender.response.end(text);
}

/** Sends a stream, at the pace of the reader, with its faults. */
export async function sendFrames(
  sender: Sender,
  frames: readonly Frame[],
  fault: Fault,
  lineEnd = '\n',
): Promise<void> {
  const { request, response, signal } = sender;
  response.writeHead(200, {
    ...headers(sender),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.flushHeaders();
  for (const [at, frame] of withFaults(sender, frames, fault).entries()) {
    if (at === fault.hangAfterChunks) return;
    if (at === fault.cutAfterChunks) return cut(sender);
    if (at > 0 && fault.chunkDelayMs) {
      await wait(fault.chunkDelayMs, undefined, { signal }).catch(() => undefined);
    }
    if (response.destroyed) return;
    request.framesSent += 1;
    if (!response.write(frameText(frame, lineEnd))) {
      await once(response, 'drain', { signal }).catch(() => undefined);
    }
  }
  response.end();
}

function withFaults(sender: Sender, frames: readonly Frame[], fault: Fault): Frame[] {
  if (fault.errorAfterChunks !== undefined) {
    const sent = frames.slice(0, fault.errorAfterChunks);
    const style = sent.length > 0 ? sent : frames.slice(0, 1);
    return [...sent, errorFrame(providerOf(sender.request), fault, sender.requestId, style)];
  }
  if (!fault.invalidJson) return [...frames];
  return frames.map((frame, at) => (at === 1 ? { ...frame, data: frame.data.slice(0, -2) } : frame));
}

function frameText({ event, data }: Frame, lineEnd: string): string {
  const lines = event === undefined ? [`data: ${data}`] : [`event: ${event}`, `data: ${data}`];
  return [...lines, '', ''].join(lineEnd);
}

/**
 * Breaks the connection. What was said before must have been read by then: a client drops what still waits in its buffers
 * when the connection breaks, so there is a pause.
 */
async function cut({ request, response, signal }: Sender): Promise<void> {
  await wait(CUT_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  if (request.outcome === 'open') request.outcome = 'cut';
  response.destroy();
}
