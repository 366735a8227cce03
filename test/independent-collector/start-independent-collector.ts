import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { SpanRecord } from '../../src/otlp/records.js';
import { readJson, readProtobuf, spansOf } from './read-request.js';

/** A request as it came. */
export interface ReceivedRequest {
  contentType: string;
  contentEncoding: string | undefined;
  headers: IncomingMessage['headers'];
  spans: SpanRecord[];
}

export interface IndependentCollector {
  /** `http://127.0.0.1:<port>`; requests go to `/v1/traces` below it. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** The spans of all requests, in the order in which they came. */
  spans(): SpanRecord[];
  /** Resolves once there are that many spans; rejects, and says what there is, after `timeoutMs` (default 10 s). */
  waitForSpans(count: number, timeoutMs?: number): Promise<SpanRecord[]>;
  close(): Promise<void>;
}

/** Starts an OTLP/HTTP receiver built on the official definitions: JSON and protobuf, plain and gzip. */
export async function startIndependentCollector(): Promise<IndependentCollector> {
  const requests: ReceivedRequest[] = [];
  let arrived: (() => void) | undefined;
  const server = createServer((req, res) => {
    void take(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const spans = (): SpanRecord[] => requests.flatMap((request) => request.spans);

  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const received = await receive(req);
      requests.push(received);
      answer(res, 200, received.contentType);
      arrived?.();
    } catch (error) {
      answer(res, 400, 'text/plain', String(error));
    }
  }

  async function waitForSpans(count: number, timeoutMs = 10_000): Promise<SpanRecord[]> {
    const deadline = Date.now() + timeoutMs;
    while (spans().length < count) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${spans().length} of ${count} spans came within ${timeoutMs} ms.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return spans();
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans,
    waitForSpans,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function receive(req: IncomingMessage): Promise<ReceivedRequest> {
  if (req.method !== 'POST' || req.url !== '/v1/traces')
    throw new Error(`${req.method} ${req.url} is not OTLP`);
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const contentEncoding = req.headers['content-encoding'];
  const sent = Buffer.concat(chunks);
  const body = contentEncoding === 'gzip' ? gunzipSync(sent) : sent;
  const contentType = req.headers['content-type']?.split(';')[0]?.trim() ?? '';
  if (contentType !== 'application/json' && contentType !== 'application/x-protobuf') {
    throw new Error(`content type ${contentType}`);
  }
  const request = contentType === 'application/json' ? readJson(body) : readProtobuf(body);
  return { contentType, contentEncoding, headers: req.headers, spans: spansOf(request) };
}

function answer(res: ServerResponse, status: number, contentType: string, text?: string): void {
  res.writeHead(status, { 'content-type': contentType });
  res.end(text ?? (contentType === 'application/json' ? '{}' : ''));
}
