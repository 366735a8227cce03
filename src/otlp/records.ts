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

/** One log record as it arrived; an event when it has a name. */
export interface LogRecord {
  /** 0n when the sender does not know when it happened. */
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  /** OTLP SeverityNumber: 0 unspecified, 1 to 4 trace, 5 to 8 debug, 9 to 12 info, 13 to 16 warn, 17 to 20 error, 21 to 24 fatal. */
  severityNumber: number;
  severityText?: string;
  eventName?: string;
  /** null when there is none. */
  body: AttributeValue;
  attributes: Attributes;
  droppedAttributesCount?: number;
  /** W3C trace flags in the low 8 bits. */
  flags?: number;
  /** 32 lower-case hex digits, when the record belongs to a trace. */
  traceId?: string;
  /** 16 lower-case hex digits, when it belongs to a span. */
  spanId?: string;
  resource: ResourceRecord;
  scope: ScopeRecord;
}
