import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { warnOnce } from '../tracing/diag.js';

/** What became of one request. */
export type SendResult =
  | { outcome: 'delivered' }
  /** Try again, after `afterMs` when the receiver named a time; `reachable` tells an answer from a dead address. */
  | { outcome: 'retry'; reason: string; reachable: boolean; afterMs?: number }
  | { outcome: 'too-large'; reason: string }
  /** The receiver will never take it. */
  | { outcome: 'rejected'; reason: string };

export interface HttpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly compression: 'gzip' | 'none';
  readonly timeoutMs: number;
  /** Default POST. */
  readonly method?: 'POST' | 'PUT';
  /** Told the headers of each answer that accepts what was sent. */
  readonly onAccepted?: (headers: IncomingHttpHeaders) => void;
}

/** Sends one body; `path` is added to the address. Never rejects. */
export type HttpSender = (body: Uint8Array, signal: AbortSignal, path?: string) => Promise<SendResult>;

const compress = promisify(gzip);
const COMPRESS_FROM = 1024;
/** A dead address must not hold the process: a connect request keeps the event loop alive, whatever is unreferenced. */
const CONNECT_TIMEOUT_MS = 2000;
const RETRYABLE = new Set([429, 502, 503, 504]);

/** A sender for one address. Its sockets keep no process alive. */
export function createHttpSender(target: HttpTarget): HttpSender {
  const secure = new URL(target.url).protocol === 'https:';
  const agent = secure ? secureAgent() : (plainAgent ??= new HttpAgent({ keepAlive: true }));
  const request = secure ? httpsRequest : httpRequest;
  return async (body, signal, path = '') => {
    const zipped = target.compression === 'gzip' && body.length >= COMPRESS_FROM;
    const payload = zipped ? await compress(body) : body;
    return new Promise((resolve) => {
      const failed = (error: Error): void =>
        resolve({ outcome: 'retry', reason: errorText(error), reachable: false });
      try {
        const outgoing = request(target.url + path, {
          method: target.method ?? 'POST',
          agent,
          signal,
          headers: {
            ...target.headers,
            'content-type': target.contentType,
            'content-length': payload.length,
            ...(zipped ? { 'content-encoding': 'gzip' } : {}),
          },
        });
        outgoing.on('socket', (socket) => guardSocket(socket, (error) => outgoing.destroy(error)));
        outgoing.setTimeout(target.timeoutMs, () => outgoing.destroy(new Error('timed out')));
        outgoing.on('error', failed);
        outgoing.on('response', (response) => {
          // The answer's body says nothing that is used, but it must be read for the socket to be used again.
          response.resume();
          response.on('error', failed);
          response.on('end', () => {
            const result = judge(response.statusCode ?? 0, response.headers['retry-after']);
            if (result.outcome === 'delivered') target.onAccepted?.(response.headers);
            resolve(result);
          });
        });
        outgoing.end(payload);
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    });
  };
}

function guardSocket(socket: Socket, destroy: (error: Error) => void): void {
  socket.unref();
  if (!socket.connecting) return;
  const timer = setTimeout(() => destroy(new Error('connect timed out')), CONNECT_TIMEOUT_MS);
  timer.unref();
  // A socket outlives the request by far: nothing of that may hang on it.
  const clear = (): void => {
    clearTimeout(timer);
    socket.off('connect', clear);
    socket.off('close', clear);
  };
  socket.once('connect', clear);
  socket.once('close', clear);
}

function judge(status: number, retryAfter: string | undefined): SendResult {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  const reason = `HTTP ${status}`;
  if (status === 413) return { outcome: 'too-large', reason };
  if (!RETRYABLE.has(status)) return { outcome: 'rejected', reason };
  const afterMs = retryAfterMs(retryAfter);
  return { outcome: 'retry', reason, reachable: true, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** `Retry-After`: seconds or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function errorText(error: Error & { code?: string }): string {
  return error.code ?? error.message;
}

/** Shared by all senders, so that a new one finds the sockets of one that is gone. */
let plainAgent: HttpAgent | undefined;
const secureAgents = new Map<string, HttpsAgent>();

function secureAgent(): HttpsAgent {
  const files = tlsFiles();
  const key = JSON.stringify(files);
  let agent = secureAgents.get(key);
  if (agent === undefined) secureAgents.set(key, (agent = new HttpsAgent({ keepAlive: true, ...files })));
  return agent;
}

/** The certificate files of OpenTelemetry's own variables. */
function tlsFiles(): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const ca = readNamedFile('CERTIFICATE');
  const cert = readNamedFile('CLIENT_CERTIFICATE');
  const key = readNamedFile('CLIENT_KEY');
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}

function readNamedFile(name: string): Buffer | undefined {
  const path = process.env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] ?? process.env[`OTEL_EXPORTER_OTLP_${name}`];
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    warnOnce(`tls:${name}`, `the file of OTEL_EXPORTER_OTLP_${name} could not be read`, error);
    return undefined;
  }
}
