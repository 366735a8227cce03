import { SpanKind, SpanStatusCode, TraceFlags, createTraceState } from '@opentelemetry/api';
import type { Attributes, AttributeValue, HrTime, SpanContext } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-node';
import { encodeSpans } from '../encode-spans.js';

/**
 * Spans as lines of a journal, one OTLP/JSON trace request a line, and back. Source of the form: the JSON mapping of
 * `opentelemetry-proto`. A start record is a span whose end is zero.
 */
export function encodeLine(spans: readonly ReadableSpan[]): Uint8Array {
  return encodeSpans(spans);
}

/** Turns lines back into spans. Equal resources, and scopes, are one object again: a batch groups by identity. */
export interface LineDecoder {
  /** The spans of one line; undefined when the line is torn or no trace request. */
  decode(line: string): ReadableSpan[] | undefined;
}

/** Makes a decoder, which remembers the resources and scopes that it saw. */
export function createLineDecoder(): LineDecoder {
  const resources = new Map<string, Resource>();
  const resourceOf = (wire: WireResource | undefined): Resource => {
    const key = JSON.stringify(wire?.attributes ?? []);
    let resource = resources.get(key);
    if (resource === undefined) {
      resources.set(key, (resource = resourceFromAttributes(attributesOf(wire?.attributes))));
    }
    return resource;
  };
  const scopes = new Map<string, Scope>();
  const scopeOf = (wire: WireScope | undefined): Scope => {
    const key = `${wire?.name} ${wire?.version}`;
    let scope = scopes.get(key);
    if (scope === undefined) scopes.set(key, (scope = { name: '', ...wire }));
    return scope;
  };
  return {
    decode: (line) => {
      try {
        const request = JSON.parse(line) as WireRequest;
        return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
          scopeSpans.flatMap(({ scope, spans }) =>
            spans.map((span) => readableSpan(span, resourceOf(resource), scopeOf(scope))),
          ),
        );
      } catch {
        return undefined;
      }
    },
  };
}

/** True for the record of a span's start. */
export function isStartRecord(span: ReadableSpan): boolean {
  return span.endTime[0] === 0 && span.endTime[1] === 0;
}

type Scope = ReadableSpan['instrumentationScope'];

interface WireScope {
  name?: string;
  version?: string;
}
interface WireValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: number | string;
  doubleValue?: number;
  bytesValue?: string;
  arrayValue?: { values?: WireValue[] };
  kvlistValue?: { values?: WireAttribute[] };
}
interface WireAttribute {
  key: string;
  value: WireValue;
}
interface WireResource {
  attributes?: WireAttribute[];
}
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  flags?: number;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: WireAttribute[];
  droppedAttributesCount?: number;
  events?: {
    timeUnixNano: string;
    name: string;
    attributes?: WireAttribute[];
    droppedAttributesCount?: number;
  }[];
  droppedEventsCount?: number;
  links?: {
    traceId: string;
    spanId: string;
    traceState?: string;
    attributes?: WireAttribute[];
    droppedAttributesCount?: number;
    flags?: number;
  }[];
  droppedLinksCount?: number;
  status?: { code?: SpanStatusCode; message?: string };
}
interface WireRequest {
  resourceSpans: {
    resource?: WireResource;
    scopeSpans: { scope?: WireScope; spans: WireSpan[] }[];
  }[];
}

/** The wire counts kinds from 1; 0 is none. */
const KINDS: readonly SpanKind[] = [
  SpanKind.INTERNAL,
  SpanKind.INTERNAL,
  SpanKind.SERVER,
  SpanKind.CLIENT,
  SpanKind.PRODUCER,
  SpanKind.CONSUMER,
];

function readableSpan(wire: WireSpan, resource: Resource, instrumentationScope: Scope): ReadableSpan {
  const context = spanContext(wire.traceId, wire.spanId, wire.traceState, false);
  const parent =
    wire.parentSpanId === undefined || wire.parentSpanId === ''
      ? undefined
      : spanContext(wire.traceId, wire.parentSpanId, undefined, isRemote(wire.flags));
  const startTime = hrTime(wire.startTimeUnixNano);
  const endTime = hrTime(wire.endTimeUnixNano);
  return {
    name: wire.name,
    kind: KINDS[wire.kind] ?? SpanKind.INTERNAL,
    spanContext: () => context,
    ...(parent === undefined ? {} : { parentSpanContext: parent }),
    startTime,
    endTime,
    status: {
      code: wire.status?.code ?? SpanStatusCode.UNSET,
      ...(wire.status?.message === undefined ? {} : { message: wire.status.message }),
    },
    attributes: attributesOf(wire.attributes),
    links: (wire.links ?? []).map((link) => ({
      context: spanContext(link.traceId, link.spanId, link.traceState, isRemote(link.flags)),
      attributes: attributesOf(link.attributes),
      droppedAttributesCount: link.droppedAttributesCount ?? 0,
    })),
    events: (wire.events ?? []).map((event): TimedEvent => ({
      name: event.name,
      time: hrTime(event.timeUnixNano),
      attributes: attributesOf(event.attributes),
      droppedAttributesCount: event.droppedAttributesCount ?? 0,
    })),
    duration: durationOf(startTime, endTime),
    ended: endTime[0] !== 0,
    resource,
    instrumentationScope,
    droppedAttributesCount: wire.droppedAttributesCount ?? 0,
    droppedEventsCount: wire.droppedEventsCount ?? 0,
    droppedLinksCount: wire.droppedLinksCount ?? 0,
  };
}

function spanContext(
  traceId: string,
  spanId: string,
  traceState: string | undefined,
  remote: boolean,
): SpanContext {
  return {
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    ...(remote ? { isRemote: true } : {}),
    ...(traceState === undefined || traceState === '' ? {} : { traceState: createTraceState(traceState) }),
  };
}

/** Bit 8 says that bit 9 is known, bit 9 that the parent is remote. */
function isRemote(flags: number | undefined): boolean {
  return flags !== undefined && (flags & 0x300) === 0x300;
}

function hrTime(nanos: string): HrTime {
  const text = nanos.padStart(10, '0');
  return [Number(text.slice(0, -9)), Number(text.slice(-9))];
}

function durationOf([startSeconds, startNanos]: HrTime, [endSeconds, endNanos]: HrTime): HrTime {
  const nanos = (endSeconds - startSeconds) * 1e9 + endNanos - startNanos;
  return nanos < 0 ? [0, 0] : [Math.floor(nanos / 1e9), nanos % 1e9];
}

function attributesOf(wire: readonly WireAttribute[] | undefined): Attributes {
  const attributes: Attributes = {};
  for (const { key, value } of wire ?? []) attributes[key] = valueOf(value) as AttributeValue;
  return attributes;
}

function valueOf(wire: WireValue): unknown {
  if (wire.stringValue !== undefined) return wire.stringValue;
  if (wire.boolValue !== undefined) return wire.boolValue;
  if (wire.intValue !== undefined) return Number(wire.intValue);
  if (wire.doubleValue !== undefined) return wire.doubleValue;
  if (wire.bytesValue !== undefined) return Uint8Array.from(Buffer.from(wire.bytesValue, 'base64'));
  if (wire.arrayValue !== undefined) return (wire.arrayValue.values ?? []).map(valueOf);
  if (wire.kvlistValue !== undefined) return attributesOf(wire.kvlistValue.values);
  return undefined;
}
