/**
 * What an OTLP trace request says, as plain data, whatever its encoding. Attribute maps have no prototype, so that a key
 * named `__proto__` is a key. Integers beyond 2^53 become decimal strings, bytes become `{ bytes: base64 }`.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };
export type Attributes = { [key: string]: AttributeValue };

export interface ResourceRecord {
  attributes: Attributes;
  schemaUrl?: string;
}

export interface ScopeRecord {
  name: string;
  version?: string;
  attributes?: Attributes;
  schemaUrl?: string;
}

export interface EventRecord {
  timeUnixNano: bigint;
  name: string;
  attributes: Attributes;
  droppedAttributesCount?: number;
}

export interface LinkRecord {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  traceState?: string;
  attributes: Attributes;
}

/** One span as it arrived. */
export interface SpanRecord {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  /** OTLP SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startTimeUnixNano: bigint;
  /** 0n while the span is open (a `pending` record). */
  endTimeUnixNano: bigint;
  attributes: Attributes;
  events: EventRecord[];
  links: LinkRecord[];
  /** OTLP StatusCode: 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage?: string;
  droppedAttributesCount?: number;
  droppedEventsCount?: number;
  droppedLinksCount?: number;
  resource: ResourceRecord;
  scope: ScopeRecord;
}
