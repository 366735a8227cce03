import { createHash, randomBytes } from 'node:crypto';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

/** What senders send: requests as the OpenTelemetry SDK writes them, each with a trace of its own, and images. */

const RESOURCE = resourceFromAttributes({ 'service.name': 'crash' });
const exporter = new InMemorySpanExporter();
const tracer = new NodeTracerProvider({
  resource: RESOURCE,
  spanProcessors: [new SimpleSpanProcessor(exporter)],
}).getTracer('crash');
/** The smallest PNG: what follows it makes each image another one. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
/** Sent again and again, as conversations are: it is stored once. */
const HISTORY = `The story so far. ${'And then the agent looked again. '.repeat(60)}`;

/** A batch of spans of one trace; `size` bytes of each are its own. */
export function traceBatch({ session, isJson, spans = 20, size = 500 }) {
  exporter.reset();
  for (let at = 0; at < spans; at += 1) {
    const own = randomBytes(Math.ceil(size / 2)).toString('hex');
    tracer
      .startSpan('chat m-1', {
        root: true,
        attributes: {
          'session.id': session,
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'm-1',
          'gen_ai.usage.input_tokens': 10,
          'gen_ai.input.messages': JSON.stringify([
            { role: 'user', parts: [{ type: 'text', content: HISTORY }] },
            { role: 'user', parts: [{ type: 'text', content: own }] },
          ]),
        },
      })
      .end();
  }
  const traceId = randomBytes(16).toString('hex');
  const ended = exporter.getFinishedSpans().map((span) => {
    const context = { ...span.spanContext(), traceId };
    return Object.create(span, { spanContext: { value: () => context } });
  });
  const serializer = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  return {
    kind: 'traces',
    path: '/v1/traces',
    isJson,
    traceId,
    ids: ended.map((span) => span.spanContext().spanId),
    body: Buffer.from(serializer.serializeRequest(ended)),
  };
}

/** A batch of log records of one trace, each with its name in an attribute. */
export function logBatch({ isJson, records = 20 }) {
  const traceId = randomBytes(16).toString('hex');
  const ids = Array.from({ length: records }, () => randomBytes(8).toString('hex'));
  const now = Math.floor(Date.now() / 1000);
  const logs = ids.map((id, at) => ({
    hrTime: [now, at],
    hrTimeObserved: [now, at],
    severityNumber: 9,
    body: HISTORY,
    attributes: { 'crash.id': id },
    droppedAttributesCount: 0,
    spanContext: { traceId, spanId: 'cd'.repeat(8), traceFlags: 1 },
    resource: RESOURCE,
    instrumentationScope: { name: 'crash' },
  }));
  const serializer = isJson ? JsonLogsSerializer : ProtobufLogsSerializer;
  return {
    kind: 'logs',
    path: '/v1/logs',
    isJson,
    traceId,
    ids,
    body: Buffer.from(serializer.serializeRequest(/** @type {any} */ (logs))),
  };
}

/** An image that is no other. */
export function blob(size = 20_000) {
  const body = Buffer.concat([PNG, randomBytes(size)]);
  const hash = createHash('sha256').update(body).digest('hex');
  return { kind: 'blobs', path: `/api/blobs/sha256/${hash}`, method: 'PUT', ids: [hash], body };
}
