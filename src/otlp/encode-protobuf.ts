import { Buffer } from 'node:buffer';
import type {
  Attributes,
  AttributeValue,
  EventRecord,
  LinkRecord,
  ScopeRecord,
  SpanRecord,
} from './records.js';

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Spans → ExportTraceServiceRequest in protobuf. Spans of one resource and scope object are grouped, in their order. */
export function encodeTraceRequestProtobuf(spans: readonly SpanRecord[]): Buffer {
  const resources = new Map<SpanRecord['resource'], Map<ScopeRecord, SpanRecord[]>>();
  for (const span of spans) {
    const scopes = resources.get(span.resource) ?? new Map<ScopeRecord, SpanRecord[]>();
    resources.set(span.resource, scopes);
    const members = scopes.get(span.scope);
    if (members === undefined) scopes.set(span.scope, [span]);
    else members.push(span);
  }
  return Buffer.concat(
    [...resources].map(([resource, scopes]) =>
      message(1, [
        message(1, [...attributes(1, resource.attributes), count(2, resource.droppedAttributesCount)]),
        ...[...scopes].map(([scope, members]) => scopeSpans(scope, members)),
        text(3, resource.schemaUrl),
      ]),
    ),
  );
}

function scopeSpans(scope: ScopeRecord, spans: readonly SpanRecord[]): Buffer {
  return message(2, [
    message(1, [
      text(1, scope.name),
      text(2, scope.version),
      ...attributes(3, scope.attributes),
      count(4, scope.droppedAttributesCount),
    ]),
    ...spans.map((span) => spanMessage(span)),
    text(3, scope.schemaUrl),
  ]);
}

function spanMessage(span: SpanRecord): Buffer {
  return message(2, [
    hex(1, span.traceId),
    hex(2, span.spanId),
    text(3, span.traceState),
    hex(4, span.parentSpanId),
    text(5, span.name),
    count(6, span.kind),
    fixed64(7, span.startTimeUnixNano),
    fixed64(8, span.endTimeUnixNano),
    ...attributes(9, span.attributes),
    count(10, span.droppedAttributesCount),
    ...span.events.map((event) => eventMessage(event)),
    count(12, span.droppedEventsCount),
    ...span.links.map((link) => linkMessage(link)),
    count(14, span.droppedLinksCount),
    message(15, [text(2, span.statusMessage), count(3, span.statusCode)]),
    fixed32(16, span.flags),
  ]);
}

function eventMessage(event: EventRecord): Buffer {
  return message(11, [
    fixed64(1, event.timeUnixNano),
    text(2, event.name),
    ...attributes(3, event.attributes),
    count(4, event.droppedAttributesCount),
  ]);
}

function linkMessage(link: LinkRecord): Buffer {
  return message(13, [
    hex(1, link.traceId),
    hex(2, link.spanId),
    text(3, link.traceState),
    ...attributes(4, link.attributes),
    count(5, link.droppedAttributesCount),
    fixed32(6, link.flags),
  ]);
}

function attributes(number: number, values: Attributes | undefined): Buffer[] {
  return Object.keys(values ?? {}).map((key) =>
    message(number, [text(1, key), message(2, [anyValue(values?.[key] ?? null)])]),
  );
}

/** Zero, false and empty text are written too: a value that is absent is none at all. */
function anyValue(value: AttributeValue): Buffer {
  if (value === null) return EMPTY;
  if (typeof value === 'string') return bytes(1, Buffer.from(value));
  if (typeof value === 'boolean') return Buffer.from([tag(2, WIRE.varint), value ? 1 : 0]);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? int64(3, value) : double(4, value);
  if (Array.isArray(value)) {
    return message(
      5,
      value.map((item) => message(1, [anyValue(item)])),
    );
  }
  const only = Object.keys(value).length === 1 ? value['bytes'] : undefined;
  if (typeof only === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(only) && only.length % 4 === 0) {
    return bytes(7, Buffer.from(only, 'base64'));
  }
  return message(6, attributes(1, value));
}

const EMPTY = Buffer.alloc(0);

function tag(number: number, wire: number): number {
  return (number << 3) | wire;
}

function bytes(number: number, value: Buffer): Buffer {
  return Buffer.concat([varint(tag(number, WIRE.bytes)), varint(value.length), value]);
}

function message(number: number, fields: readonly Buffer[]): Buffer {
  return bytes(number, Buffer.concat(fields));
}

function text(number: number, value: string | undefined): Buffer {
  return value === undefined || value === '' ? EMPTY : bytes(number, Buffer.from(value));
}

function hex(number: number, value: string | undefined): Buffer {
  return value === undefined ? EMPTY : bytes(number, Buffer.from(value, 'hex'));
}

function count(number: number, value: number | undefined): Buffer {
  return value === undefined || value === 0
    ? EMPTY
    : Buffer.concat([varint(tag(number, WIRE.varint)), varint(value)]);
}

function int64(number: number, value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const digits = [tag(number, WIRE.varint)];
  while (rest > 0x7fn) {
    digits.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...digits, Number(rest)]);
}

function double(number: number, value: number): Buffer {
  const field = Buffer.alloc(9);
  field[0] = tag(number, WIRE.fixed64);
  field.writeDoubleLE(value, 1);
  return field;
}

function fixed64(number: number, value: bigint): Buffer {
  const field = Buffer.alloc(9);
  field[0] = tag(number, WIRE.fixed64);
  field.writeBigUInt64LE(value, 1);
  return field;
}

function fixed32(number: number, value: number | undefined): Buffer {
  if (value === undefined) return EMPTY;
  const field = Buffer.alloc(4);
  field.writeUInt32LE(value >>> 0);
  return Buffer.concat([varint(tag(number, WIRE.fixed32)), field]);
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    digits.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...digits, rest]);
}
