/** Bodies of trace requests, made by hand, so that the server is not tested with its own encoder. */
export interface SpanFields {
  traceId?: string;
  spanId?: string;
  name?: string;
  /** Default `hand`. */
  scope?: string;
  attributes?: Record<string, string>;
  /** A record of its start. */
  isOpen?: boolean;
}

const START = 1_772_357_400_000_000_000n;

export function traceRequestJson(...spans: SpanFields[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: spans.map((span) => ({ scope: { name: span.scope ?? 'hand' }, spans: [spanJson(span)] })),
      },
    ],
  });
}

function spanJson({ traceId, spanId, name, attributes = {}, isOpen = false }: SpanFields): object {
  return {
    traceId: traceId ?? 'a'.repeat(32),
    spanId: spanId ?? 'b'.repeat(16),
    name: name ?? 'work',
    kind: 1,
    startTimeUnixNano: String(START),
    endTimeUnixNano: isOpen ? '0' : String(START + 1_000_000n),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
}

export function traceRequestProtobuf(...spans: SpanFields[]): Buffer {
  const resource = field(1, attribute(1, 'service.name', 'shop'));
  const scopeSpans = spans.map((span) =>
    field(
      2,
      Buffer.concat([field(1, field(1, Buffer.from(span.scope ?? 'hand'))), field(2, spanProtobuf(span))]),
    ),
  );
  return field(1, Buffer.concat([resource, ...scopeSpans]));
}

function spanProtobuf({ traceId, spanId, name, attributes = {} }: SpanFields): Buffer {
  return Buffer.concat([
    field(1, Buffer.from(traceId ?? 'a'.repeat(32), 'hex')),
    field(2, Buffer.from(spanId ?? 'b'.repeat(16), 'hex')),
    field(5, Buffer.from(name ?? 'work')),
    Buffer.from([6 << 3, 1]),
    fixed64(7, START),
    fixed64(8, START + 1_000_000n),
    ...Object.entries(attributes).map(([key, value]) => attribute(9, key, value)),
  ]);
}

function attribute(number: number, key: string, value: string): Buffer {
  return field(number, Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]));
}

function field(number: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(body.length)]), body]);
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** Reads a google.rpc.Status out of its protobuf bytes. */
export function readStatusProtobuf(bytes: Uint8Array): { code: number; message: string } {
  const body = Buffer.from(bytes);
  const isOk = body[0] === 0x08 && body[2] === 0x12;
  if (!isOk) throw new Error(`not a google.rpc.Status: ${body.toString('hex')}`);
  const length = (body[3] ?? 0) < 0x80 ? 1 : 2;
  return { code: body[1] ?? -1, message: body.subarray(3 + length).toString('utf8') };
}
