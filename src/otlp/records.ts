/**
 * What an OTLP trace request says, as plain data, whatever its encoding. Attribute maps have no prototype, so that a key
 * named `__proto__` is a key. Integers beyond 2^53 become decimal strings, bytes become `{ bytes: base64 }`, doubles that
 * JSON cannot say become `NaN`, `Infinity` and `-Infinity` as text.
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
  droppedAttributesCount?: number;
  schemaUrl?: string;
}

export interface ScopeRecord {
  name: string;
  version?: string;
  attributes?: Attributes;
  droppedAttributesCount?: number;
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
  droppedAttributesCount?: number;
  /** W3C trace flags in the low 8 bits; 0x100: it is known whether the target is remote; 0x200: it is. */
  flags?: number;
}

/** One span as it arrived. */
export interface SpanRecord {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  /** W3C trace flags in the low 8 bits; 0x100: it is known whether the parent is remote; 0x200: it is. */
  flags?: number;
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
