import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface SinkSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  scope: string;
  resource: Record<string, unknown>;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[];
  status: { code: number; message?: string };
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

/** How the sink answers a request: status and headers. */
export type SinkAnswer = { status: number; headers?: Record<string, string> } | 'hang';

export interface OtlpSink {
  url: string;
  spans: SinkSpan[];
  /** Headers of every request, accepted or not. */
  requests: { headers: IncomingHttpHeaders; spanCount: number; body: Buffer }[];
  /** Answers for the next requests; after them every request is accepted. */
  answers: SinkAnswer[];
  /** Waits until `enough` holds. */
  until(enough: (sink: OtlpSink) => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** A receiver of OTLP/HTTP JSON on the loopback, which keeps plain records of what it accepted. */
export async function startOtlpSink(): Promise<OtlpSink> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      // Protobuf is kept as it came: a test that asks for it decodes it.
      const isJson = request.headers['content-type'] === 'application/json';
      const spans = isJson ? readSpans(JSON.parse(body.toString('utf8')) as WireRequest) : [];
      sink.requests.push({ headers: request.headers, spanCount: spans.length, body });
      const answer = sink.answers.shift() ?? { status: 200 };
      if (answer !== 'hang') {
        if (answer.status === 200) sink.spans.push(...spans);
        response
          .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
          .end('{}');
      }
      for (const check of waiting) check();
    });
  });
  const sink: OtlpSink = {
    url: await listen(server),
    spans: [],
    requests: [],
    answers: [],
    until: (enough, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`the sink has ${sink.spans.length} spans of ${sink.requests.length} requests`));
        }, timeoutMs);
        const check = (): void => {
          if (!enough(sink)) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sink;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

interface WireValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: number | string;
  doubleValue?: number;
  arrayValue?: { values?: WireValue[] };
  kvlistValue?: { values?: WireAttribute[] };
}
interface WireAttribute {
  key: string;
  value: WireValue;
}
interface WireSpan extends Omit<SinkSpan, 'attributes' | 'events' | 'links' | 'scope' | 'resource'> {
  attributes?: WireAttribute[];
  events?: { name: string; attributes?: WireAttribute[] }[];
  links?: { traceId: string; spanId: string; attributes?: WireAttribute[] }[];
}
interface WireRequest {
  resourceSpans?: {
    resource?: { attributes?: WireAttribute[] };
    scopeSpans?: { scope?: { name?: string }; spans?: WireSpan[] }[];
  }[];
}

function readSpans(request: WireRequest): SinkSpan[] {
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    (scopeSpans ?? []).flatMap(({ scope, spans }) =>
      (spans ?? []).map((span) => ({
        ...span,
        scope: scope?.name ?? '',
        resource: readAttributes(resource?.attributes),
        attributes: readAttributes(span.attributes),
        events: (span.events ?? []).map((event) => ({
          name: event.name,
          attributes: readAttributes(event.attributes),
        })),
        links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
          traceId,
          spanId,
          attributes: readAttributes(attributes),
        })),
      })),
    ),
  );
}

function readAttributes(attributes: WireAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: WireValue): unknown {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(readValue);
  if (value.kvlistValue !== undefined) return readAttributes(value.kvlistValue.values);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}
