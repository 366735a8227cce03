import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { decodeTraceRequest } from '../otlp/decode.js';
import { encodeResponse, encodeStatus } from '../otlp/encode-response.js';
import type { OtlpEncoding } from '../otlp/encoding.js';
import type { SpanRecord } from '../otlp/records.js';
import { closeServer, listenOnLoopback } from './loopback.js';
import { createSpanWaiters } from './span-waiters.js';

/** One export that arrived. */
export interface CollectedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: OtlpEncoding;
  /** The body, unpacked when it came packed. */
  readonly body: Uint8Array;
  readonly spans: readonly SpanRecord[];
}

export interface CollectorOptions {
  /** By default a free one. */
  readonly port?: number;
  /** Gives a status other than 200 to answer an export with; its spans then do not count as collected. */
  readonly refuse?: (request: CollectedRequest) => { status: number; retryAfterSeconds?: number } | undefined;
}

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** For `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`. */
  readonly tracesUrl: string;
  /** Spans in order of arrival. */
  readonly spans: readonly SpanRecord[];
  /** Every export, the refused ones included. */
  readonly requests: readonly CollectedRequest[];
  /**
   * Waits until at least so many spans have arrived and gives all of them.
   * Rejects after `timeoutMs` (5,000 by default), naming what did arrive.
   */
  waitForSpans(count: number, options?: { timeoutMs?: number }): Promise<readonly SpanRecord[]>;
  /** Forgets what has arrived. */
  clear(): void;
  close(): Promise<void>;
}

/**
 * Starts an OTLP/HTTP receiver that keeps spans in memory, for tests of programs that send traces.
 *
 * @example
 * const collector = await startCollector();
 * process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
 * const [span] = await collector.waitForSpans(1);
 */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const spans: SpanRecord[] = [];
  const requests: CollectedRequest[] = [];
  const waiters = createSpanWaiters(spans);

  const receive = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readExport(incoming);
    requests.push(request);
    const refused = options.refuse?.(request);
    if (refused) {
      refuse(response, request.encoding, refused);
      return;
    }
    spans.push(...request.spans);
    response.writeHead(200, { 'content-type': contentType(request.encoding) });
    response.end(encodeResponse({}, request.encoding));
    waiters.notify();
  };

  const server = createServer((incoming, response) => {
    receive(incoming, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      refuse(response, encodingOf(incoming), { status: 400, message });
    });
  });
  const url = await listenOnLoopback(server, options.port);
  return {
    url,
    tracesUrl: `${url}/v1/traces`,
    spans,
    requests,
    waitForSpans: (count, { timeoutMs = 5000 } = {}) => waiters.wait(count, timeoutMs),
    clear: () => {
      spans.length = 0;
      requests.length = 0;
    },
    close: () => closeServer(server),
  };
}

async function readExport(incoming: IncomingMessage): Promise<CollectedRequest> {
  const sent = await buffer(incoming);
  const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const encoding = encodingOf(incoming);
  const path = incoming.url ?? '/';
  return {
    path,
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([key, value]) => [key, String(value)])),
    encoding,
    body,
    // Logs and metrics are taken in and not read.
    spans: path.startsWith('/v1/traces') ? decodeTraceRequest(body, encoding).spans : [],
  };
}

function encodingOf(incoming: IncomingMessage): OtlpEncoding {
  return incoming.headers['content-type']?.startsWith('application/json') ? 'json' : 'protobuf';
}

function contentType(encoding: OtlpEncoding): string {
  return encoding === 'json' ? 'application/json' : 'application/x-protobuf';
}

function refuse(
  response: ServerResponse,
  encoding: OtlpEncoding,
  answer: { status: number; retryAfterSeconds?: number; message?: string },
): void {
  const { status, retryAfterSeconds, message = 'Refused by the test.' } = answer;
  response.writeHead(status, {
    'content-type': contentType(encoding),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(encodeStatus({ code: status >= 500 ? 14 : 3, message }, encoding));
}
