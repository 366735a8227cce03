import { fromBinary, fromJson, type JsonValue } from '@bufbuild/protobuf';
import type { Attributes, AttributeValue, SpanRecord } from '../../src/otlp/records.js';
import type { AnyValue, KeyValue } from './proto/common.gen.js';
import {
  ExportTraceServiceRequestSchema,
  type ExportTraceServiceRequest,
} from './proto/trace-service.gen.js';
import type { Span } from './proto/trace.gen.js';

/** Reads a request by the official definitions. */
export function readProtobuf(body: Uint8Array): ExportTraceServiceRequest {
  return fromBinary(ExportTraceServiceRequestSchema, body);
}

/** Reads OTLP/JSON by the official definitions: protobuf's own JSON, but for the ids, which are hex and not base64. */
export function readJson(body: Uint8Array): ExportTraceServiceRequest {
  const json = JSON.parse(new TextDecoder().decode(body), (key, value: unknown) =>
    /^(traceId|spanId|parentSpanId)$/.test(key) && typeof value === 'string'
      ? Buffer.from(value, 'hex').toString('base64')
      : value,
  ) as JsonValue;
  return fromJson(ExportTraceServiceRequestSchema, json, { ignoreUnknownFields: true });
}

/** The spans of a request in the form of our records, without any of our code. */
export function spansOf(request: ExportTraceServiceRequest): SpanRecord[] {
  return request.resourceSpans.flatMap(({ resource, scopeSpans, schemaUrl }) =>
    scopeSpans.flatMap((part) =>
      part.spans.map((span) => ({
        ...spanOf(span),
        resource: {
          attributes: attributesOf(resource?.attributes ?? []),
          ...positive({ droppedAttributesCount: resource?.droppedAttributesCount }),
          ...nonEmpty({ schemaUrl }),
        },
        scope: {
          name: part.scope?.name ?? '',
          ...nonEmpty({ version: part.scope?.version }),
          ...((part.scope?.attributes.length ?? 0) > 0
            ? { attributes: attributesOf(part.scope?.attributes ?? []) }
            : {}),
          ...positive({ droppedAttributesCount: part.scope?.droppedAttributesCount }),
          ...nonEmpty({ schemaUrl: part.schemaUrl }),
        },
      })),
    ),
  );
}

function spanOf(span: Span): Omit<SpanRecord, 'resource' | 'scope'> {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    ...nonEmpty({ parentSpanId: hex(span.parentSpanId), traceState: span.traceState }),
    ...positive({
      flags: span.flags,
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    attributes: attributesOf(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: event.timeUnixNano,
      name: event.name,
      attributes: attributesOf(event.attributes),
      ...positive({ droppedAttributesCount: event.droppedAttributesCount }),
    })),
    links: span.links.map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      ...nonEmpty({ traceState: link.traceState }),
      attributes: attributesOf(link.attributes),
      ...positive({ droppedAttributesCount: link.droppedAttributesCount, flags: link.flags }),
    })),
    statusCode: span.status?.code ?? 0,
    ...nonEmpty({ statusMessage: span.status?.message }),
  };
}

function attributesOf(pairs: readonly KeyValue[]): Attributes {
  return Object.assign(
    Object.create(null) as Attributes,
    Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)])),
  );
}

function valueOf(value: AnyValue | undefined): AttributeValue {
  const said = value?.value;
  switch (said?.case) {
    case 'intValue':
      return Number.isSafeInteger(Number(said.value)) ? Number(said.value) : String(said.value);
    case 'doubleValue':
      if (!Number.isFinite(said.value)) return String(said.value);
      return said.value === 0 ? 0 : said.value;
    case 'bytesValue':
      return { bytes: Buffer.from(said.value).toString('base64') };
    case 'arrayValue':
      return said.value.values.map((item) => valueOf(item));
    case 'kvlistValue':
      return attributesOf(said.value.values);
    case 'stringValue':
    case 'boolValue':
      return said.value;
    default:
      return null;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function nonEmpty<K extends string>(fields: { [key in K]?: string | undefined }): { [key in K]?: string } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as {
    [key in K]?: string;
  };
}

function positive<K extends string>(fields: { [key in K]?: number | undefined }): { [key in K]?: number } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Number(value ?? 0) > 0)) as {
    [key in K]?: number;
  };
}
