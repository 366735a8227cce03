import type { Attributes, AttributeValue, EventRecord, LinkRecord, SpanRecord } from './records.js';

/** An attribute value in OTLP/JSON. */
export interface AnyValueJson {
  stringValue?: string;
  boolValue?: boolean;
  /** Decimal text, as for every 64-bit integer of OTLP/JSON. */
  intValue?: string;
  doubleValue?: number;
  arrayValue?: { values: AnyValueJson[] };
  kvlistValue?: { values: KeyValueJson[] };
  /** Base64. */
  bytesValue?: string;
}
export interface KeyValueJson {
  key: string;
  value: AnyValueJson;
}
/** ExportTraceServiceRequest in OTLP/JSON: ready for `JSON.stringify`. */
export interface TraceRequestJson {
  resourceSpans: { [key: string]: unknown }[];
}

/** Spans → OTLP/JSON. Spans of equal resource and scope are grouped; the order within a group is kept. */
export function encodeTraceRequestJson(spans: readonly SpanRecord[]): TraceRequestJson {
  const resources = new Map<
    string,
    { resource: SpanRecord['resource']; scopes: Map<string, SpanRecord[]> }
  >();
  const keys = new WeakMap<object, string>();
  for (const span of spans) {
    const resourceKey = keyOf(span.resource, keys);
    let group = resources.get(resourceKey);
    if (group === undefined) {
      group = { resource: span.resource, scopes: new Map() };
      resources.set(resourceKey, group);
    }
    const scopeKey = keyOf(span.scope, keys);
    const members = group.scopes.get(scopeKey);
    if (members === undefined) group.scopes.set(scopeKey, [span]);
    else members.push(span);
  }
  return {
    resourceSpans: [...resources.values()].map(({ resource, scopes }) => ({
      resource: compact({
        attributes: encodeAttributes(resource.attributes),
        droppedAttributesCount: resource.droppedAttributesCount,
      }),
      scopeSpans: [...scopes.values()].map((members) => encodeScopeSpans(members)),
      ...(resource.schemaUrl === undefined ? {} : { schemaUrl: resource.schemaUrl }),
    })),
  };
}

function keyOf(owner: SpanRecord['resource'] | SpanRecord['scope'], keys: WeakMap<object, string>): string {
  const known = keys.get(owner);
  if (known !== undefined) return known;
  const key = JSON.stringify(owner);
  keys.set(owner, key);
  return key;
}

function encodeScopeSpans(spans: readonly SpanRecord[]): { [key: string]: unknown } {
  const scope = (spans[0] as SpanRecord).scope;
  return compact({
    scope: compact({
      name: scope.name,
      version: scope.version,
      attributes: scope.attributes && encodeAttributes(scope.attributes),
      droppedAttributesCount: scope.droppedAttributesCount,
    }),
    spans: spans.map((span) => encodeSpan(span)),
    schemaUrl: scope.schemaUrl,
  });
}

function encodeSpan(span: SpanRecord): { [key: string]: unknown } {
  return compact({
    traceId: span.traceId,
    spanId: span.spanId,
    traceState: span.traceState,
    parentSpanId: span.parentSpanId,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    endTimeUnixNano: span.endTimeUnixNano.toString(),
    attributes: encodeAttributes(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.length > 0 ? span.events.map((event) => encodeEvent(event)) : undefined,
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.length > 0 ? span.links.map((link) => encodeLink(link)) : undefined,
    droppedLinksCount: span.droppedLinksCount,
    status: compact({ code: span.statusCode, message: span.statusMessage }),
  });
}

function encodeEvent(event: EventRecord): { [key: string]: unknown } {
  return compact({
    timeUnixNano: event.timeUnixNano.toString(),
    name: event.name,
    attributes: encodeAttributes(event.attributes),
    droppedAttributesCount: event.droppedAttributesCount,
  });
}

function encodeLink(link: LinkRecord): { [key: string]: unknown } {
  return compact({
    traceId: link.traceId,
    spanId: link.spanId,
    traceState: link.traceState,
    attributes: encodeAttributes(link.attributes),
    droppedAttributesCount: link.droppedAttributesCount,
    flags: link.flags,
  });
}

function encodeAttributes(attributes: Attributes): KeyValueJson[] {
  return Object.keys(attributes).map((key) => ({ key, value: encodeValue(attributes[key] ?? null) }));
}

function encodeValue(value: AttributeValue): AnyValueJson {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => encodeValue(item)) } };
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === 'bytes' && isBase64(value.bytes)) return { bytesValue: value.bytes };
  return { kvlistValue: { values: encodeAttributes(value) } };
}

function isBase64(value: AttributeValue | undefined): value is string {
  return typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

function compact(fields: { [key: string]: unknown }): { [key: string]: unknown } {
  for (const key of Object.keys(fields)) if (fields[key] === undefined) delete fields[key];
  return fields;
}
